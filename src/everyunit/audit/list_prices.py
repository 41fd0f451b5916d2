"""Does a line charge less than the payer is expected to allow? Payers pay the lesser of the two."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import seen, told
from everyunit.money import dollars


def charges(facts: Facts) -> pl.DataFrame:
    """charge_below_allowed: the gap is lost on every such line."""
    low = (nw.col("charge_cents") > 0) & (nw.col("charge_cents") < nw.col("price_cents")) & (nw.col("units") > 0)
    rows = seen(facts.lines.filter(low))
    charge, allowed = _cash("charge_cents"), _cash("price_cents")
    message = pl.format(
        "{} is charged {}; the payer is expected to allow {}. It pays the lesser.", "code", charge, allowed
    )
    gap = pl.col("price_cents") - pl.col("charge_cents")
    return told(rows, "charge_below_allowed", message, "Raise the list price above every payer's fee.", cents=gap)


def _cash(column: str) -> pl.Expr:
    return pl.col(column).map_elements(dollars, return_dtype=pl.String)
