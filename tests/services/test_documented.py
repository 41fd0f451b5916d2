"""The notes' own findings in the audit: off by default, exact on a practice whose notes were altered by hand."""

from __future__ import annotations

import csv
import json

import polars as pl
import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.services.audit import audit
from everyunit.services.explain import finding_story
from everyunit.services.held import held
from everyunit.services.make_sample import make_sample
from everyunit.services.pages import sums
from everyunit.services.take_in import take_in
from everyunit.services.visit_page import visit_page

RULE = "documented"
RECORDED = (
    "note_code_unsupported", "note_code_better", "note_minutes_differ", "note_not_billed", "note_time_uncounted",
)  # fmt: skip
UNRECORDED = ("note_minutes_missing", "note_units_differ")
BARE = {
    "note_minutes_missing": ("minutes_missing",),
    "note_units_differ": ("units_over", "units_under", "units_misallocated", "untimed_repeated", "ceiling_over"),
}


def truth(practice, name="truth.csv"):
    with (practice / name).open(encoding="utf-8", newline="") as file:
        return {(row["visit_id"], row["kind"], row["code"]): int(row["cents"]) for row in csv.DictReader(file)}


def told(home):
    """What the notes alone bring."""
    found = audit(home, notes=True).findings.filter(pl.col("rule") == RULE)
    return set(found.select("visit_id", "kind", "code").iter_rows())


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    """A home with some notes told otherwise than record and claim."""
    folder = tmp_path_factory.mktemp("documented")
    make_sample(folder / "practice", visits=400, seed=5)
    list(take_in([folder / "practice"], folder / "home"))
    return folder, set(truth(folder / "practice", "truth_notes.csv"))


def test_without_asking_the_audit_is_what_it_was(practice):
    folder, _ = practice
    plain = audit(folder / "home").findings
    rows = plain.select("visit_id", "kind", "code", "cents_at_stake").iter_rows()
    assert {row[:3]: row[3] for row in rows} == truth(folder / "practice")
    read = audit(folder / "home", notes=True).findings
    assert read.filter(pl.col("rule") != RULE).equals(plain)
    assert audit(folder / "home").findings.equals(plain)


def test_with_notes_it_holds_what_was_planted_and_nothing_else(practice):
    folder, wanted = practice
    found = audit(folder / "home", notes=True).findings.filter(pl.col("rule") == RULE)
    assert {kind for _, kind, _ in wanted} == {*RECORDED, *UNRECORDED} and len(wanted) >= 15
    assert set(found.select("visit_id", "kind", "code").iter_rows()) == wanted
    assert (found["cents_at_stake"] == 0).all() and not found["checked"].any()
    assert set(found["owner_role"]) == {"clinician"}
    differ = found.filter(pl.col("kind") == "note_minutes_differ")
    assert (differ["at_risk_cents"] > 0).all()


@pytest.mark.parametrize("seed", [80311, 80312])
def test_recall_and_precision_on_other_practices(tmp_path, seed):
    make_sample(tmp_path / "practice", visits=1_500, seed=seed)
    list(take_in([tmp_path / "practice"], tmp_path / "home"))
    wanted, found = set(truth(tmp_path / "practice", "truth_notes.csv")), told(tmp_path / "home")
    assert len(wanted) >= 60
    assert len(wanted & found) >= 0.99 * len(wanted) and len(wanted & found) >= 0.99 * len(found)


def test_a_clean_practice_brings_nothing(tmp_path):
    make_sample(tmp_path / "practice", visits=1_500, seed=80314, clean=True)
    list(take_in([tmp_path / "practice"], tmp_path / "home"))
    assert truth(tmp_path / "practice", "truth_notes.csv") == {} and told(tmp_path / "home") == set()


def test_without_a_record_units_and_minutes_are_told_where_truth_knows_them(tmp_path):
    """And no hot pack that nobody bills counts as skilled time."""
    make_sample(tmp_path / "practice", visits=2_500, seed=80321)
    (tmp_path / "practice" / "services.csv").unlink()
    list(take_in([tmp_path / "practice"], tmp_path / "home"))
    found, planted = told(tmp_path / "home"), truth(tmp_path / "practice")
    wanted = set(truth(tmp_path / "practice", "truth_notes.csv"))
    own = {(visit, kind, code) for visit, kind, code in found if kind in BARE}
    unrecorded = {row for row in wanted if row[1] in UNRECORDED}
    assert unrecorded and unrecorded <= own
    assert all(any((visit, of, code) in planted for of in BARE[kind]) for visit, kind, code in own - unrecorded)
    uncounted = {row for row in found if row[1] == "note_time_uncounted"}
    assert uncounted == {row for row in wanted if row[1] == "note_time_uncounted"}


def test_a_finding_of_a_note_is_explained_and_stands_on_its_visit(practice):
    folder, _ = practice
    row = (
        audit(folder / "home", notes=True).findings.filter(pl.col("kind") == "note_minutes_differ").row(0, named=True)
    )
    story = finding_story(folder / "home", row["finding_id"])
    assert story["finding"]["message"] == row["message"] and story["rule"]["rule"] == RULE
    page = visit_page(folder / "home", row["visit_id"])
    assert [(one["finding_id"], one["message"], one["at_risk_cents"]) for one in page.apart] == [
        (row["finding_id"], row["message"], row["at_risk_cents"])
    ]
    assert all(one["rule"] != RULE for one in page.story["findings"])


def test_the_command_takes_notes_in_and_exports_them(practice, tmp_path):
    folder, wanted = practice
    out = tmp_path / "findings.csv"
    ran = CliRunner().invoke(app, ["audit", "--home", str(folder / "home"), "--notes", "--out", str(out)])
    assert ran.exit_code == 0
    with out.open(encoding="utf-8", newline="") as file:
        assert sum(row["rule"] == RULE for row in csv.DictReader(file)) == len(wanted)


def test_without_notes_the_command_says_how_many_more_they_brought(practice, tmp_path):
    folder, wanted = practice
    audit(folder / "home", notes=True)
    plain = audit(folder / "home").findings.height
    assert held(folder / "home").of_notes == len(wanted) and held(folder / "home").findings.height > plain
    given = ["audit", "--home", str(folder / "home")]
    ran = CliRunner().invoke(app, [*given, "--out", str(tmp_path / "findings.csv")])
    said = " ".join(ran.output.split())
    assert ran.exit_code == 0 and f"{len(wanted):,} more from notes" in said and "audit --notes" in said
    assert f"the {len(wanted):,} from notes are not in it" in said
    assert json.loads(CliRunner().invoke(app, [*given, "--json"]).stdout)["more_from_notes"] == len(wanted)
    assert "more from notes" not in CliRunner().invoke(app, [*given, "--notes"]).output


def test_every_finding_stands_under_one_tile(practice):
    folder, _ = practice
    audit(folder / "home", notes=True)
    findings = held(folder / "home").findings
    told = sums(findings)
    assert told.rows == told.gain_rows + told.back_rows + told.mend_rows + told.document_rows == findings.height
    bare = findings.filter(pl.col("kind").is_in(["invalid_for_payer", "note_units_differ"]))
    assert bare.height and set(bare["way"]) == {"mend"}
    apart = findings.filter(pl.col("kind") == "units_misallocated").with_columns(pl.col("cents_at_stake").sign())
    assert set(apart.select("cents_at_stake", "way").rows()) <= {(1, "gain"), (-1, "back"), (0, "mend")}
