"""What a finding rests on: of every rule that reads the practice's own rows, the rows with their file and day."""

from __future__ import annotations

import re

import polars as pl
import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.services.audit import audit
from everyunit.services.explain import finding_story
from everyunit.services.make_sample import make_sample
from everyunit.services.take_in import take_in
from everyunit.services.visit_page import visit_page

# What must stand in the rows of each kind: words of the row, and where it stands.
SEEN = {
    "filing_late": (r"First sent: \d+ \w+ \d{4}, \d+ days after the visit", r"claim \w+ in .*\.837"),
    "authorization_exceeded": (r"Authorization AU\d+: .*; \d+ visits; \d+ units", r"authorizations\.csv row \d+"),
    "authorization_expired": (r"Authorization AU\d+: \d+ \w+ \d{4} to \d+ \w+ \d{4}", r"authorizations\.csv row \d+"),
    "authorization_missing": (r"Named on the claim: none", r"claim \w+"),
    "group_overlaps_one_on_one": (r"\d+ minutes in both: \w+ \d\d:\d\d to \d\d:\d\d; visit \w+: 97150",
                                  r"services\.csv rows \d+ and \d+, \d{4}-\d\d-\d\d"),
    "therapist_overlap": (r"\d+ minutes in both: \w+ \d\d:\d\d to \d\d:\d\d; visit \w+: \w+",
                          r"services\.csv rows \d+ and \d+, \d{4}-\d\d-\d\d"),
    "duplicate_claim": (r"Claim \w+ line \d+: \w+.* x \d+ of \d+ \w+ \d{4}, made \d+ \w+ \d{4}", r".*\.837"),
    "split_line": (r"Claim \w+ line \d+: \w+.* x \d+", r".*\.837"),
    "reference_missing": (r"Claim \w+: frequency [78], made .*, names as its original: none", r".*\.837"),
    "replacement_to_medicare": (r"Claim \w+: frequency [78], made \d+ \w+ \d{4}", r".*\.837"),
    "pointer_missing": (r"Line \d+: \w+ points at none", r".*\.837"),
    "pointer_dangling": (r"Line \d+: \w+ points at \d", r".*\.837"),
    "diagnosis_shape": (r"Diagnoses: 1 \w+", r"claim \w+ in .*\.837"),
    "plan_expired": (r"Plan PL\d+: \d+ \w+ \d{4} to \d+ \w+ \d{4}", r"plans\.csv row \d+"),
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rests")
    make_sample(folder / "practice", visits=1_500, seed=23)
    list(take_in([folder / "practice"], folder / "home"))
    return folder / "home"


@pytest.fixture(scope="module")
def findings(home):
    return audit(home).findings


@pytest.mark.parametrize("kind", SEEN)
def test_each_kind_shows_the_rows_it_was_seen_in(home, findings, kind):
    words, source = SEEN[kind]
    ours = findings.filter(pl.col("kind") == kind).head(4).to_dicts()
    if not ours and kind == "therapist_overlap":
        pytest.skip("the practice of this seed holds none")
    assert ours
    for row in ours:
        record = finding_story(home, row["finding_id"])["record"]
        fits = [one for one in record if re.search(words, f"{one['name']}: {one['said']}")]
        assert fits, record
        assert all(re.fullmatch(source, one["source"]) for one in fits), fits


def test_minutes_in_both_are_those_of_the_message(home, findings):
    ours = findings.filter(pl.col("kind").is_in(["group_overlaps_one_on_one", "therapist_overlap"])).to_dicts()
    assert ours
    for row in ours:
        told = max(int(one["name"].split()[0]) for one in finding_story(home, row["finding_id"])["record"])
        assert f"{told} minutes" in row["message"]


def test_the_original_of_a_duplicate_is_among_its_lines(home, findings):
    for row in findings.filter(pl.col("kind") == "duplicate_claim").to_dicts():
        record = finding_story(home, row["finding_id"])["record"]
        [other] = re.findall(r"stands on claim (\w+)", row["message"])
        assert {other, row["claim_id"]} <= {one["name"].split()[1] for one in record}


def test_command_and_page_show_them(home, findings):
    row = findings.filter(pl.col("kind") == "filing_late").row(0, named=True)
    told = CliRunner().invoke(app, ["explain", row["finding_id"], "--home", str(home)]).stdout
    assert "  Seen      First sent: " in told and "  Seen      Last day to file: " in told
    page = visit_page(home, row["visit_id"])
    [ours] = [one for one in page.story["findings"] if one["finding_id"] == row["finding_id"]]
    assert ours["record"] == finding_story(home, row["finding_id"])["record"]


def test_a_limit_of_practice_toml_stands_in_place_of_the_books(home, findings):
    row = findings.filter((pl.col("kind") == "filing_late") & (pl.col("payer_id") == "MKPINNA")).to_dicts()
    for one in row:
        story = finding_story(home, one["finding_id"])
        assert story["values"] == []
        assert {"name": "Time to file", "said": "90 days", "source": "practice.toml"} in story["record"]
    other = findings.filter((pl.col("rule") == "resubmissions") & (pl.col("payer_name") == "Medicare Part B"))
    story = finding_story(home, other["finding_id"][0])
    assert [value["key"] for value in story["values"]] == ["corrections.medicare"]
    assert story["values"][0]["said"] == "replacement no; void no; appeal redetermination"
