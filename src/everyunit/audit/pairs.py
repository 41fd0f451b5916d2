"""Do two codes of one patient's day stand together that the payer's pair edits part?

Indicator 0: column 2 is never paid beside column 1. Indicator 1: both are paid with a modifier (59 or an X) on column
2, and only if the record shows separate, non-overlapping blocks of time. They part what one provider gave: on a
professional claim the therapists of one discipline, on an institutional one the house. The edits hold for federal
payers; an edit known for one quarter is carried to other days, and the finding says so.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit.engine import bring, settle
from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, nothing, of_its_day, seen, side, told
from everyunit.rulebook import Book

SEPARATE = ":(59|X[EPSU]):"
NEVER = "0"
_DAY = ("patient_id", "service_day", "side")


def pairs(facts: Facts) -> pl.DataFrame:
    """pair_never, pair_modifier_unsupported, pair_modifier_missing and pair_bundled, on the line of column 2."""
    if not facts.federal:
        return nothing()
    firsts, seconds = _sides(facts.book)
    marked = nw.col("modifiers").str.contains(SEPARATE)
    lines = facts.lines.filter(nw.col("federal") & (nw.col("units") > 0)).with_columns(marked=marked, side=side())
    ones = lines.join(bring(firsts, lines), on="code", how="inner")
    twos = lines.join(bring(seconds, lines), on="code", how="inner")
    one = ones.select(*_DAY, column_1="code", marked_1="marked").group_by(*_DAY, "column_1")
    both = twos.join(one.agg(nw.col("marked_1").max()), on=list(_DAY), how="inner")
    edits = bring(facts.book.pairs, both)
    both = both.join(edits, left_on=["column_1", "code"], right_on=["column_1", "column_2"], how="inner")
    rows = seen(settle(both.filter(of_its_day())))
    if rows.is_empty():
        return nothing()
    return _judged(rows.with_columns(_apart(rows, facts)))


@lru_cache(maxsize=4)
def _sides(book: Book) -> tuple[pl.DataFrame, pl.DataFrame]:
    return book.pairs.select(code="column_1").unique(), book.pairs.select(code="column_2").unique()


def _apart(rows: pl.DataFrame, facts: Facts) -> pl.Series:
    """separate (the blocks of both codes are on record and do not overlap), overlap, or unknown."""
    wanted = rows.select("patient_id", "service_day").unique()
    blocks = seen(facts.services.join(bring(wanted, facts.services), on=["patient_id", "service_day"], how="inner"))
    held: dict[tuple[Any, Any, Any], list[tuple[int | None, int | None]]] = {}
    columns = ("patient_id", "service_day", "code", "start_minute", "end_minute")
    for patient, day, code, start, end in blocks.select(columns).rows():
        held.setdefault((patient, day, code), []).append((start, end))
    made = []
    for patient, day, one, two in rows.select("patient_id", "service_day", "column_1", "code").rows():
        made.append(_blocks(held.get((patient, day, one), []), held.get((patient, day, two), [])))
    return pl.Series("apart", made, pl.String)


def _blocks(ones: list[tuple[int | None, int | None]], twos: list[tuple[int | None, int | None]]) -> str:
    if not ones or not twos or not all(_stated(*block) for block in (*ones, *twos)):
        return "unknown"
    for start, end in ones:
        for other_start, other_end in twos:
            if start < other_end and other_start < end:  # type: ignore[operator]
                return "overlap"
    return "separate"


def _stated(start: int | None, end: int | None) -> bool:
    """A service that ends before or in the minute it begins says nothing of when it was given."""
    return start is not None and end is not None and start < end


def _judged(rows: pl.DataFrame) -> pl.DataFrame:
    rows = rows.with_columns(
        carried=~pl.col("service_day").is_between("known_from", "known_to"),
        modified=pl.col("marked") | pl.col("marked_1"),
    ).with_columns(
        asof=pl.when("carried").then(pl.format(" (edits as of {}, unchecked)", "quarter")).otherwise(pl.lit(""))
    )
    never = rows.filter(pl.col("indicator") == NEVER)
    soft = rows.filter(pl.col("indicator") != NEVER)
    together = pl.format("{} stands beside {} on this day", "code", "column_1")
    more: dict[str, Any] = {"checked": ~pl.col("carried"), "source": pl.col("source")}
    return pl.concat(
        [
            told(never, "pair_never", pl.format("{}; no modifier allows that{}.", together, "asof"),
                 pl.format("Take {} off the claim.", "code"), units_off=pl.col("units"), **more),
            told(soft.filter(pl.col("modified") & (pl.col("apart") == "overlap")), "pair_modifier_unsupported",
                 pl.format("{} with a modifier for separate time; the record's times overlap{}.", together, "asof"),
                 pl.format("Take {} off, or correct the times if the note shows others.", "code"),
                 units_off=pl.col("units"), **more),
            told(soft.filter(~pl.col("modified") & (pl.col("apart") == "separate")), "pair_modifier_missing",
                 pl.format("{} without a modifier; the record shows separate times{}.", together, "asof"),
                 pl.format("Add 59 (or the X modifier that fits) to {}.", "code"), risk_cents=at_risk(), **more),
            told(soft.filter(~pl.col("modified") & (pl.col("apart") != "separate")), "pair_bundled",
                 pl.format("{} without a modifier, and the record shows no separate times{}.", together, "asof"),
                 pl.format("Take {} off, or add start and end times and 59 if the note shows them apart.", "code"),
                 units_off=pl.col("units"), **more),
        ],
        how="diagonal",
    )  # fmt: skip
