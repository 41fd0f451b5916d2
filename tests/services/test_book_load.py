"""Loading official tables: made-up files in the shape of the official ones become days the book knows."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import xlsxwriter
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.days import to_day
from everyunit.errors import BookRefusal, Unreadable, UsageError
from everyunit.rulebook import Book, price_day
from everyunit.rulebook.loaded import LoadedFolder
from everyunit.services.book_load import load

VALUES = {"97110": ("0.45", "0.41", "0.02"), "97530": ("0.44", "0.58", "0.01"), "99999": ("1.00", "1.00", "1.00")}
FACTOR = "32.1234"
YEAR = ["2027 National Physician Fee Schedule Relative Value File January Release"]


def value_rows():
    rows = [YEAR, ["made up"], ["HCPCS", "MOD", "DESCRIPTION", "CODE", "PAYMENT", "RVU", "PE RVU", "INDICATOR",
            "PE RVU", "INDICATOR", "RVU", "TOTAL", "TOTAL", "IND", "DAYS", "OP", "OP", "OP", "PROC", "SURG", "SURG",
            "SURG", "SURG", "BASE", "FACTOR"]]  # fmt: skip
    for code, (work, expense, malpractice) in VALUES.items():
        rows.append([code, "", "words, not ours", "A", "", work, expense, "", expense, "NA", malpractice, "0.88",
                     "0.88", "7", "XXX", "0.00", "0.00", "0.00", "5", "0", "0", "0", "0", "", FACTOR])  # fmt: skip
    return rows


def as_csv(rows):
    return "\r\n".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows).encode(
        "cp1252"
    )


def as_fixed(rows):
    lines = ["HDR 2027 made up"]
    for row in rows[3:]:
        lines.append(
            f"{row[0]}  {row[2]:<50}A {row[5]:>6} {row[6]:>6}   {row[8]:>6} NA{row[10]:>6}  0.88  0.88 7XXX"
            f" 0.00 0.00 0.005 0 0 0 0      {FACTOR}"
        )
    return "\n".join(lines).encode()


def as_xlsx(rows):
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(at, column, float(cell) if column in (5, 6, 8, 10) and at > 2 else cell)
    return held.getvalue()


def as_zip(name, content):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("readme.pdf", b"%PDF")
        packed.writestr(name, content)
    return held.getvalue()


GPCI = (
    b"ADDENDUM E. 2027 GEOGRAPHIC INDICES\n"
    b"Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,2027 PW GPCI (without 1.0 Floor),"
    b"2027 PW GPCI (with 1.0 Floor),2027 PE GPCI,2027 MP GPCI\n"
    b"06102,IL,15,SUBURBAN CHICAGO,0.990,1.000,1.060,1.400\n"
)
PAIRS = (
    "Column1/Column2 Edits\nColumn 1\tColumn 2\t*\tEffective\tDeletion\tModifier\tRationale\n"
    "97140\t97530\t\t20270101\t*\t1\tMisuse\n97140\t97124\t\t19960101\t20261231\t0\tMisuse\n11111\t22222\t\t20270101\t*\t0\tx\n"
)
MUE = (
    '"Made up"\nHCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n'
    "97110,7,3 Date of Service Edit: Clinical,Clinical\n11111,1,2 Date,x\n"
)


def put(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def book_at(folder):
    return Book(LoadedFolder(folder))


@pytest.mark.parametrize(
    ("name", "form"),
    [("PPRRVU27_JAN.csv", as_csv), ("PPRRVU2027_JAN.txt", as_fixed), ("PPRRVU27.xlsx", as_xlsx),
     ("RVU27A.zip", lambda rows: as_zip("PPRRVU27_JAN.csv", as_csv(rows)))],
)  # fmt: skip
def test_a_new_year_is_a_download_away(tmp_path, name, form):
    with pytest.raises(BookRefusal):
        price_day([("97110", 1)], "2027-03-01", "", "", Book.load())
    done = load([put(tmp_path, name, form(value_rows()))], into=tmp_path / "book")
    assert {(table.file, table.rows) for table in done.taken} == {
        ("relative_values.csv", 2),
        ("conversion_factor.csv", 1),
    }
    book = book_at(tmp_path / "book")
    assert book.check() == []
    assert price_day([("97110", 1)], "2027-03-01", "", "", book).total_cents == 2827  # 0.88 x 32.1234
    assert price_day([("97110", 1)], "2026-03-01", "", "", book) == price_day(
        [("97110", 1)], "2026-03-01", "", "", Book.load()
    )
    counting = book.value("counting.cms", "2027-03-01")
    assert not counting.checked and "carried past 31 December 2026" in counting.note
    assert book.value("counting.cms", "2026-12-31").checked == Book.load().value("counting.cms", "2026-12-31").checked
    assert any("(thresholds.kx_pt_slp) ends on 31 December 2026" in line for line in done.missing)
    with pytest.raises(BookRefusal):
        book.value("thresholds.kx_pt_slp", "2027-03-01")


def test_indices_pairs_and_ceilings_go_in_by_their_own_days(tmp_path):
    into = tmp_path / "book"
    load([put(tmp_path, "PPRRVU27.csv", as_csv(value_rows())), put(tmp_path, "GPCI2027.csv", GPCI)], into=into)
    done = load(
        [put(tmp_path, "ccipra-v330r0-f1.txt", PAIRS), put(tmp_path, "MCR_MUE_Practitioner_Eff_01-01-2027.csv", MUE)],
        into=into,
    )
    assert [(table.first_day, table.last_day, table.rows, table.passed) for table in done.taken] == [
        ("2027-01-01", "2027-03-31", 2, 1), ("2027-01-01", "2027-03-31", 1, 1),
    ]  # fmt: skip
    book = book_at(into)
    assert book.check() == []
    assert book.value("gpci.06102.15", "2027-02-02").value["work"] == "1.000"
    assert price_day([("97110", 1)], "2027-03-01", "06102", "15", book).total_cents == 2932  # 0.9126 x 32.1234
    assert book.value("codes.97110.ceiling", "2027-02-01").value == 7
    assert book.value("codes.97110.ceiling", "2024-08-01").value == 6
    assert book.value("pairs.97140.97530", "2027-02-01").value == "1"
    assert book.value("pairs.97140.97124", "2027-02-01").value == "0, ended"


def test_the_same_table_loaded_again_stands_once_and_a_correction_takes_its_place(tmp_path):
    into, path = tmp_path / "book", put(tmp_path, "PPRRVU27.csv", as_csv(value_rows()))
    load([path], into=into)
    before = (into / "relative_values.csv").read_bytes()
    load([path], into=into)
    assert (into / "relative_values.csv").read_bytes() == before
    load([put(tmp_path, "PPRRVU27_JUL.csv", as_csv(value_rows()).replace(b"0.45", b"0.50"))],
         "2027-07-01", "2027-12-31", into)  # fmt: skip
    book = book_at(into)
    assert book.value("relative_values.97110", "2027-06-30").value["work"] == "0.45"
    assert book.value("relative_values.97110", "2027-07-01").value["work"] == "0.50"


def test_what_is_none_of_them_is_refused_and_nothing_is_kept(tmp_path):
    into = tmp_path / "book"
    for name, content in (("a.csv", b"a,b\n1,2\n"), ("b.zip", b"PK\x03\x04broken"), ("c.bin", b"\x00\x01" * 99)):
        with pytest.raises(Unreadable):
            load([put(tmp_path, name, content)], into=into)
    with pytest.raises(UsageError, match="no such file"):
        load([tmp_path / "gone.csv"], into=into)
    with pytest.raises(UsageError, match="does not say for which days"):
        load([put(tmp_path, "pairs.txt", PAIRS)], into=into)
    with pytest.raises(Unreadable, match=r"row 4: work of 97110 reads O.45, which is no number"):
        load([put(tmp_path, "PPRRVU27.csv", as_csv(value_rows()).replace(b"0.45", b"O.45"))], into=into)
    with pytest.raises(Unreadable, match=r"two values|no value"):
        load([put(tmp_path, "P.csv", as_csv(value_rows()))], "2028-01-01", "2028-12-31", into)
    assert not list(into.glob("*.csv"))


def test_a_workbook_with_entities_is_refused(tmp_path):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>')
    with pytest.raises(Unreadable, match="declares entities"):
        load([put(tmp_path, "x.xlsx", held.getvalue())], into=tmp_path / "book")


def test_command_says_what_was_taken_and_what_is_still_missing(tmp_path):
    path = put(tmp_path, "PPRRVU27.csv", as_csv(value_rows()))
    words = ["book", "load", str(path), "--into", str(tmp_path / "book")]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0 and "2 rows for 2027-01-01 to 2027-12-31" in told.stdout
    assert "(thresholds.kx_ot) ends on 31 December 2026" in told.stdout
    body = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert body["taken"][0]["file"] == "relative_values.csv"
    assert max(to_day(table["last_day"]) for table in body["taken"]) == to_day("2027-12-31")


RIGHTS = "HDR CPT CODES AND DESCRIPTIONS ONLY ARE COPYRIGHT \nHDR 2026 AMERICAN MEDICAL ASSOCIATION.  ALL RIGHTS\n"


def real_line(code, work, expense, malpractice):
    """A line of the text form as CMS packs its columns: no space between total, split, global days and indicators."""
    return (
        f"{code}  {'words, not ours':<50}A   {work}   {expense}     {expense}NA  {malpractice}   0.87  0.877XXX"
        f".00.00.0050000             {FACTOR} 090 99      0.00   0.00   0.00\r\n"
    )


@pytest.mark.parametrize("name", ["PPRRVU27_JAN.txt", "PPRRVU2027_Jan_nonQPP.txt"])
def test_the_year_of_the_copyright_is_not_the_year_of_the_fees(tmp_path, name):
    text = RIGHTS + "".join(real_line(code, *values) for code, values in VALUES.items())
    done = load([put(tmp_path, "RVU27A.zip", as_zip(name, text))], into=tmp_path / "book")
    assert {(table.first_day, table.last_day, table.rows) for table in done.taken} == {
        ("2027-01-01", "2027-12-31", 2), ("2027-01-01", "2027-12-31", 1),
    }  # fmt: skip
    book = book_at(tmp_path / "book")
    assert book.value("relative_values.97110", "2027-02-01").value["practice_expense"] == "0.41"
    assert (
        book.value("conversion_factor", "2026-02-01").value
        == Book.load().value("conversion_factor", "2026-02-01").value
    )


def test_the_factor_of_qualifying_participants_is_passed_over(tmp_path):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("PPRRVU2027_Jan_nonQPP.csv", as_csv(value_rows()))
        packed.writestr("PPRRVU2027_Jan_QPP.csv", as_csv(value_rows()).replace(FACTOR.encode(), b"33.9999"))
    load([put(tmp_path, "RVU27A.zip", held.getvalue())], into=tmp_path / "book")
    assert str(book_at(tmp_path / "book").value("conversion_factor", "2027-02-01").value) == FACTOR
    with pytest.raises(Unreadable, match="nonQPP"):
        load([put(tmp_path, "PPRRVU2027_Jan_QPP.csv", as_csv(value_rows()))], into=tmp_path / "other")


def test_a_refused_load_leaves_nothing_for_the_next_one(tmp_path):
    into = tmp_path / "book"
    with pytest.raises(Unreadable):
        load([put(tmp_path, "P.csv", as_csv(value_rows()))], "2028-01-01", "2028-12-31", into)
    load([put(tmp_path, "MCR_MUE_Practitioner_Eff_01-01-2027.csv", MUE)], into=into)
    assert [path.name for path in into.glob("*.csv")] == ["ceilings.csv"]


def test_a_csv_of_few_commas_is_still_one(tmp_path):
    text = 'Made up\n"HCPCS/\nCPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,\n97110,7,3,x\n'
    done = load([put(tmp_path, "MCR_MUE_Practitioner_Eff_01-01-2027.csv", text)], into=tmp_path / "book")
    assert [table.rows for table in done.taken] == [1]
