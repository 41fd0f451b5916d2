"""What a practice says of its payers and clinics, where a home is given."""

from __future__ import annotations

from pathlib import Path

from everyunit.rulebook import Practice
from everyunit.services.home import open_home


def practice_at(home: str | Path | None) -> Practice | None:
    """The practice of a home; None without one. Raises UsageError where there is no ledger."""
    return None if home is None else Practice.from_documents(open_home(home).documents())
