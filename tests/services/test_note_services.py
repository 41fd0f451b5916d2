"""Units from the note's minutes where services.csv has none: counted as the record would be, and never guessed."""

from __future__ import annotations

import csv
import json
import shutil

import polars as pl
import pytest

from everyunit.services.audit import audit
from everyunit.services.explain import finding_story
from everyunit.services.make_sample import make_sample
from everyunit.services.note_services import SAID, SILENT, services_of
from everyunit.services.take_in import take_in

NOTE = (
    "O: Therapeutic exercise x 20 min: quad sets, SLR for strength, cues for form. "
    "Manual therapy x 12 min: patellar mobilization."
)
KINDS = ("units_over", "units_under", "units_misallocated", "not_billed", "untimed_repeated", "visit_not_billed")


def visit(text, codes=None):
    return {"visit_id": "V1", "discipline": "PT", "payer_name": "Medicare", "text": text, "codes": codes}


def test_the_minutes_of_the_note_stand_as_services():
    rows = services_of(visit(NOTE, ["97110", "97140"]))
    assert [(row["code"], row["minutes"]) for row in rows] == [("97110", 20), ("97140", 12)]
    assert services_of(visit(NOTE)) == rows


@pytest.mark.parametrize(("text", "codes"), [(NOTE, ["97530"]), ("", ["97110"]), (None, None), ("Seen today.", None)])
def test_where_words_and_claim_part_or_nothing_is_sure_there_are_none(text, codes):
    assert services_of(visit(text, codes)) == []


def test_the_level_of_an_evaluation_is_the_billed_one():
    told = "O: Initial evaluation: history, tests and measures, goals agreed with the patient (30 min)."
    assert [row["code"] for row in services_of(visit(told, ["97162"]))] == ["97162"]


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A practice that brought notes and no services, judged; and its truth."""
    folder = tmp_path_factory.mktemp("bare")
    make_sample(folder / "practice", visits=700, seed=31)
    (folder / "practice" / "services.csv").unlink()
    with (folder / "practice" / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {(row["visit_id"], row["kind"], row["code"]) for row in csv.DictReader(file)}
    with (folder / "practice" / "truth_notes.csv").open(encoding="utf-8", newline="") as file:
        otherwise = {row["visit_id"] for row in csv.DictReader(file)}  # alone, such a note is believed
    list(take_in([folder / "practice"], folder / "home"))
    return folder / "home", audit(folder / "home"), truth, otherwise


def test_what_is_found_by_notes_alone_is_true(bare):
    _, done, truth, otherwise = bare
    found = done.findings.filter(pl.col("kind").is_in(KINDS))
    keys = {row for row in found.select("visit_id", "kind", "code").iter_rows() if row[0] not in otherwise}
    assert len(keys) > 15
    assert len(keys & truth) / len(keys) >= 0.9
    assert done.visit_values["judged"].mean() > 0.5


def test_what_a_note_cannot_show_is_not_said(bare):
    _, done, *_ = bare
    ours = done.findings.filter(pl.col("message").str.contains(SAID, literal=True))
    assert ours.height > 10 and not set(ours["kind"]) & set(SILENT)
    assert not ours["checked"].any()
    assert done.findings.filter(pl.col("kind") == "not_recorded").is_empty()


def test_the_story_counts_with_the_notes_minutes(bare):
    home, done, *_ = bare
    over = done.findings.filter(pl.col("kind") == "units_over").row(0, named=True)
    story = finding_story(home, over["finding_id"])
    assert story["story"]["earned"][over["code"]] == over["earned_units"]
    assert story["worth"]["cents"] == over["cents_at_stake"]


def test_services_that_came_are_never_replaced(tmp_path):
    make_sample(tmp_path / "practice", visits=120, seed=8)
    shutil.copytree(tmp_path / "practice", tmp_path / "other")
    notes = [json.loads(line) for line in (tmp_path / "other" / "notes.jsonl").read_text().splitlines()]
    (tmp_path / "other" / "notes.jsonl").write_text("\n".join(json.dumps({**note, "text": NOTE}) for note in notes))
    done = []
    for name in ("practice", "other"):
        list(take_in([tmp_path / name], tmp_path / f"home_{name}"))
        done.append(audit(tmp_path / f"home_{name}").findings.filter(pl.col("kind").is_in(KINDS)))
    assert done[0].equals(done[1])
