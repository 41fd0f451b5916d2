"""The units in which charges are answered: lines, or the whole claim where its remittance is read so."""

from __future__ import annotations

import polars as pl

from everyunit.receivables.billed import Billed
from everyunit.receivables.buckets import KEY
from everyunit.receivables.turns import WHOLE, Decisions

_SAME = ("claim_id", "payer_id", "payer_name", "kind", "priced", "clinic", "service_day", "scope", "first_sent_day",
         "last_sent_day", "sent")  # fmt: skip


def at_grain(billed: Billed, made: Decisions, placed: pl.DataFrame) -> pl.DataFrame:
    """One row a unit of `placed` (its buckets) with what it is: the columns of Billed.lines.

    `line` is 0 and code, modifiers are lists (parted by :) for a whole claim; expected_cents is then the sum, null
    where a line has no price. A unit that only holds a claim's own adjustments expects 0.
    """
    whole = made.whole.with_columns(at_claim=pl.lit(True))
    lines = billed.lines.join(whole, on="root_no", how="left", maintain_order="left")
    single = lines.filter(pl.col("at_claim").is_null()).select(
        *KEY, *_SAME, pl.col("line").cast(pl.Int64), "code", "modifiers", "units", "expected_cents"
    )
    priced = pl.col("expected_cents").is_not_null().all()
    summed = lines.group_by("root_no", maintain_order=True).agg(
        *(pl.col(name).first() for name in _SAME), pl.col("code").unique(maintain_order=True).str.join(":"),
        pl.col("modifiers").unique(maintain_order=True).str.join(" "), pl.col("units").sum(),
        pl.when(priced).then(pl.col("expected_cents").sum()).alias("expected_cents"),
        pl.col("at_claim").first(),
    )  # fmt: skip
    own = pl.when("at_claim").then("expected_cents").otherwise(0).alias("expected_cents")
    claims = summed.with_columns(own, unit=pl.lit(WHOLE, pl.Int64), line=pl.lit(0, pl.Int64))
    every = pl.concat([single, claims.select(single.columns)])
    return placed.join(every, on=KEY, how="left", maintain_order="left")


def received() -> pl.Expr:
    """What came or is the patient's: payers, patient share, sequestration and an earlier payer's effect."""
    parts = ("primary_paid", "secondary_paid", "patient", "sequestration", "prior_payer")
    return pl.sum_horizontal(f"{name}_cents" for name in parts)
