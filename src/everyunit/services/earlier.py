"""What stands where a result is to be written. An earlier result of the same command gives way, nothing else does.

What goes out (a claim file, a letter, statement lines) never gives way by itself, for it may have been sent: see
`private`.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from everyunit.errors import DAMAGED, UsageError
from everyunit.services.places import refuse_unwritable

Ours = Callable[[Path], bool]
FIRST = 3  # columns that every version writes first
LONGEST = 1 << 20  # bytes of a first line, or of the strings of a workbook's heading


def refuse_other(path: Path, ours: Ours, replace: bool = False) -> None:
    """UsageError where no file can be written, or where one stands that is neither empty nor an earlier result (which
    `ours` tells) and is not to be replaced."""
    refuse_unwritable(path)
    if replace or not path.is_file() or path.stat().st_size == 0 or _is(ours, path):
        return
    raise UsageError(
        "a file stands there that is no earlier result of this command.", place=str(path),
        remedy="Nothing was changed. Name another, or say --replace.",
    )  # fmt: skip


def _is(ours: Ours, path: Path) -> bool:
    """Whether a file is an earlier result; one that cannot be read is none."""
    try:
        return ours(path)
    except (OSError, ValueError, KeyError, *DAMAGED, pl.exceptions.PolarsError):
        return False


def csv_with(columns: Sequence[str]) -> Ours:
    """CSV files whose heading holds these columns, or those of them that an earlier version wrote, and no others: a
    column that a person added is work to keep."""
    return lambda path: _among(_first_line(path).decode().split(","), columns)


def parquet_with(columns: Sequence[str]) -> Ours:
    """Parquet files of these columns, or of those of them that an earlier version wrote."""
    return lambda path: _among(list(pl.read_parquet_schema(path)), columns)


def json_lines_with(keys: Sequence[str]) -> Ours:
    """Files of JSON lines whose first has these keys, or those of them that an earlier version wrote."""

    def ours(path: Path) -> bool:
        first = json.loads(_first_line(path))
        return isinstance(first, dict) and _among(list(first), keys)

    return ours


def workbook_of(created: str, columns: Sequence[str]) -> Ours:
    """Workbooks that bear this moment as made and last changed, and begin with the first of these words: another
    program that saves one since puts its own moment."""

    def ours(path: Path) -> bool:
        with zipfile.ZipFile(path) as book:
            moments = _texts(book, "docProps/core.xml", b"dcterms:(?:created|modified)")
            said = _texts(book, "xl/sharedStrings.xml", b"t")
        return moments == [created, created] and said[:FIRST] == list(columns[:FIRST])

    return ours


def _among(found: list[str], columns: Sequence[str]) -> bool:
    """Whether names are the first of these columns, and the others among them."""
    first = min(FIRST, len(columns))
    return found[:first] == list(columns[:first]) and set(found) <= set(columns)


def _texts(book: zipfile.ZipFile, name: str, tag: bytes) -> list[str]:
    """The texts of one kind of tag at the beginning of a part of a workbook."""
    with book.open(name) as part:
        found = re.findall(b"<" + tag + rb"(?: [^>]*)?>([^<]*)</", part.read(LONGEST))
    return [text.decode() for text in found]


def _first_line(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.readline(LONGEST).removesuffix(b"\n").removesuffix(b"\r").removeprefix(b"\xef\xbb\xbf")
