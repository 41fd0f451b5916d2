"""Do a day's units of a timed code pass the ceiling that the payer edits against?

Indicator 1 counts a line, 2 a day without exception, 3 a day unless the record supports more. Untimed codes over
their ceiling are `untimed_repeated`. Outside its quarter a ceiling is carried and the finding says so.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.checks import PSEUDO
from everyunit.audit.facts import Facts
from everyunit.audit.hits import seen, told, with_codes

_LINE = 1
_WORDS = {1: "a line", 2: "a day", 3: "a day unless the record supports more"}


def units(facts: Facts) -> pl.DataFrame:
    """ceiling_over: units above the ceiling come off."""
    held = facts.book.ceilings.filter(pl.col("ceiling") > 0)
    alone = nw.col("visit_id").str.starts_with(PSEUDO)
    lines = facts.lines.filter(nw.col("federal") & (nw.col("timed") | alone))
    lines = with_codes(lines, held)
    by_day = nw.col("units").sum().over("patient_id", "service_day", "code")
    first = nw.col("line") == nw.col("line").min().over("visit_id", "code")
    lines = lines.with_columns(day_units=by_day, first=first)
    single = (nw.col("indicator") == _LINE) & (nw.col("units") > nw.col("ceiling"))
    whole = (nw.col("indicator") > _LINE) & (nw.col("day_units") > nw.col("ceiling")) & nw.col("first")
    supported = (nw.col("indicator") == 3) & nw.col("recorded") & (nw.col("earned") >= nw.col("day_units"))
    rows = seen(lines.filter((single | whole) & ~supported))
    count = pl.when(pl.col("indicator") == _LINE).then("units").otherwise("day_units")
    unknown = ~pl.col("service_day").is_between("known_from", "known_to")
    carried = pl.when(unknown).then(pl.lit(" (as of its last known quarter, unchecked)")).otherwise(pl.lit(""))
    what = pl.col("indicator").replace_strict(_WORDS, return_dtype=pl.String)
    message = pl.format("{} stands with {} units; the ceiling is {} {}{}.", "code", count, "ceiling", what, carried)
    fix = "Correct the claim to the ceiling, or keep papers that show more where the ceiling allows it."
    return told(
        rows, "ceiling_over", message, fix, units_off=count - pl.col("ceiling"), billed_units=count,
        earned_units=pl.col("ceiling"), checked=~unknown,
    )  # fmt: skip
