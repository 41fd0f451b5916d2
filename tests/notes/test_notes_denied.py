"""Services told as not done, in many ways: none is read as done today, and the named service billed is found."""

from __future__ import annotations

import pytest

from everyunit.notes import read

DONE = {
    "PT": ("TE 22 min: leg press 3x10, clams 3x12, step ups 3x10 for hip strength; cues for pelvis.", "97110"),
    "OT": ("TE 22 min: wrist curls 2# 3x10, putty squeeze 3x15, gripper 3x10 for grip strength; cues.", "97110"),
    "SLP": ("Attention training 22 min: spaced retrieval for room number, calendar 8/10 with cues.", "97129"),
}
SERVICES = (
    ("PT", "97140", "manual therapy"), ("PT", "97140", "patellar mobs gr III"), ("PT", "97116", "gait training"),
    ("PT", "97112", "neuro re-ed"), ("PT", "97530", "therapeutic activities"), ("PT", "97035", "ultrasound"),
    ("OT", "97535", "ADL training"), ("OT", "97140", "scar massage"), ("OT", "97129", "memory book training"),
    ("SLP", "92526", "dysphagia treatment"), ("SLP", "92526", "thin liquid trials"),
)  # fmt: skip
WAYS = (
    "{} not performed today.", "{} held due to fatigue.", "No {} today.", "{} deferred secondary to pain.",
    "Unable to complete {} this date.", "Did not get to {}.", "Ran out of time for {}.", "{} omitted per MD.",
    "Pt asked to skip {}.", "{}: not done", "{}: deferred", "{}: none today", "{} - n/a today",
    "{} on hold until cleared.", "{} cancelled by pt.", "{} not indicated today.", "Skipped {} because of nausea.",
    "{} withheld, BP 182/100.",
    "Pt too tired for {}.", "{} not appropriate yet.", "{} contraindicated at this stage.",
    "We did no {}.", "{} could not be done as pt left early.", "Time did not allow {}.",
    "Pt declined {} and stretching.",
    "{} awaiting surgeon clearance.", "{} held at cardiology's request.", "{} not started.", "Opted out of {}.",
)  # fmt: skip
CLEAN = (
    ("PT", "97110", "TE 20 min: leg press 3x10, clams 3x12, not yet symmetrical, step ups 3x10 for hip strength."),
    ("PT", "97116", "Gait training 20 min: cane, step length not yet even, cues for heel strike and weight shift."),
    ("PT", "97116", "Gait training 20 min: cues for heel strike and step length; cues: none by last lap."),
    ("PT", "97140", "Manual therapy 20 min: L4-5 PA mobs gr III, STM paraspinals. Adverse response: none today."),
    ("PT", "97110", "TE 20 min: quad sets held 10 sec x10, SLR 3x10, heel slides for strength; pt awaiting MRI."),
    ("PT", "97112", "NMR 20 min: SLS on foam 3x30s, tandem EC, perturbations for balance; not able to hold 12 s."),
    ("PT", "97110", "TE 20 min: bridges 3x10, clams 3x12 for hip strength; weights withheld on the R, 5# on the L."),
    ("PT", "97110", "TE 20 min: leg press 3x10, hamstring curl 3x12 for strength; skipped the third set on curl."),
    ("PT", "97112", "Neuro re-ed 20 min: tandem walk, head turns, foam EC for balance; nothing held today."),
    ("OT", "97535", "ADL training 20 min: LB dressing with sock aid and reacher; not too tired to finish."),
    ("SLP", "92526", "Dysphagia tx 20 min: thin liquid trials with chin tuck, 2 coughs; not yet ready for solids."),
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_what_was_not_done_is_not_read_as_done(way):
    for discipline, code, service in SERVICES:
        line, held = DONE[discipline]
        told = way.format(service)
        note = f"S: ok.\nO: {line}\n{told[0].upper()}{told[1:]}\nTimed 22. Total 22.\nA: tired.\nP: 2x/wk."
        found = read(note, discipline, "medicare_b", {code: 1, held: 1})
        assert [made.code for made in found.interventions] == [held], told
        assert [(one.kind, one.code) for one in found.findings] == [("unsupported_code", code)], told


@pytest.mark.parametrize(("discipline", "code", "line"), CLEAN, ids=lambda value: value[:40])
def test_what_only_sounds_so_is_done(discipline, code, line):
    found = read(f"S: ok.\nO: {line}\nTimed 20. Total 20.\nA: good.\nP: 2x/wk.", discipline, "medicare_b", {code: 1})
    assert [(made.code, made.minutes) for made in found.interventions] == [(code, 20)]
    assert found.findings == []
