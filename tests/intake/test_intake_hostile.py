"""One spoiled file says so on its receipt; the files beside it go in."""

from __future__ import annotations

import random

import pytest

from everyunit.errors import UsageError
from everyunit.services.home import open_home
from everyunit.services.take_in import take_in

SPOILED = {
    "bare_cr.csv": b"visit_id,date_of_service,sta\rtus\r\r\nV1,2026-03-02,kept\r\r\n",
    "cr_within.csv": b"visit_id,date_of_service,status\nV1,2026-03-02,kept\nV2,2026-03\r-02",
    "random.csv": random.Random(3).randbytes(300),
    "deep.jsonl": b"[" * 100_000 + b"\n",
    "deep_inside.jsonl": b'{"visit_id": "V8", "text": "x"}\n{"visit_id": "V9", "text": ' + b"[" * 100_000 + b"\n",
    "practice.toml": b"a=" + b"[" * 100_000,
}


@pytest.mark.parametrize("name", SPOILED)
def test_spoiled_file_does_not_stop_its_neighbours(name, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_bytes(SPOILED[name])
    (folder / "zz_notes.jsonl").write_text('{"visit_id": "V1", "text": "S: better."}\n')
    told = {receipt["file"]: receipt for receipt in take_in([folder], tmp_path / "home")}
    assert told["zz_notes.jsonl"]["status"] == "taken"
    spoiled = told[name]
    assert spoiled["status"] in ("taken", "unread", "skipped") and (
        spoiled["words"] or spoiled["refused"] or spoiled["rows"]
    )


def test_half_characters_in_a_note_become_question_marks(tmp_path):
    (tmp_path / "notes.jsonl").write_text('{"visit_id": "V1", "text": "pain \\ud800 3/10"}\n')
    receipt = next(iter(take_in([tmp_path / "notes.jsonl"], tmp_path / "home")))
    assert receipt["status"] == "taken" and "question marks" in " ".join(receipt["words"])
    assert open_home(tmp_path / "home").scan("notes").collect()["text"].to_list() == ["pain ? 3/10"]


def test_a_home_that_is_a_file_is_wrong_usage(tmp_path):
    (tmp_path / "home").write_text("x")
    (tmp_path / "notes.jsonl").write_text('{"visit_id": "V1", "text": "S"}\n')
    with pytest.raises(UsageError, match="not a folder"):
        list(take_in([tmp_path / "notes.jsonl"], tmp_path / "home"))
