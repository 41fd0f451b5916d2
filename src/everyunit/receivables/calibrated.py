"""A forecast held to account: look-backs by quarters, and a band widened until it would have held what came.

Each look-back is the forecast of its day, from what was known that day. Of every week of the look-backs before it, a
band learns by how many of its own half widths the week lay off what was foretold; the share of 80 of 100 of these
(split conformal, ranked among one more than there are) is what the next band is widened by. It is never narrowed.
A look-back's weeks are over when the next one begins, so nothing is learned from what was not yet known.

Whole cents and parts of a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from everyunit.receivables.forecast import HIGH, LOW, WEEKS, Flow, Forecast, forecast

LOOKS = 3  # quarters looked back at
DEPTH = 4  # quarters that a band learns from
_ONE = 1_000_000


def held_to_account(known: Flow, as_of: int, over: int = 0) -> tuple[Forecast | None, list[Forecast]]:
    """The forecast after `as_of` without the first `over` weeks, and its look-backs, the latest first; each band is
    widened by the look-backs before it. None and none where history is too short."""
    backs: list[Forecast] = []
    for ago in range(1, LOOKS + DEPTH + 1):
        made = forecast(known, as_of - 7 * WEEKS * ago, compare=True)
        if made is None:
            break
        backs.append(made)
    ahead = forecast(known, as_of, over=over)
    told = [widened(one, backs[at + 1 : at + 1 + DEPTH]) for at, one in enumerate(backs[:LOOKS])]
    return (None if ahead is None else widened(ahead, backs[:DEPTH])), told


def widened(made: Forecast, looks: Sequence[Forecast]) -> Forecast:
    """The forecast with its bands (of weeks and sum) widened by what the look-backs missed; as it is without any."""
    by = _factor(looks)
    if by <= _ONE:
        return made
    low, middle, high = (pl.col(f"{name}_cents") for name in ("low", "expected", "high"))
    down, up = (middle - low) * by // _ONE, (high - middle) * by // _ONE
    weeks = made.weeks.with_columns(low_cents=pl.max_horizontal(middle - down, 0), high_cents=middle + up)
    centre = made.expected_cents
    return replace(
        made, weeks=weeks, low_cents=max(centre - (centre - made.low_cents) * by // _ONE, 0),
        high_cents=centre + (made.high_cents - centre) * by // _ONE,
    )  # fmt: skip


def _factor(looks: Sequence[Forecast]) -> int:
    """By how much, in parts of a million, bands of the past had to be wider to hold the share that they promise."""
    off = sorted(_off(row) for one in looks for row in one.weeks.drop_nulls("actual_cents").iter_rows(named=True))
    rank = -(-(len(off) + 1) * (HIGH - LOW) // 100)
    return off[rank - 1] if 0 < rank <= len(off) else _ONE


def _off(row: dict[str, int]) -> int:
    """How far a week lay from what was foretold, in parts of a million of the half width on that side."""
    lay = row["actual_cents"] - row["expected_cents"]
    half = row["high_cents"] - row["expected_cents"] if lay > 0 else row["expected_cents"] - row["low_cents"]
    return abs(lay) * _ONE // max(half, 1)
