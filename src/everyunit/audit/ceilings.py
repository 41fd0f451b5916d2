"""Do a day's units of a timed code pass the ceiling that the payer edits against?

Indicator 1 counts a line, 2 a day without exception, 3 a day unless the record supports more. Where several visits of
a day pass it together, each gives back what of its own units lies above. Untimed codes over
their ceiling are `untimed_repeated`. Outside its quarter a ceiling is carried and the finding says so.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.checks import PSEUDO
from everyunit.audit.facts import Facts
from everyunit.audit.hits import day_words, nothing, of_its_day, seen, told, with_codes

_LINE, _UNLESS = 1, 3
_WORDS = {1: "a line", 2: "a day", 3: "a day unless the record supports more"}


def units(facts: Facts) -> pl.DataFrame:
    """ceiling_over: units above the ceiling come off."""
    if not facts.federal:
        return nothing()
    held = facts.book.ceilings.filter(pl.col("ceiling") > 0)
    alone = nw.col("visit_id").str.starts_with(PSEUDO)
    lines = facts.lines.filter(nw.col("federal") & (nw.col("timed") | alone))
    by_day = nw.col("units").sum().over("patient_id", "service_day", "code")
    lines = with_codes(lines.filter(nw.col("units") > 0), held).filter(of_its_day()).with_columns(day_units=by_day)
    single = nw.col("indicator") == _LINE
    passed = nw.when(single).then(nw.col("units")).otherwise(nw.col("day_units")) > nw.col("ceiling")
    rows = _shared(seen(lines.filter(passed)))
    count = pl.when(pl.col("indicator") == _LINE).then("units").otherwise("day_units")
    unknown = ~pl.col("service_day").is_between("known_from", "known_to")
    asof = pl.format(" (as of {}, unchecked)", day_words("known_from"))
    carried = pl.when(unknown).then(asof).otherwise(pl.lit(""))
    what = pl.col("indicator").replace_strict(_WORDS, return_dtype=pl.String)
    message = pl.format("{} stands with {} units; the ceiling is {} {}{}.", "code", count, "ceiling", what, carried)
    fix = "Correct the claim to the ceiling, or keep papers that show more where the ceiling allows it."
    return told(
        rows, "ceiling_over", message, fix, units_off=pl.col("above"), billed_units=count,
        earned_units=pl.col("ceiling"), checked=~unknown, source=pl.col("source"),
    )  # fmt: skip


def _shared(rows: pl.DataFrame) -> pl.DataFrame:
    """Lines and, of a day's ceiling, visits that stand above it, with the units that do (`above`)."""
    single = rows.filter(pl.col("indicator") == _LINE).with_columns(above=pl.col("units") - pl.col("ceiling"))
    day = rows.filter(pl.col("indicator") > _LINE).with_columns(
        visit_units=pl.col("units").sum().over("visit_id", "code")
    )
    day = day.unique(["visit_id", "code"], keep="first", maintain_order=True)
    so_far = pl.col("visit_units").cum_sum().over("patient_id", "service_day", "code")
    before = pl.max_horizontal("ceiling", so_far - pl.col("visit_units"))
    day = day.with_columns(above=so_far - before).filter(pl.col("above") > 0)
    supported = (pl.col("indicator") == _UNLESS) & pl.col("recorded") & (pl.col("earned") >= pl.col("day_units"))
    return pl.concat([single, day.filter(~supported).select(single.columns)])
