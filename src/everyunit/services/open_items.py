"""What is open in a home now: the kept pictures, with the appeals that wait and less what people wrote off."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from everyunit.receivables import worth
from everyunit.receivables.write_offs import (
    cases_after,
    denials_after,
    lines_after,
    owed_after,
    statements_after,
)
from everyunit.rulebook import Book
from everyunit.services.appeals_sent import lines_asked, sent_rows, with_appeals
from everyunit.services.owed import Owed, owed_of
from everyunit.services.write_offs import parts_of


@dataclass(frozen=True)
class OpenItems:
    """`kept` as of a day, with denials, cases, queue, lines (PAID_OFF), owed (with written_off_cents) and statements,
    after appeals and write-offs; `history` are the denials that teach the chances.
    Lines and cases bear `asked_day`: since when a letter about them waits, or null."""

    kept: Owed
    denials: pl.DataFrame
    cases: pl.DataFrame
    queue: pl.DataFrame
    lines: pl.DataFrame
    owed: pl.DataFrame
    statements: pl.DataFrame
    history: pl.DataFrame


def open_items(home: str | Path, on: str = "") -> OpenItems:
    """What is open at the end of the day `on` (empty: the latest day; what people did later then counts too).

    Raises UsageError where there is no ledger, or `on` is no date."""
    kept = owed_of(home, on)
    until = kept.as_of if on else 1 << 30
    parts, asked = parts_of(home, until), sent_rows(home, until)
    refused, cases, owed, lines = (kept.read(name) for name in ("denials", "cases", "owed", "paid_off"))
    if parts.is_empty() and asked.is_empty():
        none = owed.with_columns(written_off_cents=pl.lit(0, pl.Int64))
        cases, lines = (frame.with_columns(asked_day=pl.lit(None, pl.Int64)) for frame in (cases, lines))
        return OpenItems(kept, refused, cases, kept.read("queue"), lines, none, kept.read("statements"), refused)
    refused = with_appeals(refused, asked)
    still, short = denials_after(refused, parts), lines_asked(lines_after(lines, parts), asked)
    waits = short.group_by("case_id").agg(pl.col("asked_day").max())
    left = cases_after(cases, short).join(waits, on="case_id", how="left", maintain_order="left")
    to_ask = cases_after(cases, short.filter(pl.col("asked_day").is_null()))
    listed = worth.queue(still, to_ask, kept.as_of, Book.load(), history=refused)
    stated = statements_after(kept.read("statements"), parts)
    return OpenItems(kept, still, left, listed, short, owed_after(owed, refused, lines, parts), stated, refused)
