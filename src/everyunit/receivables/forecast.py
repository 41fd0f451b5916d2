"""Thirteen weeks of cash from the practice's own payment lags, with an interval, and how the last forecast did.

Per payer, the share of what was sent in a week that was paid 0, 1, 2 ... weeks later (over all weeks old enough to
show it) is applied to what has been sent and to what may be sent in the weeks to come. Half of 400 futures send
weeks like those of the last quarter, half move away from them as 13 weeks of the past moved away from the quarter
before: growth of the past is trusted by half. Their mean is expected, their middle 80 of 100 the interval. Each
future draws the sent weeks anew with replacement, with their payments, and moves each week by a past week's
surprise. Seeds are fixed: the same facts give the same forecast.

All in whole cents and parts of a million.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from everyunit.frames import table
from everyunit.receivables.billed import Billed
from everyunit.receivables.turns import Decisions

WEEKS = 13
LAGS = 40  # weeks after which nothing more is expected
FUTURES = 400
LOW, HIGH = 10, 90  # of a hundred futures
LEAST = 2 * WEEKS  # weeks of history without which nothing is foretold
SURPRISES = 26
SEED = 20_260_101
_PARTS = 1_000_000

FORECAST = table(
    "forecast", "one week to come", "week",
    "week small 1 to 13",
    "first_day day First day of the week",
    "low_cents int:cents In 10 of 100 futures it is less",
    "expected_cents int:cents What is expected",
    "high_cents int:cents In 10 of 100 futures it is more",
    "of_sent_cents int:cents Part of what is expected that comes of claims already sent",
    "actual_cents int:cents What came; null for weeks not over",
)  # fmt: skip


@dataclass(frozen=True)
class Forecast:
    """`weeks` (FORECAST) from the day after `as_of` on, and their sum with its own interval, in cents."""

    as_of: int
    weeks: pl.DataFrame
    low_cents: int
    expected_cents: int
    high_cents: int

    @property
    def inside(self) -> int:
        """Weeks whose actual lies in the interval."""
        held = pl.col("actual_cents").is_between("low_cents", "high_cents")
        return int(self.weeks.select(held.sum()).item())

    @property
    def actual_cents(self) -> int | None:
        """What came in all; None where a week is not over."""
        came = self.weeks["actual_cents"]
        return None if came.null_count() else int(came.sum())


@dataclass(frozen=True)
class Flow:
    """`sent`: payer_id, day, cents expected of claims by the day first sent. `cash`: payer_id, sent_day, day, cents.

    Both are in cents; cash is what payers paid, reversals taken off, before provider adjustments (PLB).
    """

    sent: pl.DataFrame
    cash: pl.DataFrame


def flow(billed: Billed, made: Decisions) -> Flow:
    """What was sent and what came of it; a line without a price counts with its charge."""
    cents = pl.coalesce("expected_cents", "charge_cents").sum()
    claims = billed.lines.group_by("root_no").agg(
        pl.col("payer_id").first(), pl.col("first_sent_day").first().alias("sent_day"), cents.alias("cents")
    )
    claims = claims.filter(pl.col("sent_day").is_not_null())
    sent = claims.group_by("payer_id", day="sent_day").agg(pl.col("cents").sum())
    paid = (
        made.all.filter(pl.col("paid_cents") != 0)
        .select("root_no", "day", "paid_cents")
        .join(claims.drop("cents"), on="root_no")
    )
    cash = paid.group_by("payer_id", "sent_day", "day").agg(pl.col("paid_cents").sum().alias("cents"))
    return Flow(sent.sort("payer_id", "day"), cash.sort("payer_id", "sent_day", "day"))


def forecast(known: Flow, as_of: int, compare: bool = False, over: int = 0) -> Forecast | None:
    """The 13 weeks after `as_of`, from what was known that day; None with fewer than 26 weeks of history.

    With `compare` the weeks bear what came. The first `over` weeks are left out, of the sum too.
    """
    sent = known.sent.filter(pl.col("day") <= as_of)
    cash = known.cash.filter((pl.col("day") <= as_of) & (pl.col("sent_day") <= as_of))
    if sent.is_empty() or as_of - int(sent["day"].min()) < LEAST * 7:  # type: ignore[arg-type]
        return None
    ages = min((as_of - int(sent["day"].min())) // 7 + 1, LAGS + 52)  # type: ignore[arg-type]
    payers = sorted(sent["payer_id"].unique())
    volume, paid = _grids(sent, cash, as_of, ages, payers)
    of_sent = _path(volume, _shares(volume, paid), np.zeros_like(volume[:, :1].repeat(WEEKS, axis=1)))
    paths = _futures(volume, paid)
    middle = paths.sum(axis=0) // FUTURES
    sums = np.sort(paths[:, over:].sum(axis=1))
    ordered = np.sort(paths, axis=0)
    at_low, at_high = FUTURES * LOW // 100, FUTURES * HIGH // 100
    came = _actual(known, as_of) if compare else [None] * WEEKS
    weeks = pl.DataFrame(
        {
            "week": range(1, WEEKS + 1), "first_day": [as_of + 1 + 7 * at for at in range(WEEKS)],
            "low_cents": ordered[at_low], "expected_cents": middle, "high_cents": ordered[at_high],
            "of_sent_cents": of_sent, "actual_cents": came,
        },
        schema=FORECAST.schema,
    )  # fmt: skip
    return Forecast(as_of, weeks[over:], int(sums[at_low]), int(middle[over:].sum()), int(sums[at_high]))


def look_back(known: Flow, as_of: int) -> Forecast | None:
    """The forecast of 13 weeks ago beside what came; None where history was too short then."""
    return forecast(known, as_of - 7 * WEEKS, compare=True)


Grid = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def _grids(sent: pl.DataFrame, cash: pl.DataFrame, as_of: int, ages: int, payers: list[str]) -> tuple[Grid, Grid]:
    """Sent by payer and age in weeks (0: the last seven days), and paid of it by lag in weeks."""
    at = pl.col("payer_id").replace_strict(
        {payer: n for n, payer in enumerate(payers)}, default=-1, return_dtype=pl.Int64
    )
    age = (as_of - pl.col("sent_day")) // 7
    volume = np.zeros((len(payers), ages), np.int64)
    rows = sent.rename({"day": "sent_day"}).select(at, age=age, cents="cents").filter(pl.col("age") < ages)
    np.add.at(volume, (rows["payer_id"].to_numpy(), rows["age"].to_numpy()), rows["cents"].to_numpy())
    paid = np.zeros((len(payers), ages, LAGS), np.int64)
    lag = age - (as_of - pl.col("day")) // 7
    came = cash.select(at, age=age, lag=lag, cents="cents")
    came = came.filter((pl.col("payer_id") >= 0) & (pl.col("age") < ages) & pl.col("lag").is_between(0, LAGS - 1))
    place = (came["payer_id"].to_numpy(), came["age"].to_numpy(), came["lag"].to_numpy())
    np.add.at(paid, place, came["cents"].to_numpy())
    return volume, paid


def _shares(volume: Grid, paid: Grid) -> Grid:
    """Parts of a million of what was sent that come at each lag, by payer, from the weeks old enough to show it."""
    ages = volume.shape[1]
    seen = np.arange(ages)[:, None] >= np.arange(LAGS)[None, :]
    base = (volume[:, :, None] * seen[None]).sum(axis=1)
    shares: Grid = (paid * seen[None]).sum(axis=1) * _PARTS // np.maximum(base, 1)
    return shares


def _moves(volume: Grid) -> Grid:
    """What 13 past weeks sent, beside the usual week of the quarter before them, in parts of a million; one row for
    each week of the past that has both."""
    total = volume.sum(axis=0)[::-1]  # the oldest first
    starts = range(WEEKS, total.size - WEEKS + 1)
    before = [max(int(total[at - WEEKS : at].sum()), 1) for at in starts]
    made = [total[at : at + WEEKS] * WEEKS * _PARTS // usual for at, usual in zip(starts, before, strict=True)]
    return np.array(made, np.int64)


def _path(volume: Grid, shares: Grid, coming: Grid) -> Grid:
    """Cash of each week to come, of what was sent and of what is `coming` (sent by payer and week to come)."""
    ages = volume.shape[1]
    total = np.zeros(WEEKS, np.int64)
    for week in range(1, WEEKS + 1):
        last = min(ages, LAGS - week)
        of_sent = (volume[:, :last] * shares[:, week : week + last]).sum() // _PARTS
        total[week - 1] = of_sent + (coming[:, :week] * shares[:, :week][:, ::-1]).sum() // _PARTS
    return total


def _futures(volume: Grid, paid: Grid) -> Grid:
    """FUTURES paths of WEEKS: sent weeks drawn anew, volumes moved as in the past, surprises of past weeks."""
    rng = np.random.default_rng(SEED)
    ages = volume.shape[1]
    surprises, moves = _surprises(volume, paid), _moves(volume)
    usual = volume[:, :WEEKS].sum(axis=1) // WEEKS
    paths = np.zeros((FUTURES, WEEKS), np.int64)
    seen = np.arange(ages)[:, None] >= np.arange(LAGS)[None, :]
    for at in range(FUTURES):
        weights = np.bincount(rng.integers(0, ages, ages), minlength=ages)
        base = (volume[:, :, None] * seen[None] * weights[None, :, None]).sum(axis=1)
        shares = (paid * seen[None] * weights[None, :, None]).sum(axis=1) * _PARTS // np.maximum(base, 1)
        steady = volume[:, rng.integers(0, WEEKS, WEEKS)]
        moved_on = usual[:, None] * moves[rng.integers(0, len(moves))][None, :] // _PARTS
        path = _path(volume, shares, moved_on if at % 2 else steady)
        moved = surprises[rng.integers(0, surprises.size, WEEKS)]
        paths[at] = np.maximum(path + path * moved // _PARTS, 0)
    return paths


def _surprises(volume: Grid, paid: Grid) -> Grid:
    """How far past weeks' cash lay from what the shares give for them, in parts of a million of that."""
    ages = volume.shape[1]
    shares = _shares(volume, paid)
    made = []
    for ago in range(min(SURPRISES, ages - WEEKS)):
        last = min(ages - ago, LAGS)
        told = (volume[:, ago : ago + last] * shares[:, :last]).sum() // _PARTS
        lags = np.arange(last)
        came = paid[:, ago + lags, lags].sum()
        if told > 0:
            made.append((came - told) * _PARTS // told)
    return np.array(made or [0], np.int64)


def _actual(known: Flow, as_of: int) -> list[int | None]:
    """Cash of the 13 weeks after a day; None for weeks that reach beyond the last remittance."""
    last = int(known.cash["day"].max() or 0)  # type: ignore[arg-type]
    week = (pl.col("day") - as_of - 1) // 7
    rows = known.cash.filter(pl.col("day") > as_of).group_by(week=week).agg(pl.col("cents").sum())
    came = dict(rows.iter_rows())
    return [int(came.get(at, 0)) if as_of + 7 * at + 1 <= last else None for at in range(WEEKS)]
