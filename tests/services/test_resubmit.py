"""Claims sent again, from a home of files to a file that an outside validator accepts."""

from __future__ import annotations

import json
import shutil
import stat
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.days import iso
from everyunit.x12 import read_bytes

sys.path.insert(0, str(Path(__file__).parents[1] / "receivables"))
from answers_kit import DAY, paid, sent, status
from receivables_kit import claim, line, remit
from test_x12_writer import faults

from everyunit.x12.writer import Party

MEDICARE = Party("MEDICARE PART B", "", "PI", "PB")


def unprocessable(number: str) -> bytes:
    denied = claim(number, "MC2", line(10_000, 0, ("CO", "16", 10_000)), status="4")
    return remit(denied._replace(remarks=("MA130",)), day=DAY + 14, trace="T9")


FILES = {
    "one.837": sent("C1", "C2", "C3"),
    "two.837": sent("M1", "M2", control=2, reference="B2", payer=MEDICARE, filing="MB"),
    "other.837": sent("D1", control=3, reference="B3", receiver="DIRECT"),
    "house.277": status(("C2", "A7:562:85"), ("C3", "A2:20:PR")),
    "c1.835": paid("C1"),
    "m1.835": remit(claim("M1", "MC1", line(10_000, 0, ("CO", "50", 10_000)), status="4"), trace="T2"),
    "m2.835": unprocessable("M2"),
    "d1.835": remit(claim("D1", "DC1", line(10_000, 5_000, ("CO", "45", 5_000))), trace="T3"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    for name, data in FILES.items():
        data = data.replace(b"NM1*IL*1*ALDER*ANN****MI*M1~", b"NM1*IL*1*ALDER*ANN****MI*M1~\nN3*1 ELM ST~\n"
                            b"N4*SALEM*OR*97301~\nDMG*D8*19600101*F~")  # fmt: skip
        (folder / name).write_bytes(data)
    place = folder / "home"
    done = CliRunner().invoke(app, ["import", str(folder), "--home", str(place), "--json"])
    assert done.exit_code == 0, done.output
    return place


def run(home, out, wanted, *claims, more=()):
    words = [
        "resubmit",
        *claims,
        "--home",
        str(home),
        "--out",
        str(out),
        "--as",
        wanted,
        "--day",
        "2026-04-01",
        *more,
    ]
    return CliRunner().invoke(app, words)


def read(path):
    batches = list(read_bytes(path.read_bytes(), name="case", source_id="0" * 16))
    return {name: frame for batch in batches for name, frame in batch.items()}


@pytest.mark.parametrize(("wanted", "number", "reference"), [("corrected", "C1", "ICNC1"), ("void", "C1", "ICNC1")])
def test_a_correction_names_the_payers_number(home, tmp_path, wanted, number, reference):
    out = tmp_path / "again.837"
    done = run(home, out, wanted, number, more=("--unchanged", "--json"))
    assert done.exit_code == 0, done.output
    found = read(out)
    row = found["claims"].row(0, named=True)
    assert (row["claim_id"], row["frequency"], row["original_reference"]) == (
        number, {"corrected": "7", "void": "8"}[wanted], reference,
    )  # fmt: skip
    assert "problems" not in found and found["claim_lines"].height == 1
    assert faults(out.read_text()) == []
    assert json.loads(done.stdout)["written"][0]["reference"] == reference


def test_the_file_passes_the_validator_and_is_for_its_owner_alone(home, tmp_path):
    out = tmp_path / "again.837"
    assert run(home, out, "corrected", "C1", more=("--unchanged",)).exit_code == 0
    assert faults(out.read_text()) == []
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_medicare_takes_no_replacement_and_the_way_it_takes_is_said(home, tmp_path):
    done = run(home, tmp_path / "no.837", "corrected", "M1")
    assert done.exception.exit_code == 2 and not (tmp_path / "no.837").exists()
    said = str(done.exception)
    assert "takes no replacement claim (frequency 7)" in said and "reopen" in said and "redetermination" in said


def test_what_was_never_decided_goes_out_new(home, tmp_path):
    out = tmp_path / "new.837"
    assert run(home, out, "new", "C2", "M2").exit_code == 0
    found = read(out)["claims"]
    assert found.select("claim_id", "frequency", "original_reference").rows() == [
        ("C2", "1", None),
        ("M2", "1", None),
    ]
    assert faults(out.read_text()) == []


def test_a_new_claim_has_the_time_to_file_that_the_practice_names_and_a_void_has_none(home, tmp_path):
    """practice.toml's word goes before the book's; what goes back has no time to file."""
    place = tmp_path / "home"
    shutil.copytree(home, place)
    toml = tmp_path / "practice.toml"
    toml.write_text('[payers.P1]\nname = "A PAYER"\nrule = "ama"\nfees = "medicare"\nfiling_days = 30\n')
    assert CliRunner().invoke(app, ["import", str(toml), "--home", str(place)]).exit_code == 0
    told = json.loads(run(place, tmp_path / "new.837", "new", "C2", more=("--json",)).stdout)["written"][0]
    assert told["deadline"] == iso(DAY - 3 + 30) and "The limit passed" in told["word"]
    assert "practice.toml" in told["word"]
    medicare = json.loads(run(place, tmp_path / "m.837", "new", "M2", more=("--json",)).stdout)["written"][0]
    assert medicare["deadline"] == iso(DAY - 3 + 365) and "The limit passed" not in (medicare["word"] or "")
    void = json.loads(run(place, tmp_path / "void.837", "void", "C1", more=("--json",)).stdout)["written"][0]
    assert void["deadline"] is None and not void["word"]


def test_a_batch_keeps_what_can_go_and_says_what_cannot(home, tmp_path):
    out = tmp_path / "batch.837"
    done = run(home, out, "corrected", "C1", "M1", "C2", "D1", more=("--unchanged", "--json"))
    told = json.loads(done.stdout)
    assert done.exit_code == 0 and [row["claim_id"] for row in told["written"]] == ["C1"]
    why = {row["claim_id"]: row["why"] for row in told["refused"]}
    assert set(why) == {"M1", "C2", "D1"}
    assert "never adjudicated" in why["C2"] and "another receiver" in why["D1"]
    assert "ALDER" not in done.output


def test_a_claim_the_payer_holds_is_not_sent_twice(home, tmp_path):
    done = run(home, tmp_path / "no.837", "new", "C3")
    assert done.exception.exit_code == 2 and "duplicate" in str(done.exception)


@pytest.mark.parametrize(
    ("wanted", "number", "word"),
    [("new", "X9", "No claim X9 was sent"), ("better", "C1", "corrected, void, new"), ("new", "C1", "CARC 18")],
)
def test_wrong_asking_is_answered(home, tmp_path, wanted, number, word):
    done = run(home, tmp_path / "no.837", wanted, number)
    assert done.exception.exit_code == 2 and word in str(done.exception)


def test_what_was_sent_again_is_followed(home, tmp_path):
    out = tmp_path / "again.837"
    run(home, out, "corrected", "C1", more=("--unchanged",))
    other = tmp_path / "home"
    files = [str(home.parent / name) for name in FILES]
    assert CliRunner().invoke(app, ["import", *files, str(out), "--home", str(other)]).exit_code == 0
    told = json.loads(CliRunner().invoke(app, ["answers", "--home", str(other), "--json"]).stdout)
    assert told["answers"]["unanswered"]["claims"] == 1


def test_a_correction_reads_as_it_is_told(home, tmp_path):
    out = tmp_path / "again.837"
    done = run(home, out, "corrected", "C1", more=("--set", "1.modifiers=GP:KX", "--set", "1.charge=75", "--json"))
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["written"][0]["charge_cents"] == 7_500
    row = read(out)["claim_lines"].row(0, named=True)
    assert (row["modifiers"], row["charge_cents"], row["units"]) == ("GP:KX", 7_500, 2)
    assert faults(out.read_text()) == []


@pytest.mark.parametrize(("wanted", "claims"), [("void", ("C1",)), ("new", ("C2", "M2"))])
def test_a_change_is_for_one_claim_that_is_no_void(home, tmp_path, wanted, claims):
    done = run(home, tmp_path / "no.837", wanted, *claims, more=("--set", "1.units=1"))
    assert done.exception.exit_code == 2 and "for one claim" in str(done.exception)


def test_a_file_that_may_have_been_sent_is_not_written_over(home, tmp_path):
    out = tmp_path / "again.837"
    assert run(home, out, "corrected", "C1", more=("--unchanged",)).exit_code == 0
    before = out.read_bytes()
    done = run(home, out, "void", "C1")
    assert done.exception.exit_code == 2 and "stands there already" in str(done.exception)
    assert out.read_bytes() == before
    assert run(home, out, "void", "C1", more=("--replace",)).exit_code == 0 and out.read_bytes() != before


@pytest.mark.parametrize("more", [(), ("--set", "1.units=2"), ("--set", "1.charge=100.00")])
def test_a_correction_that_changes_nothing_is_refused_unless_it_is_asked_for(home, tmp_path, more):
    out = tmp_path / "again.837"
    done = run(home, out, "corrected", "C1", more=more)
    assert done.exception.exit_code == 2 and "without a change" in str(done.exception) and not out.exists()
    done = run(home, out, "corrected", "C1", more=(*more, "--unchanged", "--json"))
    assert "without a change" in json.loads(done.stdout)["written"][0]["word"] and faults(out.read_text()) == []


def test_a_correction_that_changes_something_does_not(home, tmp_path):
    done = run(home, tmp_path / "again.837", "corrected", "C1", more=("--set", "1.units=1", "--json"))
    assert json.loads(done.stdout)["written"][0]["word"] is None


@pytest.mark.parametrize(
    ("day", "word"), [("2019-01-01", "before the day"), ("2999-01-01", "more than a year ahead")]
)
def test_a_day_that_cannot_be_is_refused(home, tmp_path, day, word):
    out = tmp_path / "no.837"
    done = run(home, out, "corrected", "C1", more=("--day", day))
    assert done.exception.exit_code == 2 and word in str(done.exception) and not out.exists()


def test_the_queue_goes_out_in_one_file(home, tmp_path):
    """C2 was rejected, M2 is unprocessable: both are new claims. C3 is held by its payer and waits."""
    out = tmp_path / "queue.837"
    done = run(home, out, "new", more=("--queue", "--json"))
    assert done.exit_code == 0, done.output
    assert {row["claim_id"] for row in json.loads(done.stdout)["written"]} == {"C2", "M2"}
    assert read(out)["claims"].height == 2 and faults(out.read_text()) == []


def test_a_table_says_what_each_claim_shall_read(home, tmp_path):
    table = tmp_path / "changes.csv"
    table.write_text("claim,change\nC2,1.units=1\nM2,1.modifiers=GP:KX\nM2,authorization=A77\n")
    out = tmp_path / "batch.837"
    assert run(home, out, "new", more=("--changes", str(table))).exit_code == 0
    lines = {row["claim_id"]: row for row in read(out)["claim_lines"].to_dicts()}
    assert lines["C2"]["units"] == 1 and lines["M2"]["modifiers"] == "GP:KX"
    assert faults(out.read_text()) == []


@pytest.mark.parametrize(
    ("text", "word"), [("claim,change\nC2,\n", "row 2"), ("claim,change\nC2,without=x\n", "no line")]
)
def test_a_table_of_changes_that_cannot_be_read_names_its_row(home, tmp_path, text, word):
    table = tmp_path / "changes.csv"
    table.write_text(text)
    done = run(home, tmp_path / "no.837", "new", more=("--changes", str(table)))
    assert done.exception.exit_code == 3 and word in str(done.exception)


def test_no_claim_named_and_none_waiting_is_told(home, tmp_path):
    done = run(home, tmp_path / "no.837", "void", more=("--queue",))
    assert done.exception.exit_code == 2 and "No claim is named" in str(done.exception)


def test_a_new_claim_that_changes_nothing_says_so(home, tmp_path):
    done = run(home, tmp_path / "a.837", "new", "M2", more=("--json",))
    assert "Nothing was changed" in json.loads(done.stdout)["written"][0]["word"]
    done = run(home, tmp_path / "b.837", "new", "M2", more=("--set", "1.units=1", "--json"))
    assert "Nothing was changed" not in (json.loads(done.stdout)["written"][0]["word"] or "")
