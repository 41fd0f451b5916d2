"""Answers on readings: kept at once, the last one holds, and they come back as cases."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.errors import UsageError
from everyunit.services.audit import audit
from everyunit.services.make_sample import make_sample
from everyunit.services.note_answers import NoteAnswer, answers, cases, holds, keep
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
