"""Services told in further wordings: where note and codes agree nothing is said, and otherwise just the one thing."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from everyunit.notes import read

HERE = Path(__file__).parent
NOTES = tomllib.loads((HERE / "wordings.toml").read_text("utf-8"))["note"]
SERVICES = tomllib.loads((HERE / "wordings_services.toml").read_text("utf-8"))["note"]
ROOMS = tomllib.loads((HERE / "wordings_rooms.toml").read_text("utf-8"))["note"]
TURNS = tomllib.loads((HERE / "wordings_turns.toml").read_text("utf-8"))["note"]


@pytest.mark.parametrize(
    "case", [*NOTES, *TURNS, *SERVICES, *ROOMS], ids=lambda case: " ".join(case["note"].split()[3:9])
)
def test_only_what_the_words_carry_is_said(case):
    found = read(case["note"], case["discipline"], case["payer"], case["billed"]).findings
    assert [f"{one.kind} {one.code}" for one in found] == case["found"]


@pytest.mark.parametrize("case", [*SERVICES, *ROOMS], ids=lambda case: " ".join(case["note"].split()[3:9]))
def test_each_service_is_read_with_its_minutes(case):
    made = read(case["note"], case["discipline"], case["payer"], case["billed"]).interventions
    assert [f"{one.code} {'-' if one.minutes is None else one.minutes}" for one in made] == case["services"]


def test_both_sides_are_held():
    assert sum(not case["found"] for case in NOTES) == 20
    assert sum(bool(case["found"]) for case in NOTES) == 10


@pytest.mark.parametrize(
    ("discipline", "billed", "code"),
    [
        ("PT", {"97162": 1}, "97162"),
        ("OT", {"97166": 1}, "97166"),
        ("SLP", {"92524": 1}, "92524"),
        ("SLP", {}, "92523"),
    ],
)
def test_a_bare_evaluation_is_that_of_the_discipline(discipline, billed, code):
    note = (
        "S: tired by noon. O: Initial evaluation: history and tests, plan of care set up with the patient (47 min)."
    )
    (made,) = read(note, discipline, "medicare_b", billed).interventions
    assert (made.code, made.supported, made.minutes) == (code, (code,), 47)


def test_a_session_of_untimed_services_lacks_no_timed_minutes():
    note = "S: well. O: Swallowing treatment: chin tuck, thin liquids, cough on 1 of 12 sips, 30 min. P: 2x/wk."
    assert "timed_minutes" not in read(note, "SLP", "medicare_b", {"92526": 1}).lacking()
    assert "start_stop" in read(note, "SLP", "medicare_b", {"92526": 1}).elements.missing()
    exercise = "S: well. O: Leg press 3x10 with cues to keep the knee over the foot. P: 2x/wk."
    assert "timed_minutes" in read(exercise, "PT", "medicare_b", {"97110": 1}).lacking()
