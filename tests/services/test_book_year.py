"""A year that was brought as downloads: its visits are judged like those of the years that the book ships."""

from __future__ import annotations

import csv
import json
import time

import polars as pl
import pytest
from official_kit import ceilings_xlsx, download, indices_csv, packed, pairs_text, values_csv
from typer.testing import CliRunner

from everyunit.audit import Inputs
from everyunit.audit.compare import compare
from everyunit.cli.main import app
from everyunit.days import as_day
from everyunit.errors import BookRefusal, Unreadable, UsageError
from everyunit.frames import polars
from everyunit.rulebook import Book, Practice, price_day
from everyunit.rulebook.loaded import LoadedFolder
from everyunit.services.book_load import load

FILE = """ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *270220*0600*^*00501*000000001*0*P*:~
GS*HC*SENDER*RECEIVER*20270220*0600*1*X*005010X222A1~ST*837*0001*005010X222A1~BHT*0019*00*1*20270220*0600*CH~
NM1*41*2*CLINIC*****46*1~PER*IC*OFFICE*TE*5555550100~NM1*40*2*HOUSE*****46*2~HL*1**20*1~PRV*BI*PXC*261QR0400X~
NM1*85*2*CLINIC*****XX*1999000007~N3*1 STREET~N4*DALLAS*TX*752019998~REF*EI*000912345~
{claims}SE*1*0001~GE*1*1~IEA*1*000000001~
"""
CLAIM = """HL*{at}*1*22*0~SBR*P*18*******MB~NM1*IL*1*MADE*UP****MI*M1~N3*2 STREET~N4*DALLAS*TX*75201~
DMG*D8*19500101*F~
NM1*PR*2*MEDICARE PART B*****PI*MCR~CLM*{number}*300***11:B:1*Y*A*Y*Y~HI*ABK:M25561~NM1*DN*1*DOE*JO****XX*1999000247~
NM1*82*1*ROE*JO****XX*1999000015~PRV*PE*PXC*225100000X~
"""
LINE = "LX*{at}~SV1*HC:{code}:GP*400*UN*{units}***1~DTP*472*D8*{day}~"
VISITS = {
    "V1": ("2027-02-10", [("97110", 33, 2), ("97140", 4, 1)]),
    "V2": ("2027-02-11", [("97140", 15, 1), ("97124", 15, 1)]),
    "V3": ("2027-02-12", [("97112", 60, 5)]),
}


def practice(folder):
    """visits.csv, services.csv, practice.toml and one 837 of February 2027."""
    folder.mkdir()
    heads = "visit_id,date_of_service,clinic,patient_id,payer_id,payer_name,discipline,clinician_npi,status,claim_id"
    visits = [
        f"{name},{day},Here,P1,MCR,Medicare Part B,PT,1999000015,kept,C{name}" for name, (day, _) in VISITS.items()
    ]
    (folder / "visits.csv").write_text("\n".join([heads, *visits]) + "\n")
    services = [f"{name},{code},{minutes}" for name, (_, done) in VISITS.items() for code, minutes, _ in done]
    (folder / "services.csv").write_text("\n".join(["visit_id,code,minutes", *services]) + "\n")
    (folder / "practice.toml").write_text(
        '[payers.MCR]\nname = "Medicare Part B"\nrule = "cms"\nfees = "medicare"\n'
        '[clinics.Here]\nmac = "06102"\nlocality = "15"\n'
    )
    claims = ""
    for at, (name, (day, done)) in enumerate(VISITS.items(), start=2):
        lines = [
            LINE.format(at=n, code=code, units=units, day=day.replace("-", ""))
            for n, (code, _, units) in enumerate(done, start=1)
        ]
        claims += CLAIM.format(at=at, number=f"C{name}") + "".join(lines) + "\n"
    (folder / "sent.837").write_text(FILE.format(claims=claims))
    return folder


@pytest.fixture
def own_book(tmp_path, monkeypatch):
    """A folder of loaded tables of this test alone."""
    monkeypatch.setenv("EVERYUNIT_BOOK", str(tmp_path / "book"))
    return tmp_path / "book"


def run(*words, code=0):
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.stdout


def test_from_four_downloads_to_findings_that_name_them(tmp_path, own_book):
    home, files = tmp_path / "home", practice(tmp_path / "practice")
    run("import", files, "--home", home)
    before = run("audit", "--home", home)
    assert "the book holds no counting rule for that day" in before
    assert "only proposed" in run("price", "97110=1", "--on", "2027-02-10", code=3)
    told = run("book", "load", *download(tmp_path))
    assert "174 rows for 2027-01-01 to 2027-12-31 (relative_values.csv)" in told
    assert "The KX amount of PT and SLP (thresholds.kx_pt_slp) ends on 31 December 2026" in told
    priced = run("price", "97110=1", "99999=1", "--on", "2027-02-10")
    assert "only proposed" not in priced
    assert "thresholds.sequestration carried past 31 December 2026, unchecked (Budget Control Act" in priced
    with pytest.raises(BookRefusal, match=r"does not know thresholds\.kx_ot") as asked:
        Book.load().value("thresholds.kx_ot", "2027-02-10")
    assert "write it into a file headed key,value,first,last,source" in asked.value.sentence()
    with pytest.raises(BookRefusal, match=r"knows 1 January 2024 to 31 December 2027") as refused:
        Book.load().value("fees.97110", "2028-02-01")
    assert "proposed" not in refused.value.sentence()

    said = run("audit", "--home", home, "--out", tmp_path / "found.csv")
    assert "3 kept visits, 3 of them judged." in said
    assert "3 Medicare visits lie on days without a KX amount in the book" in " ".join(said.split())
    with (tmp_path / "found.csv").open(encoding="utf-8") as file:
        found = {(row["visit_id"], row["kind"]): row for row in csv.DictReader(file)}
    assert set(found) == {("V1", "units_over"), ("V2", "pair_never"), ("V3", "units_over"), ("V3", "ceiling_over")}
    never = found["V2", "pair_never"]
    assert "2027 Q1" in never["source"] and never["checked"] == "true" and int(never["cents_at_stake"]) < 0
    assert found["V3", "ceiling_over"]["checked"] == "true"
    assert found["V1", "units_over"]["checked"] == "false"  # the counting rule of 2026 is carried, unchecked
    explained = run("explain", never["finding_id"], "--home", home)
    assert "pairs.97140.97124: 0 indicator, 2027 Q1, 2027-01-01 to 2027-03-31" in explained
    assert "CMS NCCI practitioner pair edits, 2027 Q1 (checked)" in explained
    ceiling = run("explain", found["V3", "ceiling_over"]["finding_id"], "--home", home)
    assert "codes.97112.ceiling: 4 units a day, 2027-01-01 to 2027-03-31" in ceiling

    scrubbed = json.loads(run("scrub", files / "sent.837", "--home", home, "--json", code=1))
    kinds = {reason["kind"] for claim in scrubbed["claims"] for reason in claim["reasons"]}
    assert {"units_over", "pair_never", "ceiling_over"} <= kinds


def test_an_amount_without_a_table_is_written_down_with_its_source(tmp_path, own_book):
    home = tmp_path / "home"
    run("import", practice(tmp_path / "practice"), "--home", home)
    run("book", "load", *download(tmp_path))
    amounts = tmp_path / "amounts.csv"
    amounts.write_text('key,value,first,last,source\nkx_pt_slp,"$60.00",2027-01-01,2027-12-31,CMS notice (made up)\n'
                       "thresholds.kx_ot,2520,2027-01-01,2027-12-31,CMS notice (made up)\n")  # fmt: skip
    assert "thresholds.csv" in run("book", "load", amounts)
    assert "without a KX amount" not in " ".join(run("audit", "--home", home, "--out", tmp_path / "f.csv").split())
    with (tmp_path / "f.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "kx_missing"]
    assert rows and all("the threshold is $60.00" in row["message"] and row["checked"] == "false" for row in rows)
    assert "CMS notice (made up) (not checked)" in run("explain", rows[0]["finding_id"], "--home", home)
    for line, said in (("kx_pt_slp,2520,2027-01-01,2027-12-31,", "source is empty"),
                       ("kx,2520,2027-01-01,2027-12-31,x", "the book has no amount kx"),
                       ("kx_ot,much,2027-01-01,2027-12-31,x", "much is no amount"),
                       ("kx_ot,2520,soon,2027-12-31,x", "not both days")):  # fmt: skip
        amounts.write_text(f"key,value,first,last,source\n{line}\n")
        with pytest.raises(Unreadable, match=said):
            load([amounts])


def test_a_running_process_takes_a_table_that_was_brought_meanwhile(tmp_path, own_book):
    with pytest.raises(BookRefusal):
        Book.load().price("97110", "2027-02-01")
    load(download(tmp_path))
    assert Book.load().price("97110", "2027-02-01", "06102", "15") is not None
    assert Book.load() is Book.load()
    started = time.perf_counter()
    for _ in range(1_000):
        Book.load()
    assert time.perf_counter() - started < 1


def july(folder, **changed):
    return packed(folder / "RVU27C.zip", {"PPRRVU2027_Jul_nonQPP.csv": values_csv("July", **changed)})


def test_a_release_of_july_holds_from_july_on(tmp_path):
    into = tmp_path / "book"
    load(download(tmp_path), into=into)
    done = load([july(tmp_path, work={"97110": "0.60"})], into=into)
    assert {(table.first_day, table.last_day) for table in done.taken} == {("2027-07-01", "2027-12-31")}
    book = Book(LoadedFolder(into))
    assert book.check() == []
    assert book.value("relative_values.97110", "2027-06-30").value["work"] == "0.45"
    assert book.value("relative_values.97110", "2027-07-01").value["work"] == "0.60"
    [over] = done.overlaid
    assert over.sentence() == (
        "relative_values.97110, 2027-07-01 to 2027-12-31: work 0.60 "
        "(CMS relative value file PPRRVU2027_Jul_nonQPP.csv) in place of work 0.45 "
        "(CMS relative value file PPRRVU2027_Jan_nonQPP.csv)."
    )


@pytest.mark.parametrize("together", [True, False])
def test_the_later_release_holds_whichever_comes_first(tmp_path, together):
    into, first, later = tmp_path / "book", download(tmp_path)[0], july(tmp_path, work={"97110": "0.60"})
    if together:
        done = load([later, first], into=into)
    else:
        load([first], into=into)
        load([later], into=into)
        done = load([first], into=into)  # January's again: July's stays for its days
    assert [(one.key, one.after) for one in done.overlaid] == [("relative_values.97110", "work 0.60")]
    book = Book(LoadedFolder(into))
    assert book.check() == []
    assert book.value("relative_values.97110", "2027-12-31").value["work"] == "0.60"
    assert book.value("relative_values.97110", "2027-03-31").value["work"] == "0.45"


def test_july_alone_asks_for_the_days_before_it(tmp_path):
    with pytest.raises(Unreadable, match="has no value on 2027-01-01") as refused:
        load([july(tmp_path)], into=tmp_path / "book")
    assert "bring the release of those days too" in refused.value.sentence()
    assert not list((tmp_path / "book").glob("*.csv"))


def test_a_file_of_no_release_asks_which(tmp_path):
    path = tmp_path / "PPRRVU2027.csv"
    path.write_bytes(values_csv("January").replace(b" January Release", b""))
    with pytest.raises(UsageError, match="says 2027, and not of which release it is") as asked:
        load([path], into=tmp_path / "book")
    assert "--from 2027-01-01 --to 2027-12-31" in asked.value.sentence()
    with pytest.raises(UsageError, match="is before --from"):
        load([path], "2027-12-31", "2027-01-01", tmp_path / "book")


@pytest.mark.parametrize(
    ("name", "inside", "first"),
    [("RVU27B.zip", "PPRRVU27.csv", "2027-04-01"), ("RVU27DR.zip", "PPRRVU27.csv", "2027-10-01"),
     ("x.zip", "PPRRVU27_OCT.csv", "2027-10-01")],
)  # fmt: skip
def test_the_release_may_stand_in_a_name(tmp_path, name, inside, first):
    into = tmp_path / "book"
    load(download(tmp_path), into=into)
    told = load(
        [packed(tmp_path / name, {inside: values_csv("January").replace(b" January Release", b"")})], into=into
    )
    assert told.taken[0].first_day == first
    assert told.overlaid == []


def test_two_files_of_one_release_that_differ_are_refused(tmp_path):
    first, other = download(tmp_path)[0], tmp_path / "PPRRVU2027_Jan_nonQPP_corrected.csv"
    other.write_bytes(values_csv("January", work={"97110": "0.61"}))
    with pytest.raises(
        Unreadable, match=r"relative_values\.97110: .* say different things from 2027-01-01"
    ) as refused:
        load([first, other], into=tmp_path / "book")
    assert "Give one of the two" in refused.value.sentence()
    load([first], into=tmp_path / "book")
    done = load([other], into=tmp_path / "book")  # brought later, it takes the place of the first and says so
    assert [one.before for one in done.overlaid] == ["work 0.45"]


def test_what_lies_over_other_values_stays_told_in_check(tmp_path, own_book):
    load(download(tmp_path))
    assert "Laid over other values for the same days: 0" in run("book", "check", "--on", "2027-01-02")
    run("book", "load", july(tmp_path, work={"97110": "0.60"}))
    checked = run("book", "check", "--on", "2027-01-02")
    assert "Laid over other values for the same days: 1" in checked
    assert "relative_values.97110, 2027-07-01 to 2027-12-31: work 0.60" in checked
    assert len(json.loads(run("book", "check", "--on", "2027-01-02", "--json"))["overlaid"]) == 1


def test_a_table_over_the_shipped_one_is_told_too(tmp_path):
    path = tmp_path / "PPRRVU2026_Jul_nonQPP.csv"
    path.write_bytes(values_csv("July", year=2026, work={"97110": "0.60"}))
    done = load([path], into=tmp_path / "book")
    [over] = done.overlaid
    assert (over.key, over.first, over.last) == ("relative_values.97110", "2026-07-01", "2026-12-31")
    assert over.before_source == "CMS relative value file RVU26B (April 2026)"


def test_overdue_keys_are_counted_by_table_and_source(own_book):
    told = run("book", "check", "--on", "2026-12-01")
    assert len(told.splitlines()) < 80
    assert "  pairs                   465\n" in told
    assert "462   ended on 2024-09-30  CMS NCCI practitioner pair edits, 2024 Q3" in told
    whole = json.loads(run("book", "check", "--on", "2026-12-01", "--json"))
    assert sum(group["keys"] for group in whole["groups"]) == len(whole["overdue"]) > 1_000
    every = run("book", "check", "--on", "2026-12-01", "--all")
    assert all(line in every for line in whole["overdue"])
    assert not any(line.startswith("denials.138:") for line in whole["overdue"])  # retired in 2018: no review is due


def pairs_of(tmp_path, text):
    path = tmp_path / "ccipra-v330r0-f1.txt"
    path.write_bytes(text)
    load([path], into=tmp_path / "book")
    return Book(LoadedFolder(tmp_path / "book"))


def in_force(book, one, two, day):
    here = (pl.col("column_1") == one) & (pl.col("column_2") == two)
    rows = book.pairs.filter(here, pl.lit(day).is_between("from_day", "to_day"))
    return rows["quarter"].to_list()


def test_pairs_hold_by_their_own_days(tmp_path):
    more = ["97530\t97116\t\t20270201\t*\t1\tx", "97113\t97110\t\t19960101\t20191231\t1\tx"]
    book = pairs_of(
        tmp_path, pairs_text(more, ended={("97140", "97124"): "20261231", ("97150", "97110"): "20270215"})
    )
    days = {name: as_day(name) for name in ("2026-03-01", "2027-01-31", "2027-02-01", "2027-02-16", "2027-06-01")}
    assert in_force(book, "97530", "97116", days["2026-03-01"]) == []  # it begins in February 2027
    assert in_force(book, "97530", "97116", days["2027-02-01"]) == ["2027 Q1"]
    assert in_force(book, "97530", "97116", days["2027-06-01"]) == ["2027 Q1"]  # carried
    assert in_force(book, "97140", "97124", days["2026-03-01"]) == ["2024 Q3"]
    assert in_force(book, "97140", "97124", days["2027-02-01"]) == []
    assert in_force(book, "97150", "97110", days["2027-02-01"]) == ["2027 Q1"]
    assert in_force(book, "97150", "97110", days["2027-02-16"]) == []
    assert in_force(book, "97150", "97110", days["2027-06-01"]) == []
    assert in_force(book, "97113", "97110", days["2027-06-01"]) == [
        "2027 Q1"
    ]  # an older edit of the pair stands below it


def test_ceilings_hold_by_their_own_days(tmp_path):
    path = tmp_path / "MCR_MUE_PractitionerServices_Eff_01-01-2027.xlsx"
    values = download(tmp_path)[0]
    path.write_bytes(ceilings_xlsx({"97112": "3", "97597": "2"}))
    load([path, values], into=tmp_path / "book")
    book = Book(LoadedFolder(tmp_path / "book"))
    assert book.value("codes.97112.ceiling", "2026-11-02").value == 4
    assert book.value("codes.97112.ceiling", "2027-01-04").value == 3
    days = [as_day("2026-11-02"), as_day("2027-01-04")]
    visits = pl.DataFrame({"visit_id": ["V1", "V2"], "service_day": days, "payer_id": "MCR", "patient_id": "P1"})
    services = pl.DataFrame({"visit_id": ["V1", "V2"], "code": "97597", "minutes": 20})
    rows = polars(compare(Inputs(visits, services), Practice(), book).rows)
    assert rows.sort("service_day")["allowed"].to_list() == [1, 2]


def test_a_place_without_indices_is_named_as_what_is_missing(tmp_path):
    path = tmp_path / "PPRRVU2027_Jan_nonQPP.csv"
    path.write_bytes(values_csv("January"))
    done = load([path], into=tmp_path / "book")
    assert any("geographic indices end on 31 December 2026" in line for line in done.missing)
    book = Book(LoadedFolder(tmp_path / "book"))
    with pytest.raises(BookRefusal, match=r"does not know gpci\.06102\.15 on 1 February 2027"):
        price_day([("97110", 1)], "2027-02-01", "06102", "15", book)
    (tmp_path / "GPCI2027.csv").write_bytes(indices_csv())
    load([tmp_path / "GPCI2027.csv"], into=tmp_path / "book")
    assert price_day([("97110", 1)], "2027-02-01", "06102", "15", Book(LoadedFolder(tmp_path / "book"))).total_cents
