"""Taking official CMS files into the book, so that a new year is a download away."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from everyunit.days import iso, to_day
from everyunit.errors import Unreadable, UsageError
from everyunit.rulebook import Book
from everyunit.rulebook.loaded import KEYS, LoadedFolder, added_folder, merged
from everyunit.rulebook.loading import Row
from everyunit.rulebook.official import Taken, read_official
from everyunit.rulebook.sheets import sheets
from everyunit.services.places import writing

_EVERY = ("first", "last", "source", "checked")


@dataclass(frozen=True)
class LoadedTable:
    """One shelf file that grew: rows taken, rows of codes the book does not know, and the days they hold for."""

    file: str
    sheet: str
    rows: int
    passed: int
    first_day: str
    last_day: str


def load(
    paths: Sequence[Path], first: str = "", last: str = "", into: Path | None = None
) -> tuple[list[LoadedTable], list[str]]:
    """Take the files into the book and say what was taken, and what remains overdue or unchecked because of it.

    `first` and `last` are the days to hold them for, where a file does not say. Everything is taken or nothing: a
    book that would not be whole is not kept. Raises UsageError and Unreadable with file and remedy.
    """
    folder, span = into or added_folder(), _span(first, last)
    codes, told, taken = Book.load().codes_by_number, [], []
    for path in paths:
        if not path.is_file():
            raise UsageError(f"{path}: there is no such file.", remedy="Give the file as downloaded.")
        found = 0
        for sheet in sheets(path.name, path.read_bytes()):
            for table in read_official(sheet, codes, span):
                if not table.rows:
                    continue
                found += 1
                taken.append(table)
                days = iso(table.first_day), iso(table.last_day)
                told.append(LoadedTable(table.file, sheet.name, len(table.rows), table.passed, *days))
        if not found:
            remedy = "It takes PPRRVU (nonQPP, not QPP), GPCI, NCCI practitioner pairs and practitioner MUE files."
            raise Unreadable("it is none of the official tables.", place=str(path), remedy=remedy)
    with writing(folder):
        _keep(folder, taken)
    return told, _left(folder)


def _span(first: str, last: str) -> tuple[int, int] | None:
    if not first and not last:
        return None
    try:
        return to_day(first), to_day(last)
    except ValueError:
        raise UsageError(
            "--from and --to are not both days.", remedy="Write --from 2027-01-01 --to 2027-12-31"
        ) from None


def _keep(folder: Path, taken: Sequence[Taken]) -> None:
    """Write the tables beside the old ones, look whether the book is whole, and only then put them in their place."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / ".fresh"
    fresh.mkdir(exist_ok=True)
    for left in fresh.glob("*.csv"):  # of a load that was refused
        left.unlink()
    for name in KEYS:
        rows = LoadedFolder(folder).loaded(name)
        for table in taken:
            if table.file == name:
                rows = merged(rows, _rows(table), KEYS[name])
        if rows:
            (fresh / name).write_text(_text(rows), encoding="utf-8")
    faults = Book(LoadedFolder(fresh)).check()
    if faults:
        raise Unreadable(
            faults[0], place=taken[0].source, remedy="Give --from and --to, so that no day has two values."
        )
    for path in sorted(fresh.glob("*.csv")):
        os.replace(path, folder / path.name)
    fresh.rmdir()


def _rows(table: Taken) -> list[Row]:
    from everyunit.rulebook.loading import make_row

    return [make_row(dict(fields), f"{table.source} row {number}") for number, fields in enumerate(table.rows, 1)]


def _text(rows: Sequence[Row]) -> str:
    names = [name for name in dict.fromkeys(name for row in rows for name in row.fields) if name not in _EVERY]
    held = io.StringIO()
    writer = csv.DictWriter(held, [*names, *_EVERY], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        own = {name: row.text(name) for name in names}
        days = {"first": iso(row.first_day), "last": iso(row.last_day)}
        writer.writerow({**own, **days, "source": row.source, "checked": "yes" if row.checked else "no"})
    return held.getvalue()


def _left(folder: Path) -> list[str]:
    """What a new year still lacks: amounts that change by the year and end before the loaded fees do."""
    shelf = Book(LoadedFolder(folder)).shelf
    horizon = max(row.last_day for row in shelf.relative)
    return [
        f"{key} ends on {iso(values[-1].last_day)}; the fees reach to {iso(horizon)}."
        for key, values in sorted(shelf.values.items())
        if key.startswith(("thresholds.", "conversion_factor")) and values[-1].last_day < horizon
    ]
