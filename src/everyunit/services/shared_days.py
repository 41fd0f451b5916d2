"""Visits of one patient's day that are charged as one: what was received is held against the charge of them all."""

from __future__ import annotations

import polars as pl

_REDUCED = ("sequestered_cents", "assistant_cents")
_GROUP = ("first_id", "discipline")


def compared_together(visits: pl.DataFrame, together: pl.DataFrame) -> pl.DataFrame:
    """The visits with pooled_cents, where the charge of a shared day stands on one visit and a payment on another.

    `together` is visit_id, first_id of visits that share patient, day and payer; minutes pool by discipline within
    it. The first visit that bears the most charge takes what the others received less their own charge, and their
    reductions; of the others the same is taken off, so that all sums stay. Cents; no row moves.
    """
    shared = visits.select("visit_id").with_row_index("at").join(together, on="visit_id", maintain_order="left")
    rows = visits[shared.get_column("at")].hstack(shared.select("at", "first_id"))
    charged = pl.col("charged_cents").fill_null(0)
    received = pl.col("paid_cents").fill_null(0) + pl.col("patient_cents").fill_null(0)
    over = (received - charged).alias("over")
    rows = rows.with_columns(over, charge=charged).filter((pl.col("over") > 0).any().over(_GROUP))
    rows = rows.sort("charge", "at", descending=[True, False], maintain_order=True)
    bears = pl.int_range(pl.len()).over(_GROUP) == 0
    others = pl.when(~bears).then("over").otherwise(0).sum().over(_GROUP)
    moved = rows.with_columns(
        pl.when(bears).then(others).otherwise(-pl.col("over")).alias("pooled_cents"),
        *[
            pl.when(bears).then(pl.col(name).fill_null(0).sum().over(_GROUP)).otherwise(0).alias(name)
            for name in _REDUCED
        ],
    ).filter(pl.len().over(_GROUP) > 1)
    if moved.is_empty():
        return visits
    plain = visits.with_columns(pooled_cents=pl.lit(0, pl.Int64))
    places = moved.get_column("at")
    columns = [plain.get_column(name).clone() for name in ("pooled_cents", *_REDUCED)]
    return plain.with_columns(
        column.scatter(places, moved.get_column(column.name).cast(column.dtype)) for column in columns
    )
