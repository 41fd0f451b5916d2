"""Which claim and which line a segment belongs to, by cumulative sums over a whole piece."""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.frames import Table
from everyunit.x12 import kinds
from everyunit.x12.columns import Column, Same, Text, frame
from everyunit.x12.elements import Days, Numbers, amounts, dated, days
from everyunit.x12.index import Segments, next_after
from everyunit.x12.problems import Problems
from everyunit.x12.words import packed

_STOPS = ("HL", "ST", "SE", "GS", "GE", "ISA", "IEA", "PLB")


class Chunk:
    """A piece of a file with the owner of every segment.

    `claim` is the place of the claim in this piece (from 1, 0 for none), `line` the ordinal of the line in its claim.
    `left` marks segments whose content no table holds whole.
    """

    def __init__(
        self, segments: Segments, transaction: np.ndarray, kind: np.ndarray, problems: Problems, claims_before: int
    ) -> None:
        self.segments, self.transaction, self.kind, self.problems = segments, transaction, kind, problems
        self.claims_before = claims_before
        self.left = np.arange(len(segments)) >= segments.replayed
        self._own()

    def _own(self) -> None:
        segments, size = self.segments, len(self.segments)
        sent, decided = segments.fresh("CLM"), segments.fresh("CLP")
        self.claim_rows = _merged([sent, decided])
        self.is_remit = segments.tag[self.claim_rows] == packed("CLP")
        self.sent_rows, self.remit_rows = sent, decided
        opening = np.zeros(size, dtype=bool)
        opening[self.claim_rows] = True
        index = np.cumsum(opening, dtype=np.int32)
        stop = np.zeros(size, dtype=bool)
        for tag in _STOPS:
            stop[segments.rows(tag)] = True
        headers = segments.rows("LX")
        stop[headers[np.append(False, self.is_remit)[index[headers]]]] = True
        every = np.arange(size, dtype=np.int32)
        last_stop = np.maximum.accumulate(np.where(stop, every, -1)) if size else every
        row_of = np.append(-1, self.claim_rows).astype(np.int32)
        inside = row_of[index] > last_stop
        self.claim = np.where(inside, index, 0)
        self.claim_row = np.where(inside, row_of[index], -1)
        self.bounds = np.flatnonzero(stop | opening)
        self.claim_end = np.minimum(next_after(self.bounds, self.claim_rows), size)
        self._number_lines(row_of, index)

    def _number_lines(self, row_of: np.ndarray, index: np.ndarray) -> None:
        segments = self.segments
        charged = _merged([segments.fresh(tag) for tag in ("SV1", "SV2", "SV3", "SVC")])
        real = self.kind[charged] != kinds.STATUS
        self.line_rows = charged if real.all() else charged[real]
        decided = segments.tag[self.line_rows] == packed("SVC")
        self.remit_lines = self.line_rows if decided.all() else self.line_rows[decided]
        self.sent_lines = self.line_rows[~decided] if decided.any() else self.line_rows
        is_line = np.zeros(len(segments), dtype=bool)
        is_line[self.line_rows] = True
        running = np.cumsum(is_line, dtype=np.int32)
        before = np.append(0, running[self.claim_rows]).astype(np.int32)
        self.line = np.where(self.claim > 0, running - before[index], 0)
        orphans = self.line_rows[self.claim[self.line_rows] == 0]
        self.line[orphans] = np.minimum(orphans + segments.shift, 2**31 - 1)
        ends = _merged([self.bounds, self.line_rows, segments.rows("LX")])
        self.line_end = np.minimum(next_after(ends, self.line_rows), len(segments))

    def place(self, rows: np.ndarray, *, line: bool = True) -> dict[str, Column]:
        """The columns that say where a row stands."""
        claim = self.claim[rows]
        found: dict[str, Column] = {
            "transaction": self.transaction[rows],
            "segment": rows + self.segments.shift,
            "claim": np.where(claim > 0, claim + np.int64(self.claims_before), 0),
        }
        if line:
            found["line"] = self.line[rows]
        return found

    def owner(self, rows: np.ndarray) -> np.ndarray:
        """Place in `claim_rows` of the claim of each row, -1 for none."""
        place: np.ndarray = self.claim[rows] - 1
        return place

    def table(self, declared: Table, columns: dict[str, Column]) -> pl.DataFrame:
        """A declared table of these columns."""
        segment = columns["segment"]
        size = len(segment) if isinstance(segment, np.ndarray) else 0
        return frame(declared, {"source_id": Same(self.problems.source_id), **columns}, size)

    def claim_id(self, rows: np.ndarray) -> Text | None:
        """CLM01 or CLP01 of the claim that each row stands in."""
        return self.segments.text(self.claim_row[rows], 1)

    def tell(self, rows: np.ndarray, code: str, message: str | pl.Series) -> None:
        """Note a problem at each of these rows."""
        self.problems.many(self.transaction[rows], rows + self.segments.shift, code, message)

    def cents(self, rows: np.ndarray, number: int | np.ndarray, label: str) -> Numbers:
        """An element as cents; what cannot be read becomes a problem and null."""
        return self._numbers(rows, number, label, 2, "an amount", "amount")

    def milli(self, rows: np.ndarray, number: int | np.ndarray, label: str) -> Numbers:
        """An element as thousandths; what cannot be read becomes a problem and null."""
        return self._numbers(rows, number, label, 3, "a quantity", "quantity")

    def _numbers(
        self, rows: np.ndarray, number: int | np.ndarray, label: str, places: int, what: str, code: str
    ) -> Numbers:
        found = amounts(self.segments, rows, number, places)
        if found.bad.any():
            said = f" is not {what}; it reads like 1234.56."
            self._faults(rows, number, found.bad, label, f"{code}_unreadable", said)
        if found.rounded.any():
            said = f" has more decimals than {what} holds; it was taken to the nearest, check the amount."
            self._faults(rows, number, found.rounded, label, f"{code}_decimals", said)
        return found

    def _faults(
        self, rows: np.ndarray, number: int | np.ndarray, wrong: np.ndarray, label: str, code: str, said: str
    ) -> None:
        """A problem at each wrong row; {} in the label becomes the number of the element."""
        numbers_ = np.broadcast_to(number, len(rows))[wrong]
        for one in np.unique(numbers_):
            self.tell(rows[wrong][numbers_ == one], code, label.format(f"{one:02d}") + said)

    def days(self, rows: np.ndarray, number: int, label: str) -> Days:
        """An element as days; what cannot be read becomes a problem and null."""
        return self._told(rows, days(self.segments, self.segments.element(rows, number)), label)

    def dates(self, tag: str, rows: np.ndarray, label: str) -> Days:
        """Days of DTP or DTM segments; what cannot be read becomes a problem and null."""
        return self._told(rows, dated(self.segments, tag, rows), label)

    def _told(self, rows: np.ndarray, found: Days, label: str) -> Days:
        if found.bad.any():
            self.tell(rows[found.bad], "date_unreadable", f"{label} is no date; it reads like 20240131.")
        return found


def _merged(parts: list[np.ndarray]) -> np.ndarray:
    """Sorted rows of several kinds as one; the very array where there is only one kind."""
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else parts[0]
    return np.sort(np.concatenate(filled), kind="stable")
