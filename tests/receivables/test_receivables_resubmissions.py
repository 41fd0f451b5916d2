"""Cases of claims that may or may not go out again, as a biller reads them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from everyunit.receivables.resubmissions import FREQUENCY, Standing, refusal
from everyunit.rulebook import Book

CASES = tomllib.loads((Path(__file__).with_name("resubmissions.toml")).read_text())["case"]
BOOK = Book.load()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case):
    standing = Standing(
        "C1", case["answer"], 20_500, 20_480, case["payer"], case.get("payer_control", ""),
        frozenset(case.get("remarks", ())), case.get("reversed", False), case.get("late", False),
    )  # fmt: skip
    said = refusal(case["wanted"], standing, BOOK.correction(BOOK.payer_kind(case["payer"])))
    wanted = case.get("says", [])
    assert bool(said) == bool(wanted), said
    assert all(word in said for word in wanted), said


def test_frequencies_are_those_of_the_claim():
    assert FREQUENCY == {"corrected": "7", "void": "8", "new": "1"}
