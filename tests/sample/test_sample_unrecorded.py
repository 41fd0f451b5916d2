"""Visits whose services were never entered: what the truth says of them follows from claim and note alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from sample_plain import Sample, table

from everyunit.rulebook.book import Book
from everyunit.rulebook.counting import count
from everyunit.sample.practice import make_practice
from everyunit.sample.unrecorded import KINDS


@pytest.fixture(scope="module")
def planted(practice: Sample) -> dict[str, list[dict]]:
    """Rows of truth_notes.csv of these kinds, by visit."""
    found: dict[str, list[dict]] = defaultdict(list)
    for row in table(practice.folder / "truth_notes.csv"):
        if row["kind"] in KINDS:
            found[row["visit_id"]].append(row)
    return found


def test_both_kinds_come_often_and_once_a_visit(planted: dict[str, list[dict]]) -> None:
    kinds = Counter(rows[0]["kind"] for rows in planted.values())
    assert set(kinds) == set(KINDS) and min(kinds.values()) >= 15
    assert all(len({row["kind"] for row in rows}) == 1 for rows in planted.values())


def test_no_service_stands_on_record_and_each_line_says_so(practice: Sample, planted: dict[str, list[dict]]) -> None:
    told = defaultdict(set)
    for row in practice.truth:
        told[row["visit_id"]].add((row["kind"], row["code"]))
    for visit in practice.kept:
        if visit["visit_id"] in planted:
            assert not practice.services[visit["visit_id"]]
            lines = practice.first[visit["claim_id"]]["lines"]
            assert told[visit["visit_id"]] == {("not_recorded", line["code"]) for line in lines}


def test_each_row_follows_from_claim_and_note(practice: Sample, planted: dict[str, list[dict]]) -> None:
    """Of minutes that differ: the day earns other units by Medicare's way, and the code alone differs that way."""
    book = Book.load()
    for visit in practice.kept:
        rows = planted.get(visit["visit_id"])
        if not rows:
            continue
        lines = practice.first[visit["claim_id"]]["lines"]
        timed: Counter[str] = Counter()
        for line in lines:
            if book.codes_by_number[line["code"]].timed:
                timed[line["code"]] += line["units"]
        text = practice.notes[visit["visit_id"]]
        if rows[0]["kind"] == "note_minutes_missing":
            assert {row["code"] for row in rows} == set(timed)
            assert not re.search(r"\d min", text)
            continue
        (row,) = rows
        own = int(re.search(r"(?i)passive stretching[^;(]*\((\d+) min\)", text)[1])
        day = int(re.search(r"imed minutes (\d+)", text)[1])
        over_by = sum(timed.values()) - (day + 7) // 15
        assert (
            over_by
            and (timed[row["code"]] - count("ama", [(row["code"], own)], book).units[row["code"]]) * over_by > 0
        )


def test_they_draw_from_a_generator_of_their_own(tmp_path: Path) -> None:
    """What was planted before them, and every claim, is the same to the byte with and without them."""
    from everyunit.sample import clinic_year, unrecorded

    make_practice(tmp_path / "with", 900, 31, workers=1)
    plant = unrecorded.plant
    try:
        clinic_year.unrecorded.plant = lambda rng, law, visits: None
        make_practice(tmp_path / "without", 900, 31, workers=1)
    finally:
        clinic_year.unrecorded.plant = plant
    ours = {row["visit_id"] for row in table(tmp_path / "with" / "truth_notes.csv") if row["kind"] in KINDS}
    assert ours
    changed = {"services.csv", "notes.jsonl", "truth.csv", "truth_notes.csv"}
    for path in (tmp_path / "with").rglob("*.*"):
        other = tmp_path / "without" / path.relative_to(tmp_path / "with")
        kept = [line for line in other.read_text().splitlines() if not any(visit in line for visit in ours)]
        assert (path.name in changed) != (path.read_bytes() == other.read_bytes())
        if path.name in changed:
            assert [line for line in path.read_text().splitlines() if not any(one in line for one in ours)] == kept
