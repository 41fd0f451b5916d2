"""Do the timed units of a day stand on the claim as the minutes earn them?

When the sum is right and codes differ, each differing code is misallocated. Otherwise a code above what it earned is
over, one below is under, and one that earned units without a line is not billed. Lines without any record are left
out of the sum. A pool in which minutes are missing or more than a day has, or a line states no whole units, is not
judged.
"""

from __future__ import annotations

import narwhals as nw

PART = "pool"
DAY_MINUTES = 24 * 60


def recorded() -> nw.Expr:
    """The record holds the service, or minutes of its base code earned it."""
    return (nw.col("performed") == 1) | (nw.col("earned") > 0)


def sums() -> list[nw.Expr]:
    """blocked, timed_billed, timed_earned, any_record and differs, for the whole pool of each row."""
    counts = nw.col("timed") & nw.col("recorded")
    differs = nw.when(counts & (nw.col("billed") != nw.col("earned"))).then(1).otherwise(0)
    timed_odd = nw.when(nw.col("timed")).then(nw.col("odd")).otherwise(0)
    whole_day = nw.col("minutes").sum().over(PART) > DAY_MINUTES
    unset = nw.when(nw.col("monthly")).then(0).otherwise(nw.col("missing"))  # a month's minutes pool with no day's
    blocked = nw.max_horizontal(unset, timed_odd).max().over(PART)
    made = {
        "timed_billed": nw.when(counts).then(nw.col("billed")).otherwise(0).sum(),
        "timed_earned": nw.when(nw.col("timed")).then(nw.col("earned")).otherwise(0).sum(),
        "any_record": nw.col("performed").max(),
        "differs": differs.max(),
    }
    shut = nw.when(whole_day).then(1).otherwise(blocked).alias("blocked")
    return [shut, *[value.over(PART).alias(name) for name, value in made.items()]]


def verdicts() -> dict[str, nw.Expr]:
    """shifted (the units of the code differ, the sum of the pool is right) and off (the sum is not), where judged."""
    judged = nw.col("timed") & nw.col("claimed") & (nw.col("blocked") == 0) & nw.col("recorded")
    judged = judged & (nw.col("billed") != nw.col("earned"))
    right = nw.col("timed_billed") == nw.col("timed_earned")
    return {"shifted": judged & right, "off": judged & ~right}


def misallocated() -> nw.Expr:
    """units_misallocated."""
    return nw.col("shifted")


def over() -> nw.Expr:
    """units_over."""
    return nw.col("off") & (nw.col("billed") > nw.col("earned"))


def under() -> nw.Expr:
    """units_under: fewer units than earned, at least one."""
    return nw.col("off") & (nw.col("billed") < nw.col("earned")) & (nw.col("billed") > 0)


def not_billed() -> nw.Expr:
    """not_billed: units earned, no line."""
    return nw.col("off") & (nw.col("billed") == 0) & (nw.col("earned") > 0)
