"""What a payer does wrong again and again: one code paid below its fee for some weeks, the same at every clinic."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from everyunit.sample.calendar import FIRST, LAST

_PAYERS = ("MKBLUEW", "MKPINNA", "MKWCFND")
_CODES = ("97110", "97140", "97530")
_WEEKS = 26


class Pattern(NamedTuple):
    """Lines of `code` of days `first` to `last` are paid by `payer_id` at `percent` of their fee."""

    payer_id: str
    code: str
    first: int
    last: int
    percent: int

    def holds(self, payer_id: str, code: str, day: int) -> bool:
        """Whether a line falls under it."""
        return (payer_id, code) == (self.payer_id, self.code) and self.first <= day <= self.last


def draw(seed: int) -> Pattern:
    """The pattern of a practice."""
    rng = Random(f"{seed} pattern")
    first = FIRST + 7 * int(rng.random() * ((LAST - FIRST) // 7 - _WEEKS))
    payer, code = _PAYERS[int(rng.random() * len(_PAYERS))], _CODES[int(rng.random() * len(_CODES))]
    return Pattern(payer, code, first, first + 7 * _WEEKS, 80 + int(rng.random() * 9))


def refused_day(seed: int) -> int:
    """The Saturday on which the first clinic sends a file that the house refuses, long before the end."""
    rng = Random(f"{seed} refused")
    return FIRST + 4 + 7 * (8 + int(rng.random() * 30)) + 1
