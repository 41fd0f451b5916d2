"""`everyunit notes` and `everyunit note`: what goes in, what comes out, what is refused and how."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from everyunit.cli.note import _show
from everyunit.services.read_note import read_draft

NOTE = "O: TE 25 min: bridges, clams for hip strength; cues for form.\nTimed 25, total 25.\nP: 2x/wk."


def run(*given, text=""):
    command = [sys.executable, "-c", "from everyunit.cli.main import run; run()", *given]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def test_a_file_of_notes(tmp_path):
    rows = [
        {
            "id": "a",
            "discipline": "PT",
            "payer": "medicare_b",
            "note": NOTE,
            "billed": [{"code": "97110", "units": 2}],
        },
        {"visit_id": "b", "text": NOTE, "billed": [{"code": "97530", "units": 2}]},
    ]
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join([*map(json.dumps, rows), "", "not json", '{"id": "c"}']), encoding="utf-8")
    ran = run("notes", str(source), "--out", str(out))
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert ran.returncode == 0 and [row["id"] for row in answers] == ["a", "b"]
    assert answers[0]["interventions"][0]["code"] == "97110" and answers[0]["interventions"][0]["minutes"] == 25
    assert answers[0]["findings"] == []
    assert answers[1]["findings"][0]["type"] == "unsupported_code" or answers[1]["findings"][0]["supported"] == [
        "97110"
    ]
    assert "row 4" in ran.stderr and "row 5" in ran.stderr and "2 notes read" in ran.stderr


def test_nothing_to_read_is_exit_3_and_a_wrong_path_exit_2(tmp_path):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("not json\n", encoding="utf-8")
    assert run("notes", str(empty)).returncode == 3
    assert run("notes", str(tmp_path / "absent")).returncode == 2
    assert run("note", str(tmp_path / "absent")).returncode == 2
    assert run("note", "-", text=" \n").returncode == 3


def test_what_is_no_text_is_not_read(tmp_path):
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(bytes(range(256)) * 20)
    ran = run("note", str(scan))
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "scan.pdf: this is no text." in ran.stderr


@pytest.mark.parametrize(
    ("payer", "rule"),
    [("medicare_b", "cms"), ("Medicare-B", "cms"), ("tricare", "cms"), ("Aetna", "ama"), ("commercial", "ama")],
)
def test_a_payer_is_known_by_its_kind_or_its_name(payer, rule):
    ran = run("note", "-", "--payer", payer, "--json", text=NOTE)
    assert ran.returncode == 0 and json.loads(ran.stdout)["rule"] == rule


def test_an_unknown_payer_is_refused_with_those_that_are_known(tmp_path):
    ran = run("note", "-", "--payer", "foobar", text=NOTE)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "foobar is no payer that is known" in ran.stderr and "medicare_b, medicare_advantage" in ran.stderr
    source = tmp_path / "in.jsonl"
    billed = [{"code": "97110", "units": 1}]
    rows = [
        {"id": n, "payer": p, "note": NOTE, "billed": billed} for n, p in enumerate(["medicare_b", "Ada Secret", ""])
    ]
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    ran = run("notes", str(source))
    told = [json.loads(line)["findings"] for line in ran.stdout.splitlines()]
    assert ran.returncode == 0 and len(told) == 3 and told[0] and told[1] == told[2]
    assert "row 2: column payer: it is none of the known kinds" in ran.stderr and "Secret" not in ran.stderr


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_draft_in_any_usual_encoding(tmp_path, encoding):
    draft = tmp_path / "draft.txt"
    draft.write_bytes(NOTE.replace("hip", "hip (90°)").replace("\n", "\r\n").encode(encoding))
    body = json.loads(run("note", str(draft), "--json").stdout)
    assert [(made["code"], made["minutes"]) for made in body["interventions"]] == [("97110", 25)]


def test_a_draft_before_signing():
    ran = run("note", "-", "--payer", "medicare_b", "--code", "97530=2", text=NOTE)
    assert ran.returncode == 0
    assert "97110" in ran.stdout and "25 min -> 2 units" in ran.stdout
    assert "97530 is planned; the words carry 97110." in " ".join(ran.stdout.split())
    assert "response" in ran.stdout.split("Not found in the record:")[1]


def test_minutes_by_hand_stand_in_place_of_the_text():
    body = json.loads(run("note", "-", "--minutes", "97110=40", "--json", text=NOTE).stdout)
    assert body["units"] == {"97110": 3}


def test_wrong_codes_and_units_are_named():
    for given in ("9999=1", "97110=two", "97110=100"):
        ran = run("note", "-", "--code", given, text=NOTE)
        assert ran.returncode == 2 and ran.stderr.startswith("everyunit: ")


def test_a_very_long_note_is_shown_in_bounded_time(capsys):
    """Of 100 kB each service has its code behind its words; laying them in one by one took a minute and a half."""
    text = ("O: Therapeutic exercise x 25 min: quad sets 3x10 for strength, cues. " * 1_500)[:100_000]
    draft = read_draft(text, "PT", "commercial")
    began = time.process_time()
    _show(draft)
    assert time.process_time() - began < 10
    assert capsys.readouterr().out.count("[97110]") == len(draft.reading.interventions) > 1_000


def test_signs_that_join_letters_are_text(tmp_path):
    joined = NOTE + "\u200b\u200d\ufeff" * 20 + "\U0001f9d1\u200d\U0001f9bd" * 5 + "\u202e\u05e9\u202c"
    ran = run("note", "-", "--json", text=joined)
    assert ran.returncode == 0 and json.loads(ran.stdout)["interventions"][0]["code"] == "97110"
    assert run("note", "-", text=NOTE + "\x01\x02\x03" * 20).returncode == 3


DRAFT = """Therapeutic exercise 22 min: knee extension 3x10, cues for control.
Manual therapy 12 minutes: soft tissue mobilization to the quadriceps.
"""


def test_minutes_by_hand_that_part_from_the_text_and_units_not_planned_are_said():
    given = ("note", "-", "--discipline", "PT", "--payer", "medicare_b", "--code", "97110=2")
    said = " ".join(run(*given, "--minutes", "97110=30", text=DRAFT).stdout.split())
    assert "97110: the text gives 22 minutes, 30 were given by hand" in said
    assert "97140: the minutes earn 1, none planned" in said and "Words and codes agree" not in said
    said = " ".join(run(*given, "--minutes", "97110=22", text=DRAFT).stdout.split())
    assert "by hand" not in said and "Words and codes agree" not in said and "of their units see above" in said
    said = run(*given[:-1], "97110=1", "--code", "97140=1", text=DRAFT).stdout
    assert "Words and codes agree" in said


def test_without_a_payer_medicare_counts_and_that_is_said():
    ran = run("note", "-", "--discipline", "PT", "--code", "97110=2", text=DRAFT)
    assert "Medicare pools the day: 34 min" in ran.stdout and "No payer was named" in ran.stderr
    assert "No payer was named" not in run("note", "-", "--payer", "commercial", text=DRAFT).stderr
