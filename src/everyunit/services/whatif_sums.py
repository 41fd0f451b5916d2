"""Units and expected cents of a day, by payer, clinic and code, for the questions of what if."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit import worth
from everyunit.audit.day import Day
from everyunit.frames import polars

BY = ("payer", "clinic", "code")
_UNITS = ("earned", "billed")
ROWS: dict[str, Any] = {
    "payer": pl.String, "clinic": pl.String, "code": pl.String, "units": pl.Int64, "cents": pl.Int64,
    "no_price": pl.Int64,
}  # fmt: skip


def of_day(day: Day, units: str) -> pl.DataFrame:
    """Units and their expected allowed amount by whose they are, the keeper of a day with what it keeps.

    Of what is earned, billed visits without a complete record stand as billed: so does the home page.
    """
    if units == "earned":
        rows = day.rows.with_columns(recorded_pool=nw.col("any_record").max().over("pool"))
        short = (nw.col("blocked").fill_null(0) > 0) | (nw.col("recorded_pool") != 1) | (nw.col("shut") > 0)
        rows = rows.with_columns(short=short)
        return pl.concat([_of_rows(day, rows, name, nw.col("short") == (name == "billed")) for name in _UNITS])
    return _of_rows(day, day.rows, units)


def _of_rows(day: Day, held: nw.LazyFrame[Any], units: str, only: nw.Expr | None = None) -> pl.DataFrame:
    rows = worth.keepers(held.filter(nw.col(units) > 0))
    rows = rows if only is None else rows.filter(only)
    visit = nw.coalesce(nw.col("on_visit"), nw.col("by_visit"))
    cents = nw.col(units) * nw.col("reduced_cents").fill_null(0) + nw.col("extra_cents")
    bare = nw.when(nw.col("reduced_cents").is_null()).then(nw.col(units)).otherwise(0)
    rows = rows.select("rank", visit_key=visit, units=nw.col(units), cents=cents, no_price=bare)
    whose = day.kept.select("visit_key", "clinic", payer=nw.coalesce(nw.col("payer_name"), nw.col("payer_id")))
    frame = polars(rows.join(whose, on="visit_key", how="inner"))
    return frame.join(day.shelf.select("rank", "code"), on="rank").select(
        pl.col(name).cast(kind) for name, kind in ROWS.items()
    )


def summed(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """The rows of all frames, summed by payer, clinic and code."""
    rows = pl.concat([pl.DataFrame(schema=ROWS), *frames])
    return rows.group_by(BY).agg(pl.col("units", "cents", "no_price").sum())
