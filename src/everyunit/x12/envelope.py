"""ISA, GS and ST with their trailers: which transaction a segment belongs to, and whether numbers and counts agree.

Envelope segments are few, so they pass one by one through a small state that is carried from piece to piece.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from everyunit.days import to_day
from everyunit.x12 import kinds
from everyunit.x12.index import Segments
from everyunit.x12.problems import Problems
from everyunit.x12.sums import Ranges, Tally

_TAGS = {"ISA": 13, "IEA": 2, "GS": 8, "GE": 2, "ST": 3, "SE": 2, "BHT": 5}
ENVELOPE = ("ISA", "IEA", "GS", "GE", "ST", "SE")


@dataclass
class Interchange:
    """The open ISA."""

    ordinal: int
    segment: int
    control: str
    sender: str
    receiver: str
    groups: int = 0
    seen: set[str] = field(default_factory=set)


@dataclass
class Group:
    """The open GS."""

    ordinal: int
    segment: int
    control: str
    version: str
    day: int | None
    time: str
    transactions: int = 0
    seen: set[str] = field(default_factory=set)


@dataclass
class Transaction:
    """The open ST and what was counted in it so far."""

    ordinal: int
    segment: int
    type: str
    kind: int
    version: str
    control: str
    day: int | None
    time: str
    reference: str | None = None
    tally: Tally = field(default_factory=Tally)


class Envelope:
    """State of the envelopes while a file is read; `rows` are finished transactions."""

    def __init__(self) -> None:
        self.interchange: Interchange | None = None
        self.group: Group | None = None
        self.transaction: Transaction | None = None
        self.interchanges = self.groups = self.transactions = 0
        self.seen: set[str] = set()
        self.rows: list[dict[str, object]] = []
        self.types: dict[str, int] = {}

    def read(self, segments: Segments, problems: Problems) -> tuple[np.ndarray, np.ndarray]:
        """Ordinal and kind of the transaction of every row; problems and finished transactions are noted."""
        self.problems = problems
        marks: list[tuple[int, int, int]] = [(0, *self._now())]
        events = _events(segments)
        # an SE belongs to the transaction that it ends; every other event opens the range behind it
        bounds = [row + (tag == "SE") for row, tag, _ in events]
        ranges = Ranges(segments, [segments.replayed, *bounds, len(segments)])
        for number, (row, tag, values) in enumerate(events):
            self._absorb(ranges, number)
            getattr(self, f"_{tag.lower()}")(row + segments.shift, values)
            marks.append((bounds[number], *self._now()))
        self._absorb(ranges, len(events))
        return _spread(marks, len(segments))

    def finish(self, last: int, problems: Problems) -> None:
        """End of the file: whatever is still open lacks its trailer."""
        self.problems = problems
        self._close_interchange(last)

    def _now(self) -> tuple[int, int]:
        return (self.transaction.ordinal, self.transaction.kind) if self.transaction else (0, kinds.NONE)

    def _absorb(self, ranges: Ranges, number: int) -> None:
        if self.transaction:
            self.transaction.tally.take(ranges, number)

    def _note(self, at: int, code: str, message: str) -> None:
        self.problems.one(self.transaction.ordinal if self.transaction else 0, at, code, message)

    def _isa(self, at: int, value: list[str]) -> None:
        self._close_interchange(at - 1)
        self.interchanges += 1
        self.interchange = Interchange(self.interchanges, at, value[12], value[5], value[7])
        if value[12] in self.seen:
            self._note(at, "isa_repeated", "ISA13 stands on an earlier interchange of this file; number each once.")
        self.seen.add(value[12])

    def _iea(self, at: int, value: list[str]) -> None:
        self._close_group(at - 1)
        if self.interchange is None:
            return self._note(at, "iea_alone", "IEA closes no interchange; an ISA before it is missing.")
        if not _same(value[1], self.interchange.control):
            self._note(at, "iea_control", "IEA02 differs from ISA13; both must carry the same control number.")
        self._count(at, "iea_count", "IEA01", value[0], self.interchange.groups, "groups (GS)")
        self.interchange = None

    def _gs(self, at: int, value: list[str]) -> None:
        self._close_group(at - 1)
        self.groups += 1
        if self.interchange is None:
            self._note(at, "gs_alone", "GS stands outside an interchange; an ISA before it is missing.")
        else:
            self.interchange.groups += 1
            if value[5] in self.interchange.seen:
                self._note(
                    at, "gs_repeated", "GS06 stands on an earlier group of this interchange; number each once."
                )
            self.interchange.seen.add(value[5])
        self.group = Group(self.groups, at, value[5], value[7], header_day(value[3]), value[4])

    def _ge(self, at: int, value: list[str]) -> None:
        self._close_transaction(at - 1, None)
        if self.group is None:
            return self._note(at, "ge_alone", "GE closes no group; a GS before it is missing.")
        if not _same(value[1], self.group.control):
            self._note(at, "ge_control", "GE02 differs from GS06; both must carry the same control number.")
        self._count(at, "ge_count", "GE01", value[0], self.group.transactions, "transactions (ST)")
        self.group = None

    def _st(self, at: int, value: list[str]) -> None:
        self._close_transaction(at - 1, None)
        self.transactions += 1
        version = value[2] or (self.group.version if self.group else "")
        kind = kinds.kind_of(value[0], version)
        day, time = (self.group.day, self.group.time) if self.group else (None, "")
        self.transaction = Transaction(self.transactions, at, value[0], kind, version, value[1], day, time)
        self.types[value[0]] = self.types.get(value[0], 0) + 1
        if self.group is None:
            return self._note(at, "st_alone", "ST stands outside a group; a GS before it is missing.")
        self.group.transactions += 1
        if value[1] in self.group.seen:
            self._note(at, "st_repeated", "ST02 stands on an earlier transaction of this group; number each once.")
        self.group.seen.add(value[1])

    def _bht(self, at: int, value: list[str]) -> None:
        if self.transaction and self.transaction.reference is None:
            self.transaction.reference = value[2]
            self.transaction.day = header_day(value[3]) if header_day(value[3]) is not None else self.transaction.day
            self.transaction.time = value[4] or self.transaction.time

    def _se(self, at: int, value: list[str]) -> None:
        if self.transaction is None:
            return self._note(at, "se_alone", "SE closes no transaction; an ST before it is missing.")
        if not _same(value[1], self.transaction.control):
            self._note(at, "se_control", "SE02 differs from ST02; both must carry the same control number.")
        self._count(
            at, "se_count", "SE01", value[0], at - self.transaction.segment + 1, "segments, ST and SE among them"
        )
        self._close_transaction(at, value[0])

    def _count(self, at: int, code: str, where: str, stated: str, counted: int, of: str) -> None:
        if not stated.isdecimal() or int(stated[:18]) != counted:
            said = stated if stated.isdecimal() and len(stated) < 12 else "no number"
            self._note(at, code, f"{where} states {said}, {counted} {of} stand here; state the count that was sent.")

    def _close_transaction(self, last: int, declared: str | None) -> None:
        open_ = self.transaction
        if open_ is None:
            return
        if declared is None:
            self._note(last, "se_missing", "The transaction has no SE; the file may be cut short, ask for it again.")
        for code, message in open_.tally.faults(open_.type):
            self._note(open_.segment, code, message)
        held, group = self.interchange, self.group
        self.rows.append({
            "transaction": open_.ordinal, "segment": open_.segment,
            "kind": open_.tally.kind_name(open_.kind, open_.type),
            "interchange": held.ordinal if held else 0, "group": group.ordinal if group else 0,
            "version": open_.version, "control_number": open_.control,
            "group_control": group.control if group else None,
            "interchange_control": held.control if held else None,
            "sender": held.sender if held else None, "receiver": held.receiver if held else None,
            "created_day": open_.day, "created_time": open_.time, "reference": open_.reference,
            "segments": last - open_.segment + 1,
            "declared": int(declared) if declared and declared.isdecimal() and len(declared) < 18 else None,
        })  # fmt: skip
        self.transaction = None

    def _close_group(self, last: int) -> None:
        self._close_transaction(last, None)
        if self.group is not None:
            self._note(last, "ge_missing", "The group has no GE; the file may be cut short, ask for it again.")
            self.group = None

    def _close_interchange(self, last: int) -> None:
        self._close_group(last)
        if self.interchange is not None:
            self._note(
                last, "iea_missing", "The interchange has no IEA; the file may be cut short, ask for it again."
            )
            self.interchange = None


def _events(segments: Segments) -> list[tuple[int, str, list[str]]]:
    """Envelope segments in order, each with its first elements as text."""
    found: list[tuple[int, str, list[str]]] = []
    for tag, width in _TAGS.items():
        for row in segments.fresh(tag).tolist():
            found.append((row, tag, [text.strip() for text in segments.values(row, width)]))
    return sorted(found, key=lambda event: event[0])


def _spread(marks: list[tuple[int, int, int]], size: int) -> tuple[np.ndarray, np.ndarray]:
    """Ordinal and kind for every row from the places where they change."""
    places = np.array([mark[0] for mark in marks])
    lengths = np.diff(np.append(places, size))
    ordinals = np.repeat(np.array([mark[1] for mark in marks], dtype=np.int32), lengths)
    return ordinals, np.repeat(np.array([mark[2] for mark in marks], dtype=np.int8), lengths)


def _same(one: str, other: str) -> bool:
    return one == other or (one.isdecimal() and other.isdecimal() and one.lstrip("0") == other.lstrip("0"))


def header_day(text: str) -> int | None:
    """Epoch day of 20240131 or 240131, as envelopes date themselves; None where it is no date."""
    full = f"{'19' if text[:1] > '6' else '20'}{text}" if len(text) == 6 else text
    try:
        return to_day(full) if len(full) == 8 and full.isdecimal() else None
    except ValueError:
        return None
