"""Metamorphic tests: change what decides and the answer follows; change what does not and it stays."""

from __future__ import annotations

import pytest

from everyunit.notes import read

STRENGTH = "TE 15 min: bridges 3x10, clams 3x10 for hip strength."
MANUAL = "MT 12 min: patellar glides gr III, STM quad."
NOTE = f"S: knee sore.\nO: {STRENGTH}\n{MANUAL}\nTimed 27, total 27.\nA: needs cues.\nP: 2x/wk."
BILLED = {"97110": 1, "97140": 1}


def codes(note, **given):
    return sorted({made.code for made in read(note, **given).interventions})


def kinds(note, billed=BILLED, payer="medicare_b"):
    return [(found.kind, found.code) for found in read(note, "PT", payer, billed).findings]


def test_the_note_as_it_stands():
    assert codes(NOTE) == ["97110", "97140"]
    assert kinds(NOTE) == []


def test_a_denied_service_was_not_done():
    denied = NOTE.replace(MANUAL, "No manual therapy today, skin irritated.").replace("27", "15")
    assert codes(denied) == ["97110"]
    assert kinds(denied) == [("unsupported_code", "97140")]


@pytest.mark.parametrize("words", ["Manual therapy deferred d/t bruising.", "Pt declined manual therapy."])
def test_a_refused_service_was_not_done(words):
    assert "97140" not in codes(NOTE.replace(MANUAL, words).replace("27", "15"))


def test_a_line_moved_to_the_plan_was_not_done():
    moved = NOTE.replace(f"\n{MANUAL}", "").replace("P: 2x/wk.", "P: patellar glides gr III and STM next visit.")
    moved = moved.replace("27", "15")
    assert codes(moved) == ["97110"]
    assert kinds(moved) == [("unsupported_code", "97140")]


def test_a_line_moved_to_an_earlier_visit_was_not_done():
    moved = NOTE.replace(f"\n{MANUAL}", "").replace("27", "15") + f"\nLast visit (5/10): {MANUAL}"
    assert codes(moved) == ["97110"]


@pytest.mark.parametrize("header", ["Therapeutic activities", "TA", "NMR", "Neuro re-ed", "97112", "Manual"])
def test_a_swapped_header_proves_nothing(header):
    swapped = NOTE.replace("TE 15 min", f"{header} 15 min")
    assert codes(swapped) == ["97110", "97140"]


def test_a_swapped_header_with_its_code_billed_is_found():
    swapped = NOTE.replace("TE 15 min", "TA 15 min")
    found = read(swapped, "PT", "medicare_b", {"97530": 1, "97140": 1}).findings
    assert [(one.kind, one.code, one.supported) for one in found] == [("better_supported_code", "97530", ("97110",))]


def test_the_purpose_decides_for_the_same_movement():
    said = "15 min arm elevation 3x10 {}. Timed 15."
    assert codes(said.format("with 3 lb to increase deltoid strength")) == ["97110"]
    assert codes(said.format("with eyes closed to restore joint position sense")) == ["97112"]
    assert codes(said.format("placing cans on a shelf to return to work stocking shelves")) == ["97530"]


def test_the_payer_decides_how_minutes_count():
    note = "O: TE 8 min: bridges for strength. TA 9 min: box lift floor to shelf. MT 8 min: STM quad.\nTimed 25."
    billed = {"97110": 1, "97530": 1, "97140": 1}
    assert [kind for kind, _ in kinds(note, billed, "medicare_b")] == ["units_not_supported"]
    assert kinds(note, billed, "commercial") == []


def test_units_are_wrong_in_both_directions():
    over, under = {"97110": 3, "97140": 1}, {"97110": 1}
    assert [kind for kind, _ in kinds(NOTE, over)] == ["units_not_supported"]
    note = "O: TE 30 min: bridges, clams for strength. Timed 30, total 30."
    told = read(note, "PT", "medicare_b", under).findings
    assert [(one.kind, one.direction) for one in told] == [("units_not_supported", "under")]


def test_without_minutes_a_timed_code_cannot_be_checked():
    bare = NOTE.replace(" 15 min", "").replace(" 12 min", "").replace("\nTimed 27, total 27.", "")
    assert kinds(bare) == [("missing_minutes", "97110"), ("missing_minutes", "97140")]


SESSION = (
    "O: In 9:00 / Out 9:45, 1:1.\nTE 30 min: bridges, clams for strength.\n{}\n"
    "Timed 30, total 45.\nA: needs cues.\nP: 2x/wk."
)
TALK = "Re-tested flexion 100 -> 112. Explained load management to pt and answered questions."


def test_skilled_time_outside_the_timed_minutes_is_found():
    assert kinds(SESSION.format(TALK), {"97110": 2}) == [("uncounted_skilled_time", None)]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Pt rested 15 min with ice, unattended.",
        "After pt left, 15 min chart review and phone call to Dr. office.",
        "Tech supervised bike 15 min.",
    ],
)
def test_a_gap_without_skilled_words_is_no_finding(words):
    assert kinds(SESSION.format(words), {"97110": 2}) == []


@pytest.mark.parametrize("payer", ["home_health", "part_a_snf"])
def test_where_no_codes_are_paid_nothing_is_found(payer):
    assert kinds(NOTE, {"97530": 3}, payer) == []


def test_typing_errors_change_nothing():
    assert codes(NOTE.replace("bridges", "bridgse").replace("strength", "strenght")) == ["97110", "97140"]


def test_money_has_no_part():
    """The better paid code is never preferred: where the words carry both, the one billed stays."""
    note = "O: 15 min jar opening and key turn with joint protection, opener trial for kitchen tasks. Timed 15."
    for billed in ({"97530": 1}, {"97535": 1}):
        assert kinds(note, billed) == []
