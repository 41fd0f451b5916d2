"""Provider adjustments lead to the claim, payment or balance they belong to, or say why not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import receivables_kit as kit
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from everyunit.days import to_day
from everyunit.money import to_cents
from everyunit.receivables.balances import carried
from everyunit.receivables.decisions import decided
from everyunit.receivables.recoupments import recoupments
from everyunit.rulebook import Book
from everyunit.x12.write_remits import ProviderAdjustment

PATH = Path(__file__).parents[1] / "cases" / "recoupments.toml"
CASES = tomllib.loads(PATH.read_text(encoding="utf-8"))["case"]


def given(text: str) -> ProviderAdjustment:
    name, _, amount = text.rpartition(" ")
    reason, _, reference = name.partition(":")
    return ProviderAdjustment(reason, reference.strip(), to_cents(amount))


def decision(text: str):
    number, control, charge, paid = text.split()
    charged, got = to_cents(charge), to_cents(paid)
    return kit.claim(number, control, kit.line(charged, got, ("CO", "45", charged - got)))


def found(payments):
    files = [
        kit.remit(
            *map(decision, one["claims"]), day=to_day(one["day"]), trace=f"TRACE{number}",
            taken=tuple(map(given, one["plb"])),
        )
        for number, one in enumerate(payments, start=1)
    ]  # fmt: skip
    remitted = kit.read(*files)
    return recoupments(remitted, decided(remitted), Book.load().provider_adjustments)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case):
    rows, balances = found(case["payments"])
    told = rows.select("about", "claim_id", "matched_by").rows()
    assert [[one or "" for one in row] for row in told] == case["leads"]
    assert balances.select("reference", "carried_cents", "open_cents").rows() == [
        (reference, carried * 100, left * 100) for reference, carried, left in case["balances"]
    ]
    assert all(
        (row["words"] is None) == (row["about"] != "nothing") for row in rows.to_dicts() if "beyond" not in case
    )
    if "beyond" in case:
        assert case["beyond"] in rows["words"].to_list()[-1]


def test_a_carried_balance_says_that_it_was_carried_on():
    _, balances = found(CASES[7]["payments"])
    assert balances["carried_on"].to_list() == [True, False]
    assert [day is not None for day in balances["settled_day"]] == [True, True]


@settings(max_examples=200, deadline=None)
@any_of(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["FB", "WO"]), st.sampled_from(["B1", "B2", ""]),
                          st.integers(-9, 9)), max_size=14))  # fmt: skip
def test_no_cent_of_a_carried_balance_is_lost(history):
    """What was carried is settled or open; what is taken is settled or said to go beyond."""
    rows = [
        {"source_id": "a", "transaction": payment, "segment": at, "ordinal": 1, "day": 100 + payment, "payer_id": "P",
         "provider_id": "N", "reason": reason, "reference": reference, "amount_cents": cents * 100}
        for at, (payment, reason, reference, cents) in enumerate(sorted(history, key=lambda one: one[0]))
    ]  # fmt: skip
    made = carried(rows)
    for one in made.balances:
        assert one["carried_cents"] == one["settled_cents"] + one["open_cents"] and one["open_cents"] >= 0
        assert (one["settled_day"] is not None) == (one["settled_cents"] > 0)
    taken = {("a", row["segment"], 1): row for row in rows if row["amount_cents"] > 0}
    matched = [row for place, row in taken.items() if place in made.matched]
    settled = sum(one["settled_cents"] for one in made.balances)
    bare = [row["amount_cents"] for row in matched if row["reason"] == "FB"]
    assert settled <= sum(row["amount_cents"] for row in matched)
    if all(row["reason"] == "FB" for row in matched):
        assert settled == sum(bare) - sum(made.beyond.values())


def test_the_number_of_another_payers_claim_does_not_answer():
    other = kit.remit(decision("C1 ICN1 100 60"), by=kit.payer("P2", "ANOTHER PAYER"), trace="T0")
    own = kit.remit(decision("C2 ICN2 100 60"), taken=(ProviderAdjustment("WO", "ICN1", 500),), day=kit.DAY + 9)
    remitted = kit.read(other, own)
    rows, _ = recoupments(remitted, decided(remitted), Book.load().provider_adjustments)
    assert rows["about"].to_list() == ["nothing"]
    assert "Bring the 835" in rows["words"][0]


def test_every_reason_says_what_its_sign_means_and_where_that_stands():
    book = Book.load().provider_adjustments
    assert {"WO", "72", "FB", "L6", "CS", "50", "B2", "J1"} <= set(book["reason"])
    assert book["source"].str.len_chars().min() > 10
    assert Book.load().value("provider_adjustments.WO", "2026-03-01").value["family"] == "recovery"
