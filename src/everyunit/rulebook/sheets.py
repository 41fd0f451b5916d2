"""Rows of cells out of a table as it was downloaded: CSV, tab-separated or fixed text, XLSX, or a zip of them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from everyunit.errors import DAMAGED, Unreadable
from everyunit.rulebook.fee_tables import text_of

LARGEST = 512 << 20
LONGEST_CELL = 32_767  # as in a workbook
_DAMAGED = (*DAMAGED, OSError, OverflowError, ElementTree.ParseError, LookupError, ValueError)
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL = re.compile(r"([A-Z]+)\d+")


@dataclass(frozen=True)
class Sheet:
    """One table: the name of its file, its rows of trimmed cells (fixed text: one cell a row), and the names of the
    zips it lies in, the outermost first."""

    name: str
    rows: list[list[str]]
    inside: tuple[str, ...] = ()


def sheets(name: str, raw: bytes) -> Iterator[Sheet]:
    """The tables of a file; members of a zip that are no tables are passed over. Raises Unreadable where none is."""
    found = list(_sheets(name, raw))
    if not found:
        raise Unreadable(
            "there is no table in it.", place=name, remedy="Give the zip, csv, xlsx or txt as downloaded."
        )
    yield from found


def _sheets(name: str, raw: bytes, inside: tuple[str, ...] = ()) -> Iterator[Sheet]:
    if not raw.startswith(b"PK\x03\x04"):
        if _is_text(raw):
            yield Sheet(name, _rows(name, text_of(raw)), inside)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as held:
            if "xl/workbook.xml" in held.namelist():
                yield from _workbook(name, held, inside)
                return
            for member in held.infolist():
                if not member.is_dir() and member.filename.lower().endswith((".csv", ".txt", ".xlsx", ".zip")):
                    yield from _sheets(member.filename, _member(held, member), (*inside, name))
    except _DAMAGED as error:
        raise Unreadable(f"it cannot be unpacked ({error}).", place=name, remedy="Download it again.") from None


def _member(held: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.file_size > LARGEST:
        raise ValueError(f"{member.filename} unpacks to {member.file_size >> 20} MB")
    return held.read(member)


def _is_text(raw: bytes) -> bool:
    return bool(raw) and b"\x00" not in raw[:4096]


def _rows(name: str, text: str) -> list[list[str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    head = lines[:20_000]
    if head.count("\t") > head.count("\n") * 2:
        return [[cell.strip().strip('"').strip() for cell in line.split("\t")] for line in lines.split("\n")]
    if name.lower().endswith(".csv") or head.count(",") > head.count("\n") * 2:
        return _parted(name, lines)
    return [[line] for line in lines.split("\n")]


def _parted(name: str, lines: str) -> list[list[str]]:
    """The cells of a CSV file. Raises Unreadable with the line where one cannot be read."""
    reader = csv.reader(io.StringIO(lines), strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if len(max(row, key=len, default="")) > LONGEST_CELL:
                raise csv.Error(f"a cell of more than {LONGEST_CELL:,} marks")
            rows.append([cell.strip() for cell in row])
    except csv.Error as error:
        remedy = "A quote may be left open there: download the file again."
        raise Unreadable(f"it is no CSV ({error}).", place=f"{name} line {reader.line_num}", remedy=remedy) from None
    return rows


def _workbook(name: str, held: zipfile.ZipFile, inside: tuple[str, ...]) -> Iterator[Sheet]:
    shared: list[str] = []
    if "xl/sharedStrings.xml" in held.namelist():
        root = _xml(held, "xl/sharedStrings.xml")
        shared = ["".join(part.text or "" for part in item.iter(f"{_SHEET}t")) for item in root]
    for member in sorted(held.namelist()):
        if member.startswith("xl/worksheets/") and member.endswith(".xml"):
            yield Sheet(f"{name} {member.rsplit('/', 1)[-1]}", _cells(_xml(held, member), shared), inside)


def _xml(held: zipfile.ZipFile, member: str) -> ElementTree.Element:
    raw = _member(held, held.getinfo(member))
    if b"<!DOCTYPE" in raw[:2048] or b"<!ENTITY" in raw:
        raise ValueError(f"{member} declares entities")
    return ElementTree.fromstring(raw)


def _cells(root: ElementTree.Element, shared: list[str]) -> list[list[str]]:
    rows = []
    for line in root.iter(f"{_SHEET}row"):
        row: list[str] = []
        for cell in line.iter(f"{_SHEET}c"):
            match = _CELL.match(cell.get("r", ""))
            at = _column(match.group(1)) if match else len(row)
            row += [""] * (at - len(row))
            row.append(_text(cell, shared))
        rows.append(row)
    return rows


def _column(letters: str) -> int:
    number = 0
    for letter in letters[:3]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _text(cell: ElementTree.Element, shared: list[str]) -> str:
    value = cell.find(f"{_SHEET}v")
    if cell.get("t") == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{_SHEET}t")).strip()
    text = (value.text or "") if value is not None else ""
    return shared[abs(int(text))].strip() if cell.get("t") == "s" and text else text.strip()
