"""The labelled notes themselves: spans exact, codes in the book, halves by design, every kind in both directions."""

from __future__ import annotations

from collections import Counter

import pytest
from note_cases import CaseFault, load, row_of, unmarked

HALVES = (
    "open",
    "kept_aside",
    "fresh_open",
    "fresh_kept_aside",
    "later_open",
    "later_kept_aside",
    "blind_kept_aside",
)
ROWS = [row for half in HALVES for row in load(half)]
KINDS = {
    "better_supported_code", "documented_not_billed", "units_not_supported", "unsupported_code", "missing_minutes",
    "uncounted_skilled_time",
}  # fmt: skip
LAYOUTS = {"SOAP", "flowsheet", "narrative", "timed grid", "bullets", "messy", "EMR export", "telehealth"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_label_stands_on_its_words(row):
    for span in (*row["interventions"], *row["assessment_management"], *row["distractors"]):
        assert row["note"][span["start"] : span["end"]] == span["evidence"]
    assert not set("{}") & set(row["note"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_what_is_billed_is_carried_or_found(row):
    carried = {code for one in row["interventions"] for code in one["acceptable"]}
    found = {one["code"] for one in row["expected_findings"]}
    assert {one["code"] for one in row["billed"]} <= carried | found
    assert not carried & set(row["must_not_suggest"])
    suggested = {code for one in row["expected_findings"] for code in one["supported"]}
    assert suggested <= carried


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_note_without_minutes_has_none_in_its_labels(row):
    without = {one["code"] for one in row["expected_findings"] if one["type"] == "missing_minutes"}
    assert not without & set(row["code_minutes"])


def test_ids_are_said_once_and_even_numbers_are_kept_aside():
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    for half in HALVES:
        assert all(int(row["id"].split("-")[1]) % 2 == half.endswith("open") for row in load(half))


def test_no_note_is_another():
    lines = Counter(line.strip() for row in ROWS for line in row["note"].splitlines() if len(line.strip()) > 60)
    assert [line for line, times in lines.items() if times > 1] == []


def test_there_are_75_and_75_by_discipline_and_layout():
    for half in ("open", "kept_aside"):
        rows = load(half)
        assert Counter(row["discipline"] for row in rows) == {"PT": 33, "OT": 22, "SLP": 20}
        assert {row["layout"] for row in rows} == LAYOUTS
        assert 32 <= sum(row["nothing_to_suggest"] for row in rows) <= 43


def test_every_kind_in_each_half_and_both_directions():
    for half in ("open", "kept_aside"):
        found = [one for row in load(half) for one in row["expected_findings"]]
        assert {one["type"] for one in found} == KINDS
        ways = Counter((one["type"], one["direction"]) for one in found)
        assert {("better_supported_code", way) for way in ("over", "under", "lateral")} <= set(ways)
        assert {("units_not_supported", way) for way in ("over", "under")} <= set(ways)


def test_passages_are_counted_not_counted_and_unsaid():
    for half in ("open", "kept_aside"):
        passages = [one for row in load(half) for one in row["assessment_management"]]
        assert {one["counted"] for one in passages} == {True, False, None}
        kinds = {one["category"] for one in passages}
        assert kinds >= {"clinical_reasoning", "plan_change", "education", "progress", "next_visit"}


@pytest.mark.parametrize(
    "marked", ["{97110 5: open", "closes}", "{no label}", "{97110 5:  space}", "{12345 5: no such code}", "{joy: x}"]
)
def test_a_faulty_label_is_refused(marked):
    case = {"id": "pt-1", "where": "a, b, c, d", "note": marked, "record": "", "why": ""}
    with pytest.raises(CaseFault):
        row_of(case)


def test_labels_may_stand_within_labels():
    assert unmarked("a {97110 5: b {no plan: c}}") == ("a b c", [(2, 5, "97110 5"), (4, 5, "no plan")])
