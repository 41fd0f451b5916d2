"""The gold notes score at least what the product promises. The engine was tuned on them: see docs/notes.md."""

from __future__ import annotations

import pytest
from gold_kit import answers, gold, score


@pytest.fixture(scope="module")
def scored():
    return score(gold())


def test_codes(scored):
    found = scored["intervention_codes_note_level"]
    assert found["P"] >= 0.95 and found["R"] >= 0.92


def test_spans(scored):
    assert scored["intervention_spans"]["F1"] >= 0.90


def test_findings(scored):
    found = scored["findings_type_and_code"]
    assert found["P"] >= 0.95 and found["R"] >= 0.85


def test_clean_notes_and_forbidden_codes(scored):
    assert scored["negatives_left_clean"] >= 0.97
    assert scored["must_not_suggest_violation_rate"] == 0


def test_passages(scored):
    assert scored["am_passages"]["F1"] >= 0.75


def test_the_same_notes_give_the_same_answers():
    assert answers(gold()[:20]) == answers(gold()[:20])


def test_every_span_lies_in_its_note():
    for row, answer in zip(gold(), answers(gold()), strict=True):
        for made in (*answer["interventions"], *answer["assessment_management"]):
            assert 0 <= made["start"] < made["end"] <= len(row["note"])
            assert row["note"][made["start"] : made["end"]].strip()
