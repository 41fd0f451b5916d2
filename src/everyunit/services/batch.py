"""Several claims in one file: which wait to go out again, and what each of them shall read instead."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl

from everyunit.errors import Unreadable, UsageError
from everyunit.receivables.resubmissions import CORRECTED, NEW
from everyunit.services.answers import answers
from everyunit.services.denials import denials
from everyunit.services.plain_input import regular
from everyunit.services.resubmit import Change

_WAYS = {CORRECTED: ("correct",), NEW: ("new",)}
_WITHOUT = "without="
BATCHES = tuple(_WAYS)
LARGEST = 10_000_000  # bytes of a table of changes


def waiting(home: str | Path, wanted: str) -> list[str]:
    """Claims whose next step is to go out as `wanted`: denials worth working that are cleared so, and, as new, those
    that were rejected before any decision. None wait to be voided. UsageError where there is no ledger."""
    ways = _WAYS.get(wanted, ())
    queued = [
        row["claim_id"] for row in denials(home).queue
        if row["direction"] == "denied" and row["advice"] == "work" and row["way"] in ways
    ]  # fmt: skip
    if wanted == NEW:
        _, rows = answers(home)
        back = rows.filter((pl.col("answer") == "rejected") & (pl.col("sequence") == "P"))
        queued += back.sort("sent_day", "claim_id")["claim_id"].to_list()
    return list(dict.fromkeys(queued))


def changes_of(path: Path) -> dict[str, Change]:
    """What a table says that claims shall read: columns claim and change, one change a row (2.units=1, without=3).

    Raises UsageError where the file is not there, Unreadable where it is no regular file or a row lacks either.
    """
    regular(path, "a CSV file")
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable("the table is longer than 10 MB.", place=str(path), remedy="Bring it in parts.")
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except OSError as error:
        raise UsageError(f"it cannot be read: {error.strerror}.", place=str(path)) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable("this is no table in UTF-8.", place=str(path), remedy="Save it as CSV.") from error
    made: dict[str, tuple[list[str], list[int]]] = {}
    for number, row in enumerate(rows, start=2):
        claim, change = ((row.get(name) or "").strip() for name in ("claim", "change"))
        if not claim or not change:
            raise Unreadable(
                "claim or change is empty.", place=f"{path} row {number}", remedy="Write C1 and 2.units=1."
            )
        settings, without = made.setdefault(claim, ([], []))
        if change.startswith(_WITHOUT):
            without.append(_line(change.removeprefix(_WITHOUT), f"{path} row {number}"))
        else:
            settings.append(change)
    return {claim: Change(tuple(settings), tuple(without)) for claim, (settings, without) in made.items()}


def _line(text: str, place: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise Unreadable(f"{text} is no line.", place=place, remedy="Write it as without=2.")
    return int(text)
