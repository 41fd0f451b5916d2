"""Thirteen weeks of cash from the practice's own payment lags, each with a band, and how the last forecast did.

What is expected is of `foretold`, its band of `calibrated`: how far the practice's own forecasts of the past lay off.

All in whole cents; days are epoch days.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from everyunit.frames import table
from everyunit.receivables.calibrated import LEAST, Held, bands, held, misses
from everyunit.receivables.flow import Flow, weeks_of
from everyunit.receivables.foretold import WEEKS, foretold

FORECAST = table(
    "forecast", "one week to come", "week",
    "week small 1 to 13",
    "first_day day First day of the week",
    "low_cents int:cents The lower end of the band that held 80 of 100 forecasts of the past",
    "expected_cents int:cents What is expected",
    "high_cents int:cents The upper end of that band",
    "of_sent_cents int:cents Part of what is expected that comes of claims already sent",
    "actual_cents int:cents What came; null for weeks not over",
    "actual_of_sent_cents int:cents Part of what came that is of claims sent before the forecast; null likewise",
)  # fmt: skip


@dataclass(frozen=True)
class Forecast:
    """`weeks` (FORECAST) from the day after `as_of` on, and their sum with its own band, in cents.

    `week_cents` is what is to be sent in each week to come (expected, in cents), `sent_cents` what was sent in the
    weeks, None where they are not over.
    """

    as_of: int
    weeks: pl.DataFrame
    low_cents: int
    expected_cents: int
    high_cents: int
    week_cents: int
    sent_cents: int | None = None

    @property
    def inside(self) -> int:
        """Weeks whose actual lies in the band."""
        inside = pl.col("actual_cents").is_between("low_cents", "high_cents")
        return int(self.weeks.select(inside.sum()).item())

    @property
    def sum_inside(self) -> bool:
        """Whether what came in all lies in the band of the sum."""
        came = self.actual_cents
        return came is not None and self.low_cents <= came <= self.high_cents

    @property
    def actual_cents(self) -> int | None:
        """What came in all; None where a week is not over."""
        came = self.weeks["actual_cents"]
        return None if came.null_count() else int(came.sum())


@dataclass(frozen=True)
class Looked:
    """`ahead` is None where history is too short; `backs` are the forecasts of one, two ... quarters ago with what
    came, the latest first; `held` counts look-backs from every week that can be looked back from."""

    ahead: Forecast | None
    backs: list[Forecast]
    held: Held


def forecast(known: Flow, as_of: int, over: int = 0, looks: int = 3) -> Looked:
    """13 weeks from what was known on `as_of`, beginning after it or, where `over` weeks have passed since, after
    those; and up to `looks` look-backs by quarters, each from what was known on its day."""
    weeks = weeks_of(known, as_of)
    if weeks.count <= LEAST:
        return Looked(None, [], Held(0, 0, 0))
    foretold_all = foretold(weeks)
    off = misses(foretold_all)

    def made(at: int, after: int) -> Forecast:
        told = foretold(weeks, WEEKS + after) if after else foretold_all
        day = as_of - 7 * (weeks.count - 1 - at)
        band, ended = bands(told, off, at, after), bool(told.over[at].all())
        frame = pl.DataFrame(
            {
                "week": range(1 - after, WEEKS + 1),
                "first_day": [day + 1 + 7 * step for step in range(WEEKS + after)],
                "low_cents": band.low, "expected_cents": told.expected[at], "high_cents": band.high,
                "of_sent_cents": told.of_sent[at], "actual_cents": told.came[at] if ended else None,
                "actual_of_sent_cents": _of_sent(known, day) if ended else None,
            },
            schema=FORECAST.schema,
        )[after:]  # fmt: skip
        sent = int(weeks.sent[:, at + 1 : at + 1 + WEEKS].sum()) if ended else None
        expected = int(told.expected[at, after:].sum())
        return Forecast(day, frame, band.low_sum, expected, band.high_sum, int(told.week[at]), sent)

    last = weeks.count - 1
    ago = [last - WEEKS * quarter for quarter in range(1, looks + 1)]
    return Looked(made(last, over), [made(at, 0) for at in ago if at >= LEAST], held(foretold_all, off))


def _of_sent(known: Flow, day: int) -> list[int]:
    """Cash of each of the 13 weeks after a day, of claims sent by then."""
    week = (pl.col("day") - day - 1) // 7
    rows = known.cash.filter((pl.col("sent_day") <= day) & (pl.col("day") > day) & (week < WEEKS))
    came = dict(rows.group_by(week=week).agg(pl.col("cents").sum()).iter_rows())
    return [int(came.get(at, 0)) for at in range(WEEKS)]
