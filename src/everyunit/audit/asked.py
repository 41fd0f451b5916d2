"""Are the rows that someone gives to be counted fit to be counted?

Frames held in memory or read by Polars are looked at, and what cannot be counted raises. On other engines looking
would mean running the plan, so there such days get no units (null), never units by another rule.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from everyunit.errors import UsageError
from everyunit.frames import polars

RULES = {"cms": "cms", "ama": "ama", "cms_8_minute": "cms", "ama_spm": "ama"}
NEEDED = ("day_key", "rule", "code", "minutes")
CMS = [name for name, rule in RULES.items() if rule == "cms"]
_REMEDY = "Take cms (pooled day) or ama (each code alone)."


def fit() -> nw.Expr:
    """A known rule and minutes not below 0 (none stated counts as 0)."""
    return nw.col("rule").is_in(list(RULES)).fill_null(False) & (nw.col("minutes").fill_null(0) >= 0)


def look(frame: nw.LazyFrame[Any]) -> bool:
    """Whether every row is known to be fit; False where the engine was not asked.

    Raises UsageError for a missing column and, where the rows were looked at, for the first rule that is none and
    for minutes below 0.
    """
    held = frame.collect_schema().names()
    missing = [name for name in NEEDED if name not in held]
    if missing:
        raise UsageError(
            f"The frame to be counted has no column {', '.join(missing)}.", remedy=f"It needs {', '.join(NEEDED)}."
        )
    kind = frame.implementation
    if not (kind.is_polars() or kind.is_pandas_like() or kind.is_pyarrow()):
        return False
    bad = polars(frame.filter(~fit()).select("rule", "minutes").head(1))
    if bad.is_empty():
        return True
    rule, minutes = bad.row(0)
    if rule not in RULES:
        raise UsageError(f"{'An empty rule' if rule is None else rule} is no counting rule.", remedy=_REMEDY)
    raise UsageError(f"{minutes} minutes are below 0.", remedy="Minutes are 0 or more.")
