"""What payers decided on each claim, in order: primary before secondary, a reversal behind what it undoes."""

from __future__ import annotations

import polars as pl

from everyunit.receivables.inputs import Remitted, in_order
from everyunit.receivables.tables import DECISIONS

TIME = ["day", "made", "source_id", "transaction", "claim"]
CLAIM = ["source_id", "claim"]
REVERSED = "22"
_TURNS = {"1": 1, "19": 1, "2": 2, "20": 2, "3": 3, "21": 3}
_ON = ("19", "20", "21", "23")


def decided(remitted: Remitted) -> pl.LazyFrame:
    """Every CLP with payer, `day`, `made`, `prior_cents`, `reversal` and `turn`, in no order.

    A reversal is CLP02 22, or a decision below zero under another status. CLP02 4 and 22 tell no turn: there an
    adjustment OA-23 shows that a payer decided before.
    """
    told = in_order(remitted).select("source_id", "transaction", "day", "made", "payer_id")
    prior = (pl.col("side") == "835") & (pl.col("group_code") == "OA") & (pl.col("reason") == "23")
    taken = remitted.adjustments.filter(prior).group_by(CLAIM).agg(pl.col("amount_cents").sum().alias("prior_cents"))
    claims = remitted.remit_claims.select(
        "source_id", "transaction", "segment", "claim", pl.col("claim_id").fill_null(""),
        pl.col("payer_control").fill_null(""), "status", "lines",
        *(pl.col(f"{name}_cents").fill_null(0) for name in ("charge", "paid", "patient")),
    )  # fmt: skip
    joined = claims.join(told, on=["source_id", "transaction"], how="left").join(taken, on=CLAIM, how="left")
    below = (pl.col("charge_cents") < 0) | ((pl.col("charge_cents") == 0) & (pl.col("paid_cents") < 0))
    shown = pl.when(pl.col("prior_cents").is_not_null()).then(2).otherwise(1)
    turn = pl.col("status").replace_strict(_TURNS, default=None, return_dtype=pl.Int32)
    return joined.with_columns(
        pl.col("payer_id", "made").fill_null(""),
        pl.col("prior_cents").fill_null(0),
        turn=pl.coalesce(turn, shown).cast(pl.Int32),
        crossover=pl.col("status").is_in(_ON).fill_null(False),
        reversal=((pl.col("status") == REVERSED) | below).fill_null(False),
    )


def decisions(every: pl.LazyFrame, reversals: pl.DataFrame) -> pl.LazyFrame:
    """DECISIONS out of `decided` and the reversals found in it."""
    undone = reversals.lazy().select(source_id="undone_source_id", claim="undone_claim").drop_nulls()
    marked = every.join(undone.with_columns(undone=pl.lit(True)), on=CLAIM, how="left")
    placed = marked.sort("turn", *TIME).with_columns(
        ordinal=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("claim_id"),
        stands=~pl.col("reversal") & pl.col("undone").is_null(),
    )
    firsts = every.filter(~pl.col("reversal")).group_by("claim_id", "turn").agg(pl.col("day").min().alias("first"))
    later = every.filter((pl.col("turn") > 1) & ~pl.col("reversal")).select(*CLAIM, "claim_id", "turn", "day")
    before = later.join(firsts, on="claim_id", suffix="_before").filter(
        (pl.col("turn_before") < pl.col("turn")) & (pl.col("first") <= pl.col("day"))
    )
    early = later.join(before.select(CLAIM).unique(), on=CLAIM, how="anti").select(*CLAIM, early=pl.lit(True))
    joined = placed.join(early, on=CLAIM, how="left", maintain_order="left")
    return joined.with_columns(pl.col("early").fill_null(False)).select(DECISIONS.names)
