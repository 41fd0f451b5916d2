"""Taking official CMS files into the book, so that a new year is a download away."""

from __future__ import annotations

import csv
import fcntl
import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from everyunit.days import iso, to_day
from everyunit.errors import Unreadable, UsageError
from everyunit.rulebook import Book
from everyunit.rulebook.amounts import read_amounts
from everyunit.rulebook.loaded import KEYS, LOG, LoadedFolder, added_folder
from everyunit.rulebook.loading import Row, make_row
from everyunit.rulebook.official import Taken, codes_of, read_official
from everyunit.rulebook.overlaid import Clash, Overlaid, laid
from everyunit.rulebook.sheets import sheets
from everyunit.services.book_missing import left_out, missing
from everyunit.services.places import writing

_EVERY = ("first", "last", "source", "checked")
_KNOWN = "It takes PPRRVU (nonQPP, not QPP), GPCI, NCCI practitioner pairs, practitioner MUE, and amounts.csv."


@dataclass(frozen=True)
class LoadedTable:
    """One shelf file that grew: rows taken, rows of codes the book does not know, and the days they hold for."""

    file: str
    sheet: str
    rows: int
    passed: int
    first_day: str
    last_day: str


@dataclass(frozen=True)
class Loaded:
    """What was taken, where it says otherwise than what held before on those days, and what is still missing."""

    taken: list[LoadedTable]
    overlaid: list[Overlaid] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def load(paths: Sequence[Path], first: str = "", last: str = "", into: Path | None = None) -> Loaded:
    """Take the files into the book.

    `first` and `last` are the days to hold them for, where a file does not say. Everything is taken or nothing: a
    book that would not be whole is not kept. Of two releases of a year the later one holds from its first day on.
    Raises UsageError and Unreadable with file and remedy.
    """
    folder, span = into or added_folder(), _span(first, last)
    book = Book.load()
    known = codes_of(book.shelf)
    told, taken = [], []
    for path in paths:
        if not path.is_file():
            raise UsageError(f"{path}: there is no such file.", remedy="Give the file as downloaded.")
        found = 0
        for sheet in sheets(path.name, path.read_bytes()):
            tables = read_amounts(sheet, book.shelf) or read_official(sheet, known, span)
            for table in tables:
                if not table.rows:
                    continue
                found += 1
                taken.append(table)
                days = iso(table.first_day), iso(table.last_day)
                told.append(LoadedTable(table.file, sheet.name, len(table.rows), table.passed, *days))
        if not found:
            raise Unreadable("it is none of the official tables.", place=str(path), remedy=_KNOWN)
    with writing(folder):
        overlaid = _keep(folder, taken)
    less = [line for table in taken if table.file == "relative_values.csv"
            for line in left_out(book, [row["code"] for row in table.rows], table.first_day)]  # fmt: skip
    return Loaded(told, overlaid, [*less, *missing(Book(LoadedFolder(folder)))])


def _span(first: str, last: str) -> tuple[int, int] | None:
    if not first and not last:
        return None
    try:
        days = to_day(first), to_day(last)
    except ValueError:
        raise UsageError(
            "--from and --to are not both days.", remedy="Write --from 2027-01-01 --to 2027-12-31"
        ) from None
    if days[1] < days[0]:
        raise UsageError(f"--to {last} is before --from {first}.", remedy="Mend one of the two.")
    return days


def _keep(folder: Path, taken: Sequence[Taken]) -> list[Overlaid]:
    """Write the tables beside the old ones, look whether the book is whole, and only then put them in their place.

    One load at a time: another one waits. What a refused or killed load left is cleared away.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        for left in folder.glob(".fresh*"):  # of a load that was killed
            shutil.rmtree(left, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix=".fresh-", dir=folder))
        try:
            told = _whole_in(fresh, folder, taken)
            for path in sorted(fresh.glob("*.csv")):
                os.replace(path, folder / path.name)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return told


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder against other loads; the hold ends with the process, however that ends."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _whole_in(fresh: Path, folder: Path, taken: Sequence[Taken]) -> list[Overlaid]:
    """Write the whole of the loaded tables into `fresh`; Unreadable where the book would not be whole with them."""
    told = _lay(LoadedFolder(folder), taken, fresh)
    beside = LoadedFolder(fresh)
    faults = Book(beside).check()
    if faults:
        raise Unreadable(faults[0], place=taken[0].source, remedy=_whole(faults[0]))
    told += _new(beside.over_shipped(), LoadedFolder(folder).over_shipped())
    if log := [*LoadedFolder(folder).log(), *told]:
        (fresh / LOG).write_text(_log(log), encoding="utf-8")
    return told


def _lay(held: LoadedFolder, taken: Sequence[Taken], fresh: Path) -> list[Overlaid]:
    """The loaded tables with the new ones laid over them, into `fresh`; what held otherwise before."""
    told: list[Overlaid] = []
    for name, key in KEYS.items():
        rows, together = held.loaded(name), set()
        ours = [(number, table) for number, table in enumerate(taken) if table.file == name]
        for number, table in sorted(ours, key=lambda one: one[1].first_day):
            made = _rows(table, number)
            together |= {row.place for row in made}
            try:
                rows, overlaid = laid(rows, made, name, key, together)
            except Clash as clash:
                raise Unreadable(str(clash), place=table.source, remedy="Give one of the two files.") from None
            told += overlaid
        if rows:
            (fresh / name).write_text(_text(rows), encoding="utf-8")
    return told


def _whole(fault: str) -> str:
    """What mends a book that would not be whole."""
    if "has no value on" in fault:
        return ("The days between would have none: bring the release of those days too (January's before July's), "
                "or give --from and --to to hold this one for them.")  # fmt: skip
    return "Give --from and --to, so that no day has two values."


def _new(now: Sequence[Overlaid], before: Sequence[Overlaid]) -> list[Overlaid]:
    known = set(before)
    return [one for one in now if one not in known]


def _rows(table: Taken, number: int) -> list[Row]:
    return [
        make_row(dict(fields), f"given {number} {table.source} row {at}") for at, fields in enumerate(table.rows, 1)
    ]


def _text(rows: Sequence[Row]) -> str:
    names = [name for name in dict.fromkeys(name for row in rows for name in row.fields) if name not in _EVERY]
    every = [
        {**{name: row.text(name) for name in names}, "first": iso(row.first_day), "last": iso(row.last_day),
         "source": row.source, "checked": "yes" if row.checked else "no"}
        for row in rows
    ]  # fmt: skip
    return _csv([*names, *_EVERY], every)


def _log(overlaid: Iterable[Overlaid]) -> str:
    return _csv(list(Overlaid.__dataclass_fields__), [vars(one) for one in dict.fromkeys(overlaid)])


def _csv(names: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    held = io.StringIO()
    writer = csv.DictWriter(held, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return held.getvalue()
