"""Answers on readings: kept at once, the last one holds, and they come back as cases."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.errors import UsageError
from everyunit.services.audit import audit
from everyunit.services.make_sample import make_sample
from everyunit.services.note_answers import NoteAnswer, answers, keep
from everyunit.services.note_cases import cases, departures, holds
from everyunit.services.note_reviews import note_reviews
from everyunit.services.take_in import take_in


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("answers")
    make_sample(folder / "practice", visits=300, seed=13)
    list(take_in([folder / "practice"], folder / "home"))
    audit(folder / "home")
    return folder / "home"


def test_the_last_answer_holds_and_a_broken_line_is_passed_over(home):
    visit = note_reviews(home).notes["visit_id"][0]
    keep(home, NoteAnswer(visit, "unsupported_code", "97110", "right"))
    with (home / "answers" / "notes.jsonl").open("a") as file:
        file.write("{broken\n")
    keep(home, NoteAnswer(visit, "unsupported_code", "97110", "wrong", "the  grid\nshows it"))
    assert answers(home, visit) == [NoteAnswer(visit, "unsupported_code", "97110", "wrong", "the grid shows it")]
    assert answers(home, "V0") == []


@pytest.mark.parametrize(
    ("verdict", "because", "visit", "said"),
    [
        ("maybe", "", "", "right or wrong"),
        ("wrong", "  ", "", "reason is missing"),
        ("right", "", "NONE", "No visit"),
    ],
)
def test_what_is_no_answer_is_refused(home, verdict, because, visit, said):
    visit = visit or note_reviews(home).notes["visit_id"][0]
    with pytest.raises(UsageError, match=said):
        keep(home, NoteAnswer(visit, "unsupported_code", "97110", verdict, because))


def test_answers_come_back_as_cases(home, tmp_path):
    found = note_reviews(home).findings.row(-1, named=True)
    keep(home, NoteAnswer(found["visit_id"], found["kind"], found["code"], "right"))
    keep(home, NoteAnswer(found["visit_id"], "documented_not_billed", "97542", "wrong", "only talked about"))
    case = next(case for case in cases(home) if case["id"] == found["visit_id"])
    assert [(row["type"], row["code"] or "") for row in case["expected_findings"]] == [(found["kind"], found["code"])]
    assert case["not_findings"] == [
        {"type": "documented_not_billed", "code": "97542", "because": "only talked about"}
    ]
    assert case["note"] and case["billed"]
    assert all(code for row in case["expected_findings"] for code in row["supported"])
    assert holds(case)
    keep(home, NoteAnswer(found["visit_id"], found["kind"], found["code"], "wrong", "the grid shows it"))
    again = next(case for case in cases(home) if case["id"] == found["visit_id"])
    assert again["expected_findings"] == [] and len(again["not_findings"]) == 2
    assert not holds(again)  # the reader says still what people called wrong
    out = tmp_path / "cases.jsonl"
    result = CliRunner().invoke(app, ["note-cases", "--home", str(home), "--out", str(out)])
    assert result.exit_code == 0 and out.stat().st_mode & 0o077 == 0  # it names what notes say
    assert f"says of {sum(map(holds, cases(home)))} what people said" in result.stdout
    assert {json.loads(line)["id"] for line in out.read_text().splitlines()} == {case["id"] for case in cases(home)}


def test_what_is_said_of_minutes_becomes_minutes_of_a_case(home):
    found = audit(home, notes=True).findings
    differ = found.filter(found["kind"] == "note_minutes_differ").head(2).to_dicts()
    keep(home, NoteAnswer(differ[0]["visit_id"], "note_minutes_differ", differ[0]["code"], "right"))
    keep(home, NoteAnswer(differ[1]["visit_id"], "note_minutes_differ", differ[1]["code"], "wrong", "misread"))
    made = {case["id"]: case for case in cases(home)}
    right, wrong = (made[row["visit_id"]] for row in differ)
    assert [*right["code_minutes"]] == [differ[0]["code"]] and right["not_code_minutes"] == {} and holds(right)
    assert f"the note {right['code_minutes'][differ[0]['code']]}." in differ[0]["message"]
    assert [*wrong["not_code_minutes"]] == [differ[1]["code"]] and wrong["code_minutes"] == {} and not holds(wrong)
    assert right["not_findings"] == wrong["not_findings"] == []


def test_what_was_right_is_wanted_also_where_the_reader_lost_it(home):
    found = note_reviews(home).findings.row(0, named=True)
    keep(home, NoteAnswer(found["visit_id"], "documented_not_billed", "97542", "right"))
    case = next(case for case in cases(home) if case["id"] == found["visit_id"])
    assert {"type": "documented_not_billed", "code": "97542", "supported": []} in case["expected_findings"]
    assert "documented not billed of 97542 was called right and is not found." in departures(case)


def test_cases_are_checked_and_scored_as_labelled_notes_are(home, tmp_path):
    """A case whose every finding was answered is read by `notes`, scored by the labels' own score, and checked."""
    found = audit(home, notes=True).findings
    apart = found.filter(found["kind"] == "note_not_billed").row(0, named=True)
    keep(home, NoteAnswer(apart["visit_id"], "documented_not_billed", apart["code"], "right"))
    out, read = tmp_path / "cases.jsonl", tmp_path / "read.jsonl"
    assert CliRunner().invoke(app, ["note-cases", "--home", str(home), "--out", str(out)]).exit_code == 0
    assert CliRunner().invoke(app, ["note-cases", "--home", str(home), "--out", str(out)]).exit_code == 0  # its own
    ours = [line for line in out.read_text().splitlines() if json.loads(line)["id"] == apart["visit_id"]]
    out.write_text("".join(f"{line}\n" for line in ours))
    case = json.loads(ours[0])
    assert case["unanswered"] == [] and not case["nothing_to_suggest"]
    assert CliRunner().invoke(app, ["notes", str(out), "--out", str(read)]).exit_code == 0
    score = _score()([case], [json.loads(line) for line in read.read_text().splitlines()])
    assert (score["findings_type_and_code"]["P"], score["findings_type_and_code"]["R"]) == (1.0, 1.0)
    checked = CliRunner().invoke(app, ["note-cases", "--check", str(out)])
    assert checked.exit_code == 0 and checked.stdout == "1 of 1 cases hold\n"
    case["not_findings"] = case.pop("expected_findings")
    out.write_text(json.dumps({**case, "expected_findings": []}) + "\n")
    checked = CliRunner().invoke(app, ["note-cases", "--check", str(out)])
    assert checked.exit_code == 1
    said = f"{apart['visit_id']} (case 1): documented not billed of {apart['code']} was called wrong"
    assert said in checked.stdout
    assert case["note"][:20] not in checked.stdout


@pytest.mark.parametrize(
    ("given", "code"),
    [([], 2), (["--home", "x"], 2), (["--check", "absent.jsonl"], 2), (["--check", "broken.jsonl"], 3)],
)
def test_a_wrong_call_names_what_clears_it(given, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.jsonl").write_text("[1]\n")
    made = subprocess.run(
        [sys.executable, "-c", "from everyunit.cli.main import run; run()", "note-cases", *given],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == code and "Traceback" not in made.stderr
    assert "Give " in made.stderr or "Check the path" in made.stderr


def _score():
    path = Path(__file__).resolve().parents[3] / "shared" / "notes" / "evaluate.py"
    if not path.is_file():
        pytest.skip("the score of the labelled notes is not on this machine")
    spec = importlib.util.spec_from_file_location("evaluate", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.score
