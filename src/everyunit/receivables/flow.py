"""What was sent, what came of it and when: by the day, and as a grid of weeks and payment lags.

All in whole cents; days are epoch days.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

import numpy as np
import polars as pl

from everyunit.receivables.billed import Billed
from everyunit.receivables.turns import Decisions

LAGS = 40  # weeks after which nothing more is expected
SPAN = 156  # weeks of the past that are looked at
RECENT = 91  # days by which the usual gap between two sendings is told
Grid = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True)
class Flow:
    """`sent`: payer_id, day, cents expected of claims by the day first sent. `cash`: payer_id, sent_day, day, cents.

    Both are in cents; cash is what payers paid, reversals taken off, before provider adjustments (PLB).
    """

    sent: pl.DataFrame
    cash: pl.DataFrame

    def until(self, day: int) -> Flow:
        """What was known at the end of a day."""
        return Flow(
            self.sent.filter(pl.col("day") <= day),
            self.cash.filter((pl.col("day") <= day) & (pl.col("sent_day") <= day)),
        )


@dataclass(frozen=True)
class Weeks:
    """Weeks of the past in order of time, each of seven days, the last of which ends on the day looked from.

    `sent`: cents by payer and week; `paid`: of it, by payer, week sent and lag in weeks; `came`: cents by week.
    """

    sent: Grid
    paid: Grid
    came: Grid

    @property
    def count(self) -> int:
        """How many weeks there are."""
        return int(self.came.size)


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


def whole_until(known: Flow, as_of: int, last_service_day: int | None) -> int:
    """The last day up to which the files are whole: not past `as_of`, nor a usual gap past the last sending, nor a
    week past the last service sent or the last payment. A week under way, or one that files break off in, is thus
    not taken for a slow one."""
    days: list[int] = known.sent.filter(pl.col("day") <= as_of)["day"].unique().sort().to_list()
    if not days:
        return as_of
    recent = [day for day in days if day > days[-1] - RECENT]
    gaps = [after - before for before, after in pairwise(recent)]
    ends = [as_of, days[-1] + min(median_low(gaps) if gaps else 7, 7) - 1]
    if last_service_day is not None:
        ends.append(last_service_day + 6)
    paid: list[int] = known.cash.filter(pl.col("day") <= as_of)["day"].to_list()
    return min(*ends, max(paid) + 6) if paid else min(ends)


def weeks_of(known: Flow, as_of: int) -> Weeks:
    """The weeks up to `as_of`, of what was known that day; the first is the first in which anything was sent."""
    held = known.until(as_of)
    first: int = min(held.sent["day"].to_list(), default=as_of + 1)
    count = min((as_of - first) // 7 + 1, SPAN)
    payers = sorted(held.sent["payer_id"].unique())
    number = {payer: at for at, payer in enumerate(payers)}
    at = pl.col("payer_id").replace_strict(number, default=-1, return_dtype=pl.Int64).alias("at")
    rows = held.sent.select(at, week=count - 1 - (as_of - pl.col("day")) // 7, cents="cents")
    rows = rows.filter(pl.col("week") >= 0)
    sent = np.zeros((len(payers), count), np.int64)
    np.add.at(sent, (rows["at"].to_numpy(), rows["week"].to_numpy()), rows["cents"].to_numpy())
    week, paid_in = ((count - 1 - (as_of - pl.col(name)) // 7) for name in ("sent_day", "day"))
    money = held.cash.select(at, week=week, paid_in=paid_in, cents="cents").filter(pl.col("paid_in") >= 0)
    came = np.zeros(count, np.int64)
    np.add.at(came, money["paid_in"].to_numpy(), money["cents"].to_numpy())
    lag = pl.col("paid_in") - pl.col("week")
    money = money.filter((pl.col("at") >= 0) & (pl.col("week") >= 0) & lag.is_between(0, LAGS - 1))
    paid = np.zeros((len(payers), count, LAGS), np.int64)
    place = (money["at"].to_numpy(), money["week"].to_numpy(), money.select(lag)["paid_in"].to_numpy())
    np.add.at(paid, place, money["cents"].to_numpy())
    return Weeks(sent, paid, came)
