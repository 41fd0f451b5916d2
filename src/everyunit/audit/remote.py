"""Does remote monitoring stand more often than its period allows?

Device codes count once in 30 days, a full and a short period not together; management once in a calendar month, the
short and the full form not together. The days and minutes behind them are not in a claim: what the record must show
(16 days, or 2 to 15; 20 minutes, or 10 to 19) is told, not judged.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import day_words, nothing, seen, told, trait, with_codes

_DEVICE = ("full", "short")
_MONTHLY = ("management", "short_management")
_SPAN = 30


def periods(facts: Facts) -> pl.DataFrame:
    """remote_repeated: the later line of the two."""
    if facts.without(trait(facts, "remote")):
        return nothing()
    lines = with_codes(facts.lines.filter(nw.col("units") > 0), trait(facts, "remote"))
    columns = ("visit_id", "claim_id", "patient_id", "service_day", "line", "code", "units", "price_cents", "taken",
               "remote")  # fmt: skip
    rows = seen(lines.select(*columns)).sort("patient_id", "service_day", "code", "line", "visit_id")
    if rows.is_empty():
        return nothing()
    month = pl.col("service_day").cast(pl.Int32).cast(pl.Date).dt.strftime("%Y-%m")
    device = rows.filter(pl.col("remote").is_in(_DEVICE)).with_columns(
        before=pl.col("service_day").shift(1).over("patient_id")
    )
    device = device.filter(pl.col("service_day") - pl.col("before") < _SPAN)
    monthly = rows.filter(pl.col("remote").is_in(_MONTHLY)).with_columns(month=month)
    monthly = monthly.with_columns(before=pl.col("service_day").shift(1).over("patient_id", "month"))
    monthly = monthly.filter(pl.col("before").is_not_null()).drop("month")
    found = _valued(pl.concat([device, monthly]))
    what = pl.when(pl.col("remote").is_in(_DEVICE)).then(pl.lit("30 days")).otherwise(pl.lit("a calendar month"))
    message = pl.format("{} stands again within {}; the last one was on {}.", "code", what, day_words("before"))
    fix = "Send one for the period, the one whose days or minutes the record shows."
    return told(found, "remote_repeated", message, fix, cents=pl.col("cents"), units_off=pl.col("units"),
                earned_units=pl.lit(0))  # fmt: skip


def _valued(found: pl.DataFrame) -> pl.DataFrame:
    """Adds cents, once a visit and code: no reduction for several procedures touches these codes, so the day without
    them is less by their own price. Units that the count of the day takes off already bear their dollars there."""
    part = ("visit_id", "code")
    off = pl.max_horizontal(pl.col("units").sum().over(part) - pl.col("taken"), 0)
    again = (pl.int_range(pl.len()).over(part) > 0) & pl.col("price_cents").is_not_null()
    cents = -(pl.col("price_cents") // pl.col("units")) * off
    return found.with_columns(cents=pl.when(again | (off == 0)).then(0).otherwise(cents))
