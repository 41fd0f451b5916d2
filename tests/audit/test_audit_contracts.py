"""The judgement values days by the contract in force: the same cents as the price of each day by hand."""

from __future__ import annotations

from random import Random

import pytest
from audit_kit import Facts
from hypothesis import given, settings
from hypothesis import strategies as st

from everyunit.audit import Inputs, judge
from everyunit.days import to_day
from everyunit.rulebook import Book, Practice, price_day

CONTRACTS = (
    "percent = 112.5",
    "percent = 90\nreduction = false",
    'fees = "own.csv"\nunit_cap = 29',
    "per_visit = 95",
    'lesser_of = "own.csv"',
    'to = "2026-03-12"\nper_visit = 80\n[[payers.A.contracts]]\nfrom = "2026-03-13"\npercent = 130\nunit_cap = 33.1',
)
CODES = ("97110", "97140", "97530", "97112", "97161", "97014")
OWN = b"code,allowed\n97110,30.00\n97140,28.50\n97530,35.25\n97112,33.00\n97014,9.00\n97161,90\n"


def held(contract: str) -> Practice:
    head = '[clinics."River"]\nmac = "13202"\nlocality = "01"\n[payers.A]\nname = "Acme"\nrule = "ama"\n'
    body = f'{head}[[payers.A.contracts]]\nfrom = "2026-01-05"\n{contract}\n'
    practice = Practice.from_documents({"practice.toml": body.encode(), "own.csv": OWN})
    assert practice.problems == []
    return practice


@pytest.mark.parametrize("contract", CONTRACTS)
@settings(max_examples=12)
@given(st.integers(0, 2**32))
def test_the_value_of_every_visit_is_the_price_of_its_day(contract, seed):
    random, facts, practice, book = Random(seed), Facts(), held(contract), Book.load()
    wanted = {}
    for number in range(30):
        visit, day = f"V{number}", random.choice(["2026-01-04", "2026-01-05", "2026-03-12", "2026-03-13"])
        place = random.choice([("River", "13202", "01"), ("Nowhere", "", "")])
        lines = [(code, random.randint(1, 3)) for code in random.sample(CODES, random.randint(1, 4))]
        facts.visit(visit, day, "A", patient_id=visit, clinic=place[0], claim_id=f"C{number}")
        facts.claim(f"C{number}", [(code, units, "GP") for code, units in lines], day, payer_id="A")
        terms = practice.payers["A"]
        agreed = terms.contract_on(to_day(day))
        wanted[visit] = price_day(lines, day, *place[1:], book, None, agreed).total_cents
    values = judge(Inputs(**facts.frames()), practice, book).visit_values
    assert dict(values.select("visit_id", "charged_cents").iter_rows()) == wanted
