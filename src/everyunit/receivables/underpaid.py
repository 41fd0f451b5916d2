"""Paid against expected: where a payer's answer lies below what it owes by its own fees, or above.

Held against the expected allowed amount of the line within the patient's day: what the first payer paid, what it
left to the patient, and sequestration, which is Medicare's own (a Medicare Advantage plan may have it by contract):
what another payer keeps under that name is owed. The whole day is looked at first: where that adds up, a payer that
put the reduction on another line owes nothing. Only payers whose fees are known are judged: those the
practice names in practice.toml, and Medicare. Lines with a denied amount belong to the denials.

The assistant's share (CQ, CO): Medicare pays 85 percent of its part, 42 CFR 410.59 and 410.60; other payers may do
the same, so for them anything between both amounts is as expected, but where a payer keeps to one way (`assistants`).

Tolerance: 1 cent a unit and 1 a line, for payers round each unit, share and reduction by itself.
"""

from __future__ import annotations

import polars as pl

from everyunit.frames import table
from everyunit.receivables.assistants import by_habit
from everyunit.receivables.buckets import KEY
from everyunit.receivables.patterns import patterned

_ASSISTANT = 15  # percent of the payer's part
_MEDICARE = ("medicare", "railroad_medicare")
SEQUESTERED = (*_MEDICARE, "medicare_advantage", "humana_medicare")

PAID_OFF = table(
    "paid_off", "one line that was paid below or above what is expected", "claim_id line",
    "case_id text The case it belongs to: sixteen hexadecimal digits",
    "direction text underpaid or overpaid",
    "pattern text recoded, percent, cents or single: what the lines of the case share",
    "claim_id text Number of the claim in force",
    "line small Line of the claim, 0 for the whole claim",
    "code text Procedure code billed",
    "decided_code text Procedure code the payer decided on, where it changed it",
    "modifiers text Modifiers billed",
    "units int:units Units billed",
    "payer_id text Payer",
    "payer_name text Name of that payer",
    "clinic text Clinic of the visit",
    "service_day day Day of service",
    "paid_day day Day of the remittance",
    "charge_cents int:cents List charge",
    "allowed_cents int:cents Allowed amount of the line within the patient's day",
    "expected_cents int:cents Expected of payer and patient: at most the charge, after the assistant's share",
    "paid_cents int:cents What the first payer paid",
    "patient_cents int:cents What it left to the patient",
    "sequestration_cents int:cents What it kept as sequestration, which is Medicare's alone",
    "received_cents int:cents What payer, patient share and Medicare's sequestration come to",
    "off_cents int:cents Received less expected: below 0 is owed to the practice, above 0 may have to go back",
    "percent small Received of expected, in whole percent",
    find_by="claim_id",
)  # fmt: skip

CASES = table(
    "paid_off_cases", "what one payer pays below or above expected, for one reason", "case_id",
    "case_id text Stable name: sixteen hexadecimal digits",
    "direction text underpaid or overpaid",
    "pattern text recoded, percent, cents or single",
    "payer_id text Payer",
    "payer_name text Name of that payer",
    "kind text Kind of payer, by the book",
    "code text Procedure code",
    "decided_code text Procedure code the payer decided on, where it changed it",
    "lines int:lines Lines of the case",
    "claims int:claims Claims of the case",
    "first_day day First day of service",
    "last_day day Last day of service",
    "first_paid_day day Day of the first of its remittances",
    "last_paid_day day Day of the last of its remittances",
    "expected_cents int:cents Expected of its lines",
    "received_cents int:cents Received for its lines",
    "off_cents int:cents Received less expected",
    "message text What was seen and what clears it",
)  # fmt: skip


def paid_off(units: pl.DataFrame, best: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """PAID_OFF and CASES out of units (`at_grain`) and the decisions chosen for them."""
    first = best.filter(pl.col("rank") == 1).select(
        *KEY, "decided_code", "remarks", paid_day="day", share="patient_cents", came="paid_cents",
        withheld="sequestration_cents",
        refused=pl.sum_horizontal("denied_cents", "duplicate_cents", "unknown_cents"),
    )  # fmt: skip
    rows = _own_shares(units.join(first, on=KEY))
    kept = pl.when(pl.col("kind").is_in(SEQUESTERED)).then("withheld").otherwise(0)
    rows = rows.with_columns(received_cents=pl.sum_horizontal("came", "share", kept))
    rows = rows.with_columns(allowance=pl.max_horizontal(pl.col("units").fill_null(1), 1) + 1)
    judged = rows.filter(
        pl.col("priced") & pl.col("expected_cents").is_not_null() & (pl.col("unproved_cents") == 0)
    )  # fmt: skip
    judged, lacking = by_habit(judged), (pl.col("refused") != 0).any().over("scope")
    apart = judged.with_columns(off=_off(), lacking=lacking)
    apart = apart.filter((pl.col("refused") == 0) & (pl.col("charge_cents") > 0))
    # where a line of the day is refused, the reduction may rightly lie on another: nothing is above expected then
    apart = apart.with_columns(off=pl.when(pl.col("lacking") & (pl.col("off") > 0)).then(0).otherwise("off"))
    day = apart.with_columns(day=pl.col("off").sum().over("scope"), near=pl.col("allowance").sum().over("scope"))
    astray = (pl.col("off").abs() > pl.col("allowance")) & (pl.col("day").abs() > pl.col("near"))
    same_way = (pl.col("off") > 0) == (pl.col("day") > 0)
    found = _capped(day.filter(astray & same_way))
    lines = _patterned(found)
    return _shaped(lines), _cases(lines)


def _own_shares(rows: pl.DataFrame) -> pl.DataFrame:
    """The least and the most that is expected, after the assistant's share: the fee or the charge, the lesser."""
    known = pl.col("expected_cents").is_not_null()
    limited = pl.when(known).then(pl.min_horizontal("expected_cents", "charge_cents"))
    rows = rows.with_columns(limited.alias("expected_cents"), allowed_cents=pl.col("expected_cents"))
    helped = pl.col("modifiers").str.contains("CQ|CO").fill_null(False) & (pl.col("line") > 0)
    base = pl.max_horizontal(0, pl.col("expected_cents") - pl.col("share"))
    cut = (base * (2 * _ASSISTANT) + 100) // 200
    reduced = pl.col("expected_cents") - cut
    least = pl.when(helped).then(reduced).otherwise(pl.col("expected_cents"))
    most = pl.when(helped & pl.col("kind").is_in(_MEDICARE)).then(reduced).otherwise(pl.col("expected_cents"))
    return rows.with_columns(least=least, most=most)


def _off() -> pl.Expr:
    below = pl.col("received_cents") - pl.col("least")
    above = pl.col("received_cents") - pl.col("most")
    return pl.when(below < 0).then(below).when(above > 0).then(above).otherwise(0)


def _capped(found: pl.DataFrame) -> pl.DataFrame:
    """Adds off_cents: the lines of a day come to no more than the day, the largest first."""
    sized = found.sort([pl.col("off").abs(), "root_no", "unit"], descending=[True, False, False])
    before = pl.col("off").cum_sum().over("scope") - pl.col("off")
    left = pl.col("day") - before
    down = pl.max_horizontal("off", pl.min_horizontal(0, left))
    up = pl.min_horizontal("off", pl.max_horizontal(0, left))
    capped = sized.with_columns(off_cents=pl.when(pl.col("off") < 0).then(down).otherwise(up))
    return capped.filter(pl.col("off_cents") != 0)


def _patterned(found: pl.DataFrame) -> pl.DataFrame:
    """Adds direction, what is expected, percent, unit_off, pattern and case_id."""
    short = pl.col("off_cents") < 0
    aim = pl.when(short).then(pl.col("least")).otherwise(pl.col("most"))
    rows = found.with_columns(
        direction=pl.when(short).then(pl.lit("underpaid")).otherwise(pl.lit("overpaid")), expected_cents=aim,
    ).with_columns(
        percent=_percent(),
        unit_off=pl.col("off_cents") // pl.max_horizontal(1, pl.col("units").fill_null(1)),
    )  # fmt: skip
    return patterned(rows)


def _percent() -> pl.Expr:
    """Received of expected in whole percent."""
    return (200 * pl.col("received_cents") + pl.col("expected_cents")) // pl.max_horizontal(
        1, 2 * pl.col("expected_cents")
    )


def _shaped(lines: pl.DataFrame) -> pl.DataFrame:
    named = lines.with_columns(paid_cents="came", patient_cents="share", sequestration_cents="withheld")
    shaped = named.select(pl.col(name).cast(kind) for name, kind in PAID_OFF.schema.items())
    return shaped.sort("claim_id", "line")


def _cases(lines: pl.DataFrame) -> pl.DataFrame:
    same = lines.group_by("case_id", "direction", "pattern", "payer_id").agg(
        pl.col("payer_name", "kind").first(), pl.col("code").unique().sort().str.join(":"),
        pl.col("decided_code").drop_nulls().first(), pl.len().alias("lines"),
        pl.col("claim_id").n_unique().alias("claims"), pl.col("service_day").min().alias("first_day"),
        pl.col("service_day").max().alias("last_day"), pl.col("paid_day").min().alias("first_paid_day"),
        pl.col("paid_day").max().alias("last_paid_day"),
        pl.col("expected_cents", "received_cents", "off_cents").sum(),
    ).with_columns(percent=_percent())  # fmt: skip
    side = pl.when(pl.col("off_cents") < 0).then(pl.lit("below")).otherwise(pl.lit("above"))
    seen = (
        pl.when(pl.col("pattern") == "percent")
        .then(pl.format("{} is paid at {} percent of what is expected, {} times", "code", "percent", "lines"))
        .when(pl.col("pattern") == "cents")
        .then(pl.format("{} is paid the same amount {} what is expected, {} times", "code", side, "lines"))
        .when(pl.col("pattern") == "recoded")
        .then(pl.format("{} is decided as {}, {} times", "code", "decided_code", "lines"))
        .otherwise(pl.format("{} was paid {} what is expected", "code", side))
    )
    clears = (
        pl.when(pl.col("off_cents") < 0)
        .then(pl.lit("Ask the payer to pay by the fees in practice.toml, or mend the fees there."))
        .otherwise(pl.lit("Check the fees in practice.toml; where they are right, the rest goes back to the payer."))
    )
    worded = same.with_columns(message=pl.format("{}. {}", seen, clears))
    shaped = worded.select(pl.col(name).cast(kind) for name, kind in CASES.schema.items())
    return shaped.sort("off_cents", "case_id")
