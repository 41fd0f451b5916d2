"""What a refusal or a hold reaches: the whole service with its dose and list, not the next one; and lookalikes."""

from __future__ import annotations

import pytest

from everyunit.notes import read

REFUSED = {
    "Pt declined manual therapy x 10 min: patellar mobs gr III, scar massage.": [],
    "Patient refused gait training x 15 min w/ cues for heel strike and step length.": [],
    "Neuro re-ed x 15 min: tandem stance on foam, not performed.": [],
    "Gait training 15 min - held d/t dizziness.": [],
    "Deferred today: Therapeutic exercise x 20 min: quad sets 3x10; SLR 3x10 for strength.": [],
    "Skipped balance work 12 min: SLS on foam 3x30 sec for proprioception.": [],
    "Pt declined:\nManual therapy x 12 min: patellar mobs gr III.\nTherEx x 20 min: quad sets, SLR for strength.": [
        ("97110", 20)
    ],
    "Pt declined manual therapy x 10 min: patellar mobs. TherEx x 20 min: quad sets, SLR for strength.": [
        ("97110", 20)
    ],
    "Held today: TE x 20 min: quad sets, SLR.\nManual x 12 min: patellar mobs gr III.": [("97140", 12)],
    "Pt fatigued so declined gait training x 15 min: stairs with cues for heel strike.": [],
}
LOOKALIKES = (
    ("TherEx x 20 min: held plank 30 s x5, side plank 3x20 s for core strength.", "97110"),
    ("TherEx x 20 min: SLR 3x10 with breath held corrected, quad sets 3x10 for strength.", "97110"),
    ("TherEx x 20 min: bridges held for 10 seconds x10, clams 2x15 for hip strength.", "97110"),
    ("No pain with TherEx x 20 min: leg press 3x10, squats 3x10 for strength.", "97110"),
    ("Pain declined to 4/10 during manual therapy x 15 min: L4-5 PA mobs gr III, STM to paraspinals.", "97140"),
    ("Pt refused to give up: TherEx x 20 min, leg press 3x10 for quad strength.", "97110"),
    ("Gait training x 15 min: 150 ft without assist, cues for heel strike and step length.", "97116"),
    ("Pt declined rest break. TherEx x 20 min: leg press 3x10, squats 3x10 for strength.", "97110"),
)


def done(words: str) -> list[tuple[str, int | None]]:
    """Codes and minutes read as done today."""
    return [(one.code, one.minutes) for one in read(f"S: tired.\nO: {words}", "PT").interventions]


@pytest.mark.parametrize("words", REFUSED)
def test_a_refusal_reaches_its_whole_service_and_no_further(words):
    assert done(words) == REFUSED[words]


@pytest.mark.parametrize(("words", "code"), LOOKALIKES)
def test_words_that_only_look_like_a_refusal(words, code):
    assert code in [one for one, _ in done(words)]
