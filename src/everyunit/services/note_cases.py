"""Answered notes as cases: what people called right must be found again, what they called wrong must not be.

A case has id, discipline, payer, note, billed and expected_findings as the labelled notes have them, so that
`everyunit notes` reads a file of cases and the score of labelled notes takes it; not_findings (type, code, because);
and of minutes that differ from the record code_minutes or not_code_minutes, those read in the note. Nobody labelled
services, passages and elements: their lists are empty. Cases bear the notes' text and belong where the notes belong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.errors import Unreadable
from everyunit.rulebook import Book
from everyunit.services.home import open_home
from everyunit.services.note_answers import VERDICTS, NoteAnswer, answers
from everyunit.services.note_marks import payer_words
from everyunit.services.note_reading import plain_minutes, read_beside
from everyunit.services.note_reviews import NoteReviews, note_reviews
from everyunit.services.plain_input import json_rows

MINUTES_DIFFER = "note_minutes_differ"  # said of note and record together; all else the reader says by itself
_UNLABELLED: dict[str, Any] = {"interventions": [], "assessment_management": [], "distractors": [], "elements": {}}
CASE = (
    "id", "discipline", "payer", "note", "billed", "expected_findings", "not_findings", "code_minutes",
    "not_code_minutes", "nothing_to_suggest", "must_not_suggest", "unanswered", *_UNLABELLED,
)  # fmt: skip
_NEEDED = ("id", "discipline", "payer", "note", "billed", "expected_findings")


def cases(home: str | Path) -> Iterator[dict[str, Any]]:
    """The answered notes of a home as cases, in the order of their visits."""
    ledger, reviews, book = open_home(home), note_reviews(home), Book.load()
    by_visit: dict[str, list[NoteAnswer]] = {}
    for answer in answers(home):
        by_visit.setdefault(answer.visit_id, []).append(answer)
    for visit_id, said in sorted(by_visit.items()):
        notes = ledger.find("notes", "visit_id", visit_id)
        visit = ledger.find("visits", "visit_id", visit_id)
        if not notes.is_empty() and not visit.is_empty():
            yield _case(visit.row(0, named=True), notes["text"][-1], said, reviews, book)


def _case(
    visit: dict[str, Any], text: str, said: list[NoteAnswer], reviews: NoteReviews, book: Book
) -> dict[str, Any]:
    ours = pl.col("visit_id") == visit["visit_id"]
    codes = reviews.codes.filter(ours)
    found = {(row["kind"], row["code"]): row for row in reviews.findings.filter(ours).to_dicts()}
    plain = dict(codes.drop_nulls("plain_minutes").select("code", "plain_minutes").iter_rows())
    ours_alone = [one for one in said if one.kind != MINUTES_DIFFER]
    of = {verdict: [one for one in ours_alone if one.verdict == verdict] for verdict in VERDICTS}
    supported = {key: [code for code in row["supported"].split(":") if code] for key, row in found.items()}
    right = {code for one in of["right"] for code in supported.get((one.kind, one.code), ())}
    wrong = {code for one in of["wrong"] for code in supported.get((one.kind, one.code), ())}
    open_ = found.keys() - {(one.kind, one.code) for one in said}
    return {
        "id": visit["visit_id"],
        "discipline": visit["discipline"] or "PT",
        "payer": payer_words(book, visit["payer_name"] or ""),
        "note": text,
        "billed": codes.filter(pl.col("billed_units") > 0).select("code", units="billed_units").to_dicts(),
        "expected_findings": [
            {"type": one.kind, "code": one.code or None, "supported": supported.get((one.kind, one.code), [])}
            for one in of["right"]
        ],
        "not_findings": [{"type": one.kind, "code": one.code or None, "because": one.because} for one in of["wrong"]],
        "code_minutes": _minutes(said, "right", plain),
        "not_code_minutes": _minutes(said, "wrong", plain),
        "nothing_to_suggest": not of["right"] and not open_,
        "must_not_suggest": sorted(wrong - right),
        "unanswered": sorted(f"{kind} {code}".strip() for kind, code in open_),
        **_UNLABELLED,
    }


def _minutes(said: list[NoteAnswer], verdict: str, plain: dict[str, int]) -> dict[str, int]:
    """Minutes read in the note, by code, of which people said that."""
    ours = [one.code for one in said if one.kind == MINUTES_DIFFER and one.verdict == verdict]
    return {code: plain[code] for code in ours if code in plain}


def departures(case: dict[str, Any]) -> list[str]:
    """Where the present reader says of a case other than people did: a sentence each, without a word of the note."""
    billed = [(line["code"], line["units"]) for line in case["billed"]]
    reading = read_beside(case["note"], case["discipline"], case["payer"], billed)
    found = {(one.kind, one.code): list(one.supported) for one in reading.findings}
    told = []
    for row in case["expected_findings"]:
        key, name = (row["type"], row["code"]), _name(row)
        if key not in found:
            told.append(f"{name} was called right and is not found.")
        elif row["supported"] and found[key] != row["supported"]:
            told.append(f"{name} was called right with {', '.join(row['supported'])} and is found with "
                        f"{', '.join(found[key]) or 'no code'}.")  # fmt: skip
    for row in case.get("not_findings", ()):
        if (row["type"], row["code"]) in found:
            told.append(f"{_name(row)} was called wrong and is still found.")
    read = plain_minutes(reading)
    for code, minutes in case.get("code_minutes", {}).items():
        if read.get(code) != minutes:
            told.append(f"{code}: {minutes} minutes were called right and are not read.")
    for code, minutes in case.get("not_code_minutes", {}).items():
        if read.get(code) == minutes:
            told.append(f"{code}: {minutes} minutes were called misread and are read still.")
    return told


def _name(row: dict[str, Any]) -> str:
    return f"{row['type'].replace('_', ' ')}{' of ' + row['code'] if row['code'] else ''}"


def holds(case: dict[str, Any]) -> bool:
    """Whether the present reader says of a case what people said of it."""
    return not departures(case)


def read_cases(lines: Iterable[bytes], place: str) -> list[dict[str, Any]]:
    """The cases of a file, one a line. Raises Unreadable, with its row, for a line that is none."""
    made = []
    for number, row in json_rows(lines):
        if not isinstance(row, dict) or not all(name in row for name in _NEEDED) or not isinstance(row["note"], str):
            raise Unreadable(
                f"row {number}: is no case.", place=place, remedy="Give a file that `everyunit note-cases` wrote."
            )
        made.append(row)
    if not made:
        raise Unreadable("there is no case.", place=place, remedy="Give a file that `everyunit note-cases` wrote.")
    return made
