"""How far forecasts of the past lay off, and the band that follows: one that would have held 80 of 100 of them.

A miss is how many times what was foretold came, or the other way round, whichever is more than one; both ways count
alike, for a practice that grew may shrink. The band of a week so many weeks ahead is as wide as 80 of 100 misses at
that distance that were known by then, ranked among one more than there are (split conformal); it never narrows
with distance. Nothing is learned from what came later.

Whole cents and parts of a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from everyunit.receivables.flow import Grid
from everyunit.receivables.foretold import WEEKS, Told

HELD = 80  # of a hundred
FIRST = 13  # weeks of practice before a forecast's miss teaches
LEAST = 2 * WEEKS  # weeks of history without which nothing is foretold
_FEW = 4  # misses below which no rank holds 80 of 100
_ONE, _MOST = 1_000_000, 100_000_000


@dataclass(frozen=True)
class Held:
    """Of look-backs from every week that has all its weeks behind it: how many, how many of their weeks lay in the
    band, and how many of their sums. They overlap."""

    looks: int
    weeks_inside: int
    sums_inside: int

    @property
    def weeks(self) -> int:
        """Weeks looked back at, each counted once for each look-back."""
        return self.looks * WEEKS


@dataclass(frozen=True)
class Bands:
    """`low` and `high` of each week to come, `low_sum` and `high_sum` of all that are looked at, in cents."""

    low: list[int]
    high: list[int]
    low_sum: int
    high_sum: int


@dataclass(frozen=True)
class Misses:
    """In parts of a million, by the week looked from: of each week foretold, and of the sum of the 13."""

    weeks: Grid
    sums: Grid


def misses(told: Told) -> Misses:
    """What every forecast of the past was off by; 0 where it is not over."""
    near = np.maximum(told.expected.sum(axis=1) // (10 * WEEKS), 1)
    weeks = _off(told.came, told.expected, near[:, None]) * told.over
    sums = _off(told.came.sum(axis=1), told.expected.sum(axis=1), near * WEEKS) * told.over.all(axis=1)
    return Misses(weeks, sums)


def bands(told: Told, off: Misses, at: int, after: int = 0) -> Bands:
    """The bands about what the week `at` foretells; the sum is of the weeks from `after` on.

    Beyond the 13th week they are as wide as its own.
    """
    wide, widths = _ONE, []
    for step in range(WEEKS):
        wide = _rank(off.weeks[FIRST : max(at - step, FIRST), step].tolist(), wide)
        widths.append(wide)
    known = off.sums[FIRST : max(at - WEEKS + 1, FIRST)].tolist()
    of_sum = _rank(known, _ONE if len(known) >= _FEW else wide)
    expected = told.expected[at].tolist()
    near = max(sum(expected[:WEEKS]) // (10 * WEEKS), 1)
    widths += [wide] * (len(expected) - WEEKS)
    both = [_about(cents, near, width) for cents, width in zip(expected, widths, strict=True)]
    low_sum, high_sum = _about(sum(expected[after:]), near * (len(expected) - after), of_sum)
    return Bands([low for low, _ in both], [high for _, high in both], low_sum, high_sum)


def held(told: Told, off: Misses) -> Held:
    """How often the bands held, had each week looked ahead with what it knew."""
    looks = weeks = sums = 0
    for at in range(LEAST, told.week.size - WEEKS):
        made, came = bands(told, off, at), told.came[at].tolist()
        looks += 1
        weeks += sum(low <= cents <= high for low, cents, high in zip(made.low, came, made.high, strict=True))
        sums += made.low_sum <= sum(came) <= made.high_sum
    return Held(looks, weeks, sums)


def _off(came: Grid, expected: Grid, near: Grid) -> Grid:
    """The larger over the smaller, each with a tenth of a usual week (`near`) so that a week without cash counts."""
    one, other = np.maximum(came, 0) + near, expected + near
    large, small = np.maximum(one, other), np.minimum(one, other)
    off: Grid = np.minimum(large * _ONE // small, _MOST)
    return off


def _rank(known: Sequence[int], least: int) -> int:
    """The miss that holds 80 of 100, of these and one more; the largest where they are few; not below `least`."""
    if not known:
        return least
    rank = -(-(len(known) + 1) * HELD // 100)
    return max(sorted(known)[min(rank, len(known)) - 1], least)


def _about(cents: int, near: int, width: int) -> tuple[int, int]:
    return max((cents + near) * _ONE // width - near, 0), (cents + near) * width // _ONE - near
