"""Did a therapist report progress by the tenth treatment day?

Medicare wants a report at least once in every ten treatment days, by a therapist. An evaluation, a re-evaluation, the
first day of a plan of care or a note that calls itself a progress report begins the count anew. Judged only where
every treatment day since then has its note on record.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.engine import bring
from everyunit.audit.facts import Facts
from everyunit.audit.hits import lane, nothing, seen, told, trait, values_by_year, with_codes
from everyunit.frames import polars

_COURSE = ["patient_id", "lane"]
_WORDS = r"(?i)progress (report|note|summary)|recertification|re-?evaluation|discharge summary"


def reports(facts: Facts) -> pl.DataFrame:
    """progress_report_missing: on the visit that ought to have had it."""
    if not facts.medicare:
        return nothing()
    if polars(facts.notes.head(1)).is_empty():
        return nothing()
    lines = facts.lines.filter(nw.col("medicare") & (nw.col("units") > 0)).with_columns(lane=lane())
    visits = seen(lines.group_by("visit_id", "claim_id", *_COURSE, "service_day").agg(
        nw.col("price_cents").fill_null(0).sum().alias("visit_cents")))  # fmt: skip
    looked = pl.concat([trait(facts, name).select("code") for name in ("evaluation", "re_evaluation")])
    begun = seen(with_codes(lines, looked).select("visit_id").unique()).with_columns(begun=True)
    rows = visits.join(begun, on="visit_id", how="left").join(_noted(facts, visits), on="visit_id", how="left")
    rows = pl.concat([rows, _unbilled(facts, visits, looked)], how="diagonal")
    rows = rows.join(_starts(facts), on=["patient_id", "lane", "service_day"], how="left")
    rows = rows.sort(*_COURSE, "service_day", "visit_id", "claim_id")
    rows = rows.group_by(*_COURSE, "service_day", maintain_order=True).agg(
        pl.col("visit_id", "claim_id").first(), pl.col("visit_cents").sum(),
        pl.any_horizontal(pl.col("begun", "reported", "starts").fill_null(False)).any().alias("anew"),
        pl.col("reported").is_not_null().all().alias("noted"),
    ).sort(*_COURSE, "service_day")  # fmt: skip
    rows = rows.with_columns(stretch=pl.col("anew").cast(pl.Int64).cum_sum().over(*_COURSE))
    rows = rows.filter(pl.col("stretch") > 0)  # before the first sight of the course nothing is known
    held = [*_COURSE, "stretch"]
    rows = rows.with_columns(
        at=pl.int_range(pl.len()).over(*held), silent=(~pl.col("noted")).cast(pl.Int64).cum_sum().over(*held)
    )
    rows = rows.join(values_by_year(facts, "progress_report", rows), on="service_day", how="inner")
    due = rows.filter((pl.col("at") == pl.col("progress_report")) & (pl.col("silent") == 0))
    message = pl.format("{} treatment days passed since the last report or evaluation on record, and none since.",
                        "progress_report")  # fmt: skip
    fix = "Bring the progress report if it was written elsewhere; a late one says that it is late."
    return told(due, "progress_report_missing", message, fix, code=pl.lit(""), risk_cents=pl.col("visit_cents"))


def _unbilled(facts: Facts, billed: pl.DataFrame, looked: pl.DataFrame) -> pl.DataFrame:
    """Visits of these patients without a claim that were an evaluation or whose note is a report: nothing was
    charged, yet the count begins anew."""
    seen_too = facts.visits.filter(nw.col("medicare") & ~nw.col("claimed"))
    ours = bring(billed.select("patient_id").unique(), seen_too)
    rows = polars(seen_too.join(ours, on="patient_id", how="inner").select(
        "visit_id", "claim_id", "patient_id", "service_day", lane="discipline"))  # fmt: skip
    services = with_codes(facts.services.filter(nw.col("medicare") & ~nw.col("claimed")), looked)
    begun = polars(services.select("visit_id").unique()).with_columns(begun=True)
    rows = rows.join(_noted(facts, rows), on="visit_id", how="left").join(begun, on="visit_id", how="left")
    rows = rows.with_columns(pl.col("reported").fill_null(False)).filter(pl.col("reported") | pl.col("begun"))
    return rows.with_columns(visit_cents=pl.lit(0, pl.Int64)).select(pl.exclude("claim_id"), "claim_id")


def _noted(facts: Facts, visits: pl.DataFrame) -> pl.DataFrame:
    """visit_id, reported: whether the note calls itself a report; no row where there is no note."""
    notes = facts.notes.filter(nw.col("text").fill_null("") != "")
    held = notes.join(bring(visits.select("visit_id").unique(), notes), on="visit_id", how="inner")
    said = polars(held.select("visit_id", "text"))
    return said.group_by("visit_id").agg(reported=pl.col("text").str.contains(_WORDS).any())


def _starts(facts: Facts) -> pl.DataFrame:
    plans = polars(facts.plans)
    rows = plans.select("patient_id", lane="discipline", service_day="start_day").drop_nulls().unique()
    return rows.with_columns(pl.col("service_day").cast(pl.Int64), starts=True)
