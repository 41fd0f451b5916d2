"""Every cent of every charge in exactly one bucket: what was paid, what was taken off and why, what nobody answered.

The first payer's decision that stands counts; what a later payer decided comes out of the share the first one left
open. The sum of the buckets of a line is its charge, always: what remits leave open or answer beyond the charge
stands in `unproved_cents`, signed, and is 0 where remits balance.
"""

from __future__ import annotations

import polars as pl

from everyunit.receivables.billed import Billed
from everyunit.receivables.turns import WHOLE, Decisions

OPEN = ("patient", "denied", "duplicate", "unknown", "contractual", "reduction", "sequestration", "prior_payer")
"""Kinds of adjustment, in the order in which a later payer's decision takes their place."""
BUCKETS = ("primary_paid", "secondary_paid", *OPEN, "reversed", "unanswered", "unproved")
KEY = ["root_no", "unit"]
CENTS = tuple(f"{name}_cents" for name in BUCKETS)


def sorted_reasons(adjustments: pl.DataFrame, reasons: pl.DataFrame) -> pl.DataFrame:
    """The adjustments with `bucket`: one of OPEN.

    By the book's class of the reason; what a payer puts on the patient (PR) without denying it is the patient's
    share, and a patient's reason under another group is the contract's. A reason the book lacks is unknown.
    """
    known = reasons.filter(pl.col("list") == "CARC").select("bucket", reason="code")
    bucket = pl.col("bucket").fill_null("unknown")
    of_patient = pl.col("group_code") == "PR"
    soft = bucket.is_in(["contractual", "patient"])
    share = pl.when(of_patient).then(pl.lit("patient")).otherwise(pl.lit("contractual"))
    joined = adjustments.join(known, on="reason", how="left", maintain_order="left")
    return joined.with_columns(bucket=pl.when(soft).then(share).otherwise(bucket))


def chosen(made: Decisions, sorted_adjustments: pl.DataFrame) -> pl.DataFrame:
    """The decision that counts for each unit and payer in turn: root_no, unit, rank, turn, day and its amounts.

    Columns besides: paid_cents, charge_cents, remarks, decided_code and one of cents for each of OPEN. It is the
    latest that stands; one that says only "duplicate" gives way to what it repeats.
    """
    wide = sorted_adjustments.group_by("turn", "unit").agg(
        pl.col("amount_cents").filter(pl.col("bucket") == name).sum().alias(f"{name}_cents") for name in OPEN
    )
    standing = made.all.filter("stands").select("turn", "root_no", "rank", "day", "payer_id")
    rows = made.amounts.join(standing, on="turn").join(wide, on=["turn", "unit"], how="left")
    rows = rows.with_columns(pl.col(f"{name}_cents").fill_null(0) for name in OPEN)
    repeats = (pl.col("duplicate_cents") > 0) & (pl.col("duplicate_cents") == pl.col("charge_cents"))
    turn = pl.when(repeats).then(pl.col("turn") - (1 << 40)).otherwise(pl.col("turn"))
    rows = rows.with_columns(order=turn)
    top = pl.col("order").max().over("root_no", "unit", "rank")
    best = rows.filter(pl.col("order") == top)
    # what a claim's own adjustments say holds only with the lines of the same decision
    latest = (
        best.filter(pl.col("unit") != WHOLE).group_by("root_no", "rank").agg(pl.col("turn").max().alias("latest"))
    )
    best = best.join(latest, on=["root_no", "rank"], how="left")
    stale = (pl.col("unit") == WHOLE) & pl.col("latest").is_not_null() & (pl.col("turn") != pl.col("latest"))
    return best.filter(~stale).drop("order", "latest").sort("root_no", "unit", "rank")


def in_buckets(billed: Billed, made: Decisions, best: pl.DataFrame) -> pl.DataFrame:
    """One row a unit: root_no, unit, charge_cents and each of BUCKETS in cents, whose sum is charge_cents.

    Unit 0 stands for the whole claim where it is read so, else for what the claim's own adjustments moved between
    payment and reasons (charge 0).
    """
    whole = made.whole.with_columns(at_claim=pl.lit(True))
    lines = billed.lines.select(*KEY, "charge_cents").join(whole, on="root_no", how="left", maintain_order="left")
    unit = pl.when("at_claim").then(WHOLE).otherwise(pl.col("unit"))
    charges = lines.with_columns(unit=unit).group_by(KEY, maintain_order=True).agg(pl.col("charge_cents").sum())
    extra = best.filter(pl.col("unit") == WHOLE).select(KEY).unique().join(charges, on=KEY, how="anti")
    units = pl.concat([charges, extra.with_columns(charge_cents=pl.lit(0, pl.Int64))])
    return _settled(_waterfall(_beside(units, best)), made).sort(KEY)


def _beside(units: pl.DataFrame, best: pl.DataFrame) -> pl.DataFrame:
    """The decisions of the first, second and third turn beside each unit; `_1` is the first turn there is."""
    turned = best.with_columns(place=pl.col("rank").rank("ordinal").over(KEY).cast(pl.Int64))
    joined = units
    for place in (1, 2, 3):
        names = {f"{name}_cents": f"{name}_{place}" for name in ("paid", *OPEN)}
        part = turned.filter(pl.col("place") == place).select(*KEY, pl.col("rank").alias(f"rank_{place}"), *names)
        joined = joined.join(part.rename(names), on=KEY, how="left", maintain_order="left")
    return joined


def _waterfall(rows: pl.DataFrame) -> pl.DataFrame:
    """What later payers decided takes the place of what the first one left open, in the order of OPEN."""
    first = [pl.col(f"{name}_1").fill_null(0).alias(name) for name in OPEN]
    paid, second = pl.col("paid_1").fill_null(0), pl.col("rank_1").fill_null(1) > 1
    made = rows.with_columns(
        *first,
        pl.when(second).then(0).otherwise(paid).alias("primary_paid"),
        pl.when(second).then(paid).otherwise(0).alias("secondary_paid"),
    )
    for place in (2, 3):
        given = {name: pl.col(f"{name}_{place}").fill_null(0) for name in ("paid", *OPEN[:-1])}
        made = made.with_columns(left=pl.sum_horizontal(given.values()))
        for name in OPEN:
            taken = pl.max_horizontal(0, pl.min_horizontal("left", name))
            made = made.with_columns(taken.alias("taken")).with_columns(
                pl.col(name) - pl.col("taken"), pl.col("left") - pl.col("taken")
            )
        added = [pl.col(name) + given[name] for name in OPEN[:-1]]
        made = made.with_columns(*added, pl.col("secondary_paid") + given["paid"])
    return made


def _settled(rows: pl.DataFrame, made: Decisions) -> pl.DataFrame:
    """Units without a standing decision are reversed (a payer took its word back) or unanswered."""
    taken_back = made.all.filter("reversal").select("root_no").unique().with_columns(back=pl.lit(True))
    rows = rows.join(taken_back, on="root_no", how="left", maintain_order="left")
    bare, back = pl.col("rank_1").is_null(), pl.col("back").fill_null(False)
    cents = {
        "reversed": pl.when(bare & back).then(pl.col("charge_cents")).otherwise(0),
        "unanswered": pl.when(bare & ~back).then(pl.col("charge_cents")).otherwise(0),
    }
    rows = rows.with_columns(**cents)
    rest = pl.col("charge_cents") - pl.sum_horizontal(BUCKETS[:-1])
    return rows.with_columns(unproved=rest).select(
        *KEY, "charge_cents", *(pl.col(name).alias(f"{name}_cents") for name in BUCKETS)
    )
