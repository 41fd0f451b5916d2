"""A cell of an official table that is of another kind or out of its range is refused with its row."""

from __future__ import annotations

import pytest
from official_kit import values_csv

from everyunit.errors import EveryUnitError
from everyunit.rulebook import Book
from everyunit.rulebook.loaded import LoadedFolder
from everyunit.services.book_load import load

PAIRS = "Column 1\tColumn 2\t*\tEffective\tDeletion\tModifier\tRationale\n97140\t97530\t\t{}\t{}\t{}\tMisuse\n"
MUE = "HCPCS,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n97110,{},{},x\n"
_CEILINGS = "MCR_MUE_Practitioner_Eff_01-01-2027.csv"


def refused(tmp_path, name, content):
    """The words with which the file is refused; nothing of it may lie in the folder of the book."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(EveryUnitError) as fault:
        load([path], into=tmp_path / "book")
    assert not list((tmp_path / "book").glob("*.csv"))
    return str(fault.value)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (_CEILINGS, MUE.format("9999999999999999999", "3 x"), "row 2: ceiling of 97110 reads 9999999999999999999"),
        (_CEILINGS, MUE.format("²", "3 x"), "ceiling of 97110 reads ², which is no whole number"),
        (_CEILINGS, MUE.format("-1", "3 x"), "reads -1, which is no whole number"),
        (_CEILINGS, MUE.format("", "3 x"), "ceiling of 97110 is empty"),
        (_CEILINGS, MUE.format("6", "7 x"), "adjudication indicator of 97110 reads 7"),
        ("ccipra-v330r0-f1.txt", PAIRS.format("20271399", "*", "1"), "row 2: effective date of 97140 with 97530"),
        ("ccipra-v330r0-f1.txt", PAIRS.format("20270101", "99999999", "1"), "deletion date of 97140 with 97530"),
        ("ccipra-v330r0-f1.txt", PAIRS.format("20270101", "0", "1"), "reads 0, which is no date"),
        ("ccipra-v330r0-f1.txt", PAIRS.format("2027010¹", "*", "1"), "no date such as 20270101"),
        ("ccipra-v330r0-f1.txt", PAIRS.format("20270101", "*", "²"), "modifier indicator of 97140 with 97530"),
        ("PPRRVU2027_Jan_nonQPP.csv", values_csv("January", factor="0.0000"), "conversion factor reads 0.0000"),
        ("PPRRVU2027_Jan_nonQPP.csv", values_csv("January", work={"97110": "99999999.00"}), "0 to 999.99"),
        ("PPRRVU2027_Jan_nonQPP.csv", values_csv("January", work={"97110": "NaN"}), "work of 97110 reads NaN, which "
         "is no number"),
        ("PPRRVU2027_Jan_nonQPP.csv", values_csv("January", work={"97110": "-5.00"}), "reads -5.00, which is out of"),
    ],
)  # fmt: skip
def test_a_cell_of_another_kind_is_refused_with_its_row(tmp_path, name, content, words):
    assert words in refused(tmp_path, name, content)


@pytest.mark.parametrize("mark", ["=cmd", "⁵", "", "8"])
def test_a_reduction_is_not_lost_in_silence(tmp_path, mark):
    lines = values_csv("January").decode("cp1252").split("\r\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("97110,"))
    cells = lines[at].split(",")  # "words, not ours" stands quoted and counts two
    cells[19] = mark
    lines[at] = ",".join(cells)
    said = refused(tmp_path, "PPRRVU2027_Jan_nonQPP.csv", "\r\n".join(lines))
    assert f"row {at + 1}: multiple procedure indicator of 97110" in said


def test_a_ceiling_of_zero_is_one(tmp_path):
    (path := tmp_path / _CEILINGS).write_text(MUE.format("0", "3 x"))
    load([path], into=tmp_path / "book")
    assert Book(LoadedFolder(tmp_path / "book")).value("codes.97110.ceiling", "2027-02-01").value == 0
