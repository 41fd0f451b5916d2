"""Was a patient evaluated anew in the same discipline within one course of care?

Judged at federal payers. A course is over after a gap without visits that the book states. A second evaluation in one
course needs a new condition: where the claim's first diagnosis is another one, or none is stated, this is silent.
Speech therapists evaluate fluency, speech and language, voice, swallowing and devices apart: each counts by itself.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, day_words, lane, nothing, seen, told, trait, values_by_year, with_codes

_COURSE = ("patient_id", "lane", "evaluation")
_DAYS = ("patient_id", "lane")


def courses(facts: Facts) -> pl.DataFrame:
    """evaluation_repeated."""
    if not facts.federal or facts.without(trait(facts, "evaluation")):
        return nothing()
    lines = facts.lines.filter(nw.col("units") > 0).with_columns(lane=lane())
    evaluated = with_codes(lines.filter(nw.col("federal")), trait(facts, "evaluation", "checked"))
    columns = ("visit_id", "claim_id", "line", *_COURSE, "service_day", "code", "units", "diagnoses", "price_cents",
               "checked")  # fmt: skip
    rows = seen(evaluated.select(*columns)).sort(*_COURSE, "service_day", "line", "visit_id")
    again = rows.group_by(*_COURSE).agg(pl.col("service_day").n_unique().alias("n")).filter(pl.col("n") > 1)
    rows = rows.join(again, on=list(_COURSE), how="semi", maintain_order="left")
    if rows.is_empty():
        return nothing()
    rows = rows.unique([*_COURSE, "service_day"], keep="first", maintain_order=True)
    first = pl.col("diagnoses").fill_null("").str.split(":").list.first()
    before = pl.col("service_day").shift(1).over(*_COURSE)
    rows = rows.with_columns(first=first, before=before).with_columns(
        same=(pl.col("first") == pl.col("first").shift(1).over(*_COURSE)) & (pl.col("first") != "")
    )
    rows = rows.join(values_by_year(facts, "episode_gap", rows), on="service_day", how="left", maintain_order="left")
    days = seen(lines.select(*_DAYS, "service_day").unique()).sort(*_DAYS, "service_day")
    days = days.with_columns(gap=pl.col("service_day").diff().over(*_DAYS))
    broken = days.join(
        rows.select(*_COURSE, "service_day", "before", "episode_gap"), on=list(_DAYS), how="inner", suffix="_eval"
    )
    within = (pl.col("service_day") > pl.col("before")) & (pl.col("service_day") <= pl.col("service_day_eval"))
    broken = broken.filter(within & (pl.col("gap") > pl.col("episode_gap")))
    broken = broken.select(*_COURSE, service_day="service_day_eval").unique()
    rows = rows.filter(pl.col("before").is_not_null() & pl.col("same") & pl.col("episode_gap").is_not_null())
    rows = rows.join(broken, on=[*_COURSE, "service_day"], how="anti", maintain_order="left")
    message = pl.format(
        "{} is a second evaluation for the same first diagnosis; the course was evaluated on {}.",
        "code",
        day_words("before"),
    )
    fix = "Send a re-evaluation if the record shows its reason, or state the new condition."
    sure = pl.col("checked")  # that the code is an evaluation was seen at its source
    return told(rows, "evaluation_repeated", message, fix, risk_cents=at_risk(), checked=sure)
