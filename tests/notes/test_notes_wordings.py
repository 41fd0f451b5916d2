"""Services told in further wordings: where note and codes agree nothing is said, and otherwise just the one thing."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from everyunit.notes import read

NOTES = tomllib.loads((Path(__file__).parent / "wordings.toml").read_text("utf-8"))["note"]


@pytest.mark.parametrize("case", NOTES, ids=lambda case: " ".join(case["note"].split()[3:7]))
def test_only_what_the_words_carry_is_said(case):
    found = read(case["note"], case["discipline"], case["payer"], case["billed"]).findings
    assert [f"{one.kind} {one.code}" for one in found] == case["found"]


def test_both_sides_are_held():
    assert sum(not case["found"] for case in NOTES) == 20
    assert sum(bool(case["found"]) for case in NOTES) == 10
