"""Was an untimed code billed more often than once, or performed and not billed?

An untimed code is one unit a day, however long it took. A few stand for a limb, a digit or an area and may be billed
once for each: those are held against the book's ceiling of units a day. A code that Medicare never pays by itself
(97010) is rightly left off its claim. Codes of a month's minutes, and devices whose days of data are on record, stand
for more than their day: `remote` judges them, and here they earn what was billed.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit.engine import bring


def allowed() -> pl.Expr:
    """Units of an untimed code that may stand on one day: 1, or the ceiling where it is higher."""
    return pl.max_horizontal(pl.col("ceiling").fill_null(1), pl.lit(1)).cast(pl.Int64)


def on_its_day(items: nw.LazyFrame[Any], moved: pl.DataFrame) -> nw.LazyFrame[Any]:
    """Items (rank, service_day) with `allowed` as the table of their day has it; see `compare` for `moved`."""
    if moved.is_empty():
        return items
    joined = items.join(bring(moved, items), on="rank", how="left")
    day = nw.col("service_day")
    ours = nw.col("of_day").is_null() | ((day >= nw.col("from_day")) & (day <= nw.col("to_day")))
    kept = joined.filter(ours).with_columns(allowed=nw.coalesce(nw.col("of_day"), nw.col("allowed")))
    return kept.drop("from_day", "to_day", "of_day")


def supported() -> nw.Expr:
    """Units that the record of an untimed service supports; of a code the book does not know, or of a period longer
    than the day, those billed."""
    least = nw.when(nw.col("stated") == 0).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64))
    once = nw.min_horizontal(nw.max_horizontal(nw.col("billed"), least), nw.col("allowed"))
    units = nw.when(nw.col("known") & ~nw.col("monthly")).then(once).otherwise(nw.col("billed"))
    return nw.when(nw.col("performed") == 1).then(units).otherwise(0)


def repeated() -> nw.Expr:
    """untimed_repeated: more units than may stand on one day."""
    of_day = ~nw.col("timed") & ~nw.col("monthly") & nw.col("known")
    return of_day & nw.col("claimed") & (nw.col("billed") > nw.col("allowed"))


def not_billed() -> nw.Expr:
    """not_billed: performed, without a line, and payable by itself."""
    open_line = ~nw.col("timed") & nw.col("known") & nw.col("claimed") & (nw.col("performed") == 1)
    return open_line & (nw.col("stated") == 0) & (nw.col("billed") == 0) & (nw.col("odd") == 0) & ~nw.col("unpaid")
