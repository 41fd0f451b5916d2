"""Do re-evaluations follow one another without the reason that the record must show?

Judged at federal payers. A re-evaluation is paid for a new finding, a significant change or no response; a routine
look is part of every treatment. Where the first diagnosis changed, or none is stated, this is silent.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, day_words, lane, nothing, seen, told, trait, values_by_year, with_codes

_COURSE = ("patient_id", "lane")


def reasons(facts: Facts) -> pl.DataFrame:
    """re_evaluation_frequent: the later of two within the days that the book names."""
    if not facts.federal or facts.without(trait(facts, "re_evaluation")):
        return nothing()
    both = pl.concat([
        trait(facts, name).select("code", again=pl.lit(name == "re_evaluation"))
        for name in ("evaluation", "re_evaluation")
    ])  # fmt: skip
    lines = with_codes(facts.lines.filter((nw.col("units") > 0) & nw.col("federal")), both).with_columns(lane=lane())
    columns = ("visit_id", "claim_id", "line", *_COURSE, "service_day", "code", "units", "diagnoses", "price_cents")
    rows = seen(lines.select(*columns, "again")).sort(*_COURSE, "service_day", "line", "visit_id")
    if rows.is_empty():
        return nothing()
    rows = rows.unique([*_COURSE, "service_day"], keep="first", maintain_order=True)
    first = pl.col("diagnoses").fill_null("").str.split(":").list.first()
    rows = rows.with_columns(first=first, before=pl.col("service_day").shift(1).over(*_COURSE))
    same = pl.col("first") == pl.col("first").shift(1).over(*_COURSE)
    rows = rows.with_columns(same=same & (pl.col("first") != "")).filter(
        pl.col("again") & pl.col("same").fill_null(False)
    )
    rows = rows.join(values_by_year(facts, "re_evaluation_gap", rows), on="service_day", how="inner")
    rows = rows.filter(pl.col("service_day") - pl.col("before") < pl.col("re_evaluation_gap"))
    message = pl.format(
        "{} follows an evaluation of {} for the same first diagnosis within {} days.",
        "code", day_words("before"), "re_evaluation_gap",
    )  # fmt: skip
    fix = "Show the new finding, the significant change or the missing response; without one it is part of treatment."
    return told(rows, "re_evaluation_frequent", message, fix, risk_cents=at_risk())
