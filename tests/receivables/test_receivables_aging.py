"""What is really owed, at which gate and how old; what may have to go back; how long payers take."""

from __future__ import annotations

import polars as pl
import pytest
from case_claims import SENT, SERVICE, cases, worlds_of

from everyunit.receivables.aging import by_age, days_to_pay, owed
from everyunit.receivables.buckets import chosen, in_buckets, sorted_reasons
from everyunit.receivables.credits import credits, patient_credits, sooner
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
    assert row["age_days"] == SERVICE + 40 - row["noticed_day"]


@pytest.mark.parametrize(
    ("kind", "clock"),
    [
        ("medicare", "law"), ("railroad_medicare", "law"), ("medicaid", "law"), ("texas_medicaid", "law"),
        ("medicare_advantage", "guide"), ("blue_cross", "guide"),
    ],
)  # fmt: skip
def test_the_law_dates_what_medicare_and_medicaid_paid_too_much(kind, clock):
    above = ["2026-03-20", "1", "A1", [["97110", "70.00", ["CO-45 74.00"], ""]]]
    (row,) = aged([claim(above, payer=kind)], SERVICE + 40)[1].to_dicts()
    assert (row["clock"], row["due_day"] - row["noticed_day"], row["patient_id"]) == (clock, 60, "")


def stated(*ahead):
    """Statement lines of which so many cents were collected ahead: (claim, cents, decided, service)."""
    names = ("patient_id", "claim_id", "line", "payer_id", "payer_name", "clinic", "ahead_cents", "decided_day",
             "service_day")  # fmt: skip
    rows = [("PT1", number, 1, "P", "P", "Elm", cents, day, service) for number, cents, day, service in ahead]
    return pl.DataFrame(rows, schema=list(names), orient="row")


@pytest.mark.parametrize(
    ("refund_days", "clock", "due", "left"),
    [(0, "state", None, None), (30, "practice", SERVICE + 48, -12)],
)
def test_a_patients_credit_is_dated_by_the_practice_alone(refund_days, clock, due, left):
    rows = patient_credits(stated(("C1", 1_500, SERVICE + 18, SERVICE), ("C2", 0, 1, 1)), SERVICE + 60, refund_days)
    (row,) = rows.to_dicts()
    assert (row["kind"], row["patient_id"], row["credit_cents"]) == ("patient_ahead", "PT1", 1_500)
    assert (row["noticed_day"], row["age_days"]) == (SERVICE + 18, 42)
    assert (row["clock"], row["due_day"], row["days_left"]) == (clock, due, left)


def test_a_patients_credit_stands_no_earlier_than_the_visit():
    rows = patient_credits(stated(("C1", 1_500, SERVICE - 3, SERVICE)), SERVICE + 60)
    assert rows["noticed_day"].to_list() == [SERVICE]


def test_what_is_due_stands_before_what_no_clock_dates():
    above = ["2026-03-20", "1", "A1", [["97110", "70.00", ["CO-45 74.00"], ""]]]
    payers = aged([claim(above)], SERVICE + 40)[1]
    found = sooner(payers, patient_credits(stated(("X1", 100, 1, 1)), SERVICE + 40))
    assert found["kind"].to_list() == ["paid_above", "patient_ahead"]


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
