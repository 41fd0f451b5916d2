"""`everyunit price`: the contract of the batch, the shares, the edges of years, and rows that cannot be taken."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.shares import shares

from everyunit.rulebook import Book, Practice, price_day
from everyunit.rulebook.shares import medicare_shares
from everyunit.services.price import by_hand, price_batch, rate_words, read_lines

HEADING = "claim_id,line,date_of_service,mac,locality,payer,code,units,modifiers"
CASES = tomllib.loads((Path(__file__).resolve().parents[1] / "cases" / "shares.toml").read_text(encoding="utf-8"))
CODES = ["97110", "97140", "97530", "97112", "97035", "92507", "97161", "97010", "G0283"]


def priced(*rows, heading=HEADING):
    batch = read_lines(io.StringIO("\n".join([heading, *rows])), "lines.csv")
    return list(price_batch(batch)), batch.problems


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_case(case):
    found, problems = priced(*case["rows"], heading=case.get("heading", HEADING))
    assert problems == []
    assert [[row.allowed_cents, row.medicare_cents, row.patient_cents] for row in found] == case["cents"]


@given(
    st.lists(st.tuples(st.sampled_from(CODES), st.integers(0, 6), st.sampled_from(["GP", "GP:CQ", "GO:CO:59"])),
             min_size=1, max_size=6),
    st.sampled_from(["2024-03-08", "2024-03-09", "2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01"]),
)  # fmt: skip
def test_batch_equals_day_and_oracle(lines, day):
    rows = [f"A,{at},{day},06102,15,medicare,{code},{units},{mods}" for at, (code, units, mods) in enumerate(lines)]
    found, _ = priced(*rows)
    whole = price_day([(code, units) for code, units, _ in lines], day, "06102", "15", Book.load())
    assert [row.allowed_cents for row in found] == whole.by_line
    for row, (_, _, modifiers) in zip(found, lines, strict=True):
        assert (row.medicare_cents, row.patient_cents) == shares(
            row.allowed_cents, "C" in modifiers.replace("GP", "")
        )


@given(st.integers(0, 10**7), st.booleans(), st.integers(0, 10**6))
def test_shares_equal_the_oracle(allowed, assistant, left):
    found = medicare_shares(allowed, ("CQ",) if assistant else (), "2026-05-05", Book.load(), left)
    assert (found.payer_cents, found.patient_cents) == shares(allowed, assistant, left)


def test_rows_that_cannot_be_taken_are_named_and_the_rest_is_priced():
    found, problems = priced(
        "A,1,2026-03-12,,,medicare,97110,2,GP", "A,2,no day,,,medicare,97110,2,GP",
        "A,3,2026-03-12,,,medicare,97110,x,",
        ",4,2026-03-12,,,medicare,97110,1,", "A,5,2026-03-12,,,medicare,,1,",
    )  # fmt: skip
    assert len(found) == 1
    assert [problem.split(":")[0] for problem in problems] == [
        "row 3, column date_of_service", "row 4, column units", "row 5, column claim_id", "row 6, column code",
    ]  # fmt: skip


def test_a_line_without_a_price_gets_none_and_a_sentence():
    found, _ = priced("A,1,2026-03-12,,,medicare,97110,1,GP", "A,2,2026-03-12,,,medicare,0101T,1,GP",
                      "B,1,2027-03-12,,,medicare,97110,1,GP", "C,1,2026-03-12,,,acme,97110,1,")  # fmt: skip
    assert [row.allowed_cents is None for row in found] == [False, True, True, True]
    assert all(row.refusal for row in found[1:])


def test_by_hand_equals_the_batch():
    hand = by_hand(["97110=2", "97140=1:59:CQ"], "2026-03-12", "6102", "15", "medicare", None)
    rows = ["A,1,2026-03-12,06102,15,medicare,97110,2,", "A,2,2026-03-12,06102,15,medicare,97140,1,59:CQ"]
    found, _ = priced(*rows)
    assert [row.medicare_cents for row in hand] == [row.medicare_cents for row in found]


def test_command_prints_the_columns(tmp_path):
    file = tmp_path / "lines.csv"
    file.write_text(f"{HEADING}\nA,1,2026-03-12,06102,15,medicare,97110,2,GP\n", encoding="utf-8")
    command = Path(sys.executable).parent / "everyunit"
    made = subprocess.run([str(command), "price", "--batch", str(file)], capture_output=True, text=True, check=True)
    rows = list(csv.DictReader(io.StringIO(made.stdout)))
    assert list(rows[0]) == ["claim_id", "line", "allowed_cents", "medicare_cents", "patient_cents"]
    assert rows[0]["allowed_cents"] == "5255"


def test_a_price_says_which_of_its_values_was_not_checked():
    [early] = by_hand(["97110=2"], "2024-02-01", "06102", "15", "medicare", None)
    [doubt] = early.doubts
    assert doubt.startswith("conversion_factor not checked (CMS notice of the 2024 conversion factor")
    assert doubt in early.steps
    [later] = by_hand(["97110=2"], "2026-02-01", "06102", "15", "medicare", None)
    assert later.doubts == ()


TERMS = """
[payers.MCRB]
name = "Medicare Part B"
rule = "cms"
fees = "medicare"
[payers.ACME]
name = "Acme Health Plan"
rule = "ama"
fees = "medicare"
[payers.ADV]
name = "Harbor Medicare Advantage"
rule = "cms"
fees = "medicare"
"""


def test_units_above_a_payers_own_a_day_are_said_beside_the_price():
    words = TERMS + '[payers.CAP]\nname = "Capped"\nrule = "ama"\nunits_a_day = 4\nceilings = { 97110 = 3 }\n'
    own = Practice.from_documents({"practice.toml": words.encode()})
    first, *rest = by_hand(["97110=4", "97140=1", "97161=1"], "2026-03-12", "06102", "15", "CAP", own)
    assert first.doubts == (
        "97110 x 4: Capped pays 3 a day (practice.toml); priced as given",
        "5 timed units: Capped pays 4 a day (practice.toml); priced as given",
    )
    assert all(row.doubts == () and row.allowed_cents for row in rest)
    inside = by_hand(["97110=3", "97140=1", "97161=1"], "2026-03-12", "06102", "15", "CAP", own)
    assert all(row.doubts == () for row in inside)


def test_sequestration_and_shares_are_medicares_own():
    own = Practice.from_documents({"practice.toml": TERMS.encode()})
    rows = {payer: by_hand(["97110=2:GP:CQ"], "2026-03-12", "06102", "15", payer, own)[0]
            for payer in ("medicare", "MCRB", "ACME", "ADV")}  # fmt: skip
    assert {row.allowed_cents for row in rows.values()} == {5255}
    assert [rows[payer].medicare_cents for payer in ("medicare", "MCRB")] == [3502, 3502]  # x 0.80 x 0.85 x 0.98
    for payer in ("ACME", "ADV"):
        row = rows[payer]
        assert (row.medicare_cents, row.patient_cents, row.refusal) == (None, None, "")
        assert "sequestration is Medicare's own and not taken here (Budget Control Act of 2011" in row.steps[-1]
    batch = read_lines(io.StringIO(f"{HEADING}\nA,1,2026-03-12,06102,15,ACME,97110,2,GP:CQ"), "lines.csv")
    assert [row.medicare_cents for row in price_batch(batch, own)] == [None]


OWN = """[payers.MCR]
name = "Medicare Part B"
rule = "cms"
fees = "medicare"
[payers.TAB]
rule = "ama"
fees = "tab.csv"
[payers.VIS]
rule = "ama"
[[payers.VIS.contracts]]
from = "2020-01-01"
per_visit = 90
"""


@pytest.mark.parametrize(
    ("payer", "mac", "said"),
    [
        ("medicare", "", "At the national rate"),
        ("MCR", "", "At the national rate"),
        ("MCR", "3102", "At the rate of contractor 03102, locality 00."),
        ("TAB", "", "own fee table"),
        ("VIS", "", "rate for the visit"),
    ],
)
def test_it_is_always_said_whose_rate_was_taken(payer, mac, said):
    held = Practice.from_documents({"practice.toml": OWN.encode(), "tab.csv": b"code,allowed\n97110,30.00\n"})
    lines = by_hand(["97110=2"], "2026-03-12", mac, "00" if mac else "", payer, held)
    assert lines[0].allowed_cents is not None
    assert said in rate_words(lines[0].line, held)
