"""What is really owed, at which gate and how old; what may have to go back; how long payers take."""

from __future__ import annotations

import polars as pl
import pytest
from case_claims import SENT, SERVICE, cases, worlds_of

from everyunit.receivables.aging import by_age, credits, days_to_pay, owed
from everyunit.receivables.buckets import chosen, in_buckets, sorted_reasons
from everyunit.receivables.denials import denials
from everyunit.receivables.grain import at_grain
from everyunit.receivables.turns import decisions
from everyunit.receivables.underpaid import paid_off
from everyunit.rulebook import Book

BOOK = Book.load()
LINES = [["97110 GP", 2, "144.00", "59.60"]]
PAID = ["2026-03-20", "1", "A1", [["97110", "59.60", ["CO-45 84.40"], ""]]]


def aged(found, as_of, collected=()):
    """owed, credits and days to pay of these claims."""
    billed, remitted = worlds_of(found)
    made = decisions(remitted, billed)
    marked = sorted_reasons(made.adjustments, BOOK.reasons)
    best = chosen(made, marked)
    units = at_grain(billed, made, in_buckets(billed, made, best))
    off, _ = paid_off(units, best)
    waiting = owed(units, denials(units, made, best, marked, BOOK), off, dict(collected), as_of)
    return waiting, credits(units, made, best, off, as_of, BOOK), days_to_pay(billed, made, as_of)


def claim(*remits, payer="blue_cross"):
    return {"payer": payer, "lines": LINES, "remits": list(remits)}


@pytest.mark.parametrize(
    ("remits", "gate", "cents", "charge"),
    [
        ([], "unanswered", 5_960, 14_400),
        ([["2026-03-20", "4", "A1", [["97110", "0.00", ["CO-197 144.00"], ""]]]], "denied", 5_960, 14_400),
        ([["2026-03-20", "1", "A1", [["97110", "50.00", ["CO-45 94.00"], ""]]]], "underpaid", 960, 960),
        (
            [["2026-03-20", "1", "A1", [["97110", "39.60", ["CO-45 84.40", "PR-3 20.00"], ""]]]],
            "patient",
            1_500,
            2_000,
        ),
        ([PAID, ["2026-03-27", "22", "A1", [["97110", "-59.60", ["CO-45 -84.40"], ""]]]], "reversed", 5_960, 14_400),
    ],
)
def test_owed_is_what_is_expected_and_not_the_charge(remits, gate, cents, charge):
    rows = aged([claim(*remits)], SERVICE + 40, {0: 500})[0].to_dicts()
    assert [(row["gate"], row["owed_cents"], row["open_charge_cents"], row["age"]) for row in rows] == [
        (gate, cents, charge, "31-60")
    ]


def test_a_claim_paid_as_expected_owes_nothing():
    assert aged([claim(PAID)], SERVICE + 40)[0].is_empty()


@pytest.mark.parametrize(
    ("days", "age"), [(30, "0-30"), (31, "31-60"), (90, "61-90"), (120, "91-120"), (121, "over 120")]
)
def test_ages_run_from_the_day_of_service(days, age):
    assert aged([claim()], SERVICE + days)[0]["age"].to_list() == [age]


def test_the_sums_by_age_are_the_sum_of_all():
    waiting = aged([*cases("denials"), *cases("underpaid"), claim()], SERVICE + 100)[0]
    rows = by_age(waiting, "payer_id")
    assert sum(row["owed_cents"] for row in rows) == waiting["owed_cents"].sum()
    assert all(
        row["owed_cents"] == sum(row[age] for age in ("0-30", "31-60", "61-90", "91-120", "over 120")) for row in rows
    )


def test_paid_twice_has_sixty_days_from_the_second_remittance():
    again = ["2026-03-27", "1", "A2", [["97110", "59.60", ["CO-45 84.40"], ""]]]
    (row,) = aged([claim(PAID, again)], SERVICE + 40)[1].to_dicts()
    assert (row["kind"], row["credit_cents"]) == ("paid_twice", 5_960)
    assert row["due_day"] - row["noticed_day"] == 60
    assert row["days_left"] == row["due_day"] - SERVICE - 40


def test_a_second_payment_that_fills_up_what_was_expected_is_no_credit():
    part = ["2026-03-20", "1", "A1", [["97110", "30.00", ["CO-45 114.00"], ""]]]
    rest = ["2026-03-27", "1", "A2", [["97110", "29.60", ["CO-45 114.40"], ""]]]
    assert aged([claim(part, rest)], SERVICE + 40)[1].is_empty()


def test_days_to_pay_run_from_the_first_sending_and_tell_the_change():
    slow = [["2026-04-15", "1", "A1", PAID[3]]]
    found = [claim(PAID) for _ in range(10)] + [claim(*slow) for _ in range(10)]
    (row,) = aged(found, SENT + 40 + 60)[2].to_dicts()
    assert (row["claims"], row["median_days"], row["slow_days"]) == (20, 14, 40)
    (later,) = aged(found, SENT + 14 + 90)[2].to_dicts()
    assert (later["recent_median_days"], later["before_median_days"], later["change_days"]) == (40, 14, 26)
    assert pl.Series([later["recent_claims"]]).to_list() == [10]


def test_a_rejected_claim_was_never_decided_and_waits_at_its_own_gate():
    billed, remitted = worlds_of([claim(), claim()])
    made = decisions(remitted, billed)
    marked = sorted_reasons(made.adjustments, BOOK.reasons)
    best = chosen(made, marked)
    units = at_grain(billed, made, in_buckets(billed, made, best))
    refused = denials(units, made, best, marked, BOOK)
    rows = owed(units, refused, paid_off(units, best)[0], {}, SERVICE + 9, rejected=["C1"]).to_dicts()
    assert [(row["claim_id"], row["gate"], row["owed_cents"]) for row in rows] == [
        ("C0", "unanswered", 5_960),
        ("C1", "rejected", 5_960),
    ]
    assert refused.is_empty()
