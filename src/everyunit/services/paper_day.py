"""The day that a file or letter is dated: today, never before what it answers, and not far off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from everyunit.days import as_day, iso
from everyunit.errors import UsageError
from everyunit.services.claim_file import ClaimFile
from everyunit.services.home import open_home
from everyunit.services.today import latest_day

_AHEAD = 366  # days after today, or after the last sending, on which a paper may still be dated


def paper_day(home: str | Path, day: str = "") -> int:
    """The day asked for (2026-03-12); without one today, or the latest day of any file where that is later."""
    return as_day(day) if day else max(as_day(date.today()), latest_day(open_home(home)) or 0)


def check_day(day: int, files: Iterable[ClaimFile]) -> None:
    """UsageError where a paper of that day could not answer these claims: dated before they were sent, or far off."""
    sent = max((file.sent["created_day"] or 0 for file in files), default=0)
    if day < sent:
        raise UsageError(
            f"{iso(day)} lies before the day on which the claim was last sent ({iso(sent)}).",
            remedy="Give the day on which it goes out.",
        )
    if day > max(as_day(date.today()), sent) + _AHEAD:
        raise UsageError(f"{iso(day)} lies more than a year ahead.", remedy="Give the day on which it goes out.")
