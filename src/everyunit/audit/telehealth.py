"""Can this service be given over a video link, and does the line say where the patient was?

A place of service 02 or 10 says telehealth. Hands and devices do not travel: a service that needs them is not given
that way. On a professional claim modifier 95 or 93 without such a place leaves the payer to guess.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, nothing, seen, told, trait

PLACES = ("02", "10")
MARKS = ":9[35]:"
_PROFESSIONAL = "837P"


def places(facts: Facts) -> pl.DataFrame:
    """telehealth_hands_on and telehealth_place."""
    if not facts.medicare:
        return nothing()
    away = nw.col("place").is_in(list(PLACES))
    marked = nw.col("modifiers").str.contains(MARKS)
    columns = ("visit_id", "claim_id", "line", "code", "units", "place", "price_cents", "medicare", "form")
    lines = facts.lines.filter((away.fill_null(False) | marked) & (nw.col("units") > 0))
    rows = seen(lines.with_columns(away=away.fill_null(False)).select(*columns, "away"))
    if rows.is_empty():
        return nothing()
    rows = rows.join(trait(facts, "hands_on"), on="code", how="left", maintain_order="left")
    touched = rows.filter(pl.col("hands_on").is_not_null() & pl.col("medicare"))
    bare = rows.filter(~pl.col("away") & pl.col("medicare") & (pl.col("form") == _PROFESSIONAL))
    return pl.concat([
        told(touched, "telehealth_hands_on",
             pl.format("{} needs hands or a device on the patient, and the line says telehealth.", "code"),
             pl.when("away").then(pl.lit("Correct the place if the patient was in the clinic; else take it off."))
             .otherwise(pl.lit("Take the modifier off if the patient was in the clinic; else the whole line.")),
             units_off=pl.col("units"), earned_units=pl.lit(0)),
        told(bare.filter(pl.col("hands_on").is_null()), "telehealth_place",
             pl.format("{} bears a telehealth modifier at place of service {}.", "code", "place"),
             "Write place 10 where the patient was at home, 02 elsewhere; without telehealth take the modifier off.",
             risk_cents=at_risk()),
    ], how="diagonal")  # fmt: skip
