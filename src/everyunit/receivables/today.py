"""Which day it is in a home: the latest that its files bear, but for days that no file of a living practice bears."""

from __future__ import annotations

from collections.abc import Iterable

GAP = 366  # a day ahead of the clock counts where another lies at most so many days before it


def latest_trusted(days: Iterable[int], clock: int) -> int | None:
    """The latest of these epoch days that is over by the `clock`, or that follows the others without a gap of more
    than a year: a remittance dated 2062 by a slip does not make it 2062. None where there are no days."""
    rising = sorted(set(days))
    latest: int | None = None
    for day in rising:
        if latest is not None and day > clock and day - latest > GAP:
            break
        latest = day
    return latest
