"""The quick look at letters, which spares a slow pattern, never hides what the pattern would find."""

from __future__ import annotations

import re

import pytest
from gold_kit import gold
from note_cases import load

from everyunit.notes.groups import GROUP, SEVERAL
from everyunit.notes.layout import COPIED, COPIED_PARTS
from everyunit.notes.passages import AGO, AGO_WORDS
from everyunit.notes.refusals import CUE, PARTS
from everyunit.notes.times import BUILDINGS, CLINIC

QUICK = ((GROUP, SEVERAL), (COPIED, COPIED_PARTS), (AGO, AGO_WORDS), (CUE, PARTS), (CLINIC, BUILDINGS))
TOLD = """
paired with M.; in pairs; two boys took turns on the ramp; with 3 others; class with two others; small group ex
4 men in one session; w/ another resident; alongside other pts; three kindergartners together; 6 kids at once
copied from Monday; carried fwd; pasted from prior note; brought forward
12 reps, 9 a week ago; 30 sec, baseline 12; 4 sets a month back
held today; withheld; unable to tolerate; did not attempt; canceled; deferred; was not addressed; omitting
total time in clinic 55 min; total in the building 50; time in clinic
"""


@pytest.mark.parametrize(("slow", "quick"), QUICK, ids=["group", "copied", "ago", "refused", "clinic"])
def test_what_the_pattern_finds_the_quick_look_sees(slow: re.Pattern[str], quick: tuple[str, ...]):
    lines = TOLD.splitlines() + [line for row in (*gold(), *load("open")) for line in row["note"].splitlines()]
    found = [line for line in (*lines, *(line.upper() for line in lines)) if slow.search(line)]
    assert len(found) >= 2
    assert [line for line in found if not any(part in line.lower() for part in quick)] == []
