"""The book looked at as a thing of its own: what is wrong with it, what is old, what changed between two days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from everyunit.days import Day, as_day, iso
from everyunit.errors import BookRefusal, UsageError
from everyunit.rulebook import Book
from everyunit.rulebook.edits import FIRST
from everyunit.rulebook.loaded import KEYS, LoadedFolder
from everyunit.rulebook.shelves import valued
from everyunit.rulebook.values import Value
from everyunit.services.book_missing import missing

SOON = 60  # days before the end of a span at which its review is due


@dataclass(frozen=True)
class Checked:
    """`faults` must be mended (gaps, overlaps, references that lead nowhere); `overdue` and `unchecked` are told.

    `groups` are the overdue keys by table and source; `loaded` what was brought, by table and source; `overlaid`
    where that said otherwise than what held before; `missing` what the days of the fees still lack.
    """

    faults: list[str]
    overdue: list[str]
    unchecked: list[str]
    values: int
    groups: list[Group]
    loaded: list[str]
    overlaid: list[str]
    missing: list[str]

    def as_dict(self) -> dict[str, Any]:
        """What was seen as plain JSON."""
        return {**vars(self), "groups": [vars(group) for group in self.groups]}


@dataclass(frozen=True)
class Group:
    """Overdue keys of one table that rest on one source and end on one day; `over`: that day has passed. Rules that
    ended before the first day of the book are history and not overdue."""

    table: str
    source: str
    last_day: str
    over: bool
    keys: int


def check(on: Day) -> Checked:
    """Look the whole book through for the day `on`. A value without a source never loads at all."""
    book, day = Book.load(), as_day(on)
    overdue, unchecked, count = [], [], 0
    groups: Counter[tuple[str, str, str, bool]] = Counter()
    for key, values in sorted(_every(book).items()):
        count += len(values)
        last = max(values, key=lambda value: value.last_day)
        first = min(value.first_day for value in values)
        if last.last_day < FIRST or (key.startswith("pairs.") and "ended" in str(last.value)):
            continue
        if first <= day and last.last_day < day + SOON:
            over, ends = last.last_day < day, iso(last.last_day)
            word = "ended" if over else "ends"
            more = f" ({last.source})" if over else "; bring the next table"
            overdue.append(f"{key}: its last value {word} on {ends}{more}.")
            groups[key.partition(".")[0], last.source, ends, over] += 1
        if not last.checked:
            unchecked.append(f"{key}: not read again in its source ({last.source}).")
    folder = book.folder if isinstance(book.folder, LoadedFolder) else None
    return Checked(
        book.check(), overdue, unchecked, count,
        [Group(*which, number) for which, number in sorted(groups.items(), key=lambda one: (-one[1], one[0]))],
        _loaded(folder), [one.sentence() for one in folder.log()] if folder else [], missing(book),
    )  # fmt: skip


def _every(book: Book) -> dict[str, list[Value]]:
    """Every dated value by key, the rows of the big tables among them."""
    made = dict(book.shelf.values)
    for name, rows in (("relative_values", book.shelf.relative), ("gpci", book.shelf.localities)):
        for row in rows:
            words = ("code",) if name == "relative_values" else ("mac", "locality")
            key = ".".join([name, *(row.text(word) for word in words)])
            made.setdefault(key, []).append(valued(key, row, "", ""))
    return made


def _loaded(folder: LoadedFolder | None) -> list[str]:
    """A sentence for each table and source that was brought."""
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for name in KEYS if folder else ():
        for row in folder.loaded(name) if folder else ():
            spans.setdefault((name.removesuffix(".csv"), row.source), []).append((row.first_day, row.last_day))
    return [
        f"{name}: {len(days)} rows of {source}, {iso(min(days)[0])} to {iso(max(last for _, last in days))}"
        for (name, source), days in spans.items()
    ]


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
