"""Do visits, units, days and codes stay inside what the payer authorized?

Only for patients and payers of whom authorizations.csv holds a row. Visits count in the order of their days. Of
several that cover a day the one that begins first is used.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, day_words, nothing, seen, told
from everyunit.frames import polars

_KEY = ("patient_id", "payer_id", "discipline")


def limits(facts: Facts) -> pl.DataFrame:
    """authorization_missing, authorization_expired, authorization_exceeded and authorization_code."""
    held = polars(facts.authorizations).sort("start_day", "number")
    if held.is_empty():
        return nothing()
    lines = facts.lines.filter(nw.col("units") > 0)
    columns = (
        "visit_id",
        "claim_id",
        "line",
        *_KEY,
        "service_day",
        "code",
        "units",
        "price_cents",
        "prior_authorization",
    )
    ours = seen(lines.select(*columns)).join(
        held.select(_KEY).unique(), on=list(_KEY), how="semi", maintain_order="left"
    )
    joined = ours.join(held.rename({"visits": "most_visits", "units": "most_units"}).select(
        "number", *_KEY, "start_day", "end_day", "most_visits", "most_units", "codes"), on=list(_KEY), how="left",
        maintain_order="left")  # fmt: skip
    named = pl.col("prior_authorization").fill_null("")
    inside = pl.col("service_day").is_between("start_day", "end_day")
    joined = joined.filter((named == "") | (named == pl.col("number")))
    joined = joined.with_columns(inside=inside.fill_null(True), bare=named == "")
    covered = joined.filter("inside").unique(["visit_id", "claim_id", "line"], keep="first", maintain_order=True)
    outside = joined.join(covered.select("visit_id").unique(), on="visit_id", how="anti", maintain_order="left")
    return pl.concat([_visits(covered, outside), _used(covered), _codes(covered)], how="diagonal")


def _whole(rows: pl.DataFrame) -> pl.DataFrame:
    lines = rows.unique(["visit_id", "line"], keep="first", maintain_order=True)
    worth = pl.col("price_cents").fill_null(0).sum().over("visit_id").alias("visit_cents")
    return lines.with_columns(worth).unique("visit_id", keep="first", maintain_order=True)


def _visits(covered: pl.DataFrame, outside: pl.DataFrame) -> pl.DataFrame:
    more = {"risk_cents": pl.col("visit_cents"), "code": pl.lit(""), "billed_units": pl.lit(0)}
    bare = _whole(covered.filter("bare"))
    late = _whole(outside)
    return pl.concat(
        [
            told(bare, "authorization_missing",
                 pl.format("The claim names no authorization; {} covers this day.", "number"),
                 pl.format("Put {} on the claim.", "number"), **more),
            told(late, "authorization_expired",
                 pl.format("No authorization covers this day; {} runs {} to {}.", "number", day_words("start_day"),
                           day_words("end_day")),
                 "Ask the payer to extend it, before the claim is sent if it can be had.", **more),
        ],
        how="diagonal",
    )  # fmt: skip


def _used(covered: pl.DataFrame) -> pl.DataFrame:
    visits = covered.group_by("number", "visit_id", "claim_id", "service_day", "most_visits", "most_units").agg(
        pl.col("units").sum(), pl.col("price_cents").fill_null(0).sum().alias("visit_cents")
    ).sort("number", "service_day", "visit_id")  # fmt: skip
    visits = visits.with_columns(
        nth=pl.int_range(1, pl.len() + 1).over("number"), so_far=pl.col("units").cum_sum().over("number")
    )
    many = (pl.col("nth") > pl.col("most_visits")).fill_null(False)
    much = (pl.col("so_far") > pl.col("most_units")).fill_null(False)
    # of several that one visit passes the first is named
    rows = visits.filter(many | much).with_columns(pl.col("units", "visit_cents").sum().over("visit_id"))
    rows = rows.unique("visit_id", keep="first", maintain_order=True)
    message = pl.when(pl.col("nth") > pl.col("most_visits")).then(
        pl.format("This is visit {} of the {} that {} covers.", "nth", "most_visits", "number")
    ).otherwise(
        pl.format("{} units are used of the {} that {} covers.", "so_far", "most_units", "number")
    )  # fmt: skip
    fix = "Ask the payer for more visits or units before further care."
    return told(rows, "authorization_exceeded", message, fix, risk_cents=pl.col("visit_cents"), code="")


def _codes(covered: pl.DataFrame) -> pl.DataFrame:
    listed = covered.filter(pl.col("codes").fill_null("") != "")
    inside = pl.format(":{}:", "codes").str.contains(pl.format(":{}:", "code"), literal=True)
    rows = listed.filter(~inside)
    message = pl.format("{} is none of the codes that {} covers.", "code", "number")
    return told(rows, "authorization_code", message, "Ask the payer to add the code.", risk_cents=at_risk())
