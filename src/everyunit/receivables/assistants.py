"""How a payer other than Medicare pays what an assistant gave, told by its own answers.

It may pay the whole or take 15 percent off its part. Where it paid lines in one of the two ways, and none in the
other, it is expected to keep to that; else anything between both is as expected.
"""

from __future__ import annotations

import polars as pl

LINES = 5  # lines in one way that make a habit


def by_habit(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `least` and `most` (cents that may be expected) brought together where their payer has a habit.

    A line tells of it where the two lie apart by more than the rounding (`allowance`, cents) of both, nothing of it
    was refused (`refused`, cents), and `received_cents` is one of them.
    """
    apart = (pl.col("most") - pl.col("least") > 2 * pl.col("allowance")) & (pl.col("refused") == 0)

    def paid(aim: str) -> pl.Expr:
        near = (pl.col("received_cents") - pl.col(aim)).abs() <= pl.col("allowance")
        return (apart & near).fill_null(False).sum().over("payer_id")

    whole, less = paid("most"), paid("least")
    return rows.with_columns(
        least=pl.when((whole >= LINES) & (less == 0)).then("most").otherwise("least"),
        most=pl.when((less >= LINES) & (whole == 0)).then("least").otherwise("most"),
    )
