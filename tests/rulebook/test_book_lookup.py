"""What did the book say that day, and why? And how does a payer count that nobody declared?"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from everyunit.days import as_day, iso, to_day
from everyunit.errors import BookRefusal, UsageError
from everyunit.rulebook import Book, Value, count, price_day
from everyunit.rulebook.values import carried

BOOK = Book.load()
DAY = to_day("2026-03-12")


def test_conversion_factor_turns_on_the_ninth_of_march_2024():
    before, after = (BOOK.value("conversion_factor", to_day(day)) for day in ("2024-03-08", "2024-03-09"))
    assert (before.value, before.checked, iso(before.last_day)) == ("32.7442", False, "2024-03-08")
    assert (after.value, after.checked, iso(after.first_day)) == ("33.2875", True, "2024-03-09")


@pytest.mark.parametrize("day", [DAY, "2026-03-12", "3/12/2026", date(2026, 3, 12), datetime(2026, 3, 12, 9)])
def test_a_day_may_be_a_number_text_or_date(day):
    assert as_day(day) == DAY
    assert BOOK.value("codes.97110", day) == BOOK.value("codes.97110", DAY)
    assert BOOK.price("97110", day) == BOOK.price("97110", DAY)
    assert count("cms", [("97110", 15)], BOOK, day=day).total == 1
    assert price_day([("97110", 1)], day, "", "", BOOK) == price_day([("97110", 1)], DAY, "", "", BOOK)


@pytest.mark.parametrize("day", ["spring", "2026-02-30", 1.5, None])
def test_what_is_no_day_is_refused_with_a_sentence(day):
    with pytest.raises(UsageError, match="is no date"):
        BOOK.value("codes.97110", day)


def test_ceiling_is_carried_outside_its_quarter_and_says_so():
    inside = BOOK.value("codes.97110.ceiling", to_day("2026-10-01"))
    assert (inside.value, inside.checked, inside.note) == (6, True, "")
    carried = BOOK.value("codes.97110.ceiling", DAY)
    assert (carried.value, carried.checked) == (6, False)
    assert carried.note == "as of 1 July 2024, carried to 12 March 2026, unchecked"
    assert BOOK.value("codes.97035.ceiling", to_day("2026-10-01")).checked is False
    assert "as of 1 July 2024" in BOOK.value("codes.97110.ceiling", to_day("2024-01-01")).note


def test_carried_values_are_the_last_ones_known():
    spans = [Value("x", number, "", "s", True, 10 * number, 10 * number + 4) for number in (1, 2, 3)]
    got = {day: (carried(spans, day).value, carried(spans, day).checked) for day in (0, 12, 16, 26, 30, 99)}
    assert got == {0: (1, False), 12: (1, True), 16: (1, False), 26: (2, False), 30: (3, True), 99: (3, False)}


def test_a_code_is_answered_whole_or_by_one_aspect():
    whole = BOOK.value("codes.97110", DAY)
    assert whole.value["minutes_per_unit"] == 15 and whole.value["ceiling"] == 6 and "as of" in whole.note
    assert BOOK.value("codes.g0283.timed", DAY).value is False
    assert BOOK.value("codes.98984", DAY).value["ceiling"] is None


def test_fee_names_its_sources_and_place():
    fee = BOOK.value("fees.97140.06102.15", DAY)
    assert fee.value == {"full_cents": 2843, "reduced_cents": 2174, "reduction_applies": True}
    assert "RVU26B" in fee.source and fee.checked
    assert "national rate" in BOOK.value("fees.97140", DAY).note
    assert "never paid by itself" in BOOK.value("fees.97010", DAY).note


@pytest.mark.parametrize("key", BOOK.keys())
def test_every_key_is_answered_or_refused_with_a_sentence(key):
    try:
        value = BOOK.value(key, DAY)
    except BookRefusal as refusal:
        assert len(refusal.sentence()) > 30 and refusal.remedy
    else:
        assert value.key == key and value.source and value.unit
        assert value.as_dict()["first_day"] <= value.as_dict()["last_day"]


@pytest.mark.parametrize("day", ["2023-12-31", "2027-01-01"])
@pytest.mark.parametrize(
    "key", ["codes.97110", "counting.cms", "conversion_factor", "fees.97110", "gpci.06102.15", "payers.medicare"]
)
def test_days_outside_are_refused(key, day):
    with pytest.raises(BookRefusal, match="does not know"):
        BOOK.value(key, to_day(day))


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("codes.97111", "codes.97110"), ("codes.97110.price", "codes.97110"), ("kinds.unit_over", "kinds.units_over"),
        ("conversionfactor", "conversion_factor"), ("fees.97140.06102", "fees.97140"), ("", "Keys begin with "),
    ],
)  # fmt: skip
def test_unknown_key_names_near_ones(key, near):
    with pytest.raises(UsageError) as caught:
        BOOK.value(key, DAY)
    assert near in caught.value.sentence()


@pytest.mark.parametrize(
    ("name", "filing", "rule", "checked"),
    [
        ("MEDICARE", "MB", "cms", True),
        ("Some name nobody knows", "MB", "cms", True),
        ("Palmetto Railroad Medicare", "MB", "cms", False),
        ("AARP Medicare Advantage", "", "cms", False),
        ("Sunny Plan", "16", "cms", False),
        ("TRICARE EAST", "CI", "cms", True),
        ("Ohio Medicaid", "MC", "cms", False),
        ("Texas Medicaid", "", "ama", False),
        ("Aetna", "CI", "ama", False),
        ("Acme Health", "CI", "ama", False),
        ("Novant Health", "", "ama", False),
        ("", "", "ama", False),
    ],
)
def test_terms_of_payers_that_nobody_declared(name, filing, rule, checked):
    terms = BOOK.default_terms("P1", name, filing)
    assert (terms.rule, terms.checked, terms.declared, terms.fees) == (rule, checked, False, "medicare")
    assert terms.source and terms.id == "P1" and terms.name == name


def test_kinds_run_both_ways_and_say_who_can_clear_them():
    kinds = BOOK.kinds()
    first = {name: kind.direction for name, kind in list(kinds.items())[:8]}
    assert first == {
        "units_over": "over", "units_under": "under", "units_misallocated": "mis", "not_billed": "under",
        "not_recorded": "document", "untimed_repeated": "over", "minutes_missing": "document",
        "visit_not_billed": "under",
    }  # fmt: skip
    assert {kind.owner_role for kind in list(kinds.values())[:8] if kind.direction == "document"} == {"clinician"}
    assert {kind.owner_role for kind in list(kinds.values())[:8] if kind.direction != "document"} == {"biller"}
