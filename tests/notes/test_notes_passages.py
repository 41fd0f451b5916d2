"""Single sentences within one plain note: what is a passage of assessment and management, and what is none."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from everyunit.notes import read

SENTENCES = tomllib.loads((Path(__file__).parent / "passages.toml").read_text(encoding="utf-8"))
PLAIN = {"done": "Skin ok.", "judged": "ok.", "planned": "cont."}
NOTE = """S: doing ok.
O: TE 15 min: heel raises 3x12, band rows 3x10 for strength, cue for tempo.
{done}
Timed 15, total 15.
A: {judged}
P: {planned}
"""


def told(kind):
    return [(section, one) for section, held in SENTENCES[kind].items() for one in held["sentences"]]


def reading(section, sentence):
    note = NOTE.format(**{**PLAIN, section: sentence})
    start = note.index(sentence)
    found = read(note, "PT", "commercial", {"97110": 1})
    inside = [one for one in found.passages if one.start < start + len(sentence) and start < one.end]
    return found, inside


@pytest.mark.parametrize(("section", "sentence"), told("passage"))
def test_a_passage(section, sentence):
    found, inside = reading(section, sentence)
    assert len(inside) == 1
    assert [made.code for made in found.interventions] == ["97110"]


@pytest.mark.parametrize(("section", "sentence"), told("none"))
def test_none(section, sentence):
    found, inside = reading(section, sentence)
    assert inside == []
    assert [made.code for made in found.interventions] == ["97110"]
