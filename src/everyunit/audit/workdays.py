"""Does a day hold more than a day can? One-on-one minutes of a clinician, units of a patient.

A clinician's day runs from the first check-in to the last check-out of the visits on record; it is judged only where
every visit of that day has both. Many units are no fault: they ask for one look.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import codes_by, nothing, seen, told, values_by_year, with_codes
from everyunit.frames import polars

_DAY = ["clinician_npi", "service_day"]


def clinicians(facts: Facts) -> pl.DataFrame:
    """therapist_day_over: a hit on the clinician's day, without a visit."""
    visits = facts.visits.filter(nw.col("clinician_npi") != "")
    bare = nw.col("check_in_minute").is_null() | nw.col("check_out_minute").is_null()
    days = visits.group_by(*_DAY).agg(
        nw.col("check_in_minute").min().alias("first"), nw.col("check_out_minute").max().alias("last"),
        nw.when(bare).then(1).otherwise(0).sum().alias("bare"), nw.col("clinic").max(), nw.col("discipline").max(),
    )  # fmt: skip
    alone = codes_by(facts.book, "one_on_one")
    own = (nw.col("mode") != "group") & (nw.col("performed_by") == "therapist") & (nw.col("clinician_npi") != "")
    services = with_codes(facts.services.filter(own), alone)
    minutes = services.group_by(*_DAY).agg(nw.col("minutes").fill_null(0).sum().alias("given"))
    both = days.filter((nw.col("bare") == 0) & (nw.col("last") > nw.col("first"))).join(minutes, on=_DAY, how="inner")
    rows = polars(both.filter(nw.col("given") > nw.col("last") - nw.col("first"))).sort(*_DAY)
    message = pl.format(
        "{} one-on-one minutes stand on record in a day of {} minutes, first check-in to last check-out.",
        "given", pl.col("last") - pl.col("first"),
    )  # fmt: skip
    fix = "Look at that day's times: minutes of group, of an assistant or of waiting are not one-on-one."
    hits = told(rows.with_columns(visit_id=pl.lit(""), code=pl.lit("")), "therapist_day_over", message, fix)
    if hits.is_empty():
        return hits
    return hits.with_columns(rows.select("clinic", *_DAY, "discipline"))


def patients(facts: Facts) -> pl.DataFrame:
    """units_a_day_high: on the visit with the most timed units of a patient's day."""
    lines = facts.lines.filter(nw.col("timed") & (nw.col("units") > 0))
    days = ["patient_id", "service_day"]
    rows = seen(lines.group_by("visit_id", "claim_id", *days).agg(nw.col("units").sum()))
    if rows.is_empty():
        return nothing()
    rows = rows.with_columns(day_units=pl.col("units").sum().over(*days)).filter(pl.col("day_units") > 1)
    rows = rows.join(values_by_year(facts, "units_a_day", rows), on="service_day", how="inner")
    rows = rows.filter(pl.col("day_units") > pl.col("units_a_day"))
    rows = rows.sort("units", "visit_id", descending=[True, False]).unique(days, keep="first", maintain_order=True)
    message = pl.format("{} timed units stand on one patient's day; payers look at more than {}.",
                        "day_units", "units_a_day")  # fmt: skip
    fix = "Look once whether the record carries that much skilled care in a day; if it does, nothing is to do."
    return told(rows.drop("units"), "units_a_day_high", message, fix, code=pl.lit(""))
