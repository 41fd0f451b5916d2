"""Rows of a CSV that is read a line a row: an open quotation mark must not swallow the rows after it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator

OPEN = "a quotation mark is not closed on its line. Close it, or leave it out; a row stands on one line."
Broken = Callable[[str, list[str]], None]


def csv_rows(lines: Iterable[str], broken: Broken) -> Iterator[tuple[int, list[str]]]:
    """The number of each line (the first being 1) and its cells.

    A line that is no CSV by itself goes to `broken`, as a sentence and the cells before its first quotation mark; the
    lines after it are read as ever.
    """
    for number, line in enumerate(_lines(lines), start=1):
        try:
            yield number, next(csv.reader([line], strict=True), [])
        except csv.Error as error:
            said = OPEN if line.count('"') % 2 else f"cannot be read as CSV ({error}). Mend its quotes."
            broken(f"row {number}: {said}", line.split('"', 1)[0].split(",")[:-1])


def _lines(texts: Iterable[str]) -> Iterator[str]:
    """One line at a time, also where a carriage return alone ends it."""
    for text in texts:
        yield from text.rstrip("\r\n").split("\r")
