"""What became of the claims of a home: adjudicated, rejected, accepted or unanswered, and which are late."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from everyunit.days import iso, to_day
from everyunit.frames import polars
from everyunit.receivables.answers import Exchanged
from everyunit.receivables.answers import answers as answered
from everyunit.rulebook import Book
from everyunit.rulebook.filing import filing_until
from everyunit.rulebook.papers import manual
from everyunit.services.home import open_home
from everyunit.services.inputs import practice_of
from everyunit.services.today import latest_day

__all__ = ["answers", "manual", "summary", "to_mend", "with_last_days"]
STATES = ("adjudicated", "accepted", "unanswered", "rejected")
LATE = ("no_277ca", "no_835", "no_835_long")


def answers(home: str | Path, as_of: int | None = None) -> tuple[int | None, pl.DataFrame]:
    """The day looked at (default: the latest that any file bears) and one row of ANSWERS for each claim sent.

    Raises UsageError where there is no ledger.
    """
    ledger, book = open_home(home), Book.load()
    exchanged = Exchanged.of({name: ledger.scan(name) for name in Exchanged.names()})
    day = latest_day(ledger) if as_of is None else as_of
    return day, answered(exchanged, book.claim_statuses, book.waits, day or 0)


def summary(day: int | None, rows: pl.DataFrame) -> dict[str, Any]:
    """Counts and charges (cents) of each answer, counts of what is late, for machines."""
    counts = {
        row["answer"]: row for row in rows.group_by("answer").agg(pl.len(), pl.col("charge_cents").sum()).to_dicts()
    }
    return {
        "as_of": iso(day) if day is not None else None,
        "claims": rows.height,
        "answers": {
            state: {
                "claims": counts.get(state, {}).get("len", 0),
                "charge_cents": counts.get(state, {}).get("charge_cents", 0),
            }
            for state in STATES
        },
        "late": {name: rows.filter(pl.col("late") == name).height for name in LATE},
    }


def to_mend(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Claims that are rejected or late, the oldest first; days as text."""
    open_ = rows.filter(pl.col("words").is_not_null()).sort("sent_day", "claim_id", "sequence")
    kept = open_.drop("source_id", "transaction", "claim").to_dicts()
    days = ("first_day", "sent_day", "answered_day")
    return [
        {name: iso(value) if name in days and value is not None else value for name, value in row.items()}
        for row in kept
    ]


def with_last_days(home: str | Path, rows: list[dict[str, Any]], day: int | None) -> list[dict[str, Any]]:
    """Rows of `to_mend` with the `kind` of payer, `last_day` (epoch day, or None where neither practice.toml nor the
    book knows a limit) by which a new claim must be with it, its `last_day_source`, and `days_left` from `day` on.
    UsageError where there is no ledger."""
    ledger, book = open_home(home), Book.load()
    practice, kinds = practice_of(ledger), dict[tuple[str, str], str]()
    numbers = pl.Series([row["claim_id"] for row in rows], dtype=pl.String).implode()
    sent = ledger.scan("claims").filter(pl.col("claim_id").is_in(numbers))
    codes = dict(polars(sent.select("claim_id", "filing_code")).iter_rows())
    made = []
    for row in rows:
        named = (row["payer_name"] or "", codes.get(row["claim_id"]) or "")
        kind = kinds.setdefault(named, kinds.get(named) or book.payer_kind(*named))
        first = None if row["first_day"] is None else to_day(row["first_day"])
        last, source = filing_until(row["payer_id"] or "", kind, first, book, practice) or (None, "")
        left = None if last is None or day is None else last - day
        made.append({**row, "kind": kind, "last_day": last, "last_day_source": source, "days_left": left})
    return made
