"""How payers take corrections, and what a 277 says in own words."""

from __future__ import annotations

import pytest

from everyunit.days import to_day
from everyunit.rulebook import Book, Practice
from everyunit.rulebook.filing import filing_limit
from everyunit.rulebook.papers import CONTRACT, fees, is_public, manual
from everyunit.x12.statuses import REJECTED

BOOK = Book.load()
DAY = "2026-03-12"
ROWS = {(row["list"], row["code"]): row for row in BOOK.claim_statuses.to_dicts()}


@pytest.mark.parametrize("name", ["Medicare Part B", "Railroad Medicare"])
def test_part_b_takes_no_replacement(name):
    found = BOOK.correction(BOOK.payer_kind(name))
    assert not found.replacement and not found.void and found.appeal == "redetermination"
    assert "reopen" in found.instead and "120 days" in found.instead and "MA130" in found.instead


@pytest.mark.parametrize(
    ("name", "appeal"), [("Medicare Advantage of Oregon", "reconsideration"), ("Acme Health", "appeal")]
)
def test_other_payers_take_a_replacement(name, appeal):
    found = BOOK.correction(BOOK.payer_kind(name))
    assert found.replacement and found.void and found.appeal == appeal and found.source


def test_the_book_and_the_reader_agree_on_what_is_rejected():
    rejected = {code for (kind, code), row in ROWS.items() if kind == "category" and row["answer"] == "rejected"}
    assert rejected == set(REJECTED)


def test_a_status_names_who_can_clear_it():
    assert ROWS["status", "562"]["department"] == "contracting"
    assert ROWS["status", "33"]["department"] == "front_office"
    assert all(row["department"] and row["remedy"] for (kind, _), row in ROWS.items() if kind == "status")
    value = BOOK.value("claim_statuses.status.562", DAY)
    assert value.value["label"] == "national provider number" and not value.checked and value.source


def test_waits_are_values_of_the_book():
    assert BOOK.waits == {"no_277ca": 2, "no_835": 30, "no_835_long": 45, "no_appeal": 60}
    assert BOOK.value("waits.no_835", DAY).value == 30


def test_every_filing_limit_and_deadline_names_a_kind_of_payer():
    """A limit under a name that no payer bears would never be found."""
    values = Book.load().shelf.values
    kinds = {key.removeprefix("payers.") for key in values if key.startswith("payers.")}
    filing = {key.removeprefix("thresholds.filing_") for key in values if key.startswith("thresholds.filing_")}
    assert filing - {"warning"} <= kinds
    assert {key.split(".")[1] for key in values if key.startswith("deadlines.")} <= kinds
    days, source, checked = filing_limit("P", "unitedhealthcare", to_day("2026-03-01"), Book.load(), Practice())
    assert days == 90 and source and not checked


def test_public_programs_name_no_contract():
    assert manual("medicaid") == "the program's provider manual" and fees("texas_medicaid").endswith("fee schedule")
    assert manual("any_other") == fees("aetna") == manual("") == CONTRACT
    assert is_public("tricare") and not is_public("medicare_advantage")
