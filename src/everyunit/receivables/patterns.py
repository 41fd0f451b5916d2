"""What a payer does again and again: the same code paid in the same way becomes one case with its claims.

In the same way: decided as another code, at the same percent of what is expected, or the same cents a unit off it;
whichever of the last two holds more lines together. Percents that are one apart, each a pattern by itself, are one
pattern: rounding parts 86.5 percent into 86 and 87.
"""

from __future__ import annotations

import hashlib

import polars as pl

PATTERN = 5  # lines from which the same shortfall is a payer's pattern and one case
_KEY = ["direction", "payer_id", "code"]


def patterned(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds pattern (recoded, percent, cents or single) and case_id to lines with direction, payer_id, code, claim_id,
    decided_code, percent and unit_off (cents off a unit)."""
    recoded = pl.col("decided_code").is_not_null()
    rows = _joined(rows.with_columns(recoded=recoded))
    key = [*_KEY, "recoded"]
    by_recode = pl.len().over([*_KEY, "decided_code"])
    by_percent, by_cents = pl.len().over([*key, "near"]), pl.len().over([*key, "unit_off"])
    alike = pl.max_horizontal(by_percent, by_cents)
    pattern = (
        pl.when("recoded").then(pl.when(by_recode >= PATTERN).then(pl.lit("recoded")).otherwise(pl.lit("single")))
        .when(alike < PATTERN).then(pl.lit("single"))
        .when(by_percent >= by_cents).then(pl.lit("percent"))
        .otherwise(pl.lit("cents"))
    )  # fmt: skip
    rows = rows.with_columns(pattern=pattern)
    what = (
        pl.when(pl.col("pattern") == "recoded").then(pl.col("decided_code"))
        .when(pl.col("pattern") == "percent").then(pl.col("near").cast(pl.String))
        .when(pl.col("pattern") == "cents").then(pl.col("unit_off").cast(pl.String))
        .otherwise(pl.col("claim_id"))
    )  # fmt: skip
    single = pl.when(pl.col("pattern") == "single").then(pl.lit("")).otherwise(pl.col("code"))
    told = pl.concat_str("direction", "payer_id", single, "pattern", what, separator="|", ignore_nulls=True)
    return rows.with_columns(case_id=told.map_elements(_name, return_dtype=pl.String)).drop("recoded", "near")


def _joined(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds `near`: the percent, or the one just below it where both are patterns."""
    counts = rows.filter(~pl.col("recoded")).group_by(*_KEY, "percent").agg(n=pl.len()).filter(pl.col("n") >= PATTERN)
    above = counts.select(*_KEY, percent=pl.col("percent") + 1, one_below=True)
    joined = counts.join(above, on=[*_KEY, "percent"]).select(*_KEY, "percent", "one_below")
    met = rows.join(joined, on=[*_KEY, "percent"], how="left", maintain_order="left")
    return met.with_columns(near=pl.when("one_below").then(pl.col("percent") - 1).otherwise("percent")).drop(
        "one_below"
    )


def _name(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
