"""The letter of an appeal: its facts are those of the files, and the patient is named nowhere else."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.days import iso, to_day
from everyunit.errors import UsageError
from everyunit.services.appeal import appeal
from everyunit.services.letter import pdf

sys.path.insert(0, str(Path(__file__).parents[1] / "receivables"))
from answers_kit import DAY, paid, sent, status
from receivables_kit import claim, line, remit

from everyunit.x12.writer import Party

MEDICARE = Party("MEDICARE PART B", "", "PI", "PB")
NOTE = (
    "SUBJECTIVE: Pain 6/10 after stairs.\nTherapeutic exercise: quad strengthening, leg press 3 x 10, step-ups, "
    "range of motion (23 min).\nASSESSMENT: Quadriceps strength improved since last visit; gait still antalgic."
)


def denied(number: str, reason: str, trace: str, *remarks: str, group: str = "CO") -> bytes:
    row = line(10_000, 0, (group, reason, 10_000))._replace(remarks=remarks)
    return remit(claim(number, f"P{number}", row, status="4"), day=DAY + 10, trace=trace)


SEEN = iso(DAY - 3)
VISITS = "visit_id,date_of_service,claim_id,status,discipline\n" + "".join(
    f"V{number},{SEEN},C{number},kept,PT\n" for number in (1, 3)
)
FILES = {
    "one.837": sent("C1", "C2", "C3", "C4", "C5"),
    "two.837": sent("M1", control=2, reference="B2", payer=MEDICARE, filing="MB"),
    "visits.csv": VISITS.encode(),
    "services.csv": b"visit_id,code,minutes\nV1,97110,23\nV3,97110,23\n",
    "notes.jsonl": "\n".join(json.dumps({"visit_id": visit, "text": NOTE}) for visit in ("V1", "V3")).encode(),
    "house.277": status(("C2", "A2:20:PR"), ("C4", "A7:562:85")),
    "c1.835": denied("C1", "50", "T1", "N115"),
    "c2.835": denied("C2", "29", "T2"),
    "c3.835": denied("C3", "197", "T3"),
    "c5.835": paid("C5"),
    "m1.835": denied("M1", "16", "T4"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    place = folder / "home"
    done = CliRunner().invoke(app, ["import", str(folder), "--home", str(place), "--json"])
    assert done.exit_code == 0, done.output
    return place


def letter(home, named, on="2026-04-01"):
    return appeal(home, named, to_day(on))


def test_the_letter_says_what_was_decided_and_of_whom(home):
    made = letter(home, "C1")
    told = made.letter
    assert (told["patient"]["name"], told["patient"]["member"]) == ("ANN ALDER", "M1")
    assert told["practice"]["name"] == "A CLINIC" and told["practice"]["address"] == ["1 MAIN ST", "SALEM, OR 97301"]
    assert told["payer"] == {"name": "A PAYER", "address": ["2 HIGH ST", "SALEM, OR 97301"]}
    assert (told["claim"], told["control"], told["trace"], told["name"]) == ("C1", "PC1", "T1", "appeal")
    assert told["decided"] == "26 February 2026" and told["deadline"] == "25 August 2026"
    [row] = told["lines"]
    assert (row["line"], row["code"], row["modifiers"], row["units"]) == ("1", "97110", "GP", "1")
    assert (row["charge"], row["paid"]) == ("$100.00", "$0.00")
    assert [(one["code"], one["amount"]) for one in row["reasons"]] == [("CO 50", "$100.00"), ("N115", "")]
    assert all(one["label"] for one in row["reasons"])
    assert any("29 CFR 2560.503-1" in rule for rule in told["rules"])


def test_quotes_are_the_words_of_the_note(home):
    quotes = [row for row in letter(home, "C1").letter["notes"] if row["quote"]]
    flat = " ".join(NOTE.split())
    assert quotes and all(row["quote"] in flat for row in quotes)
    assert any("leg press" in row["quote"] for row in quotes)
    assert any(row["about"] == "97110: 23 minutes recorded" for row in letter(home, "C1").letter["notes"])


def test_no_more_of_the_record_than_the_cause_needs(home):
    told = letter(home, "C3").letter
    assert told["notes"] == [] and told["sendings"] == []
    assert any("authorization" in word for word in letter(home, "C3").notes)


def test_a_late_filing_denial_is_answered_with_proof_of_sending(home):
    told = letter(home, "C2").letter
    assert told["notes"] == []
    assert [row["day"] for row in told["sendings"]] == ["16 February 2026", "17 February 2026"]
    assert "claim sent in file 000000001" in told["sendings"][0]["what"]
    assert "277CA of A PAYER: A2:20:PR, payer's number KC2" in told["sendings"][1]["what"]


def test_medicare_calls_it_redetermination(home):
    made = letter(home, "M1")
    assert made.name == "redetermination" and made.deadline == iso(DAY + 10 + 120)


def test_a_deadline_that_passed_is_told_to_the_sender_and_not_claimed(home):
    made = letter(home, "C1", "2026-12-01")
    assert made.letter["deadline"] == "" and "ended on 2026-08-25" in made.notes[0]


@pytest.mark.parametrize(
    ("named", "word"),
    [
        ("C4", "never adjudicated"), ("C5", "no line of it bears a reason"), ("X9", "neither a claim sent"),
    ],
)  # fmt: skip
def test_what_takes_no_appeal_is_told_what_it_takes(home, named, word):
    with pytest.raises(UsageError, match=word) as told:
        letter(home, named)
    assert told.value.remedy


def test_a_denial_is_found_by_its_own_number(home):
    done = CliRunner().invoke(app, ["denials", "--home", str(home), "--json"])
    row = next(row for row in json.loads(done.stdout)["denials"] if row["claim_id"] == "C1")
    assert letter(home, row["item_id"]).claim_id == "C1"


def test_the_command_writes_a_pdf_for_its_owner_and_names_nobody(home, tmp_path):
    out = tmp_path / "letter.pdf"
    done = CliRunner().invoke(app, ["appeal", "C1", "--home", str(home), "--out", str(out), "--day", "2026-04-01"])
    assert done.exit_code == 0, done.output
    data = out.read_bytes()
    assert data.startswith(b"%PDF-") and stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "ALDER" not in done.output and "M1" not in done.output
    assert data == pdf("appeal", letter(home, "C1").letter)


def test_marks_in_the_data_are_no_markup(home):
    told = letter(home, "C1").letter
    told["patient"]["name"] = '#panic("x") $a$ *b* _c_ <d> @e ]] \\'
    assert pdf("appeal", told).startswith(b"%PDF-")


def test_a_finding_of_what_was_charged_is_mended_and_not_appealed(tmp_path):
    """The minutes bear out one unit of the two that were billed."""
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data.replace(b"97110,23", b"97110,9"))
    place = tmp_path / "home"
    CliRunner().invoke(app, ["import", str(tmp_path), "--home", str(place)])
    done = CliRunner().invoke(app, ["audit", "--home", str(place), "--out", str(tmp_path / "findings.csv")])
    assert done.exit_code == 0, done.output
    rows = pl.read_csv(tmp_path / "findings.csv").filter(pl.col("claim_id") == "C1", pl.col("kind") == "units_over")
    with pytest.raises(UsageError, match=r"recorded or charged \(units_over\)") as told:
        letter(place, rows["finding_id"][0])
    assert told.value.remedy
    assert any("units_over" in word and "Mend them first" in word for word in letter(place, "C1").notes)


@pytest.mark.parametrize(
    ("number", "medicare", "source"), [("M1", True, "42 CFR 405.944"), ("C1", False, "2560.503-1")]
)
def test_the_form_holds_what_the_payer_asks_for(home, number, medicare, source):
    told = letter(home, number).letter
    assert told["medicare"] is medicare and source in told["request"]
    assert told["patient"]["name"] and told["patient"]["member"] and told["days"] and told["lines"]
    sent = told["claim_lines"]
    assert [row["line"] for row in sent] == ["1"] and sent[0]["code"] == "97110" and sent[0]["charge"] == "$100"
    assert told["sent"] == "16 February 2026" and told["diagnoses"]


def test_the_form_is_a_pdf_with_its_enclosures(home, tmp_path):
    out = tmp_path / "form.pdf"
    words = ["appeal", "M1", "--form", "--home", str(home), "--out", str(out), "--day", "2026-04-01"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert out.read_bytes() == pdf("appeal_form", letter(home, "M1").letter)
    assert out.read_bytes().startswith(b"%PDF-") and stat.S_IMODE(out.stat().st_mode) == 0o600
    again = CliRunner().invoke(app, words)
    assert again.exception.exit_code == 2 and "--replace" in str(again.exception)


def test_marks_in_the_data_are_no_markup_on_the_form(home):
    told = letter(home, "C1").letter
    told["patient"]["name"] = told["late"] = '#panic("x") $a$ *b* _c_ <d> @e ]] \\'
    assert pdf("appeal_form", told).startswith(b"%PDF-")


def test_an_appeal_before_the_claim_was_sent_is_refused(home):
    with pytest.raises(UsageError, match="before the day"):
        letter(home, "C1", "2020-01-01")
