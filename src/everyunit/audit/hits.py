"""What most checks share: hits out of lines, the dollars that hang on them, small tables of the book."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit.checks import HITS
from everyunit.audit.engine import bring
from everyunit.audit.facts import Facts
from everyunit.days import words
from everyunit.frames import polars
from everyunit.rulebook import Book

_NOTHING = pl.DataFrame(schema={"visit_id": pl.String})
DISCIPLINE = {"PT": "GP", "OT": "GO", "SLP": "GN"}


@lru_cache(maxsize=64)
def codes_by(book: Book, column: str, value: Any = True) -> pl.DataFrame:
    """code of those of which the book says `value` in a column of `Book.codes`."""
    return book.codes().filter(pl.col(column) == value).select("code")


def with_codes(frame: nw.LazyFrame[Any], codes: pl.DataFrame, how: Any = "inner") -> nw.LazyFrame[Any]:
    """Rows of a frame that bears `code`, with what a small table of the book says of the code."""
    return frame.join(bring(codes, frame), on="code", how=how)


def lane() -> nw.Expr:
    """The course that a line belongs to: the discipline of its visit, else the one that its modifiers name.

    A wrong modifier is a finding of its own and makes no treatment day of another discipline.
    """
    return nw.when(nw.col("discipline").fill_null("") == "").then(nw.col("named")).otherwise(nw.col("discipline"))


def side() -> nw.Expr:
    """Who counts as one provider of a patient's day: on professional claims the therapists of one discipline (their
    colleagues of another are other providers), on institutional ones the house."""
    return nw.when(nw.col("form") == "837P").then(lane().fill_null("")).otherwise(nw.lit(""))


def trait(facts: Facts, name: str, *more: str) -> pl.DataFrame:
    """code and the column `name` for the codes that have this trait; `more` of source and checked."""
    return _trait(facts.book, name, more)


@lru_cache(maxsize=64)
def _trait(book: Book, name: str, more: tuple[str, ...]) -> pl.DataFrame:
    rows = book.traits.filter(pl.col("trait") == name)
    return rows.select("code", pl.col("value").alias(name), *more).unique("code", keep="last", maintain_order=True)


def seen(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """The few lines that a check named, in Polars, in the order of visit, claim and line, then of all else.

    A join of an engine gives its rows in any order: of two that differ only further on the same one comes first.
    """
    rows = polars(frame)
    if rows.height < 2:
        return rows
    order = [name for name in ("visit_id", "claim_id", "line", "code") if name in rows.columns]
    rest = [name for name, kind in rows.schema.items() if name not in order and not kind.is_nested()]
    return rows.sort([*order, *rest], nulls_last=True)


def nothing() -> pl.DataFrame:
    """What a check gives that has nothing to say."""
    return _NOTHING


def told(rows: pl.DataFrame, kind: str, message: pl.Expr, fix: str | pl.Expr, **more: Any) -> pl.DataFrame:
    """Rows as hits of one kind. `more` may hold code, units_off, cents, risk_cents, earned_units, checked, source.

    A line's own columns (visit_id, claim_id, line, code, units) are taken as they stand unless `more` says otherwise.
    """
    said = pl.lit(fix) if isinstance(fix, str) else fix
    if rows.is_empty():
        return nothing()
    made: dict[str, pl.Expr] = {"kind": pl.lit(kind), "message": message, "fix": said}
    if "units" in rows.columns:
        made["billed_units"] = pl.col("units")
    names = [name for name in ("visit_id", "claim_id", "line", "code") if name in rows.columns]
    columns: dict[str, pl.Expr] = {
        **{name: pl.col(name) for name in names},
        **made,
        **{name: _expr(value) for name, value in more.items()},
    }
    return rows.select(expr.cast(HITS.schema[name]).alias(name) for name, expr in columns.items())


def _expr(value: Any) -> pl.Expr:
    return value if isinstance(value, pl.Expr) else pl.lit(value)


def of_its_day() -> nw.Expr:
    """Rows of a dated table (from_day, to_day) that answer for the day of the line."""
    day = nw.col("service_day")
    return (day >= nw.col("from_day")) & (day <= nw.col("to_day"))


def at_risk(rows: str = "price_cents") -> pl.Expr:
    """What the payer would refuse: the line's price, 0 where the book has none."""
    return pl.col(rows).fill_null(0)


def day_words(column: str = "service_day") -> pl.Expr:
    """Days as words in messages."""
    return pl.col(column).map_elements(words, return_dtype=pl.String)


def values_by_year(facts: Facts, name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """service_day and the book's value on it, of the days in `rows` that the book knows."""
    from everyunit.errors import BookRefusal

    made = []
    for day in rows["service_day"].unique().drop_nulls().to_list():
        try:
            made.append((day, int(facts.book.value(f"thresholds.{name}", day).value)))
        except BookRefusal:
            continue
    return pl.DataFrame(made, schema={"service_day": pl.Int64, name: pl.Int64}, orient="row")
