"""Results give way to newer ones of the same command; a file of another kind is left as it is, unless told so."""

from __future__ import annotations

import io
import json
import os

import polars as pl
import pytest
import xlsxwriter
from typer.testing import CliRunner

from everyunit.audit import FINDINGS
from everyunit.cli.main import app
from everyunit.errors import Unreadable, UsageError
from everyunit.services.export import writer_for
from everyunit.services.home import open_home
from everyunit.services.note_cases import CASE

NOTES = '{"id": "1", "note": "Ther ex 15 min."}\n'
X12 = (
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260101*1200*^*00501*000000001*0*P*:~"
    "GS*HP*A*B*20260101*1200*1*X*005010X221A1~ST*835*0001~SE*2*0001~GE*1*1~IEA*1*000000001~"
)
COLUMNS = [name for name in FINDINGS.names if name != "service_day"]
COMMANDS = {
    "audit.csv": ("audit", "--home", "home", "--out", "audit.csv"),
    "audit.parquet": ("audit", "--home", "home", "--out", "audit.parquet"),
    "audit.xlsx": ("audit", "--home", "home", "--out", "audit.xlsx"),
    "pred.jsonl": ("notes", "notes.jsonl", "--out", "pred.jsonl"),
    "cases.jsonl": ("note-cases", "--home", "home", "--out", "cases.jsonl"),
    "tables/claims.parquet": ("x12", "one.835", "--out", "tables"),
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    open_home(tmp_path / "home", create=True)
    (tmp_path / "notes.jsonl").write_text(NOTES)
    (tmp_path / "one.835").write_text(X12)
    (tmp_path / "tables").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words):
    return CliRunner().invoke(app, [*words])


@pytest.mark.parametrize("name", COMMANDS)
def test_only_a_result_of_the_same_command_gives_way(name, here):
    assert run(*COMMANDS[name]).exit_code == 0
    made = (here / name).read_bytes()
    for again in (made, b""):
        (here / name).write_bytes(again)
        assert run(*COMMANDS[name]).exit_code == 0
        assert (here / name).read_bytes() == made
    for other in (
        b"visit_id,date_of_service\nV1,2026-01-02\n",
        b"\x00\xff" * 700,
        b"[" * 5_000,
        b"{}\n",
        b"PK\x03\x04",
    ):
        (here / name).write_bytes(other)
        said = run(*COMMANDS[name]).exception
        assert isinstance(said, UsageError), (other[:20], said)
        assert said.place == name and "no earlier result of this command" in said.seen and "--replace" in said.remedy
        assert (here / name).read_bytes() == other
    assert run(*COMMANDS[name], "--replace").exit_code == 0
    assert (here / name).read_bytes() == made
    assert not [path for path in here.rglob(".*") if "home" not in path.parts]


def test_a_column_that_a_person_added_is_kept(here):
    head = ",".join(COLUMNS)
    for changed in (f"{head},my remarks\n", head.removeprefix("finding_id,") + "\n"):
        (here / "audit.csv").write_text(changed)
        assert isinstance(run(*COMMANDS["audit.csv"]).exception, UsageError)
        assert (here / "audit.csv").read_text() == changed
    (here / "audit.csv").write_bytes(b"\xef\xbb\xbf" + head.encode() + b"\r\nof before\r\n")
    assert run(*COMMANDS["audit.csv"]).exit_code == 0
    assert b"of before" not in (here / "audit.csv").read_bytes()


def test_a_result_of_an_earlier_version_gives_way(here):
    """Columns have been added since; none was taken away."""
    (here / "audit.csv").write_text(",".join(name for name in COLUMNS if name != "past_limit") + "\nof before\n")
    assert run(*COMMANDS["audit.csv"]).exit_code == 0
    assert (here / "audit.csv").read_text() == ",".join(COLUMNS) + "\n"


def test_a_workbook_that_was_saved_since_is_kept(here):
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        book.add_worksheet("findings").write_row(0, 0, COLUMNS)
    (here / "audit.xlsx").write_bytes(held.getvalue())
    assert isinstance(run(*COMMANDS["audit.xlsx"]).exception, UsageError)
    assert (here / "audit.xlsx").read_bytes() == held.getvalue()


def test_a_parquet_file_of_other_columns_is_kept(here):
    pl.DataFrame({"finding_id": ["a"]}).write_parquet(here / "audit.parquet")
    assert isinstance(run(*COMMANDS["audit.parquet"]).exception, UsageError)


def test_cases_of_before_give_way(here):
    (here / "cases.jsonl").write_text(json.dumps(dict.fromkeys(CASE, "")) + "\n")
    assert run(*COMMANDS["cases.jsonl"]).exit_code == 0
    assert (here / "cases.jsonl").read_text() == ""


def test_answers_of_before_stay_where_no_note_could_be_read(here):
    assert run(*COMMANDS["pred.jsonl"]).exit_code == 0
    made = (here / "pred.jsonl").read_text()
    (here / "notes.jsonl").write_text("no note\n")
    assert isinstance(run(*COMMANDS["pred.jsonl"]).exception, Unreadable)
    assert (here / "pred.jsonl").read_text() == made and len(list(here.iterdir())) == 5


def test_a_pipe_is_written_to_and_stays_one(here):
    os.mkfifo(here / "pipe")
    reader = os.open(here / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert run("notes", "notes.jsonl", "--out", "pipe").exit_code == 0
    assert json.loads(os.read(reader, 1 << 16))["id"] == "1" and (here / "pipe").is_fifo()
    os.close(reader)


def test_a_file_of_another_program_beside_it_is_left(here):
    beside = here / "audit.csv.tmp"
    beside.write_text("of another program")
    writer_for(here / "audit.csv")(FINDINGS.empty())
    assert beside.read_text() == "of another program"
