"""Contracts: what is agreed is what is expected, by hand and over a whole practice; what cannot be taken is named."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyunit.days import to_day
from everyunit.rulebook import Practice
from everyunit.rulebook.contracts import Contract, percent
from everyunit.services.price import by_hand

CASES = tomllib.loads((Path(__file__).resolve().parents[1] / "cases" / "contracts.toml").read_text(encoding="utf-8"))
TABLES = {"rates.csv": b"code,allowed\n97110,30.00\n97140,28.50\n", "charges.csv": b"code,allowed\n97110,27\n"}


def practice(contract: str, start: str = "2026-01-01") -> Practice:
    head = '[payers.A]\nname = "Acme"\nrule = "ama"\nfees = "rates.csv"\n[[payers.A.contracts]]\n'
    body = f'{head}from = "{start}"\n{contract}\n'
    return Practice.from_documents({"practice.toml": body.encode(), **TABLES})


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_case(case):
    held = practice(case["contract"])
    assert held.problems == []
    found = by_hand(case["lines"], case.get("on", "2026-03-12"), "", "", "A", held)
    assert [row.allowed_cents for row in found] == case["cents"]
    assert all(row.medicare_cents is None for row in found)


@pytest.mark.parametrize(
    ("contract", "seen"),
    [
        ("percent = 0", "percent is no percentage"),
        ("percent = 'much'", "percent is no percentage"),
        ("percent = true", "percent is no percentage"),
        ("per_visit = -3", "per_visit is no amount"),
        ("unit_cap = true", "unit_cap is no amount"),
        ("to = 'soon'", "to is no day"),
        ("to = '2025-12-31'", "contract 1: to (2025-12-31) is before from (2026-01-01)"),
        ("reduction = 'no'", "reduction is neither true nor false"),
        ("reduction = 0", "reduction is neither true nor false"),
        (
            "per_visit = 95\npercent = 90",
            "per_visit is a rate for the patient's whole day and holds; not read: percent",
        ),
        ("fees = 'gone.csv'", "the fee table gone.csv is not there"),
        ("lesser_of = 'gone.csv'", "the list of charges gone.csv is not there"),
        ("percnt = 90", "percnt is no word that is read here"),
        ("[[payers.A.contracts]]\nfrom = '2026-06-01'", "contract 2: its days overlap those of another"),
        ("[[payers.A.contracts]]\npercent = 90", "contract 2: from is no day"),
    ],
)
def test_what_cannot_be_taken_is_named_and_the_rest_goes_in(contract, seen):
    held = practice(contract)
    said = [problem.sentence() for problem in held.problems]
    assert len(said) == 1 and seen in said[0] and said[0].startswith("practice.toml payers.A")
    assert held.payers["A"].fees == {"97110": 3000, "97140": 2850}


def test_one_contract_follows_another():
    held = practice("to = '2026-06-30'\npercent = 110\n[[payers.A.contracts]]\nfrom = '2026-07-01'\nper_visit = 95")
    terms = held.payers["A"]
    assert held.problems == []
    days = ("2025-12-31", "2026-01-01", "2026-06-30", "2026-07-01", "2040-01-01")
    found = [terms.contract_on(to_day(day)) for day in days]
    assert [contract and contract.visit_cents for contract in found] == [None, None, None, 9500, 9500]
    assert found[0] is None and found[1] is found[2] and found[1].percent_bp == 11000


def test_a_rate_for_the_visit_holds_over_prices_of_units_and_says_so():
    held = practice("per_visit = 95\nfees = 'rates.csv'\npercent = 90\nunit_cap = 10\nlesser_of = 'charges.csv'")
    (problem,) = held.problems
    assert "not read: fees, percent, unit_cap, lesser_of" in problem.sentence()
    (agreed,) = held.payers["A"].contracts
    assert agreed.told() == "$95.00 for the visit (contract from 2026-01-01)"
    (row,) = by_hand(["97110=3"], "2026-03-12", "", "", "A", held)
    assert row.allowed_cents == 9500


@pytest.mark.parametrize("contract", ["to = '2025-12-31'", "reduction = 'no'"])
def test_a_contract_that_cannot_be_taken_holds_on_no_day(contract):
    assert practice(contract).payers["A"].contracts == ()


def test_a_refusal_of_the_book_is_a_refusal_of_the_percentage():
    (row,) = by_hand(["99999=1"], "2026-03-12", "", "", "A", practice("percent = 110"))
    assert row.allowed_cents is None and "99999" in row.refusal


@given(st.integers(1, 100_000), st.integers(1, 10**6), st.none() | st.integers(1, 10**6))
def test_a_cap_is_never_passed_and_a_percentage_is_exact(points, cents, cap):
    contract = Contract(0, fees={"X": cents}, percent_bp=points, cap_cents=cap)
    unit = contract.unit("X", lambda: pytest.fail("the table holds it"))
    exact = cents * points
    wanted = exact // 10_000 + (exact % 10_000 >= 5_000)
    assert unit.full_cents == unit.reduced_cents == (wanted if cap is None else min(wanted, cap))
    assert percent(points).endswith(" %") and "." not in percent(points // 100 * 100)
