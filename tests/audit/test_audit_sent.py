"""What a sent claim is told that one about to be sent is not; and claims sent twice."""

from __future__ import annotations

import polars as pl
import pytest
from audit_kit import Facts, judged, practice

from everyunit.audit import Inputs, findings_before_sending
from everyunit.rulebook import Book

DAY = "2026-03-12"


def billed_twice(other="2026-03-12", modifiers="GP"):
    """One visit, its claim, and a second claim of another number for which no visit was brought."""
    facts = Facts()
    facts.visit("V1", DAY, claim_id="C1")
    facts.service("V1", "97110", 15)
    facts.claim("C1", [("97110", 1, "GP")], DAY, member_id="M1")
    facts.claim("C9", [("97110", 1, modifiers)], other, member_id="M1")
    return judged(facts).findings.filter(pl.col("kind") == "duplicate_claim")


def test_a_claim_without_a_visit_that_repeats_a_visits_claim_is_told():
    row = billed_twice().row(0, named=True)
    assert (row["claim_id"], row["code"], row["visit_id"], row["cents_at_stake"]) == ("C9", "97110", "", -2906)
    assert "claim C1" in row["message"] and "only that one belongs to a visit" in row["message"]
    assert "60 days" in row["fix"]


@pytest.mark.parametrize(("day", "modifiers"), [("2026-03-13", "GP"), (DAY, "GP:76"), (DAY, "GP:59"), (DAY, "GO")])
def test_another_day_a_repeat_that_says_so_and_another_discipline_are_no_duplicate(day, modifiers):
    assert billed_twice(day, modifiers).is_empty()


def test_what_goes_back_says_by_when_and_what_is_not_sent_yet_does_not():
    facts = Facts()
    facts.visit("V1", DAY, claim_id="C1")
    facts.service("V1", "97140", 15)
    facts.service("V1", "97124", 15)
    facts.claim("C1", [("97140", 1, "GP"), ("97124", 1, "GP")], DAY)
    row = judged(facts).findings.filter(pl.col("kind") == "pair_never").row(0, named=True)
    assert (
        row["fix"] == "Take 97124 off the claim. A federal payer wants its money back within 60 days of the finding."
    )
    unsent = findings_before_sending(Inputs(**facts.frames()), practice(), Book.load())
    assert unsent.filter(pl.col("kind") == "pair_never")["fix"].to_list() == ["Take 97124 off the claim."]


def test_time_beyond_a_first_period_is_pointed_to_its_own_code():
    facts = Facts()
    facts.visit("V1", DAY, claim_id="C1")
    facts.service("V1", "97550", 45)
    facts.claim("C1", [("97550", 2, "GP")], DAY)
    row = judged(facts).findings.filter(pl.col("kind") == "units_over").row(0, named=True)
    assert "Time beyond the first period is billed on 97551" in row["fix"]
