"""A place that cannot be written is refused with its name and a remedy, before anything is half there."""

from __future__ import annotations

import os

import pytest
from typer.testing import CliRunner

from everyunit.audit import FINDINGS
from everyunit.cli import main
from everyunit.cli.main import app
from everyunit.errors import UsageError
from everyunit.services.export import writer_for
from everyunit.services.forecast import LAST, cash_forecast
from everyunit.services.home import open_home
from everyunit.services.places import writing
from everyunit.services.private import write_private

NOTES = '{"id": "1", "note": "Ther ex 15 min."}\n'
TO_FILES = (
    ("audit", "--home", "home", "--out"), ("aging", "--home", "home", "--credits"),
    ("statements", "--home", "home", "--out"), ("note-cases", "--home", "home", "--out"),
    ("notes", "notes.jsonl", "--out"), ("resubmit", "C1", "--as", "new", "--home", "home", "--out"),
    ("appeal", "C1", "--home", "home", "--out"), ("refund", "C1", "--home", "home", "--out"),
)  # fmt: skip
TO_FOLDERS = (
    ("x12", "notes.jsonl", "--out"), ("sample", "--visits", "50"), ("demo", "--check", "--visits", "50", "--folder"),
    ("import", "notes.jsonl", "--home"),
)  # fmt: skip


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = tmp_path_factory.mktemp("places")
    open_home(folder / "home", create=True)
    (folder / "notes.jsonl").write_text(NOTES)
    (folder / "afile").write_text("x")
    (folder / "there.csv").mkdir()
    return folder


def asked(here, monkeypatch, *words):
    monkeypatch.chdir(here)
    before = sorted(here.rglob("*"))
    done = CliRunner().invoke(app, [*words])
    assert isinstance(done.exception, UsageError), (words, done.exception)
    assert [path for path in sorted(here.rglob("*")) if path not in before and "home" not in path.parts] == []
    return done.exception


@pytest.mark.parametrize("place", ["nodir/x.csv", "there.csv", "afile/x.csv"])
@pytest.mark.parametrize("command", TO_FILES, ids=lambda words: words[0])
def test_no_file_can_stand_there(command, place, here, monkeypatch):
    said = asked(here, monkeypatch, *command, place)
    assert said.place == place and said.remedy and ("folder" in said.seen)


@pytest.mark.parametrize("place", ["afile", "afile/x"])
@pytest.mark.parametrize("command", TO_FOLDERS, ids=lambda words: words[0])
def test_no_folder_can_stand_there(command, place, here, monkeypatch):
    said = asked(here, monkeypatch, *command, place)
    assert "afile" in said.sentence() and said.remedy


def test_a_draft_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def full(draft, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UsageError, match=r"x\.csv: it cannot be written: No space"):
        write_private(tmp_path / "x.csv", b"1")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_is_no_fault_of_the_place(tmp_path):
    with pytest.raises(BrokenPipeError), writing(tmp_path):
        raise BrokenPipeError


def test_a_disk_that_fails_elsewhere_is_told_in_a_line(monkeypatch, capsys):
    def full():
        raise OSError(28, "No space left on device", "home/derived/x\n")

    monkeypatch.setattr(main, "app", full)
    with pytest.raises(SystemExit) as ended:
        main.run()
    said = capsys.readouterr().err
    assert ended.value.code == 3 and said.count("\n") == 1
    assert said.startswith("everyunit: home/derived/x\\n: the disk answered: No space left on device.")


def test_weeks_end_with_the_calendar(here):
    with pytest.raises(UsageError, match=r"After 9999-12-31 the calendar holds no 13 weeks\. Name 9999-10-01"):
        cash_forecast(here / "home", "9999-12-31")
    assert cash_forecast(here / "home", "9999-10-01").as_of == LAST


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_findings_are_for_their_owner_alone(ending, tmp_path):
    out = tmp_path / f"x.{ending}"
    out.write_bytes(b"of before")
    writer_for(out, replace=True)(FINDINGS.empty())
    assert out.stat().st_mode & 0o077 == 0 and out.read_bytes() != b"of before"
    assert list(tmp_path.iterdir()) == [out]
