"""The alarm of a drifting mix: how often it is false, and how long it takes to see a real move."""

from __future__ import annotations

from random import Random
from statistics import median

from everyunit.audit.mixes import first_alarm

MEAN, SPREAD = 2900, 60


def months(random: Random, number: int, shift: float = 0) -> list[float]:
    moved = [MEAN + shift * SPREAD] * (number - 6)
    return [random.gauss(level, SPREAD) for level in [MEAN] * 6 + moved]


def test_false_alarms_of_a_steady_clinician_are_as_stated():
    """The base of six months is short, so that its error counts: about 1 in 80 in a year, 1 in 12 in two."""
    random = Random(1)
    for number, most in ((12, 0.02), (24, 0.10)):
        seen = sum(first_alarm(months(random, number)) is not None for _ in range(3000))
        assert 0 < seen / 3000 < most


def test_a_real_move_is_seen_within_months():
    random = Random(2)
    for shift, longest in ((2, 7), (3, 5), (4, 4)):
        found = [first_alarm(months(random, 30, shift)) for _ in range(1000)]
        assert sum(at is None for at in found) < 30
        assert median(at - 5 for at in found if at is not None) <= longest


def test_downward_and_short_histories_are_silent():
    random = Random(3)
    assert all(first_alarm(months(random, 30, -3)) is None for _ in range(200))
    assert first_alarm([1, 1, 1, 1, 1, 1, 99]) is None
    assert first_alarm([5.0] * 12) is None
