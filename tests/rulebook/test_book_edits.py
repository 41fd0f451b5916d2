"""Pairs, traits, thresholds and taxonomies: the book equals the public figures, row by row."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from everyunit.days import to_day
from everyunit.errors import BookRefusal
from everyunit.rulebook import Book

FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts"
BOOK = Book.load()


def rows(name):
    if not FACTS.is_dir():
        pytest.skip("shared/facts is not here")
    return list(csv.DictReader((FACTS / name).open(encoding="utf-8")))


def test_every_pair_stands_with_its_indicator_and_end():
    held = {(row.need("column_1"), row.need("column_2")): [] for row in BOOK.shelf.pairs}
    for row in BOOK.shelf.pairs:
        key = row.need("column_1"), row.need("column_2")
        held[key].append((row.need("indicator"), row.flag("active"), row.last_day))
    given = rows("ncci_ptp.csv")
    assert len(given) == len(BOOK.shelf.pairs)
    for row in given:
        active = row["status"] == "active"
        found = held[row["column1"], row["column2"]]
        if active:
            assert any(indicator == row["modifier_indicator"] and now for indicator, now, _ in found)
        else:
            assert (row["modifier_indicator"], False, to_day(row["deleted"])) in found


def test_pairs_of_cheat_sheets_that_ended_are_no_edit():
    pairs = set(BOOK.pairs.select("column_1", "column_2").rows())
    for ended in (("97530", "97116"), ("97140", "97530"), ("97530", "97140")):
        assert ended not in pairs


def test_thresholds_of_years_equal_the_public_figures():
    for row in rows("thresholds.csv"):
        if row["item"] in ("kx_threshold_pt_slp", "kx_threshold_ot") and row["value"] and int(row["year"]) >= 2024:
            name = "thresholds.kx_" + row["item"].removeprefix("kx_threshold_")
            assert BOOK.value(name, row["effective_from"]).value == 100 * int(row["value"])


def test_a_year_without_a_threshold_is_refused():
    with pytest.raises(BookRefusal):
        BOOK.value("thresholds.kx_pt_slp", "2027-01-01")


def test_ceilings_carry_their_indicator():
    held = {code: indicator for code, indicator in BOOK.ceilings.select("code", "indicator").rows()}
    for row in rows("codes.csv"):
        if row["mue_mai"] and row["code"] in held:
            assert held[row["code"]] == int(row["mue_mai"])


def test_taxonomies_name_their_discipline():
    held = {row[0]: row[1] for row in BOOK.taxonomies.rows()}
    assert held["225100000X"] == "PT"
    assert held["225X00000X"] == "OT"
    assert held["235Z00000X"] == "SLP"
