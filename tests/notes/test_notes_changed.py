"""Every labelled note to look at, changed in one way: what decides changes the answer, what does not leaves it."""

from __future__ import annotations

from functools import cache

import pytest
from gold_kit import answers
from note_cases import load

ROWS = load("open")
FRONT = "Visit 3 of 12. Allergies: none known.\n"
DONE = [(row, one["evidence"].split(". ")[0].rstrip(".")) for row in ROWS for one in row["interventions"]]
NOT_DONE = {
    "planned": "S: fine.\nP: Next visit: {}",
    "last visit": "S: fine.\nO: rested only.\nLast visit (5/10): {}",
    "at home": "S: HEP at home: {}",
    "declined": "S: tired.\nO: Pt declined {}.",
    "held": "S: tired.\nO: Held today d/t pain: {}",
}
# A refusal ends at a semicolon where no dose, minutes or colon stand before it: at most so many are still read.
# The figures only go down.
STILL_READ = {"declined": 4}


@cache
def as_written() -> dict[str, dict]:
    """The answers to the notes as they stand, by their ids."""
    return {answer["id"]: answer for answer in answers(list(ROWS))}


def spans(answer: dict, shift: int = 0) -> list[tuple]:
    """Where interventions and passages stand, moved back by `shift`."""
    done = [(one["start"] - shift, one["end"] - shift, one["code"]) for one in answer["interventions"]]
    said = [(one["start"] - shift, one["end"] - shift, one["category"]) for one in answer["assessment_management"]]
    return [*done, *said]


def told(answer: dict) -> list[tuple]:
    """The findings without their places."""
    return [(one["type"], one["code"], one["supported"], one["minutes"]) for one in answer["findings"]]


def test_a_line_in_front_moves_every_span_and_nothing_else():
    for answer in answers([{**row, "note": FRONT + row["note"]} for row in ROWS]):
        before = as_written()[answer["id"]]
        assert spans(answer, len(FRONT)) == spans(before), answer["id"]
        assert told(answer) == told(before), answer["id"]


def test_the_payer_changes_neither_what_was_done_nor_what_was_said():
    other = {"medicare_b": "medicare_advantage", "commercial": "workers_comp"}
    changed = [row for row in ROWS if row["payer"] in other]
    for answer in answers([{**row, "payer": other[row["payer"]]} for row in changed]):
        before = as_written()[answer["id"]]
        assert spans(answer) == spans(before), answer["id"]
        assert answer["elements"] == before["elements"], answer["id"]


def test_a_signature_below_changes_nothing():
    for answer in answers([{**row, "note": f"{row['note']}\nElectronically signed 17:04"} for row in ROWS]):
        assert spans(answer) == spans(as_written()[answer["id"]]), answer["id"]


def test_a_code_that_nothing_speaks_of_is_never_suggested():
    without = [row for row in ROWS if not any("97533" in one["acceptable"] for one in row["interventions"])]
    for answer in answers([{**row, "billed": [*row["billed"], {"code": "97533", "units": 1}]} for row in without]):
        assert "97533" not in answer["suggested_codes"], answer["id"]


def read_as_done(form: str) -> int:
    """How many of the services are read as done today when told in this form."""
    changed = [{**row, "note": form.format(words), "billed": []} for row, words in DONE]
    return sum(bool(answer["interventions"]) for answer in answers(changed))


def test_the_same_words_told_of_today_are_read_as_done():
    assert read_as_done("O: {}") >= 0.9 * len(DONE)


@pytest.mark.parametrize("way", NOT_DONE)
def test_what_was_not_done_today_is_not_read_as_done(way):
    assert read_as_done(NOT_DONE[way]) <= STILL_READ.get(way, 0)
