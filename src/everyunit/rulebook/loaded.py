"""The shipped book with what was loaded from official files laid over it, day by day."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from everyunit.days import iso, words
from everyunit.errors import Unreadable
from everyunit.rulebook.loading import Folder, Row, make_row
from everyunit.rulebook.overlaid import Overlaid, laid

KEYS = {
    "relative_values.csv": ("code",), "localities.csv": ("mac", "locality"), "pairs.csv": ("column_1", "column_2"),
    "ceilings.csv": ("code",), "conversion_factor.csv": (), "thresholds.csv": ("key",),
}  # fmt: skip
SECTIONS = {("conversion_factor.toml", "conversion"): "conversion_factor.csv",
            ("thresholds.toml", "thresholds"): "thresholds.csv"}  # fmt: skip
WHOLE = ("codes.csv", "kinds")  # things that stand once: their days are lengthened and not told twice
VARIABLE = "EVERYUNIT_BOOK"
_ANEW = f"Move it away, or name another folder ({VARIABLE}), and load the official files again."
LOG = "overlaid.csv"  # where a loaded row said otherwise than what held before on the same days


def added_folder() -> Path:
    """Where loaded tables lie: what EVERYUNIT_BOOK names, else everyunit/book in the user's data folder."""
    named = os.environ.get(VARIABLE, "")
    base = os.environ.get("XDG_DATA_HOME", "") or str(Path.home() / ".local" / "share")
    return Path(named) if named else Path(base) / "everyunit" / "book"


def added_state(folder: Path) -> tuple[object, ...]:
    """What tells one state of the folder from another: its tables with their times; empty where it is not there."""
    try:
        held = [(entry.name, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in os.scandir(folder)]
    except OSError:
        return ()
    return (str(folder), *sorted(held))


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
        return laid(shipped, self.loaded(name), name, KEYS[name])[0]

    def entries(self, name: str, section: str) -> list[tuple[str, Row]]:
        """The entries of a section; conversion factors and amounts that were loaded among them."""
        found = super().entries(name, section)
        many = {key for key, _ in found if sum(key == other for other, _ in found) > 1}
        every = [
            (key, row) for key, one in found for row in ([one] if key in many else self._carried(one, name))
        ]  # fmt: skip
        file = SECTIONS.get((name, section))
        if file is None:
            return every
        whole = laid(_keyed(every), self.loaded(file), file, KEYS[file])[0]
        return [(row.text("key") or found[0][0], row) for row in whole]

    def over_shipped(self) -> list[Overlaid]:
        """Where loaded rows say otherwise than the shipped book does for the same days."""
        told: list[Overlaid] = []
        shipped = Folder()
        for name, key in KEYS.items():
            section = next((place for place, file in SECTIONS.items() if file == name), None)
            under = shipped.table(name) if section is None else _keyed(shipped.entries(*section))
            told += laid(under, self.loaded(name), name, key)[1]
        return told

    def loaded(self, name: str) -> list[Row]:
        """The rows that were loaded for a file; none where there are none."""
        return [
            make_row(dict(fields), f"loaded {name} row {number}")
            for number, fields in enumerate(_fields(self.added / name), start=2)
        ]

    def log(self) -> list[Overlaid]:
        """Where what was loaded said otherwise than what held before it, in the order of loading."""
        try:
            return [Overlaid(**row) for row in _fields(self.added / LOG)]
        except TypeError:
            raise Unreadable("its columns are others.", place=str(self.added / LOG), remedy=_ANEW) from None

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


def _fields(path: Path) -> list[dict[str, Any]]:
    """The rows of a loaded file; none where it is not there. Raises Unreadable where it is no text or no CSV."""
    if not path.is_file():
        return []
    try:
        return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        said = "it is no text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise Unreadable(
            f"this loaded table of the book cannot be read ({said}).", place=str(path), remedy=_ANEW
        ) from None


def _keyed(entries: list[tuple[str, Row]]) -> list[Row]:
    return [replace(row, fields={**row.fields, "key": key}) for key, row in entries]
