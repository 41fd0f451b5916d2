"""Does the record hold what was billed, with minutes where minutes count?

A line whose code has no service in the record is not recorded. Where a visit has no service at all this is said only
for days within the span for which the practice brought services; outside it there is nothing to compare with. Of
codes that count by the minutes of a month `remote` says it.
"""

from __future__ import annotations

import narwhals as nw


def not_recorded(first: int, last: int) -> nw.Expr:
    """not_recorded, of codes of a month too. Services were brought between the epoch days `first` and `last`."""
    covered = (nw.col("service_day") >= first) & (nw.col("service_day") <= last)
    return (nw.col("billed") > 0) & ~nw.col("recorded") & ((nw.col("any_record") == 1) | covered)


def minutes_missing() -> nw.Expr:
    """minutes_missing: a timed service without minutes."""
    return nw.col("missing") == 1
