"""Were codes billed to Medicare that it never pays by themselves, or does not take at all?

A line with GY asks for a denial that another payer wants to see: it is sent on purpose.
"""

from __future__ import annotations

from functools import lru_cache

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, nothing, seen, told, trait, with_codes
from everyunit.rulebook import Book

INVALID = "I"
WANTED = ":GY:"  # not a benefit of Medicare, by the practice's own word


def statuses(facts: Facts) -> pl.DataFrame:
    """never_paid (bundled or not covered) and invalid_for_payer (another code is sent in its place)."""
    if not facts.medicare or facts.without(_unpaid(facts.book)):
        return nothing()
    wanted = nw.col("modifiers").str.contains(WANTED, literal=True)
    billed = facts.lines.filter(nw.col("medicare") & (nw.col("units") > 0) & ~wanted)
    billed = with_codes(billed, _unpaid(facts.book))
    rows = seen(billed)
    if rows.is_empty():
        return nothing()
    rows = rows.join(trait(facts, "instead"), on="code", how="left")
    other = rows.filter((pl.col("status") == INVALID) & pl.col("instead").is_not_null())
    never = rows.filter(~((pl.col("status") == INVALID) & pl.col("instead").is_not_null()))
    told_never = told(
        never, "never_paid",
        pl.when(pl.col("refused") == "").then(
            pl.format("{} was billed to Medicare, which never pays it by itself (status {}).", "code", "status")
        ).otherwise(pl.format("{} was billed to Medicare, which does not cover it ({}).", "code", "refused")),
        pl.when(pl.col("refused") == "").then(
            pl.lit("Leave the line off, or send it only where a denial is wanted for another payer.")
        ).otherwise(pl.lit("Leave the line off; a patient who wants it all the same signs an advance notice first.")),
        checked=pl.col("checked"),
    )  # fmt: skip
    told_other = told(
        other, "invalid_for_payer",
        pl.format("{} was billed to Medicare, which does not take it: it asks for {}.", "code", "instead"),
        pl.format("Send {} in its place.", "instead"), risk_cents=at_risk(),
    )  # fmt: skip
    return pl.concat([told_never, told_other], how="diagonal")


@lru_cache(maxsize=4)
def _unpaid(book: Book) -> pl.DataFrame:
    national = book.prices().filter((pl.col("mac") == "") & pl.col("status").is_in(list(book.shelf.unpaid)))
    status = national.select("code", "status", refused=pl.lit(""), checked=pl.lit(True))
    by_rule = book.traits.filter(pl.col("trait") == "refused")
    by_rule = by_rule.select("code", status=pl.lit(""), refused=pl.col("value"), checked=pl.col("checked"))
    return pl.concat([status, by_rule]).unique("code", keep="last", maintain_order=True)
