"""What never ends is not read: devices, pipes, and lines without an end."""

from __future__ import annotations

import io
import os

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.errors import Unreadable, UsageError
from everyunit.services import plain_input
from everyunit.services.batch import changes_of
from everyunit.services.plain_input import json_rows

COMMANDS = (("units", "--batch"), ("price", "--batch"), ("notes",), ("note",))
GOOD = {
    "units": "case_id,rule,code,minutes\r\nA,cms,97110,33\r\n",
    "price": "claim_id,line,date_of_service,mac,locality,payer,code,units\nC1,1,2026-03-12,,,medicare,97110,2\n",
    "notes": '{"id": "1", "note": "O: Therapeutic exercise x 25 min: quad sets and SLR for strength."}\n',
    "note": "O: Therapeutic exercise x 25 min: quad sets and SLR for strength.\n",
}


def asked(*words):
    return CliRunner().invoke(app, [*words])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_a_pipe_or_a_device_is_refused_unopened(command, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", "/dev/zero"):
        said = asked(*command, str(place)).exception
        assert isinstance(said, Unreadable) and "no regular file" in said.seen and said.place == str(place)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_folders_and_what_is_not_there(command, tmp_path):
    said = asked(*command, str(tmp_path)).exception
    assert isinstance(said, Unreadable) and "folder" in said.seen
    said = asked(*command, str(tmp_path / "nowhere")).exception
    assert isinstance(said, UsageError) and said.remedy


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_what_is_sound_is_read(command, tmp_path):
    (tmp_path / "x").write_text(GOOD[command[0]], newline="")
    done = asked(*command, str(tmp_path / "x"))
    assert done.exit_code == 0 and ("C1,1," if command[0] == "price" else "97110") in done.stdout


def test_a_table_with_the_line_ends_of_old_is_still_read(tmp_path):
    (tmp_path / "x").write_bytes(b"case_id,rule,code,minutes\rA,cms,97110,33\rB,cms,97110,8\r")
    assert asked("units", "--batch", str(tmp_path / "x")).stdout.splitlines()[1:] == ["A,97110,2,0", "B,97110,1,0"]


@pytest.mark.parametrize("command", COMMANDS[:3], ids=lambda words: words[0])
def test_a_line_without_an_end_is_refused(command, tmp_path, monkeypatch):
    monkeypatch.setattr(plain_input, "LONGEST", 100)
    (tmp_path / "x").write_text(GOOD[command[0]] + "0" * 101)
    said = asked(*command, str(tmp_path / "x")).exception
    assert isinstance(said, Unreadable) and said.place.endswith("row 3" if command[0] != "notes" else "row 2")


def test_no_more_than_a_line_is_read():
    class Zeros(io.RawIOBase):
        given = 0

        def readable(self):
            return True

        def readinto(self, room):
            Zeros.given += len(room)
            room[:] = bytes(len(room))
            return len(room)

    with pytest.raises(Unreadable, match="stdin row 1: the line is longer"):
        next(plain_input.lines(io.BufferedReader(Zeros()), "-"))
    assert Zeros.given < plain_input.LONGEST + (1 << 20)


def test_changes_of_a_device_are_not_read():
    from pathlib import Path

    with pytest.raises(Unreadable, match="no regular file"):
        changes_of(Path("/dev/zero"))


@pytest.mark.parametrize("line", [b'{"id": 1e999}', b'{"id": NaN}', b'{"id": ', b"[" * 100_000])
def test_a_line_that_is_no_json_is_counted_and_stops_nothing(line):
    assert list(json_rows([b'{"id": 1.5}', b" ", line, b"[]"])) == [(1, {"id": 1.5}), (3, None), (4, [])]
