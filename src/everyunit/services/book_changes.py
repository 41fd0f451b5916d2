"""The book looked at as a thing of its own: what is wrong with it, what is old, what changed between two days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from everyunit.days import Day, as_day, iso
from everyunit.errors import BookRefusal, UsageError
from everyunit.rulebook import Book
from everyunit.rulebook.values import Value

SOON = 60  # days before the end of a span at which its review is due


@dataclass(frozen=True)
class Checked:
    """`faults` must be mended (gaps, overlaps, references that lead nowhere); `overdue` and `unchecked` are told."""

    faults: list[str]
    overdue: list[str]
    unchecked: list[str]
    values: int


def check(on: Day) -> Checked:
    """Look the whole book through for the day `on`. A value without a source never loads at all."""
    book, day = Book.load(), as_day(on)
    overdue, unchecked, count = [], [], 0
    for key, values in sorted(book.shelf.values.items()):
        count += len(values)
        last = max(values, key=lambda value: value.last_day)
        first = min(value.first_day for value in values)
        if key.startswith("pairs.") and "ended" in str(last.value):
            continue
        if first <= day and last.last_day < day:
            overdue.append(f"{key}: its last value ended on {iso(last.last_day)} ({last.source}).")
        elif first <= day and last.last_day < day + SOON:
            overdue.append(f"{key}: its last value ends on {iso(last.last_day)}; bring the next table.")
        if not last.checked:
            unchecked.append(f"{key}: not read again in its source ({last.source}).")
    return Checked(book.check(), overdue, unchecked, count)


@dataclass(frozen=True)
class Change:
    """One key whose value differs between two days; None where the book has none on that day."""

    key: str
    before: Value | None
    after: Value | None

    def as_dict(self) -> dict[str, Any]:
        """The change as plain JSON."""
        return {
            "key": self.key,
            "before": self.before.as_dict() if self.before else None,
            "after": self.after.as_dict() if self.after else None,
        }


def diff(one: Day, other: Day, prefix: str = "") -> list[Change]:
    """The keys (that begin with `prefix`) whose value is another one on the later day.

    Raises UsageError for what is no day and a prefix that no key has.
    """
    book, first, last = Book.load(), as_day(one), as_day(other)
    names = book.keys()
    keys = [key for key in names if key.startswith(prefix)]
    if not keys:
        raise UsageError(f"No key of the book begins with {prefix}.", remedy="Leave --prefix out to see all.")
    made = []
    for key in keys:
        before, after = _value(book, key, first), _value(book, key, last)
        if (before.value if before else None) != (after.value if after else None):
            made.append(Change(key, before, after))
    return made


def _value(book: Book, key: str, day: int) -> Value | None:
    try:
        return book.value(key, day)
    except BookRefusal:
        return None
