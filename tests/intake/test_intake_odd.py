"""What lies in a folder and is no file, names that play at receipts, and what is said of the rest."""

from __future__ import annotations

import os
import zipfile

import pytest
from test_intake_command import CLAIM
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.errors import Unreadable
from everyunit.services.scrub import scrub
from everyunit.services.take_in import take_in

NOTES = '{"visit_id": "V1", "text": "S: better."}\n'
FORGED = "x.pdf: skipped\n  It is empty.\nall.837: taken in"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "in"
    made.mkdir()
    (made / "notes.jsonl").write_text(NOTES)
    return made


def test_links_to_nowhere_and_pipes_get_a_receipt(folder, tmp_path):
    (folder / "gone.837").symlink_to(folder / "nowhere")
    (folder / "round.xlsx").symlink_to(folder / "round.xlsx")
    os.mkfifo(folder / "pipe.csv")
    told = {one["file"]: one for one in take_in([folder], tmp_path / "home")}
    assert {name: one["status"] for name, one in told.items()} == {
        "gone.837": "skipped", "notes.jsonl": "taken", "pipe.csv": "skipped", "round.xlsx": "skipped",
    }  # fmt: skip
    assert "leads nowhere" in told["gone.837"]["words"][0]
    assert "no regular file" in told["pipe.csv"]["words"][0]


def test_a_name_forges_no_receipt(folder, tmp_path):
    (folder / FORGED).write_bytes(b"%PDF")
    said = CliRunner().invoke(app, ["import", str(folder), "--home", str(tmp_path / "home")]).stdout.splitlines()
    assert not any(line.startswith("all.837") for line in said)
    assert FORGED.replace("\n", "\\n") + ": skipped" in said


@pytest.mark.parametrize("command", ["scrub", "x12"])
def test_nor_does_the_name_of_a_claim_file(command, folder):
    (folder / FORGED).write_text(CLAIM)
    done = CliRunner().invoke(app, [command, str(folder / FORGED)])
    assert "\nall.837" not in done.stdout + done.stderr and "\\nall.837: taken in" in done.stdout


def test_files_that_were_not_read_are_counted_at_the_end(folder, tmp_path):
    (folder / "cut.zip").write_bytes(b"PK\x03\x04 cut")
    done = CliRunner().invoke(app, ["import", str(folder), "--home", str(tmp_path / "home")])
    assert done.exit_code == 0
    assert done.stderr.splitlines()[-1] == "1 file was not read; the receipts say why."
    (folder / "cut.zip").unlink()
    assert CliRunner().invoke(app, ["import", str(folder), "--home", str(tmp_path / "home")]).stderr == ""


def test_a_document_that_is_too_deep_says_so(folder, tmp_path):
    (folder / "practice.toml").write_bytes(b"a=" + b"[" * 100_000)
    told = {one["file"]: one for one in take_in([folder], tmp_path / "home")}
    words = " ".join(told["practice.toml"]["words"])
    assert "too deeply nested" in words and "recursion" not in words and "that line" not in words


def test_a_bomb_is_called_one_before_sending(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.837", b"\0" * (20 << 20))
    with pytest.raises(Unreadable, match="unpacks to far more than it holds"):
        scrub(tmp_path / "bomb.zip")
