"""What a file is, by its content: never by its ending alone."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import PurePath

from everyunit import x12
from everyunit.errors import Unreadable
from everyunit.intake.bai2 import looks_like_bai2
from everyunit.intake.bank_columns import bank_shape, is_plain
from everyunit.intake.csv_rows import doubled, first_line, heading
from everyunit.intake.finding import Found
from everyunit.intake.notes_file import begins_as_json, holds_notes
from everyunit.intake.ofx import looks_like_ofx
from everyunit.intake.shapes import DEPOSITS, Shape, lacking, shape_of
from everyunit.intake.shapes import FEES as FEE_COLUMNS
from everyunit.rulebook import text_of

X12, NOTES, TOML, FEES, CSV = "x12", "notes", "practice", "fees", "csv"
BAI2, OFX = "bai2", "ofx"
_LINES = (".jsonl", ".ndjson")
DOCUMENT_BYTES = 32 << 20
_OTHERS = {
    b"%PDF": "It is a PDF; bring the data that it was printed from.",
    b"PK\x03\x04": "It is a spreadsheet or office file; save the sheet as CSV.",
    b"\xd0\xcf\x11\xe0": "It is an older office file; save the sheet as CSV.",
    b"\x89PNG": "It is a picture.",
    b"\xff\xd8\xff": "It is a picture.",
    b"PAR1": "It is a Parquet file.",
    b"SQLite format 3": "It is a database.",
}


@dataclass(frozen=True)
class Known:
    """What a file is: `kind` is x12, practice, fees, notes, csv, bai2, ofx or '' with a `word` that says what it is
    instead."""

    kind: str
    shape: Shape | None = None
    word: str = ""


def recognise(found: Found) -> Known:
    """Look at the beginning of a file. Unreadable for one of ours that cannot be used: a heading that lacks columns
    or names one twice, or TOML that does not parse."""
    with found.opener() as stream:
        head = stream.read(4096)
    if not head.strip():
        return Known("", word="It is empty.")
    if x12.looks_like_x12(head):
        return Known(X12)
    if looks_like_bai2(head):
        return Known(BAI2)
    if looks_like_ofx(head):
        return Known(OFX)
    for mark, word in _OTHERS.items():
        if head.startswith(mark):
            return Known("", word=word)
    if found.name.lower().endswith(".toml"):
        return _toml(found)
    as_json = begins_as_json(head)
    if (as_json or found.name.lower().endswith(_LINES)) and holds_notes(found.opener):
        return Known(NOTES)
    if as_json:
        word = "It is JSON, but its lines have no visit_id and text."
        return Known(NOTES) if _called_notes(found) else Known("", word=word)
    return _columns(first_line(found.opener), found)


def _called_notes(found: Found) -> bool:
    """Whether its name says that it holds notes; then each line that is none is told with its row."""
    name = PurePath(found.member or found.path.name).name.lower()
    return name.endswith(_LINES) and bool({"note", "notes"} & set(re.split(r"[^a-z]+", name)))


def _columns(line: bytes, found: Found) -> Known:
    if not line:
        return Known("", word="Its first line is too long to be a heading; the line ends may be missing.")
    names, _ = heading(line)
    shape = shape_of(names)
    if not shape or (shape is DEPOSITS and not is_plain(names)):
        shape = bank_shape(names) or shape
    _one_of_each(doubled(line), shape)
    if isinstance(shape, Shape):
        return Known(CSV, shape)
    if shape == "fees":
        return Known(FEES)
    meant, columns = ("", "") if shape else lacking(names, PurePath(found.member or found.path.name).stem)
    if meant:
        remedy = "Add what is missing to the first row and import the file again."
        raise Unreadable(f"It looks like {meant}, but its heading lacks {columns}.", remedy=remedy)
    return Known("", word=shape or "Neither its content nor its heading is of a kind that is read here.")


def _one_of_each(names: set[str], shape: Shape | str) -> None:
    """Unreadable where a column that is read stands twice. Words and references of a bank are only kept beside it."""
    if isinstance(shape, Shape):
        read = [field.heading for field in shape.fields if not field.column.startswith(("words_", "trace_"))]
    else:
        read = list(FEE_COLUMNS) if shape == "fees" else []
    twice = [name for name in read if name in names]
    if twice:
        seen = f"Its heading names {' and '.join(twice)} more than once; which of the columns counts is not guessed."
        raise Unreadable(seen, remedy="Leave one of them, or rename the other, and import the file again.")


def _toml(found: Found) -> Known:
    with found.opener() as stream:
        text = text_of(stream.read(DOCUMENT_BYTES))
    try:
        value = tomllib.loads(text)
    except RecursionError:
        raise Unreadable(
            "It is too deeply nested.", remedy="Write it as sections and lines, and import it again."
        ) from None
    except tomllib.TOMLDecodeError as error:
        said, place = _parted(str(error))
        remedy = "Mend that line and import the file again."
        raise Unreadable(f"{place} is no sound TOML: {said}.", remedy=remedy) from None
    if {"payers", "clinics"} & value.keys():
        return Known(TOML)
    return Known("", word="It is TOML without payers or clinics.")


def _parted(said: str) -> tuple[str, str]:
    """What a TOML reader says, and the place it names at the end."""
    match = re.fullmatch(r"(.*?) \(at (?:(line \d+, column \d+)|end of document)\)", said, re.DOTALL)
    if not match:
        return said, "It"
    return match.group(1), (match.group(2) or "Its end").capitalize()
