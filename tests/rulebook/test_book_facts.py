"""The shipped figures against the collected ones, row by row, where those lie beside this checkout."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from everyunit.days import to_day
from everyunit.rulebook import Book

FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts"
BOOK = Book.load()
pytestmark = pytest.mark.skipif(not FACTS.exists(), reason="the collected figures are not beside this checkout")


def facts(name):
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def year(row):
    return to_day(f"{row['year']}-01-01"), to_day(f"{row['year']}-12-31")


def test_codes():
    rows = {row["code"]: row for row in facts("codes.csv")}
    assert set(rows) == set(BOOK.codes_by_number)
    for code, row in rows.items():
        known = BOOK.codes_by_number[code]
        assert known.label == row["own_short_label"]
        assert known.timed == (row["timed"] == "1")
        assert known.minutes_per_unit == int(row["minutes_per_unit"] or 0)
        assert (known.pool == "therapy") == (row["counts_in_15min_pool"] == "1")
        assert known.one_on_one == (row["direct_one_on_one"] == "1")
        assert known.mppr == (row["mppr"] == "1")
        assert known.disciplines == row["disciplines"].replace(";", " ")
        assert row["therapy_list"].startswith(known.therapy_list.replace(" ", "_").replace("not_listed", "not_on"))
        assert known.ceiling == (int(row["mue_practitioner"]) if row["mue_practitioner"] else None)
        assert known.checked == (row["therapy_list_confidence"] == "sure")


def test_ceilings_carry_the_quarters_of_their_tables():
    for row in facts("codes.csv"):
        values = BOOK.shelf.values.get(f"codes.{row['code']}.ceiling", [])
        starts = [value.first_day for value in values]
        assert starts == [to_day(day) for day in ("2024-07-01", "2026-10-01") if day in row["mue_source"]]


def test_relative_values():
    rows = {(row["code"], year(row)): row for row in facts("rvu.csv")}
    held = {(row.text("code"), (row.first_day, row.last_day)): row for row in BOOK.shelf.relative}
    assert rows.keys() == held.keys()
    columns = {
        "status": "status_indicator", "work": "work_rvu", "practice_expense": "nonfac_pe_rvu",
        "malpractice": "mp_rvu", "facility_practice_expense": "fac_pe_rvu", "reduction": "mult_proc_indicator",
    }  # fmt: skip
    for key, row in rows.items():
        assert {name: held[key].text(name) for name in columns} == {ours: row[its] for ours, its in columns.items()}
        assert row["release"] in held[key].source


def test_localities():
    rows = {(row["mac"], row["locality_number"], year(row)): row for row in facts("gpci.csv")}
    held = {
        (row.text("mac"), row.text("locality"), (row.first_day, row.last_day)): row for row in BOOK.shelf.localities
    }
    assert rows.keys() == held.keys()
    columns = {
        "state": "state", "name": "locality_name", "work": "work_gpci", "practice_expense": "pe_gpci",
        "malpractice": "mp_gpci", "work_without_floor": "work_gpci_without_floor",
    }  # fmt: skip
    for key, row in rows.items():
        assert {name: held[key].text(name) for name in columns} == {
            ours: row[its].strip() for ours, its in columns.items()
        }


def test_conversion_factors():
    final = [row for row in facts("conversion_factor.csv") if row["status"] == "final"]
    held = {(row.first_day, row.last_day): row for row in BOOK.shelf.factors}
    assert held.keys() == {(to_day(row["from"]), to_day(row["to"])) for row in final}
    for row in final:
        value = held[to_day(row["from"]), to_day(row["to"])]
        assert (value.text("dollars"), value.text("dollars_qp")) == (row["non_qp"], row["qp"])
        assert value.checked == (row["confidence"] == "sure")


def test_national_prices_follow_the_printed_totals():
    """The schedule prints the sum of its three values; the national price is that sum times the factor."""
    factor = {to_day("2025-01-01"): 323465, to_day("2026-01-01"): 334009}
    for row in facts("rvu.csv"):
        first, _ = year(row)
        if first in factor and row["status_indicator"] in "AR" and row["total_nonfac_rvu"] != "0.00":
            hundredths = int(row["total_nonfac_rvu"].replace(".", ""))
            assert BOOK.price(row["code"], first).full_cents == (2 * hundredths * factor[first] + 10**4) // (
                2 * 10**4
            )


def test_payer_rules():
    """Every payer of the list that has a stated rule is counted by that rule, checked only where it was read."""
    ours = {"cms_8_minute": "cms", "ama_spm": "ama"}
    skipped = {"Any payer silent on the matter"}
    for row in facts("payer_rules.csv"):
        if row["unit_rule"] in ours and row["payer"] not in skipped:
            for name in row["payer"].replace("(Geico, State Farm, Allstate)", "/ Geico").split("/"):
                name = name.split("(")[0].replace("Auto no-fault", "Geico").replace("FEHB ", "").strip()
                terms = BOOK.default_terms("X", name)
                assert terms.rule == ours[row["unit_rule"]], name
                assert not terms.checked or row["confidence"] == "sure", name
