"""Does an add-on code stand without the code it adds to?

An add-on is paid only beside its base on the same day. The base may stand on another line or claim of that day.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import nothing, seen, told, trait, with_codes


def bases(facts: Facts) -> pl.DataFrame:
    """add_on_without_base: the add-on's units come off."""
    if facts.without(trait(facts, "base")):
        return nothing()
    added = with_codes(facts.lines.filter(nw.col("units") > 0), trait(facts, "base"))
    held = facts.lines.filter(nw.col("units") > 0).select("patient_id", "service_day", base="code").unique()
    rows = seen(added.join(held, on=["patient_id", "service_day", "base"], how="anti"))
    message = pl.format("{} adds to {}, which the day's claims do not hold.", "code", "base")
    fix = pl.format("Add {} if it was performed and the record shows it; otherwise take {} off.", "base", "code")
    return told(rows, "add_on_without_base", message, fix, units_off=pl.col("units"))
