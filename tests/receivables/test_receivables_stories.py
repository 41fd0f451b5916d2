"""Whole files, told by what happens in them: every fact that a rehab practice needs of a remittance comes through."""

from __future__ import annotations

from pathlib import Path

import pytest

from everyunit.days import to_day
from everyunit.services.deposits import deposits
from everyunit.services.home import open_home
from everyunit.services.receivables import receivables
from everyunit.services.remits import remits
from everyunit.services.take_in import take_in

STORIES = Path(__file__).parents[1] / "stories"
FIRST, SECOND, THIRD = (to_day(day) for day in ("2026-02-16", "2026-03-16", "2026-04-15"))


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("story") / "home"
    receipts = list(take_in(sorted(STORIES.glob("paid_reversed_carried_on.*")), folder))
    assert [receipt["status"] for receipt in receipts] == ["taken", "taken"]
    assert not any(receipt["problems"] for receipt in receipts)
    return folder


def test_nothing_of_a_line_is_dropped(home):
    ledger = open_home(home)
    first = ledger.find("remit_lines", "claim_id", "A1").sort("claim", "line").row(0, named=True)
    assert first["modifiers"] == "GP:KX:59:CQ"
    assert (first["units"], first["submitted_units_milli"], first["remarks"]) == (2, 3_000, "N620")
    reasons = ledger.find("adjustments", "claim_id", "A1").sort("claim", "line", "segment", "ordinal")
    told = reasons.select("group_code", "reason", "amount_cents", "quantity_milli").rows()[:4]
    assert told == [
        ("CO", "45", 3_000, 1_000),
        ("CO", "253", 143, None),
        ("CO", "59", 82, None),
        ("PR", "2", 1_755, None),
    ]


def test_a_denied_claim_without_lines_stands(home):
    decided = receivables(home).read("decisions")
    row = next(row for row in decided.to_dicts() if row["claim_id"] == "A2")
    assert (row["status"], row["charge_cents"], row["paid_cents"], row["stands"]) == ("4", 9_000, 0, True)
    assert remits(home).totals["claims_without_lines"] == 1


def test_every_payment_proves_itself(home):
    found = remits(home)
    assert [(row["amount_cents"], row["proved"]) for row in found.rows] == [(4_480, True), (0, True), (13_215, True)]


def test_the_reversal_undoes_the_first_payment_and_the_second_decision_stands(home):
    (row,) = receivables(home).read("reversals").to_dicts()
    assert (row["undone_day"], row["corrected_day"], row["corrected_paid_cents"]) == (FIRST, SECOND, 6_120)
    assert (row["paid_cents"], row["change_cents"], row["words"]) == (-13_140, -7_020, None)
    standing = receivables(home).read("decisions").filter("stands").sort("claim_id")
    assert standing.select("claim_id", "paid_cents", "turn").rows() == [
        ("A1", 6_120, 1), ("A2", 0, 1), ("A3", 4_000, 1), ("A4", 8_000, 2),
    ]  # fmt: skip


def test_interest_recoupment_and_the_carried_balance_find_theirs(home):
    rows = receivables(home).read("recoupments").select("day", "reason", "amount_cents", "about", "claim_id").rows()
    assert rows == [
        (FIRST, "L6", -75, "claim", "A1"), (SECOND, "FB", -3_020, "balance", None),
        (THIRD, "FB", 3_020, "balance", None), (THIRD, "WO", 500, "claim", "A3"),
    ]  # fmt: skip
    (balance,) = receivables(home).read("balances").to_dicts()
    assert (balance["carried_cents"], balance["open_cents"], balance["settled_day"]) == (3_020, 0, THIRD)


def test_a_secondary_answer_without_its_primary_says_so(home):
    assert remits(home).totals["secondary_without_primary"] == 1


def test_the_money_is_found_by_trace_and_by_amount(home):
    found = deposits(home)
    told = [(row["day"], row["state"], row["how"], row["deposit_day"]) for row in found.payments]
    assert told == [
        ("2026-04-15", "matched", "amount", "2026-04-16"), ("2026-03-16", "not_needed", "", None),
        ("2026-02-16", "matched", "trace", "2026-02-17"),
    ]  # fmt: skip
    assert [row["amount_cents"] for row in found.deposits if row["state"] == "unmatched"] == [9_900]
