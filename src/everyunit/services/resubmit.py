"""Claims sent again: as new, as a replacement or a void, in one 837P file, by the way that each payer takes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.days import iso
from everyunit.errors import Unreadable, UsageError
from everyunit.ledger import Ledger
from everyunit.money import to_cents
from everyunit.receivables.resubmissions import CORRECTED, FREQUENCY, NEW, VOID, refusal
from everyunit.rulebook import Book, Practice
from everyunit.rulebook.filing import filing_until
from everyunit.services.claim_file import ClaimFile, claim_files
from everyunit.services.home import open_home
from everyunit.services.inputs import practice_of
from everyunit.services.paper_day import check_day
from everyunit.x12.amend import changed, charged
from everyunit.x12.rebuild import TABLES, Loops, Transaction
from everyunit.x12.resend import Again, written

_VERSION = "005010X222"


_NOTHING = (
    "It says what the claim said that was decided: a correction without a change comes back the same. Say with "
    "--findings (what the audit's findings of units ask), --set or --without what it shall read, or appeal"
)


@dataclass(frozen=True)
class Change:
    """What one claim shall read instead: `settings` such as 2.units=1, and numbers of lines it goes `without`."""

    settings: tuple[str, ...] = ()
    without: tuple[int, ...] = ()


@dataclass(frozen=True)
class Resubmitted:
    """`written`: claim_id, payer, frequency, charge_cents, reference, deadline and a word on it, one row a claim;
    `refused`: claim_id and the sentence why. `data` is the file."""

    written: list[dict[str, Any]]
    refused: list[dict[str, str]]
    data: bytes


def resubmit(
    home: str | Path, claim_ids: list[str], wanted: str, day: int, payer_id: str = "", changes: Sequence[str] = (),
    without: Sequence[int] = (), each: Mapping[str, Change] | None = None, unchanged: bool = False,
) -> Resubmitted:  # fmt: skip
    """The claims of these numbers as `wanted` (corrected, void or new) in one file that is dated `day` (epoch day).

    `changes` and `without` say what a single claim shall read (see x12/amend.py), `each` says it by claim. A
    correction that changes nothing is refused, but where `unchanged` asks for it.

    A claim that may not go out so, or cannot be written as it was sent, is refused with a sentence; the others are
    written. Raises UsageError where there is no ledger, a number is unknown, or no claim can be written.
    """
    if wanted not in FREQUENCY:
        raise UsageError(f"{wanted} is no way to send a claim.", remedy=f"Take one of {', '.join(FREQUENCY)}.")
    if not claim_ids:
        raise UsageError("No claim is named, and none waits to go out so.", remedy="Give numbers of claims (CLM01).")
    if (each and wanted == VOID) or ((changes or without) and (len(set(claim_ids)) > 1 or wanted == VOID)):
        raise UsageError(
            "Changes are for one claim that is corrected or new.", remedy="Write it to a file of its own."
        )
    ledger, book = open_home(home), Book.load()
    files = claim_files(ledger, claim_ids, payer_id)
    said_of = dict(each or {})
    if changes or without:
        said_of[claim_ids[0]] = Change(tuple(changes), tuple(without))
    check_day(day, files.values())
    held: dict[tuple[str, int], Transaction] = {}
    made: list[tuple[ClaimFile, Again]] = []
    refused: list[dict[str, str]] = []
    same: set[str] = set()
    for number in dict.fromkeys(claim_ids):
        file = files[number]
        said = refusal(wanted, file.standing, book.correction(file.kind)) or _foreign(file, made)
        if not said:
            try:
                reference = "" if wanted == NEW else file.standing.payer_control
                as_sent, change = loops_of(ledger, file, held), said_of.get(number, Change())
                loops = changed(as_sent, change.settings, change.without)
                same |= {number} if wanted != VOID and _same(as_sent, loops) else set()
                if wanted == CORRECTED and number in same and not unchanged:
                    said = f"{_NOTHING}; --unchanged sends it all the same."
                else:
                    made.append((file, Again(loops, FREQUENCY[wanted], reference)))
            except (Unreadable, UsageError) as error:
                if isinstance(error, UsageError) and len(files) == 1:
                    raise
                said = error.sentence()
        if said:
            refused.append({"claim_id": number, "why": said})
    if not made:
        whole = " ".join(f"{row['claim_id']}: {row['why']}" for row in refused)
        raise UsageError(f"No claim was written. {whole}")
    practice = practice_of(ledger)
    rows = [_row(file, one, _limit(file, wanted, book, practice), day) for file, one in made]
    for row in rows:
        more = _of_new(files[row["claim_id"]], row["claim_id"] in same) if wanted == NEW else ""
        more = f"{_NOTHING}." if wanted == CORRECTED and row["claim_id"] in same else more
        row["word"] = " ".join(filter(None, (row["word"], more))) or None
    return Resubmitted(rows, refused, _file(made, day))


def _of_new(file: ClaimFile, same: bool) -> str:
    """What to know before a claim goes out as new: nothing answered the first, or it says what was turned back."""
    if file.standing.late:
        return "No answer to the first has come: ask for its status before this is sent; both may reach the payer."
    if not same or file.standing.reversed:
        return ""
    return (
        "Nothing was changed: it says what was turned back, and would be turned back again. Mend in the EMR what the "
        "answer names and send it from there, or say here with --set or --without what it shall read."
    )


def _same(one: Loops, other: Loops) -> bool:
    """Whether two claims say the same; their sums follow their lines."""
    return [_plain(values) for values in one.claim[1:]] == [_plain(values) for values in other.claim[1:]]


def _plain(values: list[str]) -> str:
    parts = list(values)
    if parts[0] == "SV1" and len(parts) > 2:
        with suppress(ValueError):
            parts[2] = str(to_cents(parts[2]))
    return "*".join(parts).rstrip("*")


def _file(made: list[tuple[ClaimFile, Again]], day: int) -> bytes:
    """The file; its control number follows from what is in it: the same claims of a day give the same file."""
    first = made[0][0].sent
    named = "|".join([str(day), *[f"{one.frequency}{file.sent['claim_id']}" for file, one in made]])
    control = 1 + int(hashlib.sha256(named.encode()).hexdigest()[:12], 16) % 999_999_998
    return written(
        [one for _, one in made], version=first["version"], sender=first["sender"] or "",
        receiver=first["receiver"] or "", day=day, control=control,
    )  # fmt: skip


def _foreign(file: ClaimFile, made: list[tuple[ClaimFile, Again]]) -> str:
    """Why the claim cannot stand in this file; empty where it can."""
    if not (file.sent["version"] or "").startswith(_VERSION):
        return "Only professional claims of version 5010 (837P) are written. Send it from the billing software."
    same = ("sender", "receiver", "version")
    if made and any(file.sent[name] != made[0][0].sent[name] for name in same):
        return "It goes to another receiver than the first claim; ask for it in a file of its own."
    return ""


def loops_of(ledger: Ledger, file: ClaimFile, held: dict[tuple[str, int], Transaction]) -> Loops:
    """The segments of the claim as it was sent; `held` keeps what was read of each file for its other claims."""
    source_id, number = file.sent["source_id"], file.sent["transaction"]
    if (source_id, number) not in held:
        rows = {name: _rows(ledger, name, source_id, number) for name in TABLES}
        claims = [row["segment"] for row in _rows(ledger, "claims", source_id, number)]
        opened = _rows(ledger, "transactions", source_id, number)[0]
        last = opened["segment"] + opened["segments"] - 1
        held[source_id, number] = Transaction(rows, claims, opened["segment"], last)
    return held[source_id, number].loops(file.sent["segment"])


def _rows(ledger: Ledger, name: str, source_id: str, transaction: int) -> list[dict[str, Any]]:
    found = ledger.find(name, "source_id", source_id).filter(pl.col("transaction") == transaction)
    return found.sort("segment").to_dicts()


def _row(file: ClaimFile, one: Again, limit: tuple[int, str] | None, day: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "claim_id": file.sent["claim_id"], "payer": file.payer, "frequency": one.frequency,
        "charge_cents": charged(one.loops) or file.sent["charge_cents"], "reference": one.reference or None,
        "deadline": None, "word": None,
    }  # fmt: skip
    if limit is not None:
        last, source = limit
        row["deadline"] = iso(last)
        if last < day:
            row["word"] = (
                f"The limit passed on {iso(last)} ({source}); ask for an exception with proof of the first sending."
            )
    return row


def _limit(file: ClaimFile, wanted: str, book: Book, practice: Practice) -> tuple[int, str] | None:
    """The last day by which the payer wants it (epoch) and the source of that; None where none is known. A new claim
    by the time to file (practice.toml's word goes first); a void gives back and has none."""
    if wanted == VOID:
        return None
    if wanted == CORRECTED:
        return deadline(file, "correct", book.deadlines)
    return filing_until(file.sent["payer_id"] or "", file.kind, file.sent["first_day"], book, practice)


def deadline(file: ClaimFile, way: str, deadlines: pl.DataFrame) -> tuple[int, str] | None:
    """The last day for a way (correct, new, appeal) of this claim and its source, by the book's `deadlines`."""
    return limit_of(file.kind, way, deadlines, file.sent["first_day"], (file.decision or {}).get("decided_day"))


def limit_of(
    kind: str, way: str, deadlines: pl.DataFrame, first_day: int | None, decided_day: int | None
) -> tuple[int, str] | None:
    """The last day (epoch) for a way with a kind of payer, and its source; None where book or day is missing."""
    ways = deadlines.filter(pl.col("way") == way)
    own = ways.filter(pl.col("kind") == kind)
    found = own if own.height else ways.filter(pl.col("kind") == "any_other")
    if found.is_empty():
        return None
    row: Mapping[str, Any] = found.row(0, named=True)
    start = first_day if row["from_service"] else decided_day
    return None if start is None else (int(start) + int(row["days"]), str(row["deadline_source"]))
