"""Minutes to units: the cases, the worked examples, and the plain oracle on random days."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from oracle.units import FIRST_PERIOD, distance, midpoint_units, nearest, pooled_units, right_answers

from everyunit.errors import BookRefusal, UsageError
from everyunit.rulebook import Book, count

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT.parent / "shared" / "facts" / "unit_examples.csv"
BOOK = Book.load()
CODES = BOOK.codes_by_number
CASES = [
    case
    for stem in ("units", "untimed")
    for case in tomllib.loads((ROOT / "tests" / "cases" / f"{stem}.toml").read_text(encoding="utf-8"))["case"]
]
TIMED = sorted(code for code, known in CODES.items() if known.timed)
POOLED = ["97110", "97112", "97140", "97530", "97129", "97130", "97153", "97155", "97550", "92607"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case):
    minutes = [*case["minutes"].items(), *((code, 0) for code in case.get("untimed", []))]
    counted = count(case["rule"], minutes, BOOK, billed=case.get("billed"))
    assert counted.units == case["units"]
    assert counted.tied == tuple(case.get("tied", ()))
    assert counted.total == sum(case["units"].values())
    assert counted.timed_total == counted.total - len(case.get("untimed", []))


def examples():
    if not EXAMPLES.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason="the worked examples are not beside this checkout"))]
    with EXAMPLES.open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row["id"]) for row in csv.DictReader(file)]


def numbers(text):
    return {code: int(number) for code, number in (part.split(":") for part in text.replace(";", " ").split())}


@pytest.mark.parametrize("row", examples())
def test_worked_example(row):
    rule = {"cms_8_minute": "cms", "ama_spm": "ama"}[row["rule"]]
    minutes, untimed = numbers(row["minutes_per_code"]), numbers(row["untimed_codes_minutes"])
    expected = numbers(row["expected_units_per_code"])
    counted = count(rule, [*minutes.items(), *untimed.items()], BOOK)
    assert counted.timed_total == int(row["total_timed_units"])
    assert counted.total - counted.timed_total == int(row["untimed_units"])
    assert bool(counted.tied) == row["tie_note"].startswith("tie")
    chosen = count(rule, [*minutes.items(), *untimed.items()], BOOK, billed=expected)
    got = {code: number for code, number in chosen.units.items() if code in minutes}
    assert got == expected


days = st.lists(st.tuples(st.sampled_from(POOLED), st.integers(0, 70)), max_size=6)
claims = st.dictionaries(st.sampled_from(POOLED), st.integers(0, 5), max_size=5)


def oracle(rule, pairs):
    minutes: dict[str, int] = {}
    for code, number in pairs:
        minutes[code] = minutes.get(code, 0) + number
    pools = {code: CODES[code].pool for code in minutes}
    return right_answers(rule, minutes, pools, {code: CODES[code].minutes_per_unit for code in minutes})


@given(st.sampled_from(["cms", "ama"]), days, claims)
@example("cms", [("97129", 20), ("97130", 20)], {})
@example("cms", [("97129", 24), ("97130", 9), ("97110", 9)], {"97130": 2})
@example("cms", [("97110", 5), ("97140", 5), ("97530", 5)], {"97530": 1})
@example("cms", [("97129", 35), ("97130", 5), ("97110", 5)], {"97130": 1, "97110": 1})
def test_count_is_the_right_answer_nearest_to_the_claim(rule, pairs, billed):
    answers = oracle(rule, pairs)
    counted = count(rule, pairs, BOOK, billed=billed)
    assert counted.units in answers
    assert distance(counted.units, billed) == distance(nearest(answers, billed), billed)
    assert bool(counted.tied) == (len(answers) > 1)


@given(st.sampled_from(["cms", "ama"]), days)
def test_without_a_claim_the_first_code_takes_the_unit(rule, pairs):
    assert count(rule, pairs, BOOK).units == oracle(rule, pairs)[0]


@given(st.lists(st.tuples(st.sampled_from(["97110", "97140", "97530", "97112"]), st.integers(0, 300)), max_size=8))
def test_pooled_total_is_the_manual_table(pairs):
    assert count("cms", pairs, BOOK).total == pooled_units(sum(number for _, number in pairs))


@given(st.sampled_from(TIMED), st.integers(0, 1440))
def test_each_code_alone_counts_by_its_midpoint(code, minutes):
    earned = midpoint_units(minutes, CODES[code].minutes_per_unit)
    assert count("ama", [(code, minutes)], BOOK).total == (min(earned, 1) if code in FIRST_PERIOD else earned)


def test_codes_for_a_first_period_are_those_of_the_book():
    assert {code for code, known in CODES.items() if known.first_only} == FIRST_PERIOD


def test_same_code_twice_is_summed():
    assert count("ama", [("97110", 7), ("97110", 8)], BOOK).units == {"97110": 1}


def test_steps_read_like_a_proof():
    assert count("cms", [("97110", 33), ("97140", 4)], BOOK).steps == [
        "Medicare pools the day: 37 min -> 2 units",
        "Full fifteens 97110 2, 97140 0, none left",
    ]
    assert count("ama", [("97110", 23)], BOOK).steps == ["97110 alone: 23 min of 15 each -> 2 units"]


def test_unknown_code_rule_or_minutes_below_zero_are_refused():
    with pytest.raises(UsageError, match="99999 is not in the book"):
        count("cms", [("99999", 15)], BOOK)
    with pytest.raises(UsageError, match="no counting rule"):
        count("hourly", [("97110", 15)], BOOK)
    with pytest.raises(UsageError, match="-1 minutes"):
        count("cms", [("97110", -1)], BOOK)


def test_code_is_refused_on_a_day_before_it_was_known():
    from everyunit.days import to_day

    assert count("cms", [("G0541", 30)], BOOK, day=to_day("2025-01-01")).total == 1
    with pytest.raises(BookRefusal, match="31 December 2024"):
        count("cms", [("G0541", 30)], BOOK, day=to_day("2024-12-31"))
