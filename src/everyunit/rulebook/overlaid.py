"""One table laid over another of the same keys: whose value holds on which days, and where the two say otherwise.

Of two releases of a year the later one holds from its first day on, whichever was brought first. A table brought
again for the same days takes the place of the older one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from everyunit.days import iso
from everyunit.rulebook.loading import Row

# Of when, whence and how it is called, and not what a row says.
_BESIDE = ("first", "last", "source", "checked", "quarter", "note", "name", "state", "unit")
BY_QUARTER = ("pairs.csv",)  # tables whose rows begin where an edit began, and not where the table does


@dataclass(frozen=True)
class Overlaid:
    """Days on which a row took the place of another one that said otherwise. `key` as in relative_values.97110."""

    key: str
    first: str
    last: str
    before: str
    after: str
    before_source: str
    after_source: str

    def sentence(self) -> str:
        """The overlap as one line."""
        held = f"{self.before} ({self.before_source})"
        return f"{self.key}, {self.first} to {self.last}: {self.after} ({self.after_source}) in place of {held}."


class Clash(Exception):
    """Two tables brought together say different things of the same key from the same day on."""


def laid(
    held: Sequence[Row], fresh: Iterable[Row], file: str, key: tuple[str, ...], together: Collection[str] = ()
) -> tuple[list[Row], list[Overlaid]]:
    """The rows of `held` with those of `fresh` laid over them, and where they said otherwise.

    `together` are the places of rows brought at the same time: of two such that begin on one day none is the later
    one, and Clash names them.
    """
    by_key: dict[tuple[str, ...], list[Row]] = {}
    for row in held:
        by_key.setdefault(_key(row, key), []).append(row)
    told: list[Overlaid] = []
    for row in fresh:
        rows = by_key.setdefault(_key(row, key), [])
        others = [old for old in rows if _meet(old, row) and _differ(old, row)]
        name = ".".join([file.removesuffix(".csv"), *_key(row, key)])
        for old in others:
            if old.place in together and old.first_day == row.first_day:
                raise Clash(
                    f"{name}: {old.source} and {row.source} say different things from {iso(row.first_day)} on."
                )
        later = [old for old in others if file not in BY_QUARTER and old.first_day > row.first_day]
        parts = [row]
        for old in later:
            parts = [left for part in parts for left in without(part, old)]
        told += [_told(name, row, old) if old in later else _told(name, old, row) for old in others]
        for part in parts:
            rows[:] = [left for old in rows for left in without(old, part)]
        rows += parts
    return [row for rows in by_key.values() for row in sorted(rows, key=lambda row: row.first_day)], told


def without(row: Row, other: Row) -> list[Row]:
    """What the days of another leave of a row."""
    if not _meet(row, other):
        return [row]
    parts = []
    if row.first_day < other.first_day:
        parts.append(replace(row, last_day=other.first_day - 1))
    if row.last_day > other.last_day:
        parts.append(replace(row, first_day=other.last_day + 1))
    return parts


def _differ(one: Row, other: Row) -> list[str]:
    """The words that both rows say, and not alike."""
    before, after = _says(one), _says(other)
    return [word for word in before if word in after and before[word] != after[word]]


def _says(row: Row) -> dict[str, str]:
    return {name: str(value) for name, value in row.fields.items() if name not in _BESIDE and value not in (None, "")}


def _meet(one: Row, other: Row) -> bool:
    return one.first_day <= other.last_day and other.first_day <= one.last_day


def _key(row: Row, key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row.text(name) for name in key)


def _told(name: str, under: Row, over: Row) -> Overlaid:
    """The two rows in the words in which they differ."""
    differ = _differ(under, over)
    first, last = max(under.first_day, over.first_day), min(under.last_day, over.last_day)
    before, after = (
        ", ".join(f"{word.replace('_', ' ')} {said[word]}" for word in differ) for said in (_says(under), _says(over))
    )
    return Overlaid(name, iso(first), iso(last), before, after, under.source, over.source)
