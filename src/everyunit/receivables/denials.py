"""Honest denials: what a payer refused after deciding, why, whose it is to clear, and by when.

Contract, patient share, an earlier payer's effect, sequestration and multiple-procedure reduction are no denials; a
rejected claim was never decided and is none either. A denial that was paid later stays, as overturned.
"""

from __future__ import annotations

import hashlib

import polars as pl

from everyunit.frames import table
from everyunit.receivables.buckets import KEY
from everyunit.receivables.grain import received
from everyunit.receivables.reasoning import classed, with_deadline
from everyunit.receivables.turns import Decisions
from everyunit.rulebook import Book

STATES = ("open", "waiting", "overturned", "answered", "changed", "reversed")

DENIALS = table(
    "denials", "one claim line, or claim, and reason", "item_id",
    "item_id text Stable name: sixteen hexadecimal digits of claim, line, payer's turn and reason",
    "state text open, waiting (sent again since), overturned, answered (a repeat), changed (reason), reversed",
    "claim_id text Number of the claim in force",
    "line small Line of the claim, 0 for the whole claim",
    "code text Procedure codes, parted by :",
    "payer_id text Payer that the claim was sent to",
    "payer_name text Name of that payer",
    "kind text Kind of payer, by the book",
    "clinic text Clinic of the visit",
    "service_day day Day of service",
    "turn_of_payer small 1 primary, 2 secondary, 3 tertiary",
    "group_code text CO, PR, OA or PI",
    "reason text Claim adjustment reason code",
    "remarks text Remark codes beside it, parted by :",
    "label text What the reason says, in our words",
    "cause text Root cause; unknown where the book lacks the code",
    "owner_role text Department that can prevent or clear it",
    "preventable flag It can be prevented",
    "way text correct, new, papers, appeal, other_payer, patient, write_off or unknown",
    "remedy text What clears it",
    "first_day day Day it was first denied",
    "last_day day Day it was last denied",
    "times small How often it was denied for that reason",
    "denied_cents int:cents List charge that the reason takes",
    "at_risk_cents int:cents Expected allowed amount not received, once for each line; null: the book has no price",
    "recovered_cents int:cents What was received after it was overturned",
    "deadline_day day Last day to act; null: the book does not know",
    "deadline_source text Where that stands",
    "settled_day day Day it was overturned",
    "resent_day day Day the claim was sent again since",
    "worked_day day Day it was last sent again after it was first denied, whatever came of it",
    "source text Where the reason stands",
    "checked flag Reason and deadline were seen at their source",
    "message text What was seen, what the book says and what clears it",
    find_by="claim_id",
)  # fmt: skip

_REFUSED = ("denied", "duplicate", "unknown")
_ITEM = ["root_no", "unit", "rank", "group_code", "reason"]


def denials(
    units: pl.DataFrame, made: Decisions, best: pl.DataFrame, marked: pl.DataFrame, book: Book
) -> pl.DataFrame:
    """DENIALS out of units (`at_grain`), decisions, the chosen ones and the adjustments with their buckets."""
    said = made.all.filter(~pl.col("reversal")).select("turn", "root_no", "rank", "day", "stands", of_claim="remarks")
    taken = marked.filter(pl.col("bucket").is_in(_REFUSED) & (pl.col("amount_cents") > 0))
    events = taken.join(said, on="turn").join(made.amounts.select("turn", "unit", "remarks"), on=["turn", "unit"])
    items = _stated(_items(events, best).join(units, on=KEY, suffix="_of_unit"))
    items = _by_claim(_at_risk(items), units)
    return _worded(with_deadline(classed(items, book), book), book)


def _items(events: pl.DataFrame, best: pl.DataFrame) -> pl.DataFrame:
    """One row an item, with the decision that counts for its unit now: holds (it still says so), best_turn, ..."""
    cents = pl.col("paid_cents") + pl.col("patient_cents") + pl.col("sequestration_cents")
    word = best.select(*KEY, "rank", best_turn="turn", best_day="day", best_cents=cents)
    met = events.join(word, on=[*KEY, "rank"], how="left", maintain_order="left").sort("turn")
    holds = (pl.col("turn") == pl.col("best_turn")).fill_null(False).any().over(_ITEM)
    shown = pl.when(holds).then("best_turn").otherwise(pl.col("turn").max().over(_ITEM))
    met = met.with_columns(holds=holds, shown=shown)
    here = pl.col("turn") == pl.col("shown")
    remarks = pl.concat_str(pl.col("remarks", "of_claim"), separator=":", ignore_nulls=True)
    return met.group_by(_ITEM, maintain_order=True).agg(
        pl.col("day").min().alias("first_day"), pl.col("day").max().alias("last_day"),
        pl.col("turn").n_unique().alias("times"), pl.col("turn").min().alias("first_turn"),
        pl.col("shown").first().alias("last_turn"), pl.col("amount_cents").filter(here).sum().alias("denied_cents"),
        pl.col("bucket").last(), remarks.filter(here).last().alias("remarks"),
        pl.col("stands").any(), pl.col("holds", "best_turn", "best_day", "best_cents").first(),
    )  # fmt: skip


def _stated(items: pl.DataFrame) -> pl.DataFrame:
    """Adds state, recovered_cents, resent_day and worked_day."""
    resent = pl.when(pl.col("last_sent_day") > pl.col("last_day")).then(pl.col("last_sent_day"))
    later = pl.col("best_turn") > pl.col("first_turn")
    state = (
        pl.when(pl.col("best_turn").is_null()).then(pl.lit("reversed"))
        .when(pl.col("holds") & resent.is_not_null()).then(pl.lit("waiting"))
        .when("holds").then(pl.lit("open"))
        .when((pl.col("bucket") == "duplicate") & ~later).then(pl.lit("answered"))
        .when(later & (pl.col("best_cents") > 0)).then(pl.lit("overturned"))
        .when(~pl.col("stands")).then(pl.lit("reversed"))
        .otherwise(pl.lit("changed"))
    )  # fmt: skip
    won = pl.when(state == "overturned").then(pl.col("best_cents")).otherwise(0)
    settled = pl.when(state == "overturned").then(pl.col("best_day"))
    worked = pl.when(pl.col("last_sent_day") > pl.col("first_day")).then(pl.col("last_sent_day"))
    return items.with_columns(
        state=state, recovered_cents=won, settled_day=settled, resent_day=resent, worked_day=worked
    )


def _at_risk(items: pl.DataFrame) -> pl.DataFrame:
    """What is expected and did not come, on the largest reason of each line, and never above the charge refused."""
    refused = pl.sum_horizontal("denied_cents_of_unit", "duplicate_cents", "unknown_cents")
    short = pl.max_horizontal(0, pl.min_horizontal(pl.col("expected_cents") - received(), refused))
    largest = pl.struct(pl.col("state").is_in(["open", "waiting"]), "denied_cents", "reason").rank(
        "ordinal", descending=True
    ).over(KEY) == 1  # fmt: skip
    still = pl.col("state").is_in(["open", "waiting"])
    cents = pl.when(pl.col("expected_cents").is_null()).then(None).when(still & largest).then(short).otherwise(0)
    return items.with_columns(at_risk_cents=cents)


def _by_claim(items: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """One item where the same decision refuses every line of a claim for the same reason."""
    lines = units.filter(pl.col("charge_cents") > 0).group_by("root_no").agg(pl.len().alias("lines"))
    key = ["root_no", "rank", "group_code", "reason", "last_turn", "state"]
    met = items.join(lines, on="root_no", how="left").with_columns(full=pl.len().over(key) == pl.col("lines"))
    single = met.filter(~pl.col("full").fill_null(False))
    unknown = pl.col("at_risk_cents").is_null().any()
    sums = [pl.col(name).sum() for name in ("denied_cents", "recovered_cents", "charge_cents")]
    once = [pl.col(name).first() for name in items.columns
            if name not in (*key, "unit", "line", "code", "denied_cents", "recovered_cents", "charge_cents",
                            "at_risk_cents")]  # fmt: skip
    whole = met.filter("full").group_by(key, maintain_order=True).agg(
        *once, *sums, pl.col("code").unique(maintain_order=True).str.join(":"), pl.col("unit").min(),
        pl.when(unknown).then(None).otherwise(pl.col("at_risk_cents").sum()).alias("at_risk_cents"),
        line=pl.lit(0, pl.Int64),
    )  # fmt: skip
    return pl.concat([single.select(items.columns), whole.select(items.columns)])


def _worded(items: pl.DataFrame, book: Book) -> pl.DataFrame:
    kinds = items["kind"].drop_nulls().unique().to_list()
    taken = {kind: book.correction(kind) for kind in kinds}
    instead = {kind: f" {one.instead}" for kind, one in taken.items() if not one.replacement}
    other = pl.col("kind").replace_strict(instead, default="", return_dtype=pl.String)
    told = pl.format(
        "{}-{}{}: {}. {}", "group_code", "reason",
        pl.when(pl.col("remarks").fill_null("") == "").then(pl.lit("")).otherwise(
            pl.format(" with remark {}", pl.col("remarks").str.replace_all(":", ", "))
        ),
        pl.col("label").str.slice(0, 1).str.to_uppercase() + pl.col("label").str.slice(1),
        pl.format("To clear it: {}.", "remedy"),
    )  # fmt: skip
    also = pl.when(pl.col("way") == "correct").then(other).otherwise(pl.lit(""))
    called = pl.concat_str("claim_id", "line", "rank", "group_code", "reason", separator="|")
    named = items.with_columns(
        message=told + also, turn_of_payer=pl.col("rank"), line=pl.col("line").fill_null(0),
        item_id=called.map_elements(_name, return_dtype=pl.String),
    )  # fmt: skip
    shaped = named.select(pl.col(name).cast(kind) for name, kind in DENIALS.schema.items())
    return shaped.sort("claim_id", "line", "turn_of_payer", "reason", "group_code")


def _name(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
