"""Answers on readings: kept at once, the last one holds, and they come back as cases."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.errors import UsageError
from everyunit.services.audit import audit
from everyunit.services.make_sample import make_sample
from everyunit.services.note_answers import NoteAnswer, answers, cases, keep
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
    out = tmp_path / "cases.jsonl"
    result = CliRunner().invoke(app, ["note-cases", "--home", str(home), "--out", str(out)])
    assert result.exit_code == 0
    assert {json.loads(line)["id"] for line in out.read_text().splitlines()} == {case["id"] for case in cases(home)}
