"""Downloads that are damaged, misnamed or misread: each is refused in words, and nothing of it is kept."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from official_kit import ceilings_xlsx, values_csv

from everyunit.errors import EveryUnitError, Unreadable, UsageError
from everyunit.rulebook import Book
from everyunit.rulebook.loaded import LoadedFolder
from everyunit.services.book_load import load

MUE = b"HCPCS,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n97110,6,3 x,x\n"
PAIRS = b"Column 1\tColumn 2\t*\tEffective\tDeletion\tModifier\tx\n97140\t97530\t\t20270101\t*\t1\tMisuse\n"
AMOUNTS = "key,value,first,last,source\nkx_pt_slp,{},2027-01-01,2027-12-31,a notice\n"


def refused(tmp_path, name, content, kind=EveryUnitError):
    """The words with which the file is refused; nothing of it may lie in the folder of the book."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(kind) as fault:
        load([path], into=tmp_path / "book")
    assert not list((tmp_path / "book").glob("*.csv"))
    return str(fault.value)


def packed(how):
    """A zip of one table whose packed bytes are spoiled in their middle."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", how) as made:
        made.writestr("PPRRVU2027_Jan_nonQPP.csv", values_csv("January"))
    return spoiled(held.getvalue())


def spoiled(raw):
    at = len(raw) // 2
    return raw[:40] + raw[40:at] + b"\xff" * 64 + raw[at + 64 :]


@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_zip_is_refused(tmp_path, how):
    assert "cannot be unpacked" in refused(tmp_path, "RVU27A.zip", packed(how), Unreadable)


def test_a_damaged_workbook_is_refused(tmp_path):
    raw = ceilings_xlsx()
    with zipfile.ZipFile(io.BytesIO(raw)) as held:
        member = held.getinfo("xl/worksheets/sheet1.xml")
    at = member.header_offset + 30 + len(member.filename) + 10
    damaged = raw[:at] + b"\xff" * 80 + raw[at + 80 :]
    assert "cannot be unpacked" in refused(tmp_path, "MUE_Eff_01-01-2027.xlsx", damaged, Unreadable)


@pytest.mark.parametrize("rest", [b"x" * 140_000, b"6"])
def test_a_cell_without_end_is_refused_with_its_line(tmp_path, rest):
    before = csv.field_size_limit(1 << 30)  # it holds for a whole process, so nothing may lean on it
    said = refused(tmp_path, "MUE_Eff_01-01-2027.csv", MUE + b'97112,"' + rest, Unreadable)
    csv.field_size_limit(before)
    assert "MUE_Eff_01-01-2027.csv line 3: it is no CSV" in said


@pytest.mark.parametrize(
    ("name", "content"),
    [("MUE_Eff_13-45-2027.csv", MUE), ("MUE_Eff_02-31-2027.csv", MUE), ("MUE_Eff_01-01-2093.csv", MUE),
     ("ccipra-v999r0-f1.txt", PAIRS), ("ccipra-v335r0-f1.txt", PAIRS)],
)  # fmt: skip
def test_a_name_that_bears_no_day_asks(tmp_path, name, content):
    assert "does not say for which days" in refused(tmp_path, name, content, UsageError)


def test_a_name_of_another_year_than_the_head_asks(tmp_path):
    said = refused(tmp_path, "PPRRVU2026_Jan_nonQPP.csv", values_csv("January"), UsageError)
    assert "its head says 2027" in said and "2026" in said and "--from 2027-01-01" in said
    load([tmp_path / "PPRRVU2026_Jan_nonQPP.csv"], "2027-01-01", "2027-12-31", tmp_path / "book")
    assert Book(LoadedFolder(tmp_path / "book")).check() == []


@pytest.mark.parametrize("amount", ["-2480", "999999999999999", "100000.01"])
def test_a_yearly_amount_out_of_range_is_refused(tmp_path, amount):
    assert f"{amount} is out of range" in refused(tmp_path, "a.csv", AMOUNTS.format(amount).encode(), Unreadable)


@pytest.mark.parametrize("name", ["relative_values.csv", "overlaid.csv"])
def test_a_loaded_table_that_is_no_text_is_named(tmp_path, name):
    (tmp_path / name).write_bytes(b"\xff\xfe\x00\x01" * 50)
    folder = LoadedFolder(tmp_path)
    with pytest.raises(Unreadable, match=f"{name}: this loaded table of the book cannot be read"):
        Book(folder).check()
        folder.log()
