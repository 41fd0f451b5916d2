"""What is really owed, how old it is, at which gate it waits, how long payers take.

Owed is what is expected and has not come: of an unanswered or rejected claim its expected allowed amount, of a
denial what is at risk, of an underpayment the shortfall, of a patient the share that remits name less what was
collected at the visit. It is never charge less payment. Ages run from the day of service.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from everyunit.frames import table
from everyunit.receivables.billed import Billed
from everyunit.receivables.turns import Decisions

GATES = ("rejected", "unanswered", "denied", "underpaid", "reversed", "patient")
AGES = ("0-30", "31-60", "61-90", "91-120", "over 120")
RECENT = 90  # days on each side of the change in days to pay
FEW = 10  # answers below which no change is told

OWED = table(
    "owed", "one claim at one gate", "claim_id gate",
    "claim_id text Number of the claim in force",
    "gate text rejected (never decided), unanswered, denied, underpaid, reversed or patient",
    "payer_id text Payer that the claim was sent to",
    "payer_name text Name of that payer",
    "clinic text Clinic of the visit",
    "service_day day Day of service",
    "sent_day day Day the claim was first sent",
    "age_days int Days since the service",
    "age text 0-30, 31-60, 61-90, 91-120 or over 120",
    "owed_cents int:cents Expected and not received; null: the book has no price",
    "open_charge_cents int:cents List charge that lies at that gate",
    find_by="claim_id",
)  # fmt: skip

DAYS_TO_PAY = table(
    "days_to_pay", "one payer", "payer_id",
    "payer_id text Payer that claims were sent to",
    "payer_name text Name of that payer",
    "claims int:claims Claims answered",
    "median_days int:days Days from the first sending to the first answer, half of the claims",
    "slow_days int:days The same for nine of ten claims",
    "recent_claims int:claims Claims answered in the last 90 days",
    "recent_median_days int:days Median of those",
    "before_median_days int:days Median of the 90 days before",
    "change_days int:days Recent less before; null where either has fewer than 10 answers",
)  # fmt: skip


def owed(
    units: pl.DataFrame,
    denials: pl.DataFrame,
    paid_off: pl.DataFrame,
    collected: Mapping[int, int],
    as_of: int,
    rejected: Collection[str] = (),
) -> pl.DataFrame:
    """OWED as of a day. `collected` is what patients paid at visits, in cents by root_no; `rejected` are numbers of
    claims that were turned back before any payer decided."""
    claims = units.group_by("root_no").agg(
        pl.col("claim_id", "payer_id", "payer_name", "clinic", "service_day", "first_sent_day").first()
    )
    turned_back = pl.col("claim_id").is_in(list(rejected))
    parts = [
        _bare(units.filter(~turned_back), "unanswered", "unanswered"),
        _bare(units.filter(turned_back), "unanswered", "rejected"),
        _bare(units, "reversed", "reversed"),
    ]
    parts.append(_patient(units, collected))
    numbers = claims.select("claim_id", "root_no")
    refused = denials.filter(pl.col("state").is_in(["open", "waiting"])).join(numbers, on="claim_id")
    short = paid_off.filter(pl.col("direction") == "underpaid").join(numbers, on="claim_id")
    parts.append(_summed(refused, pl.col("at_risk_cents"), pl.col("denied_cents"), "denied"))
    parts.append(_summed(short, -pl.col("off_cents"), -pl.col("off_cents"), "underpaid"))
    rows = pl.concat(parts).join(claims, on="root_no")
    rows = rows.filter((pl.col("owed_cents") != 0) | pl.col("owed_cents").is_null())
    age = as_of - pl.col("service_day")
    named = rows.with_columns(age_days=age, age=_age(age), sent_day=pl.col("first_sent_day"))
    shaped = named.select(pl.col(name).cast(kind) for name, kind in OWED.schema.items())
    return shaped.sort("claim_id", "gate")


def _age(days: pl.Expr) -> pl.Expr:
    made = pl.lit(AGES[-1])
    for limit, name in zip((120, 90, 60, 30), reversed(AGES[:-1]), strict=True):
        made = pl.when(days <= limit).then(pl.lit(name)).otherwise(made)
    return made


def _bare(units: pl.DataFrame, bucket: str, gate: str) -> pl.DataFrame:
    rows = units.filter(pl.col(f"{bucket}_cents") > 0)
    return _summed(rows, pl.col("expected_cents"), pl.col(f"{bucket}_cents"), gate)


def _summed(rows: pl.DataFrame, cents: pl.Expr, charge: pl.Expr, gate: str) -> pl.DataFrame:
    known = cents.is_not_null().all()
    return rows.group_by("root_no").agg(
        pl.when(known).then(cents.sum()).cast(pl.Int64).alias("owed_cents"),
        charge.sum().cast(pl.Int64).alias("open_charge_cents"),
    ).with_columns(gate=pl.lit(gate))  # fmt: skip


def _patient(units: pl.DataFrame, collected: Mapping[int, int]) -> pl.DataFrame:
    shares = _summed(
        units.filter(pl.col("patient_cents") != 0), pl.col("patient_cents"), pl.col("patient_cents"), "patient"
    )
    paid = pl.DataFrame(
        {"root_no": list(collected), "collected": list(collected.values())},
        schema={"root_no": pl.Int64, "collected": pl.Int64},
    )
    met = shares.join(paid, on="root_no", how="left")
    left = pl.max_horizontal(0, pl.col("owed_cents") - pl.col("collected").fill_null(0))
    return met.with_columns(owed_cents=left).drop("collected")


def collected_by_claim(visits: pl.LazyFrame, aliases: pl.DataFrame) -> dict[int, int]:
    """Cents that patients paid at the visits of each claim, by root_no."""
    paid = visits.filter(pl.col("copay_collected_cents") > 0).join(aliases.lazy(), on="claim_id")
    rows = paid.group_by("root_no").agg(pl.col("copay_collected_cents").sum()).collect()
    return dict(rows.iter_rows())


def days_to_pay(billed: Billed, made: Decisions, as_of: int) -> pl.DataFrame:
    """DAYS_TO_PAY: from the first sending of a claim to the first answer of its first payer."""
    claims = billed.lines.group_by("root_no").agg(pl.col("payer_id", "payer_name", "first_sent_day").first())
    said = made.all.filter(~pl.col("reversal") & (pl.col("rank") == 1)).group_by("root_no").agg(pl.col("day").min())
    rows = claims.join(said, on="root_no").with_columns(took=pl.col("day") - pl.col("first_sent_day"))
    rows = rows.filter((pl.col("took") >= 0) & (pl.col("day") <= as_of))
    recent = pl.col("day") > as_of - RECENT
    before = (pl.col("day") > as_of - 2 * RECENT) & ~recent
    sums = rows.group_by("payer_id").agg(
        pl.col("payer_name").min(), pl.len().alias("claims"), _part("took", 5).alias("median_days"),
        _part("took", 9).alias("slow_days"), recent.sum().alias("recent_claims"),
        before.sum().alias("before_claims"), _part("took", 5, recent).alias("recent_median_days"),
        _part("took", 5, before).alias("before_median_days"),
    )  # fmt: skip
    enough = (pl.col("recent_claims") >= FEW) & (pl.col("before_claims") >= FEW)
    change = pl.when(enough).then(pl.col("recent_median_days") - pl.col("before_median_days"))
    named = sums.with_columns(change_days=change)
    return named.select(pl.col(name).cast(kind) for name, kind in DAYS_TO_PAY.schema.items()).sort("payer_id")


def _part(name: str, tenths: int, only: pl.Expr | None = None) -> pl.Expr:
    """The value that this many tenths of the rows do not pass."""
    rows = pl.col(name) if only is None else pl.col(name).filter(only)
    return rows.sort().get((rows.len().cast(pl.Int64) * tenths + 9) // 10 - 1, null_on_oob=True).cast(pl.Int64)


def by_age(rows: pl.DataFrame, by: str) -> list[dict[str, Any]]:
    """Owed cents by one column and age: [{by: ..., "owed_cents": ..., "claims": ..., "0-30": cents, ...}], largest
    first; `unpriced` counts claims without a price."""
    cents = pl.col("owed_cents").fill_null(0)
    sums = rows.group_by(by).agg(
        cents.sum().alias("owed_cents"), pl.len().alias("claims"),
        pl.col("owed_cents").is_null().sum().alias("unpriced"), pl.col("open_charge_cents").sum(),
        *(cents.filter(pl.col("age") == age).sum().alias(age) for age in AGES),
    )  # fmt: skip
    return sums.sort("owed_cents", by, descending=[True, False]).to_dicts()
