"""Reading a file of notes: one JSON object a line in, one answer a line out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from everyunit.notes import Reading, read
from everyunit.notes.signed import signed_by
from everyunit.rulebook import Book
from everyunit.rulebook.payers import kind_by_name
from everyunit.services.plain_input import json_rows

DISCIPLINES = ("PT", "OT", "SLP")
PAYERS = {
    "medicare_b": "Medicare Part B", "medicare_advantage": "Medicare Advantage", "medicaid": "Medicaid",
    "tricare": "Tricare", "commercial": "Commercial", "workers_comp": "Workers compensation",
    "home_health": "Home health episode", "part_a_snf": "Part A stay",
}  # fmt: skip
_BY_NAME = {"part_a": "part_a_snf", "snf_a": "part_a_snf"}
_OF_BOOK = {
    "medicare": "medicare_b", "railroad_medicare": "medicare_b", "medicare_advantage": "medicare_advantage",
    "humana_medicare": "medicare_advantage", "medicaid": "medicaid", "texas_medicaid": "medicaid",
    "tricare": "tricare", "workers_compensation": "workers_comp",
}  # fmt: skip
MOST_UNITS = 99
NAMED = 8  # rows named in a remark
ANSWER = ("id", "interventions", "assessment_management", "findings", "elements", "suggested_codes")


@dataclass
class Taken:
    """How many notes were read, a sentence for each line that could not be, and the rows whose payer is unknown."""

    read: int = 0
    problems: list[str] = field(default_factory=list)
    strange_payers: list[int] = field(default_factory=list)

    def remarks(self) -> list[str]:
        """What is to be known of lines that were read."""
        rows = self.strange_payers
        if not rows:
            return []
        more = f" and {len(rows) - NAMED:,} more" if len(rows) > NAMED else ""
        told = "column payer: it is none of the known kinds; units are told only where both ways of counting agree."
        return [f"row {', '.join(map(str, rows[:NAMED]))}{more}: {told} Write one of: {', '.join(PAYERS)}."]


def payer_kind(word: str) -> str | None:
    """The word of PAYERS that is meant, empty where none is given, None where it is unknown.

    A payer's name will do where the book knows its kind by it.
    """
    plain = "_".join(word.lower().replace("-", " ").replace("_", " ").split())
    if not plain or plain in PAYERS:
        return plain
    named = kind_by_name(Book.load().shelf, word)
    return _BY_NAME.get(plain) or _OF_BOOK.get(named, "commercial" if named else None)


def read_lines(lines: Iterable[bytes], taken: Taken) -> Iterator[dict[str, Any]]:
    """An answer for each line that holds a note; `taken` counts and names the others, without a word of their text.

    A line is {"id" or "visit_id", "note" or "text", "discipline", "payer", "billed": [{"code", "units"}]}; all
    but the text may be absent: the discipline is then that of the signature, or of a code that one
    discipline bills. An answer has the keys ANSWER.
    """
    for number, row in json_rows(lines):
        if row is None:
            taken.problems.append(f"row {number}: is no JSON object. Write one note a line, as JSON.")
            continue
        fault = _fault(row)
        if fault:
            taken.problems.append(f"row {number}: {fault}")
            continue
        taken.read += 1
        text, billed = _text(row), _billed(row)
        discipline = str(row.get("discipline") or signed_by(text, (code for code, _ in billed)))
        payer = payer_kind(str(row.get("payer") or ""))
        if payer is None:
            taken.strange_payers.append(number)
        reading = read(text, discipline, payer or "", billed)
        yield answer(row.get("id", row.get("visit_id", str(number))), reading)


def _fault(row: Any) -> str:
    if not isinstance(row, dict) or not isinstance(row.get("note", row.get("text")), str):
        return "the text of the note is missing. Give it as note or text."
    if str(row.get("discipline") or "PT").upper() not in DISCIPLINES:
        return "column discipline: it is none of PT, OT, SLP."
    billed = row.get("billed") or []
    if not isinstance(billed, list) or not all(_is_line(line) for line in billed):
        return "column billed: write a list of code and whole units, such as {code: 97110, units: 2}."
    return ""


def _is_line(line: Any) -> bool:
    units = line.get("units", 1) if isinstance(line, dict) else None
    return isinstance(units, int) and 0 <= units <= MOST_UNITS and isinstance(line.get("code"), str)


def _text(row: dict[str, Any]) -> str:
    return str(row.get("note", row.get("text")))


def _billed(row: dict[str, Any]) -> list[tuple[str, int]]:
    return [(line["code"], line.get("units", 1)) for line in row.get("billed") or []]


def answer(name: Any, reading: Reading) -> dict[str, Any]:
    """A reading as one line of the answer file: spans as start and end, findings with the codes the words carry."""
    return {
        "id": name,
        "interventions": [
            {"start": made.start, "end": made.end, "code": made.code, "minutes": made.minutes,
             "also_supported": [code for code in made.supported if code != made.code], "why": made.why}
            for made in reading.interventions
        ],
        "assessment_management": [
            {"start": told.start, "end": told.end, "category": told.category, "counted": told.counted,
             "why": told.why}
            for told in reading.passages
        ],
        "findings": [
            {"type": found.kind, "code": found.code, "supported": list(found.supported), "minutes": found.minutes,
             "direction": found.direction, "spans": [[span.start, span.end] for span in found.spans],
             "message": found.message}
            for found in reading.findings
        ],
        "elements": {name: name not in reading.elements.missing() for name in reading.elements.__slots__},
        "suggested_codes": sorted({code for found in reading.findings for code in found.supported}),
    }  # fmt: skip
