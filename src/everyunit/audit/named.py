"""What became of the claim that a visit not billed names?

Days of claims are their first and last day of service (epoch days).
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit.charges import Standing, rooted
from everyunit.audit.engine import bring
from everyunit.audit.inputs import Inputs
from everyunit.days import words
from everyunit.frames import polars

UNNAMED, ABSENT, VOIDED, MOVED = "", "absent", "voided", "moved"
_SHAPE = {"visit_key": pl.Int64, "named": pl.String, "claim_says": pl.String, "claim_day": pl.String}


def named_claims(visits: nw.LazyFrame[Any], inputs: Inputs, standing: Standing) -> pl.DataFrame:
    """visit_key, named (claim number), claim_says (absent, voided, moved) and claim_day, of visits that name a claim.

    `visits` bear visit_key, claim_id, root and service_day, and no claim in force charges them. A claim that stands
    and covers the day says nothing.
    """
    rows = polars(visits.select("visit_key", "claim_id", "root", "service_day"))
    rows = rows.filter(pl.col("claim_id").fill_null("") != "")
    if rows.is_empty():
        return pl.DataFrame(schema=_SHAPE)
    claims = rooted(inputs.frame("claims").filter(~nw.col("claim_id").is_null()), standing.aliases)
    sought = claims.join(bring(rows.select("root").unique(), claims), on="root", how="inner")
    live = standing.claims.select("source_id", "claim", alive=nw.lit(True))
    joined = sought.join(live, on=["source_id", "claim"], how="left")
    brought = polars(joined.select("root", "first_day", "last_day", "alive"))
    known: dict[str, list[tuple[int | None, int | None, bool]]] = {}
    for root, first, last, alive in brought.rows():
        known.setdefault(root, []).append((first, last, bool(alive)))
    made = [(key, number, *_says(known.get(root, []), day)) for key, number, root, day in rows.rows()]
    return pl.DataFrame(made, schema=_SHAPE, orient="row")


def _says(claims: list[tuple[int | None, int | None, bool]], day: int) -> tuple[str, str]:
    alive = [(first, last) for first, last, stands in claims if stands]
    if not claims:
        return ABSENT, ""
    if not alive:
        return VOIDED, ""
    ends = {end for pair in alive for end in pair}
    if None in ends or any(first <= day <= last for first, last in alive):  # type: ignore[operator]
        return UNNAMED, ""
    return MOVED, words(ends.pop() or 0) if len(ends) == 1 else "other days"
