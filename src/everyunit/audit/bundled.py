"""Were codes billed to Medicare that it never pays by themselves, or does not take at all?"""

from __future__ import annotations

from functools import lru_cache

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, nothing, seen, told, trait, with_codes
from everyunit.rulebook import Book

INVALID = "I"


def statuses(facts: Facts) -> pl.DataFrame:
    """never_paid (bundled or not covered) and invalid_for_payer (another code is sent in its place)."""
    if not facts.medicare or facts.without(_unpaid(facts.book)):
        return nothing()
    billed = with_codes(facts.lines.filter(nw.col("medicare") & (nw.col("units") > 0)), _unpaid(facts.book))
    rows = seen(billed)
    if rows.is_empty():
        return nothing()
    rows = rows.join(trait(facts, "instead"), on="code", how="left")
    other = rows.filter((pl.col("status") == INVALID) & pl.col("instead").is_not_null())
    never = rows.filter(~((pl.col("status") == INVALID) & pl.col("instead").is_not_null()))
    told_never = told(
        never, "never_paid",
        pl.format("{} was billed to Medicare, which never pays it by itself (status {}).", "code", "status"),
        "Leave the line off, or send it only where a denial is wanted for another payer.",
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
    return national.select("code", "status").unique("code", keep="last", maintain_order=True)
