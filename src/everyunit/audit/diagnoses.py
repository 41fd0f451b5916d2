"""Does every line point at a diagnosis of its claim, and do the diagnoses look like codes that exist?"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, seen, told

SHAPE = r"^[A-TV-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?$"  # ICD-10-CM; U codes are for special purposes
PROFESSIONAL = "837P"


def pointers(facts: Facts) -> pl.DataFrame:
    """pointer_missing, pointer_dangling and diagnosis_shape, on professional claims."""
    wanted = ("visit_id", "claim_id", "line", "code", "units", "pointers", "diagnoses", "price_cents")
    rows = seen(facts.lines.filter((nw.col("form") == PROFESSIONAL) & (nw.col("units") > 0)).select(*wanted))
    held = pl.col("diagnoses").fill_null("").str.split(":").list.filter(pl.element() != "")
    aims = pl.col("pointers").fill_null("").str.split(":").list.filter(pl.element() != "")
    rows = rows.with_columns(held=held.list.len(), aims=aims, bad=held.list.filter(~pl.element().str.contains(SHAPE)))
    none = rows.filter(pl.col("aims").list.len() == 0)
    far = pl.col("aims").list.eval(pl.element().cast(pl.Int64, strict=False)).list.max()
    lost = rows.with_columns(far=far).filter((pl.col("far") > pl.col("held")) & (pl.col("aims").list.len() > 0))
    bad = rows.filter(pl.col("bad").list.len() > 0).unique("visit_id", keep="first", maintain_order=True)
    return pl.concat(
        [
            told(none, "pointer_missing", pl.format("{} points at no diagnosis; a line needs at least one.", "code"),
                 "Point the line at the diagnosis that it treats.", risk_cents=at_risk()),
            told(lost, "pointer_dangling",
                 pl.format("{} points at diagnosis {}; the claim holds {}.", "code", "far", "held"),
                 "Point the line at a diagnosis that stands on the claim.", risk_cents=at_risk()),
            told(bad, "diagnosis_shape",
                 pl.format("{} has not the shape of an ICD-10-CM code.", pl.col("bad").list.first()),
                 "Correct it on the claim and in the plan.", code="", billed_units=0, risk_cents=at_risk()),
        ],
        how="diagonal",
    )  # fmt: skip
