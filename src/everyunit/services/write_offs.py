"""Write-offs: proposed by one person, approved or declined by another, kept in the home, taken off what is open.

They lie in answers/write_offs.jsonl and name items by their stable keys, so they survive every import and audit. Who
proposes and who approves is told by name: this machine knows no accounts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from everyunit.days import iso
from everyunit.errors import UsageError
from everyunit.receivables.write_offs import PARTS
from everyunit.services.journal import Journal, Row

LONGEST = 300
NAME = "write_offs"
_TEXTS = ("item_id", "claim_id", "payer_id", "kind", "reason", "words", "by")
Parts = tuple[tuple[str, str, int, int], ...]


@dataclass(frozen=True)
class WriteOff:
    """One write-off; `state` is proposed, approved or declined. Days are epoch days."""

    item_id: str
    claim_id: str
    payer_id: str
    kind: str
    reason: str
    cents: int
    words: str
    proposed_by: str
    proposed_day: int
    parts: Parts
    state: str = "proposed"
    decided_by: str = ""
    decided_day: int | None = None
    because: str = ""

    def as_dict(self) -> Row:
        """For machines: days as 2026-03-12."""
        day = None if self.decided_day is None else iso(self.decided_day)
        told = {name: value for name, value in vars(self).items() if name != "parts"}
        return {**told, "proposed_day": iso(self.proposed_day), "decided_day": day}


def write_offs(home: str | Path) -> list[WriteOff]:
    """Every write-off of a home, in the order in which they were proposed."""
    return read_rows(Journal(home, NAME).rows())


def parts_of(home: str | Path, until: int) -> pl.DataFrame:
    """The parts (receivables/write_offs.py PARTS) of write-offs approved up to the end of an epoch day."""
    rows = [
        (one.item_id, *part) for one in write_offs(home)
        if one.state == "approved" and (one.decided_day or 0) <= until for part in one.parts
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=PARTS, orient="row")


def decide(home: str | Path, item_id: str, approve: bool, by: str, day: int, because: str = "") -> WriteOff:
    """Approve or decline what is proposed. UsageError where nothing is, or the same person proposed it."""
    who = who_of(by)

    def make(rows: list[Row]) -> Row:
        waiting = {one.item_id: one for one in read_rows(rows) if one.state == "proposed"}
        if item_id not in waiting:
            raise UsageError(
                "No write-off of that item waits for approval.", remedy="Look at the list of write-offs."
            )
        if waiting[item_id].proposed_by.casefold() == who.casefold():
            raise UsageError("Who proposes a write-off does not approve it.", remedy="Another person decides.")
        event = "approved" if approve else "declined"
        return {
            "event": event,
            "item_id": item_id,
            "by": who,
            "day": day,
            "because": " ".join(because.split())[:LONGEST],
        }

    journal = Journal(home, NAME)
    journal.add(make)
    return next(one for one in reversed(read_rows(journal.rows())) if one.item_id == item_id)


def read_rows(rows: list[Row]) -> list[WriteOff]:
    """The write-offs that lines of the journal tell of, in order."""
    made: list[WriteOff] = []
    for row in rows:
        try:
            if row["event"] == "proposed":
                parts = tuple(
                    (str(kind), str(claim), int(line), int(cents)) for kind, claim, line, cents in row["parts"]
                )
                made.append(_proposed(row, parts))
            elif row["event"] in ("approved", "declined"):
                _settle(made, row)
        except (KeyError, TypeError, ValueError):
            continue  # a line of a later version, or one that was cut short
    return made


def _proposed(row: Row, parts: Parts) -> WriteOff:
    item, claim, payer, kind, reason, words, by = (str(row[name]) for name in _TEXTS)
    return WriteOff(item, claim, payer, kind, reason, int(row["cents"]), words, by, int(row["day"]), parts)


def _settle(made: list[WriteOff], row: Row) -> None:
    for at in range(len(made) - 1, -1, -1):
        if made[at].item_id == row["item_id"] and made[at].state == "proposed":
            made[at] = replace(
                made[at], state=str(row["event"]), decided_by=str(row["by"]), decided_day=int(row["day"]),
                because=str(row["because"]),
            )  # fmt: skip
            return


def who_of(by: str) -> str:
    """A name as it is kept. UsageError where there is none."""
    who = " ".join(by.split())[:80]
    if not who:
        raise UsageError("The name is missing.", remedy="Say who does it (--by).")
    return who
