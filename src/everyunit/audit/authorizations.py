"""Do visits, units, days and codes stay inside what the payer authorized?

Only for patients, payers and disciplines of whom authorizations.csv holds a row. Visits count in the order of their
days, those of one day once. Of several that cover a day the one that begins first is used. Numbers are compared by
their letters and digits. A claim that names a number of which no row is on record, while another covers the day, is
asked to look again; of its units nothing is said.
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
    named, inside = _bare("prior_authorization"), pl.col("service_day").is_between("start_day", "end_day")
    joined = joined.with_columns(inside=inside.fill_null(True), bare=named == "", same=named == _bare("number"))
    known = pl.col("same").any().over("visit_id", "claim_id", "line")
    strange = joined.filter(~pl.col("bare") & ~known & pl.col("inside"))
    strange = strange.unique(["visit_id", "claim_id", "line"], keep="first", maintain_order=True)
    joined = joined.filter(pl.col("bare") | pl.col("same"))
    covered = joined.filter("inside").unique(["visit_id", "claim_id", "line"], keep="first", maintain_order=True)
    outside = joined.join(covered.select("visit_id").unique(), on="visit_id", how="anti", maintain_order="left")
    return pl.concat([_visits(covered, outside), _strange(strange), _used(covered), _codes(covered)], how="diagonal")


def _bare(column: str) -> pl.Expr:
    """The letters and digits of a number, as a person compares them."""
    return pl.col(column).fill_null("").str.to_uppercase().str.replace_all("[^A-Z0-9]", "")


def _strange(rows: pl.DataFrame) -> pl.DataFrame:
    message = pl.format("The claim names authorization {}, which is not on record; {} covers this day.",
                        "prior_authorization", "number")  # fmt: skip
    fix = pl.format("Put {} on the claim, or bring the row of {} in authorizations.csv.", "number",
                    "prior_authorization")  # fmt: skip
    more = {"risk_cents": pl.col("visit_cents"), "code": pl.lit(""), "billed_units": pl.lit(0)}
    return told(_whole(rows), "authorization_missing", message, fix, **more)


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
        nth=pl.col("service_day").rank("dense").over("number").cast(pl.Int64),
        so_far=pl.col("units").cum_sum().over("number"),
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
    inside = pl.format(":{}:", pl.col("codes").str.replace_all(r"[\s,;:]+", ":")).str.contains(
        pl.format(":{}:", "code"), literal=True
    )
    rows = listed.filter(~inside)
    message = pl.format("{} is none of the codes that {} covers.", "code", "number")
    return told(rows, "authorization_code", message, "Ask the payer to add the code.", risk_cents=at_risk())
