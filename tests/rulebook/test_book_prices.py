"""Prices: the cases, and the fee schedule again in exact fractions."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.prices import Schedule, day_cents, unit_cents

from everyunit.days import to_day
from everyunit.errors import BookRefusal
from everyunit.rulebook import Book, Practice, price_day

ROOT = Path(__file__).resolve().parents[2]
CASES = tomllib.loads((ROOT / "tests" / "cases" / "prices.toml").read_text(encoding="utf-8"))["case"]
BOOK = Book.load()
PRICES = BOOK.prices()
PLACES = [*sorted({(row.text("mac"), row.text("locality")) for row in BOOK.shelf.localities}), ("", "")]
PAID = sorted(set(PRICES.filter(pl.col("first_day") == to_day("2025-01-01"))["code"]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case):
    lines = [(code, units) for code, units in case["lines"]]
    place = case.get("mac", ""), case.get("locality", "")
    priced = price_day(lines, to_day(case["day"]), *place, BOOK, case.get("fees"))
    assert priced.by_line == case["cents"]
    assert priced.total_cents == sum(case["cents"])
    assert len(priced.steps) == len(lines) + 1


def printed(code, day, mac, locality):
    """What the schedule prints, found anew in the book's rows."""
    relative = next(r for r in BOOK.shelf.relative if r.text("code") == code and r.first_day <= day <= r.last_day)
    factor = next(r for r in BOOK.shelf.factors if r.first_day <= day <= r.last_day)
    paid = relative.text("status") in "ARC"
    values = [relative.text(name) if paid else "0" for name in ("work", "practice_expense", "malpractice")]
    indices = ["1.000"] * 3
    for row in BOOK.shelf.localities:
        if [row.text("mac"), row.text("locality")] == [mac, locality] and row.first_day <= day <= row.last_day:
            indices = [row.text(name) for name in ("work", "practice_expense", "malpractice")]
    return Schedule(*values, *indices, factor.text("dollars"), relative.text("reduction") == "5")


lines = st.lists(st.tuples(st.sampled_from(PAID), st.integers(0, 4)), min_size=1, max_size=5)
days = st.sampled_from([to_day(day) for day in ("2024-03-08", "2024-03-09", "2025-07-01", "2025-12-31")])


@given(lines, days, st.sampled_from(PLACES))
def test_day_equals_the_exact_fractions(lines, day, place):
    lines = [(code, units) for code, units in lines if not code.startswith("G054")]
    slow = day_cents([(printed(code, day, *place), units) for code, units in lines])
    assert price_day(lines, day, *place, BOOK).by_line == slow


def test_every_national_price_equals_the_exact_fractions():
    for row in PRICES.filter(pl.col("mac") == "").iter_rows(named=True):
        schedule = printed(row["code"], row["first_day"], "", "")
        assert row["full_cents"] == unit_cents(schedule), row["code"]


def test_reduced_hands_on_work_of_2026_is_worth_2121_cents():
    assert BOOK.price("97140", to_day("2026-06-30")).reduced_cents == 2121


def test_practice_expense_is_compared_after_its_index():
    assert BOOK.price("97140", to_day("2026-03-12"), "06102", "15").pe_rank == 39 * 1027


def test_on_equal_practice_expense_the_first_line_keeps_it():
    day = to_day("2026-03-12")
    assert (
        price_day([("97161", 1), ("97162", 1)], day, "", "", BOOK).by_line[0] == BOOK.price("97161", day).full_cents
    )
    assert (
        price_day([("97162", 1), ("97161", 1)], day, "", "", BOOK).by_line[0] == BOOK.price("97162", day).full_cents
    )


def test_a_line_of_no_units_keeps_nothing():
    day = to_day("2026-03-12")
    assert price_day([("97161", 0), ("97140", 1)], day, "", "", BOOK).by_line == [0, 2772]


@pytest.mark.parametrize("day", ["2023-12-31", "2027-01-01"])
def test_days_outside_the_schedule_are_refused(day):
    with pytest.raises(BookRefusal, match="1 January 2024 to 31 December 2026"):
        price_day([("97110", 1)], to_day(day), "", "", BOOK)


def test_refusal_of_2027_names_the_proposed_factor():
    with pytest.raises(BookRefusal, match=r"32\.8409 is only proposed"):
        BOOK.price("97110", to_day("2027-01-01"))


def test_what_has_no_price_is_refused_and_never_zero():
    day = to_day("2026-03-12")
    with pytest.raises(BookRefusal, match="no national price"):
        price_day([("97039", 1)], day, "", "", BOOK)
    with pytest.raises(BookRefusal, match="does not name"):
        price_day([("99999", 1)], day, "", "", BOOK)
    with pytest.raises(BookRefusal, match="no Medicare locality"):
        price_day([("97110", 1)], day, "06102", "77", BOOK)
    with pytest.raises(BookRefusal, match="fee table holds no price"):
        price_day([("97110", 1)], day, "", "", BOOK, {"97140": 3000})
    assert PRICES.filter(pl.col("code").is_in(["97039", "97545", "97151"])).is_empty()


def test_price_frame_has_one_price_a_day_and_no_more():
    keys = ["code", "mac", "locality"]
    assert PRICES.select([*keys, "first_day"]).is_unique().all()
    spans = PRICES.sort([*keys, "first_day"]).with_columns(pl.col("first_day").shift(-1).over(keys).alias("next"))
    assert spans.filter(pl.col("next") != pl.col("last_day") + 1).is_empty()
    assert PRICES.filter((pl.col("reduced_cents") > pl.col("full_cents")) | (pl.col("source") == "")).is_empty()
    assert PRICES.filter(~pl.col("mppr") & (pl.col("reduced_cents") != pl.col("full_cents"))).is_empty()
    assert PRICES.schema["full_cents"] == pl.Int64 and PRICES.schema["pe_rank"] == pl.Int64


def test_prices_of_a_practice_are_those_of_its_clinics_and_the_national_ones():
    practice = Practice(clinics={"North": ("06102", "15")})
    places = BOOK.prices(practice).select("mac", "locality").unique().rows()
    assert sorted(places) == [("", ""), ("06102", "15")]
