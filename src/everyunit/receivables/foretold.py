"""What each past week would have foretold of the thirteen weeks after it, from what was known at its end.

Per payer, the share of what was sent in a week that was paid 0, 1, 2 ... weeks later (over all weeks old enough to
show it) is applied to what has been sent, and to what is to be sent: as much a week as in the last four, by payers as
in the last thirteen. Growth is not carried on.

Whole cents and parts of a million.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from everyunit.receivables.flow import LAGS, Grid, Weeks

WEEKS = 13
LEVEL = 4  # weeks that tell how much is sent a week
_PARTS = 1_000_000


@dataclass(frozen=True)
class Told:
    """By the week looked from and the week foretold (0: the next): `expected`, and of it `of_sent`, in cents; `week`
    is what is to be sent in each week to come. `came` is what came, `over` whether it is known."""

    expected: Grid
    of_sent: Grid
    week: Grid
    came: Grid
    over: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def foretold(known: Weeks, ahead: int = WEEKS) -> Told:
    """What every week of the past would have foretold of the `ahead` weeks after it, and what came."""
    count = known.count
    expected, of_sent = np.zeros((count, ahead), np.int64), np.zeros((count, ahead), np.int64)
    week, came = np.zeros(count, np.int64), np.zeros((count, ahead), np.int64)
    over = np.zeros((count, ahead), np.bool_)
    sent_by, paid_by = known.sent.cumsum(axis=1), known.paid.cumsum(axis=1)
    for at in range(count):
        shares = _shares(sent_by, paid_by, at)
        coming = _coming(known.sent[:, : at + 1])
        of_sent[at] = _of_sent(known.sent, shares, at, ahead)
        reached = shares[:, :ahead].cumsum(axis=1)
        expected[at] = of_sent[at] + (coming[:, None] * reached // _PARTS).sum(axis=0)
        week[at] = coming.sum()
        left = min(ahead, count - 1 - at)
        came[at, :left], over[at, :left] = known.came[at + 1 : at + 1 + left], True
    return Told(expected, of_sent, week, came, over)


def _shares(sent_by: Grid, paid_by: Grid, at: int) -> Grid:
    """Parts of a million of what was sent that come at each lag, by payer, of the weeks old enough to show it."""
    lags = np.arange(min(LAGS, at + 1))
    shares = np.zeros((sent_by.shape[0], LAGS), np.int64)
    shares[:, : lags.size] = paid_by[:, at - lags, lags] * _PARTS // np.maximum(sent_by[:, at - lags], 1)
    return shares


def _coming(sent: Grid) -> Grid:
    """What is to be sent in a week to come, by payer."""
    usual = int(sent[:, -LEVEL:].sum()) // min(LEVEL, sent.shape[1])
    mix = sent[:, -WEEKS:].sum(axis=1)
    made: Grid = usual * (mix * _PARTS // max(int(mix.sum()), 1)) // _PARTS
    return made


def _of_sent(sent: Grid, shares: Grid, at: int, ahead: int) -> Grid:
    """What the weeks up to `at` still bring in each week to come."""
    made = np.zeros(ahead, np.int64)
    for step in range(1, ahead + 1):
        reach = min(LAGS - step, at + 1)
        old = sent[:, at + 1 - reach : at + 1][:, ::-1]
        made[step - 1] = (old * shares[:, step : step + reach]).sum() // _PARTS
    return made
