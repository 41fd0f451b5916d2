"""Did training of caregivers reach the minutes that its first unit needs?"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import nothing, seen, told, values_by_year

FIRST = "97550"


def minutes(facts: Facts) -> pl.DataFrame:
    """caregiver_minutes: the first unit stands on fewer minutes than it needs."""
    if facts.occurring is not None and FIRST not in facts.occurring:
        return nothing()
    lines = facts.lines.filter(
        (nw.col("code") == FIRST) & (nw.col("units") > 0) & nw.col("recorded") & (nw.col("minutes") > 0)
    )
    rows = seen(lines)
    if rows.is_empty():
        return nothing()
    rows = rows.join(
        values_by_year(facts, "caregiver_first", rows), on="service_day", how="left", maintain_order="left"
    )
    rows = rows.filter(pl.col("minutes") < pl.col("caregiver_first"))
    message = pl.format("{} was billed on {} minutes; its first unit needs {}.", "code", "minutes", "caregiver_first")
    fix = "Take the unit off, or correct the minutes if the note shows more."
    return told(rows, "caregiver_minutes", message, fix, units_off=pl.col("units"), checked=False)
