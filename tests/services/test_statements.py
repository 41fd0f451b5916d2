"""Statements and the day of a home through the commands: balances agree with aging, numbers stand for patients."""

from __future__ import annotations

import csv
import io
import json
import stat
import sys
from pathlib import Path

import polars as pl
import pytest
from test_owed import run
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.errors import UsageError
from everyunit.frames import polars
from everyunit.measures.gates import with_way
from everyunit.money import to_cents
from everyunit.services.audit import audit
from everyunit.services.make_sample import make_sample
from everyunit.services.open_items import open_items
from everyunit.services.statements import statements
from everyunit.services.take_in import take_in

sys.path.insert(0, str(Path(__file__).parents[1] / "receivables"))
from receivables_kit import claim, line, remit

AS_OF = ("answers", "aging", "forecast", "denials", "statements")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("statements")
    make_sample(folder / "practice", visits=700, seed=52)
    list(take_in([folder / "practice"], folder / "home"))
    return folder / "home"


def test_what_patients_owe_is_what_aging_says(home):
    aged = json.loads(run("aging", "--home", home, "--json"))["totals"]["patient_cents"]
    told = json.loads(run("statements", "--home", home, "--json"))
    held = sum(told["totals"][f"{name}_cents"] for name in ("owed", "held", "other_payer", "nobody", "check"))
    assert held == aged > 0
    assert sum(row["owed_cents"] for row in told["patients"]) == told["totals"]["owed_cents"]


def test_nobody_is_asked_for_units_that_the_audit_asks_to_give_back(home):
    """Every line that a finding asks back is held with its reason; what was owed on it stands in a sum of its own."""
    found = statements(home)
    back = (
        with_way(audit(home).findings).pipe(polars).filter((pl.col("way") == "back") & pl.col("line").is_not_null())
    )
    named = set(back.select("claim_id", "line").iter_rows())
    before = {row["claim_id"]: {} for row in found.lines.to_dicts()}
    for row in open_items(home).statements.to_dicts():
        before[row["claim_id"]][row["line"]] = row["owed_cents"]
    held = [row for row in found.lines.to_dicts() if row["asked"] == "held"]
    for row in found.lines.to_dicts():
        owed = before[row["claim_id"]][row["line"]]
        if (row["claim_id"], row["line"]) in named and owed > 0:
            assert row["asked"] == "held" and row["owed_cents"] == 0 and "are to be given back" in row["words"]
        else:
            assert row["asked"] != "held" and row["owed_cents"] == owed
    assert len(held) == found.totals["held_lines"] > 5
    assert sum(before[row["claim_id"]][row["line"]] for row in held) == found.totals["held_cents"] > 0


def test_one_patients_lines_are_those_of_all(home):
    every = statements(home)
    one = every.patients[0]["patient_id"]
    found = statements(home, patient=one)
    assert found.totals["owed_cents"] == every.patients[0]["owed_cents"]
    assert set(found.lines["patient_id"]) == {one}
    with pytest.raises(UsageError, match="No line of that patient"):
        statements(home, patient="NOBODY")


def test_the_table_holds_every_line_and_no_name(home, tmp_path):
    out = tmp_path / "lines.csv"
    said = run("statements", "--home", home, "--out", out)
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    found = statements(home)
    assert len(rows) == found.lines.height and stat.S_IMODE(out.stat().st_mode) == 0o600
    assert sum(to_cents(row["owed"]) for row in rows) == found.totals["owed_cents"]
    names = {
        part for path in (home.parent / "practice" / "claims").glob("*.837")
        for text in path.read_text().split("~") if text.strip().startswith("NM1*IL*1*")
        for part in text.split("*")[3:5]
    }  # fmt: skip
    text = f"{out.read_text()} {said}".upper().replace(",", " ").split()
    assert names and not names & set(text)


def test_a_file_that_stands_there_is_not_written_over(home, tmp_path):
    out = tmp_path / "lines.csv"
    out.write_text("sent to the printer")
    done = CliRunner().invoke(app, ["statements", "--home", str(home), "--out", str(out)])
    assert done.exception.exit_code == 2 and "--replace" in done.exception.sentence()
    assert out.read_text() == "sent to the printer"
    run("statements", "--home", home, "--out", out, "--replace")
    assert out.read_text() != "sent to the printer"


def test_a_remittance_dated_far_ahead_moves_no_picture(home, tmp_path):
    before = {name: json.loads(run(name, "--home", home, "--json"))["as_of"] for name in AS_OF}
    assert len(set(before.values())) == 1
    practice = home.parent / "practice"
    slip = tmp_path / "slip.835"
    slip.write_bytes(remit(claim("C000000001", "X1", line(10_000, 5_000, ("CO", "45", 5_000))), day=34_000))
    other = tmp_path / "home"
    list(take_in([practice, slip], other))
    assert {name: json.loads(run(name, "--home", other, "--json"))["as_of"] for name in AS_OF} == before
