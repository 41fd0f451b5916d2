"""How many days a payer takes a claim for: practice.toml's word, else the book's."""

from __future__ import annotations

from everyunit.days import year_later
from everyunit.errors import BookRefusal
from everyunit.rulebook.book import Book
from everyunit.rulebook.payers import FALLBACK
from everyunit.rulebook.practice import FILE, Practice

_YEAR = "calendar year"  # over 29 February it has a day more


def filing_limit(
    payer_id: str, payer_kind: str, day: int, book: Book, practice: Practice
) -> tuple[int | None, str, bool]:
    """Days to file a claim of that day, whose word it is, and whether it was checked; None where nobody knows."""
    terms = practice.payers.get(payer_id)
    if terms is not None and terms.filing_days:
        return terms.filing_days, FILE, True
    key = f"thresholds.filing_{payer_kind}"
    if payer_kind == FALLBACK or key not in book.shelf.values:
        return None, "", False
    try:
        value = book.value(key, day)
    except BookRefusal:
        return None, "", False
    if value.unit == _YEAR:
        return year_later(day, int(value.value)) - day, value.source, value.checked
    return int(value.value), value.source, value.checked


def filing_until(
    payer_id: str, payer_kind: str, first_day: int | None, book: Book, practice: Practice
) -> tuple[int, str] | None:
    """The last day (epoch) on which the payer takes a claim of services since `first_day`, and whose word it is."""
    if first_day is None:
        return None
    days, source, _ = filing_limit(payer_id, payer_kind, first_day, book, practice)
    return None if days is None else (first_day + days, source)
