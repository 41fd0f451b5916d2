"""Does a year's care at Medicare pass the threshold above which KX must attest that it is needed?

Allowed amounts add up by calendar year, physical and speech therapy together, occupational apart, in the order of the
claims' days and lines. The line that passes the threshold needs KX, and every later one. What the practice did not
bring (another practice's care, an earlier part of the year) is not known here.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.engine import bring
from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, nothing, seen, told, values_by_year
from everyunit.frames import polars
from everyunit.money import dollars

_OCCUPATIONAL = "OT"


def years(facts: Facts) -> pl.DataFrame:
    """kx_missing, kx_unneeded and review_threshold (once a year, where notes of that year are not on record)."""
    if not facts.medicare:
        return nothing()
    columns = ("visit_id", "patient_id", "service_day", "claim_id", "claim_key", "line", "code", "units", "modifiers",
               "named", "discipline", "price_cents")  # fmt: skip
    rows = seen(facts.lines.filter(nw.col("medicare") & (nw.col("units") > 0)).select(*columns))
    lane = pl.when(pl.col("named") == "").then("discipline").otherwise("named")
    year = pl.col("service_day").cast(pl.Int32).cast(pl.Date).dt.year()
    rows = rows.with_columns(
        ot=lane == _OCCUPATIONAL, year=year, kx=pl.col("modifiers").str.contains(":KX:", literal=True)
    )
    rows = rows.sort("patient_id", "ot", "service_day", "claim_key", "line")
    group = ("patient_id", "ot", "year")
    rows = rows.with_columns(after=pl.col("price_cents").fill_null(0).cum_sum().over(*group))
    rows = rows.with_columns(before=pl.col("after") - pl.col("price_cents").fill_null(0))
    for name in ("kx_pt_slp", "kx_ot", "review_pt_slp", "review_ot", "kx_far_below"):
        rows = rows.join(values_by_year(facts, name, rows), on="service_day", how="left", maintain_order="left")
    limit = pl.when("ot").then("kx_ot").otherwise("kx_pt_slp")
    review = pl.when("ot").then("review_ot").otherwise("review_pt_slp")
    rows = rows.with_columns(limit=limit, review=review)
    return _told(rows, _unwritten(rows, facts))


def _unwritten(rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """visit_id of visits in years past the review threshold that have no note; none where no note was brought."""
    high = rows.filter(pl.col("after") > pl.col("review")).select("patient_id", "ot", "year").unique()
    asked = rows.join(high, on=["patient_id", "ot", "year"], how="semi").select("visit_id").unique()
    notes = facts.notes
    if asked.is_empty() or polars(notes.head(1)).is_empty():
        return asked.head(0)
    held = polars(notes.select("visit_id").join(bring(asked, notes), on="visit_id", how="inner").unique())
    return asked.join(held, on="visit_id", how="anti")


def _told(rows: pl.DataFrame, unwritten: pl.DataFrame) -> pl.DataFrame:
    payable = pl.col("price_cents").fill_null(1) > 0
    missing = rows.filter((pl.col("after") > pl.col("limit")) & ~pl.col("kx") & payable)
    far = rows.filter(pl.col("kx") & (pl.col("after") * 100 < pl.col("limit") * pl.col("kx_far_below")))
    missed = rows.join(unwritten, on="visit_id", how="semi")
    bare = missed.group_by("patient_id", "ot", "year").agg(pl.col("visit_id").n_unique().alias("bare"))
    passed = rows.filter((pl.col("after") > pl.col("review")) & (pl.col("before") <= pl.col("review")))
    passed = passed.join(bare, on=["patient_id", "ot", "year"], how="inner", maintain_order="left")
    so_far = pl.format(
        "The year's care stands at {} with this line; the threshold is {}", _cash("after"), _cash("limit")
    )
    return pl.concat(
        [
            told(missing, "kx_missing", pl.format("{}, and {} bears no KX.", so_far, "code"),
                 "Add KX if the record shows that the care is needed; else tell the patient before treating.",
                 risk_cents=at_risk()),
            told(far, "kx_unneeded", pl.format("{}, and {} bears KX.", so_far, "code"),
                 "Take KX off, unless care elsewhere brought the year there."),
            told(
                passed,
                "review_threshold",
                pl.format("The year's care passes {} with this line and may be picked for review; {} of its visits "
                          "have no note on record.", _cash("review"), "bare"),
                "Complete the notes of the year, and have the plan and the progress reports at hand.",
                code="",
            ),
        ],
        how="diagonal",
    )  # fmt: skip


def _cash(column: str) -> pl.Expr:
    return pl.col(column).map_elements(dollars, return_dtype=pl.String)
