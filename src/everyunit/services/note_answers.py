"""What people say of a reading: right, or wrong because. Kept in the home, and given back as cases.

Answers lie in answers/notes.jsonl of the home, one JSON object a line, added and never changed; the last one on a
visit, kind and code holds. They bear no text of the note but what the person wrote.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from everyunit.errors import UsageError
from everyunit.rulebook import Book
from everyunit.services.home import open_home
from everyunit.services.journal import refuse_full
from everyunit.services.note_marks import payer_words
from everyunit.services.note_reading import plain_minutes, read_beside
from everyunit.services.note_reviews import note_reviews

VERDICTS = ("right", "wrong")
MINUTES_DIFFER = "note_minutes_differ"  # said of note and record together; all else the reader says by itself
LONGEST = 500
CASE = (
    "id", "discipline", "payer", "note", "billed", "expected_findings", "not_findings", "code_minutes",
    "not_code_minutes",
)  # fmt: skip
_FILE = Path("answers") / "notes.jsonl"


@dataclass(frozen=True)
class NoteAnswer:
    """One answer: visit, kind and code of what was said, right or wrong, and why."""

    visit_id: str
    kind: str
    code: str
    verdict: str
    because: str = ""


def keep(home: str | Path, answer: NoteAnswer) -> None:
    """Add an answer, on disk before this returns.

    Raises UsageError for a verdict that is none, a wrong without a reason, and a visit the ledger does not hold.
    """
    if answer.verdict not in VERDICTS:
        raise UsageError("An answer is right or wrong.", remedy="Choose one of them.")
    if answer.verdict == "wrong" and not answer.because.strip():
        raise UsageError("The reason is missing.", remedy="Write in a few words why it is wrong.")
    if open_home(home).find("visits", "visit_id", answer.visit_id).is_empty():
        raise UsageError("No visit has that number.", remedy="Answer on the visit's own page.")
    path = Path(home) / _FILE
    path.parent.mkdir(exist_ok=True)
    refuse_full(path)
    line = json.dumps({**asdict(answer), "because": " ".join(answer.because.split())[:LONGEST]}) + "\n"
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def answers(home: str | Path, visit_id: str = "") -> list[NoteAnswer]:
    """The answers that hold, of one visit or of all. A line that cannot be read is passed over."""
    held: dict[tuple[str, str, str], NoteAnswer] = {}
    for found in _lines(Path(home) / _FILE):
        if not visit_id or found.visit_id == visit_id:
            held[found.visit_id, found.kind, found.code] = found
    return list(held.values())


def _lines(path: Path) -> Iterator[NoteAnswer]:
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
            yield NoteAnswer(**{name: str(row[name]) for name in ("visit_id", "kind", "code", "verdict", "because")})
        except (ValueError, KeyError, TypeError):
            continue


def cases(home: str | Path) -> Iterator[dict[str, Any]]:
    """The answered notes as cases: what was right must be found again, what was wrong must not be.

    They have id, discipline, payer, note, billed and expected_findings as the labelled notes have them; not_findings
    (type, code, because); and of minutes that differ from the record code_minutes or not_code_minutes, those read in
    the note. They bear the notes' text, so they belong where the notes belong.
    """
    ledger, reviews, book = open_home(home), note_reviews(home), Book.load()
    by_visit: dict[str, list[NoteAnswer]] = {}
    for answer in answers(home):
        by_visit.setdefault(answer.visit_id, []).append(answer)
    for visit_id, said in sorted(by_visit.items()):
        notes = ledger.find("notes", "visit_id", visit_id)
        visit = ledger.find("visits", "visit_id", visit_id)
        if notes.is_empty() or visit.is_empty():
            continue
        whose = visit.row(0, named=True)
        codes = reviews.codes.filter(reviews.codes["visit_id"] == visit_id)
        billed = codes.filter(codes["billed_units"] > 0)
        plain = dict(codes.drop_nulls("plain_minutes").select("code", "plain_minutes").iter_rows())
        found = reviews.findings.filter(reviews.findings["visit_id"] == visit_id).to_dicts()
        right = {(answer.kind, answer.code) for answer in said if answer.verdict == "right"}
        wrong = [answer for answer in said if answer.verdict == "wrong" and answer.kind != MINUTES_DIFFER]
        read = {verdict: _minutes(said, verdict, plain) for verdict in VERDICTS}
        yield {
            "id": visit_id,
            "discipline": whose["discipline"] or "PT",
            "payer": payer_words(book, whose["payer_name"] or ""),
            "note": notes["text"][-1],
            "billed": billed.select("code", units="billed_units").to_dicts(),
            "expected_findings": [
                {"type": row["kind"], "code": row["code"] or None, "supported": _codes(row["supported"])}
                for row in found
                if (row["kind"], row["code"]) in right
            ],
            "not_findings": [{"type": one.kind, "code": one.code or None, "because": one.because} for one in wrong],
            "code_minutes": read["right"],
            "not_code_minutes": read["wrong"],
        }


def _minutes(said: list[NoteAnswer], verdict: str, plain: dict[str, int]) -> dict[str, int]:
    """Minutes read in the note, by code, of which people said that."""
    ours = [one.code for one in said if one.kind == MINUTES_DIFFER and one.verdict == verdict]
    return {code: plain[code] for code in ours if code in plain}


def _codes(joined: str) -> list[str]:
    return [code for code in joined.split(":") if code]


def holds(case: dict[str, Any]) -> bool:
    """Whether the present reader says of a case what people said of it."""
    billed = [(line["code"], line["units"]) for line in case["billed"]]
    reading = read_beside(case["note"], case["discipline"], case["payer"], billed)
    found = {(one.kind, one.code): list(one.supported) for one in reading.findings}
    right = all(found.get((row["type"], row["code"])) == row["supported"] for row in case["expected_findings"])
    wrong = any((row["type"], row["code"]) in found for row in case["not_findings"])
    read = plain_minutes(reading)
    minutes = all(read.get(code) == told for code, told in case["code_minutes"].items())
    return (
        right
        and minutes
        and not wrong
        and not any(read.get(code) == told for code, told in case["not_code_minutes"].items())
    )
