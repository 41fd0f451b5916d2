"""A CSV into frames of text: fast where its rows are sound, row by row where they are not."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator

import polars as pl

from everyunit.intake.receipts import Receipt
from everyunit.intake.shapes import normal
from everyunit.intake.text import FIRST_LINE, blocks
from everyunit.x12.files import Opener

csv.field_size_limit(1 << 30)


def heading(line: bytes) -> tuple[list[str], str]:
    """Normal names of the first line (a name that stands twice gets a number), and the character that parts them."""
    written, separator = _written(line)
    names: list[str] = []
    for bare in written:
        count, made = 1, bare
        while made in names:
            count += 1
            made = f"{bare}_{count}"
        names.append(made)
    return names, separator


def doubled(line: bytes) -> set[str]:
    """Normal names that stand more than once in the first line."""
    return {name for name, count in Counter(_written(line)[0]).items() if count > 1}


def _written(line: bytes) -> tuple[list[str], str]:
    text = line.decode(errors="replace").strip("\r\n").translate({13: " ", 0: " "})
    separator = max(",;\t|", key=text.count)
    return [normal(name) or "unnamed" for name in next(csv.reader([text], delimiter=separator), [])], separator


def first_line(opener: Opener) -> bytes:
    """The first line that holds something, as UTF-8; empty where it is too long to be a heading."""
    with opener() as stream:
        head = stream.read(FIRST_LINE)
    for block in blocks(lambda: io.BytesIO(head), lambda word: None):
        line = block.lstrip(b"\r\n ").split(b"\n", 1)
        return b"" if len(line) == 1 and len(head) == FIRST_LINE else line[0]
    return b""


Broken = Callable[[int, dict[str, str]], None]


def frames(opener: Opener, receipt: Receipt, broken: Broken) -> Iterator[pl.DataFrame]:
    """Frames of text columns named by the heading, with `row` (the heading being row 1); rows that cannot be parted
    into columns are refused on the receipt, and `broken` is told their number and the cells that could be read.
    Empty rows are left out but counted."""
    names: list[str] = []
    separator, row = ",", 1
    last = (b"", 0)
    for block in blocks(opener, receipt.say):
        if not names:
            bare = block.lstrip(b"\r\n ")
            row += block[: len(block) - len(bare)].count(b"\n")
            line, _, block = bare.partition(b"\n")
            names, separator = heading(line)
        frame, read = _parse(block, names, separator, row, receipt, broken)
        row += read
        frame = frame.filter(pl.any_horizontal((pl.col(names) != "").fill_null(False)))
        if frame.height:
            whole = block if block.endswith(b"\n") else last[0] + block  # a row without its end comes alone
            last = (whole, int(frame["row"][-1]))
        yield frame
    _cut_short(*last, names, separator, receipt)


def _cut_short(block: bytes, row: int, names: list[str], separator: str, receipt: Receipt) -> None:
    """Say where the last row alone lacks columns: the file may be cut within it, and a number have lost its end."""
    line = block.rstrip(b"\r\n").rpartition(b"\n")[2].decode().replace("\r", " ")
    if not line.strip() or line.count('"') % 2 or len(next(csv.reader([line], delimiter=separator))) >= len(names):
        return
    every = [
        len(found) for found in csv.reader(io.StringIO(block.decode(), newline=""), delimiter=separator) if found
    ]
    if len(every) > 1 and set(every[:-1]) == {len(names)} and every[-1] < len(names):
        seen = f"The last row has {every[-1]} columns where all others have {len(names)}; the file may be cut short."
        receipt.problem(
            f"file row {row}", seen, "Hold that row against where it comes from, or export the file again."
        )


def _parse(
    block: bytes, names: list[str], separator: str, before: int, receipt: Receipt, broken: Broken
) -> tuple[pl.DataFrame, int]:
    schema = {name: pl.String for name in names}
    if not block.strip():
        return pl.DataFrame(schema={**schema, "row": pl.Int64}), block.count(b"\n")
    try:
        frame = pl.read_csv(
            io.BytesIO(block), has_header=False, schema=schema, separator=separator, infer_schema=False,
            raise_if_empty=False,
        )  # fmt: skip
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError, pl.exceptions.ShapeError):
        return _slowly(block, names, separator, before, receipt, broken)
    row = pl.int_range(before + 1, before + 1 + frame.height, dtype=pl.Int64).alias("row")
    return frame.with_columns(row), frame.height


def _slowly(
    block: bytes, names: list[str], separator: str, before: int, receipt: Receipt, broken: Broken
) -> tuple[pl.DataFrame, int]:
    good: list[list[str | None]] = []
    rows: list[int] = []
    row = before
    for record in _records(block.decode(), separator):
        row += 1
        if isinstance(record, str):
            broken(row, dict(zip(names, record.split('"', 1)[0].split(separator), strict=False)))
            remedy = "Close the quotation mark, or leave it out."
            receipt.refuse(row, "", "", "a quotation mark is not closed", remedy)
        elif len(record) > len(names):
            seen = f"{len(record)} columns, the heading has {len(names)}"
            broken(row, dict(zip(names, record, strict=False)))
            receipt.refuse(row, "", seen, "has more columns than the heading", "Put quotes around text with commas.")
        else:
            good.append([value or None for value in record] + [None] * (len(names) - len(record)))
            rows.append(row)
    frame = pl.DataFrame(good, schema={name: pl.String for name in names}, orient="row")
    return frame.with_columns(pl.Series("row", rows, dtype=pl.Int64)), row - before


def _records(text: str, separator: str) -> Iterator[list[str] | str]:
    """Rows of a block; the bare line of one whose quotes do not close. With an odd mark in it, each line is a row."""
    if text.count('"') % 2 == 0:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return
    for line in text.removesuffix("\n").split("\n"):
        if line.count('"') % 2:
            yield line
        else:
            yield next(csv.reader([line.rstrip("\r")], delimiter=separator), [])
