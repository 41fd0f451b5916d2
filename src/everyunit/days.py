"""Days as whole numbers since 1970-01-01, so that both engines can subtract them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from operator import index
from typing import Any, SupportsIndex

from everyunit.errors import UsageError

EPOCH = date(1970, 1, 1)

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def to_day(text: str) -> int:
    """Epoch day of `2026-03-12`, `20260312` or `3/12/2026` (a time after it is ignored).

    Raises ValueError when the text is no such date.
    """
    bare = text.strip().split("T")[0].split(" ")[0]
    if match := (_ISO.fullmatch(bare) or _PACKED.fullmatch(bare)):
        year, month, day = (int(part) for part in match.groups())
    elif match := _US.fullmatch(bare):
        month, day, year = (int(part) for part in match.groups())
    else:
        raise ValueError("a date reads 2026-03-12, 20260312 or 3/12/2026")
    return (date(year, month, day) - EPOCH).days


Day = SupportsIndex | str | date


def as_day(value: Day) -> int:
    """Epoch day of whatever a person hands over: an epoch day, a text as `to_day` reads it, or a date.

    Raises UsageError for anything else.
    """
    if isinstance(value, date):
        return ((value.date() if isinstance(value, datetime) else value) - EPOCH).days
    try:
        return to_day(value) if isinstance(value, str) else index(value)
    except (ValueError, TypeError):
        raise UsageError(f"{value} is no date.", remedy="Write it as 2026-03-12.") from None


def from_day(day: int) -> date:
    """The calendar date of an epoch day."""
    return EPOCH + timedelta(days=day)


def year_later(day: int, years: int = 1) -> int:
    """Epoch day of the same date some years later; of 29 February the 28th, where that year has no 29th."""
    first = from_day(day)
    try:
        return to_day(first.replace(year=first.year + years).isoformat())
    except ValueError:
        return to_day(first.replace(year=first.year + years, day=28).isoformat())


def iso(day: int) -> str:
    """`2026-03-12` for an epoch day."""
    return from_day(day).isoformat()


def words(day: int) -> str:
    """`12 March 2026` for an epoch day."""
    value = from_day(day)
    return f"{value.day} {value:%B %Y}"


def dated(value: Any) -> Any:
    """The same for machines: every epoch day under a name that ends in `_day`, however deep, as 2026-03-12."""
    if isinstance(value, dict):
        return {
            name: iso(held) if str(name).endswith("_day") and isinstance(held, int) else dated(held)
            for name, held in value.items()
        }
    return [dated(one) for one in value] if isinstance(value, list) else value
