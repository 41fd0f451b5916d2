"""What the book says, to be shown: one value on one day, its keys, and the kinds of findings."""

from __future__ import annotations

from datetime import date

from everyunit.days import as_day
from everyunit.errors import UsageError
from everyunit.rulebook import Book, Kind, Value


def show(key: str, on: str = "") -> tuple[Value, int]:
    """The value of `key` on the day `on` (2026-03-12; empty: today), and that epoch day.

    Raises UsageError for a text that is no date or a key the book lacks, BookRefusal for a day it does not know.
    """
    day = as_day(on or date.today())
    return Book.load().value(key, day), day


def keys(prefix: str = "") -> list[str]:
    """The keys of the book that begin with `prefix`. Raises UsageError where none does."""
    every = Book.load().keys()
    found = [key for key in every if key.startswith(prefix.strip())]
    if not found:
        raise UsageError(f"No key of the book begins with {prefix}.", remedy="Leave the prefix out to see all.")
    return found


def kinds() -> list[Kind]:
    """The kinds of findings, in the book's order."""
    return list(Book.load().kinds().values())
