"""What the story of a visit tells: what became of each claim, whose minutes count with it, what is left unjudged."""

from __future__ import annotations

import hashlib

import polars as pl
import pytest
from audit_kit import PRACTICE, Facts, counted
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.ledger import Source
from everyunit.services.audit import audit
from everyunit.services.explain import finding_story, visit_story
from everyunit.services.home import open_home
from everyunit.services.summary import left_out, summary

DAY = "2026-03-12"


def brought(facts: Facts, home):
    """A home that holds these facts and the practice's own papers."""
    source = Source(hashlib.sha256(b"facts").hexdigest(), "facts", "visits")
    frames = {
        name: frame.with_columns(source_id=pl.lit(source.source_id)) if "source_id" in frame.columns else frame
        for name, frame in facts.frames().items()
    }
    ledger = open_home(home, create=True)
    assert ledger.commit(source, [frames], lambda rows: {"rows": rows}, documents=PRACTICE)
    return home


def visit(facts, name="V1", minutes=30, **more):
    facts.visit(name, DAY, claim_id=more.pop("claim_id", "C1"), **more)
    facts.service(name, "97110", minutes)


def states(home, name="V1"):
    return [row["state"] for row in visit_story(home, name)["lines"]]


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ([{}], ["in force"]),
        ([{}, {}], ["sent again", "in force"]),
        ([{}, {"sequence": "S"}], ["in force", "secondary"]),
        ([{}, {"frequency": "7"}], ["replaced", "in force"]),
        ([{}, {"frequency": "8"}], ["voided", "void"]),
    ],
)
def test_every_line_says_what_became_of_it(tmp_path, more, wanted):
    facts = Facts()
    visit(facts)
    for claim in more:
        facts.claim("C1", [("97110", 2, "GP")], DAY, **claim)
    assert states(brought(facts, tmp_path / "home")) == wanted


def test_visits_that_pool_show_each_other(tmp_path):
    facts = Facts()
    visit(facts, "V1", 7)
    visit(facts, "V2", 8, claim_id="C2")
    for number in (1, 2):
        facts.claim(f"C{number}", [("97110", 1, "GP")], DAY)
    told = visit_story(brought(facts, tmp_path / "home"), "V2")
    assert told["minutes_total"] == 15
    assert [(row["visit_id"], row["minutes"]) for row in told["services_beside"]] == [("V1", 7)]
    assert [(row["visit_id"], row["claim_id"]) for row in told["lines_beside"]] == [("V1", "C1")]


def test_a_visit_without_claim_shows_what_its_record_earns(tmp_path):
    facts = Facts()
    visit(facts, claim_id="C33")
    facts.service("V1", "97140", 30, "group")
    facts.claim("C33", [("97110", 2, "GP")], "2026-03-18")
    home = brought(facts, tmp_path / "home")
    told = visit_story(home, "V1")
    assert told["minutes"] == [{"code": "97110", "minutes": 30}]
    assert told["earned"]["97110"] == 2
    assert "30 minutes in group do not count for 97140." in told["steps"]
    out = CliRunner().invoke(app, ["explain", told["findings"][0]["finding_id"], "--home", str(home)]).stdout
    assert "of 18 March 2026" in out
    assert "Correct the day on the visit or on the claim." in out


def test_the_proof_of_a_line_both_repeated_and_not_on_record(tmp_path):
    facts = Facts()
    visit(facts)
    facts.claim("C1", [("97110", 2, "GP"), ("97161", 2, "GP")], DAY)
    home = brought(facts, tmp_path / "home")
    for finding in counted(audit(home).findings).iter_rows(named=True):
        worth = finding_story(home, finding["finding_id"])["worth"]["cents"]
        assert worth == finding["cents_at_stake"] - finding["at_risk_cents"] != 0


def test_the_summary_says_in_words_what_was_not_judged(tmp_path):
    facts = Facts()
    visit(facts)
    facts.refuse("V1")
    facts.claim("C1", [("97110", 3, "GP")], DAY)
    visit(facts, "V2", claim_id="C2", status="no_show", patient_id="P2")
    facts.claim("C2", [("97110", 2, "GP")], DAY)
    facts.visit("V3", "2027-01-05", claim_id="C3", patient_id="P3")
    facts.claim("C3", [("97110", 2, "GP")], "2027-01-05")
    lines = left_out(summary(audit(brought(facts, tmp_path / "home"))))
    assert "1 kept visit is not judged: rows of services.csv were refused, see the receipt." in lines
    assert "1 kept visit is not judged: the book holds no counting rule for that day." in lines
    assert any(line.startswith("1 claim charges a visit marked no_show or cancelled:") for line in lines)
    assert not any("bring visits.csv" in line for line in lines)
