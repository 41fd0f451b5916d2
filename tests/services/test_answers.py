"""Answers to claims, from files that a person brings to what the command prints."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.days import iso

sys.path.insert(0, str(Path(__file__).parents[1] / "receivables"))
from answers_kit import DAY, accepted, interchange_refused, paid, sent, status

from everyunit.x12.writer import Party

FILES = {
    "claims.837": sent("C1", "C2", "C3", "C4"),
    "later.837": sent("C5", control=2, reference="B2", day=DAY + 1),
    "taken.999": accepted(),
    "house.277": status(("C1", "A2:20:PR"), ("C2", "A7:562:85"), ("C3", "A2:20:PR")),
    "refused.ta1": interchange_refused(control=2, day=DAY + 1),
    "payer.835": paid("C1", DAY + 40),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    place = folder / "home"
    done = CliRunner().invoke(app, ["import", str(folder), "--home", str(place), "--json"])
    assert done.exit_code == 0, done.output
    return place


def test_every_file_lands_in_the_ledger(home):
    ran = CliRunner().invoke(app, ["answers", "--home", str(home), "--json"])
    found = json.loads(ran.stdout)
    assert found["claims"] == 5 and found["as_of"] is not None
    assert {name: row["claims"] for name, row in found["answers"].items()} == {
        "adjudicated": 1, "accepted": 1, "unanswered": 1, "rejected": 2,
    }  # fmt: skip
    assert found["answers"]["rejected"]["charge_cents"] == 20_000
    assert found["late"] == {"no_277ca": 0, "no_835": 2, "no_835_long": 0}
    by_claim = {row["claim_id"]: row for row in found["to_mend"]}
    assert set(by_claim) == {"C2", "C3", "C4", "C5"}
    assert by_claim["C5"]["level"] == "interchange" and by_claim["C2"]["owner_role"] == "contracting"
    assert not any("ALDER" in str(value) or value == "M1" for row in by_claim.values() for value in row.values())


def test_the_day_looked_at_is_asked_for(home):
    ran = CliRunner().invoke(app, ["answers", "--home", str(home), "--json", "--as-of", "2026-02-20"])
    assert json.loads(ran.stdout)["answers"]["adjudicated"]["claims"] == 0


def test_a_person_reads_what_clears_it(home):
    ran = CliRunner().invoke(app, ["answers", "--home", str(home)])
    text = " ".join(ran.stdout.split())
    assert "Rejected before any decision" in text and "Send it as a new claim" in text and "no_835: 2" in text


PUBLIC = {
    "practice.toml": b'[payers.P2]\nname = "B PAYER"\nrule = "ama"\nfees = "medicare"\nfiling_days = 90\n',
    "a.837": sent("M1", payer=Party("MEDICARE PART B", "", "PI", "PB"), filing="MB"),
    "b.837": sent("D1", control=2, reference="B2", payer=Party("STATE MEDICAID", "", "PI", "PD"), filing="MC"),
    "c.837": sent("B1", control=3, reference="B3", payer=Party("B PAYER", "", "PI", "P2")),
    "d.837": sent("C1", control=4, reference="B4"),
    "last.837": sent("L1", control=5, reference="B5", day=DAY + 100),
}


def test_each_claim_to_mend_bears_the_last_day_that_its_payer_takes_it(tmp_path):
    """By practice.toml, else by the book; where neither knows, the paper that does is named by kind of payer."""
    for name, data in PUBLIC.items():
        (tmp_path / name).write_bytes(data)
    home = str(tmp_path / "home")
    assert CliRunner().invoke(app, ["import", str(tmp_path), "--home", home]).exit_code == 0
    rows = json.loads(CliRunner().invoke(app, ["answers", "--home", home, "--json"]).stdout)["to_mend"]
    found = {row["claim_id"]: (row["last_day"], row["days_left"], row["last_day_source"]) for row in rows}
    service = DAY - 3
    assert found["M1"][:2] == (iso(service + 365), service + 365 - DAY - 100) and "424.44" in found["M1"][2]
    assert found["B1"] == (iso(service + 90), service + 90 - DAY - 100, "practice.toml")
    assert found["C1"] == found["D1"] == (None, None, "")
    text = " ".join(CliRunner().invoke(app, ["answers", "--home", home], env={"COLUMNS": "160"}).stdout.split())
    assert f"{iso(service + 365)}, {service + 365 - DAY - 100} days left" in text
    assert f"{iso(service + 90)}, over since 13 days" in text
    assert "see the program's provider manual" in text and "see the contract" in text


def test_there_must_be_a_ledger(tmp_path):
    ran = CliRunner().invoke(app, ["answers", "--home", str(tmp_path / "none")])
    assert ran.exit_code != 0
