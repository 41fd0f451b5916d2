"""Patients' balances on lines that the practice's own audit asks to give back: held until the claim is corrected.

A share of units that the record does not support is no debt: the payer works it out again after the correction.
"""

from __future__ import annotations

import polars as pl

HELD = "held"


def held_back(statements: pl.DataFrame, back: pl.DataFrame) -> pl.DataFrame:
    """STATEMENTS in which lines that a finding asks to give back are asked of nobody yet (asked: held, owed 0).

    `back` are the FINDINGS whose way is back (measures/gates.py). One with dollars that names no line holds all lines
    of its claim; a claim that was decided as a whole (line 0) is held by a finding on any line. What waits already or
    is no debt stays as it is.
    """
    back = back.filter(pl.col("claim_id") != "")
    said = (pl.col("kind").unique().sort().str.join(", ").alias("kinds"), pl.col("source").min().alias("why"))
    of_line = back.group_by("claim_id", pl.col("line").cast(pl.Int16)).agg(said).filter(pl.col("line").is_not_null())
    bare = back.filter(pl.col("line").is_null() & (pl.col("cents_at_stake") < 0)).group_by("claim_id").agg(said)
    of_claim = back.group_by("claim_id").agg(said)
    met = statements
    for rows, keys, end in (
        (of_line, ["claim_id", "line"], ""),
        (bare, ["claim_id"], "_b"),
        (of_claim, ["claim_id"], "_c"),
    ):
        met = met.join(
            rows.rename({"kinds": f"kinds{end}", "why": f"why{end}"}), on=keys, how="left", maintain_order="left"
        )
    whole = pl.col("line") == 0
    kinds, why = (pl.coalesce(name, f"{name}_b", pl.when(whole).then(f"{name}_c")) for name in ("kinds", "why"))
    met = met.with_columns(kinds=kinds, why=why)
    ours = pl.col("kinds").is_not_null() & (pl.col("owed_cents") > 0)
    words = pl.format(
        "Held: units of this line are to be given back ({}); asked once the claim is corrected.", "kinds"
    )
    return met.with_columns(
        asked=pl.when(ours).then(pl.lit(HELD)).otherwise("asked"),
        words=pl.when(ours).then(pl.concat_str(words, _rest(), separator=" ").str.strip_chars()).otherwise("words"),
        source=pl.when(ours).then("why").otherwise("source"),
        owed_cents=pl.when(ours).then(0).otherwise("owed_cents"),
    ).select(statements.columns)  # fmt: skip


def _rest() -> pl.Expr:
    """What else the line said, without the sentence that asks."""
    return pl.col("words").str.replace("The patient may be asked for it.", "", literal=True).str.strip_chars()
