"""The shipped book with what was loaded from official files laid over it, day by day."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from everyunit.days import iso, words
from everyunit.rulebook.loading import Folder, Row, make_row

KEYS = {
    "relative_values.csv": ("code",), "localities.csv": ("mac", "locality"), "pairs.csv": ("column_1", "column_2"),
    "ceilings.csv": ("code",), "conversion_factor.csv": (),
}  # fmt: skip
WHOLE = ("codes.csv", "kinds")  # things that stand once: their days are lengthened and not told twice
VARIABLE = "EVERYUNIT_BOOK"


def added_folder() -> Path:
    """Where loaded tables lie: what EVERYUNIT_BOOK names, else everyunit/book in the user's data folder."""
    named = os.environ.get(VARIABLE, "")
    base = os.environ.get("XDG_DATA_HOME", "") or str(Path.home() / ".local" / "share")
    return Path(named) if named else Path(base) / "everyunit" / "book"


class LoadedFolder(Folder):
    """The shipped files with the rows of `added` in place of shipped ones for the same key and days.

    Where loaded relative values reach beyond the shipped ones, standing rules (those that had one value all along)
    are carried to their last day, unchecked; amounts that change by the year are not.
    """

    def __init__(self, added: Path) -> None:
        super().__init__()
        self.added = added

    def table(self, name: str) -> list[Row]:
        """The rows of a CSV file, loaded ones first in force."""
        shipped = super().table(name)
        if name not in KEYS:
            return [row for one in shipped for row in self._carried(one, name)]
        return merged(shipped, self.loaded(name), KEYS[name])

    def entries(self, name: str, section: str) -> list[tuple[str, Row]]:
        """The entries of a section; conversion factors that were loaded among them."""
        found = super().entries(name, section)
        if (name, section) == ("conversion_factor.toml", "conversion"):
            rows = merged([row for _, row in found], self.loaded("conversion_factor.csv"), ())
            return [("factor", row) for row in rows]
        many = {key for key, _ in found if sum(key == other for other, _ in found) > 1}
        return [
            (key, row) for key, one in found for row in ([one] if key in many else self._carried(one, name))
        ]  # fmt: skip

    def loaded(self, name: str) -> list[Row]:
        """The rows that were loaded for a file; none where there are none."""
        path = self.added / name
        if not path.is_file():
            return []
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
        return [
            make_row(dict(fields), f"loaded {name} row {number}") for number, fields in enumerate(reader, start=2)
        ]

    @cached_property
    def _ends(self) -> tuple[int, int]:
        """Last day of the shipped relative values, and of all."""
        shipped = max(row.last_day for row in super().table("relative_values.csv"))
        return shipped, max([shipped, *(row.last_day for row in self.loaded("relative_values.csv"))])

    def _carried(self, row: Row, name: str) -> list[Row]:
        end, horizon = self._ends
        if row.last_day != end or horizon == end:
            return [row]
        if name.startswith(WHOLE):
            return [replace(row, last_day=horizon)]
        note = f"carried past {words(end)}, unchecked"
        said = f"{row.text('note')}; {note}" if row.text("note") else note
        fields = {**row.fields, "note": said, "first": iso(end + 1), "last": iso(horizon)}
        return [row, replace(row, fields=fields, first_day=end + 1, last_day=horizon, checked=False)]


def merged(shipped: Iterable[Row], loaded: Iterable[Row], key: tuple[str, ...]) -> list[Row]:
    """All rows, the days of a loaded one taken from shipped ones of the same key; by first day within a key."""
    by_key: dict[tuple[str, ...], list[Row]] = {}
    for row in shipped:
        by_key.setdefault(tuple(row.text(name) for name in key), []).append(row)
    for fresh in loaded:
        held = by_key.setdefault(tuple(fresh.text(name) for name in key), [])
        held[:] = [part for row in held for part in _without(row, fresh)] + [fresh]
    return [row for rows in by_key.values() for row in sorted(rows, key=lambda row: row.first_day)]


def _without(row: Row, fresh: Row) -> list[Row]:
    """What the days of another leave of a row."""
    if fresh.last_day < row.first_day or row.last_day < fresh.first_day:
        return [row]
    parts = []
    if row.first_day < fresh.first_day:
        parts.append(replace(row, last_day=fresh.first_day - 1))
    if row.last_day > fresh.last_day:
        parts.append(replace(row, first_day=fresh.last_day + 1))
    return parts
