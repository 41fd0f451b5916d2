"""The notes' own findings in the audit: off by default, exact on a practice whose notes were altered by hand."""

from __future__ import annotations

import csv
import json
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

RULE = "documented"
TOLD = (
    " Reassessed knee flexion: 112 degrees, was 98 last week; answered questions about return to running and "
    "reviewed goals with the patient."
)
TOTALS = re.compile(r"Timed minutes (\d+), total treatment time (\d+) min\.")


def shorter(text):
    """The only service of the note, timed, told with 12 minutes fewer."""
    minutes = re.findall(r"\((\d+) min\)", text)
    total = TOTALS.search(text)
    if len(minutes) != 1 or not total or total[1] != total[2] or int(minutes[0]) < 23:
        return None
    less = int(minutes[0]) - 12
    text = text.replace(f"({minutes[0]} min)", f"({less} min)")
    return TOTALS.sub(f"Timed minutes {less}, total treatment time {less} min.", text)


def longer(text):
    """Twelve more minutes with the patient, in which skilled work is told."""
    total = TOTALS.search(text)
    if not total or total[1] != total[2]:
        return None
    return TOTALS.sub(f"Timed minutes {total[1]}, total treatment time {int(total[2]) + 12} min.{TOLD}", text)


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    """A home with some notes told otherwise, and what each of them ought to bring."""
    folder = tmp_path_factory.mktemp("documented")
    make_sample(folder / "practice", visits=400, seed=5)
    path, wanted, made = folder / "practice" / "notes.jsonl", set(), []
    for line in path.read_text(encoding="utf-8").splitlines():
        note = json.loads(line)
        for kind, change in (("note_minutes_differ", shorter), ("note_time_uncounted", longer)):
            told = change(note["text"])
            if told and sum(one == kind for _, one in wanted) < 6:
                wanted.add((note["visit_id"], kind))
                note["text"] = told
                break
        made.append(json.dumps(note))
    path.write_text("\n".join(made) + "\n", encoding="utf-8")
    list(take_in([folder / "practice"], folder / "home"))
    return folder, wanted


def test_without_asking_the_audit_is_what_it_was(practice):
    folder, _ = practice
    with (folder / "practice" / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {(row["visit_id"], row["kind"], row["code"]) for row in csv.DictReader(file)}
    plain = audit(folder / "home").findings
    assert set(plain.select("visit_id", "kind", "code").iter_rows()) == truth
    read = audit(folder / "home", notes=True).findings
    assert read.filter(pl.col("rule") != RULE).equals(plain)
    assert audit(folder / "home").findings.equals(plain)


def test_with_notes_it_holds_what_was_altered_and_nothing_else(practice):
    folder, wanted = practice
    found = audit(folder / "home", notes=True).findings.filter(pl.col("rule") == RULE)
    assert len(wanted) >= 10
    assert set(found.select("visit_id", "kind").iter_rows()) == wanted
    assert (found["cents_at_stake"] == 0).all() and not found["checked"].any()
    assert set(found["owner_role"]) == {"clinician"}
    differ = found.filter(pl.col("kind") == "note_minutes_differ")
    assert (differ["at_risk_cents"] > 0).all()


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
