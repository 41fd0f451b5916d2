"""Claims for which no visit was brought: each of their days stands as a visit of its own, without a record.

So the checks of claims see them, also where a practice brings nothing but claims. What needs a record stays silent.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit.charges import Charges, discipline_named
from everyunit.audit.checks import PSEUDO
from everyunit.audit.inputs import Inputs
from everyunit.frames import polars

_BY_TAXONOMY = {"2251": "PT", "225X": "OT", "235Z": "SLP"}


def visits_of_orphans(charges: Charges, inputs: Inputs, kept: nw.LazyFrame[Any] | None = None) -> pl.DataFrame:
    """Rows of visits for every claim in force and day that joins no visit of `kept`."""
    alone = charges.winners.filter(nw.col("top"))
    if kept is not None:
        alone = alone.join(kept.select("root", "service_day").unique(), on=["root", "service_day"], how="anti")
    keys = charges.standing.claims.select("source_id", "claim", "claim_key")
    alone = alone.select("service_day", "claim_key", "claim_id").join(keys, on="claim_key", how="inner")
    more = ("payer_id", "payer_name", "member_id", "rendering_npi", "rendering_taxonomy")
    claims = inputs.frame("claims").select("source_id", "claim", *more)
    rows = polars(alone.join(claims, on=["source_id", "claim"], how="inner"))
    if rows.is_empty():
        return rows
    return _as_visits(rows.join(_disciplines(inputs, alone), on=["source_id", "claim", "service_day"], how="left"))


def _disciplines(inputs: Inputs, alone: nw.LazyFrame[Any]) -> pl.DataFrame:
    """source_id, claim, service_day and the discipline that the modifiers of the lines name."""
    lines = inputs.frame("claim_lines").select("source_id", "claim", "service_day", named=discipline_named())
    keys = alone.select("source_id", "claim", "service_day")
    named = lines.join(keys, on=["source_id", "claim", "service_day"], how="inner").filter(nw.col("named") != "")
    return polars(named.group_by("source_id", "claim", "service_day").agg(nw.col("named").min()))


def _as_visits(rows: pl.DataFrame) -> pl.DataFrame:
    said = pl.col("rendering_taxonomy").str.slice(0, 4).replace_strict(_BY_TAXONOMY, default="")
    number = pl.format("{}{}|{}", pl.lit(PSEUDO), "claim_id", "service_day")
    return rows.select(
        number.alias("visit_id"),
        pl.col("service_day").cast(pl.Int64),
        pl.lit("").alias("clinic"),
        pl.coalesce("member_id", "claim_id").alias("patient_id"),
        pl.col("payer_id").fill_null(""),
        pl.col("payer_name").fill_null(""),
        pl.coalesce("named", said).fill_null("").alias("discipline"),
        pl.col("rendering_npi").fill_null("").alias("clinician_npi"),
        pl.lit("kept").alias("status"),
        "claim_id",
    ).unique("visit_id", keep="first", maintain_order=True)


def members(charges: Charges, inputs: Inputs) -> nw.LazyFrame[Any]:
    """claim_key and member_id of every claim that states one."""
    claims = inputs.frame("claims").select("source_id", "claim", "member_id")
    keys = charges.standing.claims.select("source_id", "claim", "claim_key")
    held = keys.join(claims, on=["source_id", "claim"], how="inner").select("claim_key", "member_id")
    return held.filter(nw.col("member_id").fill_null("") != "")
