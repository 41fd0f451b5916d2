"""Minutes to units on frames: the worked examples, the plain count, days named by text and by number."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.units import distance, right_answers

from everyunit.audit import count_units
from everyunit.errors import UsageError
from everyunit.frames import polars
from everyunit.rulebook import Book, count

BOOK = Book.load()
EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "facts" / "unit_examples.csv"
CODES = ["97110", "97112", "97140", "97129", "97130", "97153", "97155", "97550", "96125", "97035"]
MINUTES = (0, 5, 7, 8, 15, 20, 22, 23)
COLUMNS = ("day_key", "rule", "code", "minutes", "billed_units", "seq")


def counted(rows):
    """day_key -> (units by code without zeros, tied codes)."""
    frame = pl.DataFrame(rows, schema=list(COLUMNS), orient="row")
    answers = {row[0]: ({}, set()) for row in rows}
    for row in polars(count_units(frame, BOOK.codes())).to_dicts():
        units, tied = answers[row["day_key"]]
        if row["earned_units"]:
            units[row["code"]] = row["earned_units"]
        if row["tie"]:
            tied.add(row["code"])
    return answers


def random_days(seed, number):
    """Rows of random days and, by day, what the plain count says of them."""
    random, rows, wanted, asked = Random(seed), [], {}, {}
    for key in range(-number // 2, number // 2):
        rule = random.choice(["cms", "ama"])
        minutes = [
            (code, random.choice([*MINUTES, random.randint(0, 70)]))
            for code in random.sample(CODES, random.randint(1, 6))
        ]
        billed = {code: random.randint(0, 4) for code, _ in minutes}
        if "97129" in billed and random.random() < 0.7:
            billed["97130"] = random.randint(0, 4)
        plain = count(rule, minutes, BOOK, billed=billed)
        asked[key] = (rule, dict(minutes), billed)
        wanted[key] = ({code: units for code, units in plain.units.items() if units}, set(plain.tied))
        rows += [(key, rule, code, amount, billed[code], at) for at, (code, amount) in enumerate(minutes)]
        rows += [(key, rule, code, 0, units, 9) for code, units in billed.items() if code not in dict(minutes)]
    random.shuffle(rows)
    return rows, wanted, asked


def equally_right(one, other, rule, minutes, billed):
    """Two answers to a tie may both stand: right by the oracle's trial of all, and as near to what was billed."""
    codes = {code: BOOK.codes_by_number[code] for code in minutes}
    pools = {code: held.pool for code, held in codes.items()}
    lengths = {code: held.minutes_per_unit for code, held in codes.items()}
    right = [stripped(answer) for answer in right_answers(rule, minutes, pools, lengths)]
    return one in right and other in right and distance(one, billed) == distance(other, billed)


def stripped(units):
    return {code: number for code, number in units.items() if number}


@settings(max_examples=8)
@given(st.integers(0, 2**32))
def test_frames_count_as_the_plain_count(seed):
    rows, wanted, asked = random_days(seed, 400)
    for key, (units, tied) in counted(rows).items():
        assert tied == wanted[key][1]
        assert units == wanted[key][0] or (tied and equally_right(units, wanted[key][0], *asked[key]))


def test_frames_and_plain_count_may_part_only_where_both_are_right():
    rows, wanted, asked = random_days(109637, 400)
    parted = {key: units for key, (units, _) in counted(rows).items() if units != wanted[key][0]}
    assert all(equally_right(units, wanted[key][0], *asked[key]) for key, units in parted.items())
    assert not equally_right({"97110": 3}, {"97110": 2}, "cms", {"97110": 30}, {"97110": 2})


def test_days_named_by_text_and_by_large_numbers_count_alike():
    rows, _, _ = random_days(1, 300)
    by_number = counted(rows)
    by_text = counted([(f"day {row[0]}", *row[1:]) for row in rows])
    beyond = counted([(row[0] + 2**62, *row[1:]) for row in rows])
    assert list(by_number.values()) == list(by_text.values()) == list(beyond.values())


def test_both_rules_of_one_day_stand_apart():
    rows = [(1, rule, code, m, 0, 0) for rule in ("cms", "ama") for code, m in (("97110", 33), ("97140", 7))]
    found = polars(count_units(pl.DataFrame(rows, schema=list(COLUMNS), orient="row"), BOOK.codes()))
    units = {(row["rule"], row["code"]): row["earned_units"] for row in found.to_dicts()}
    assert units == {("cms", "97110"): 2, ("cms", "97140"): 1, ("ama", "97110"): 2, ("ama", "97140"): 0}


def test_without_billed_units_or_places_the_first_code_takes_the_unit():
    frame = pl.DataFrame(
        {"day_key": ["a", "a"], "rule": ["cms", "cms"], "code": ["97112", "97110"], "minutes": [20, 20]}
    )
    found = polars(count_units(frame, BOOK.codes())).sort("code")
    assert found["earned_units"].to_list() == [2, 1]
    assert found["tie"].to_list() == [True, True]


def test_lines_of_one_code_are_summed_and_untimed_codes_left_out():
    rows = [(1, "cms", "97110", 4, 1, 0), (1, "cms", "97110", 4, 0, 1), (1, "cms", "97161", 30, 1, 2)]
    found = polars(count_units(pl.DataFrame(rows, schema=list(COLUMNS), orient="row"), BOOK.codes())).to_dicts()
    assert [(row["code"], row["minutes"], row["billed_units"], row["earned_units"]) for row in found] == [
        ("97110", 8, 1, 1)
    ]


def test_no_rows_no_units():
    kinds = [pl.Int64, pl.String, pl.String, pl.Int64, pl.Int64, pl.Int64]
    empty = pl.DataFrame(schema=dict(zip(COLUMNS, kinds, strict=True)))
    assert polars(count_units(empty, BOOK.codes())).is_empty()


DAY = {"day_key": ["a", "a"], "rule": ["cms", "cms"], "code": ["97112", "97110"], "minutes": [20, 20]}


@pytest.mark.parametrize("engine", [pl.DataFrame, pl.LazyFrame])
@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("rule", ["cms", "midpoint"], "midpoint is no counting rule"),
        ("rule", ["cms", None], "An empty rule is no counting rule"),
        ("rule", ["cms", "CMS"], "CMS is no counting rule"),
        ("minutes", [20, -5], "-5 minutes are below 0"),
    ],
)
def test_rows_that_cannot_be_counted_are_refused(engine, column, values, said):
    with pytest.raises(UsageError, match=said):
        count_units(engine({**DAY, column: values}), BOOK.codes())


@pytest.mark.parametrize("column", DAY)
def test_a_missing_column_is_named(column):
    with pytest.raises(UsageError, match=f"no column {column}"):
        count_units(pl.DataFrame(DAY).drop(column), BOOK.codes())


def test_the_long_names_of_the_rules_mean_the_same():
    for long, short in (("cms_8_minute", "cms"), ("ama_spm", "ama")):
        one, two = (count_units(pl.DataFrame({**DAY, "rule": [name] * 2}), BOOK.codes()) for name in (long, short))
        assert polars(one).sort("code").equals(polars(two).sort("code"))


def test_worked_examples():
    if not EXAMPLES.exists():
        pytest.skip("the worked examples are not beside this checkout")
    rows, wanted = [], {}
    with EXAMPLES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rule = "cms" if row["rule"].startswith("cms") else "ama"
            for at, part in enumerate(filter(None, row["minutes_per_code"].split(";"))):
                code, minutes = part.split(":")
                rows.append((row["id"], rule, code, int(minutes), 0, at))
            parts = (part.split(":") for part in row["expected_units_per_code"].split(";") if part)
            units = {code: int(number) for code, number in parts if int(number)}
            wanted[row["id"]] = (units, row["tie_note"])
    answers = counted(rows)
    assert len(answers) >= 190
    for key, (units, tied) in answers.items():
        expected, note = wanted[key]
        assert bool(tied) == bool(note), key
        assert units == expected or (tied and sum(units.values()) == sum(expected.values())), key
