"""Which claim and which line a segment belongs to, by cumulative sums over a whole piece."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import polars as pl

from everyunit.frames import Table
from everyunit.x12 import kinds
from everyunit.x12.columns import Column, Ints, frame
from everyunit.x12.elements import Days, Numbers, amounts, days, field_amounts
from everyunit.x12.fields import Picked, Scope
from everyunit.x12.index import Segments, next_after
from everyunit.x12.problems import Problems
from everyunit.x12.texts import Same, Taken, Text
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
        self.left = np.ones(len(segments), dtype=bool)
        self.left[: segments.replayed] = False
        self._own()
        self._number_lines()

    def _own(self) -> None:
        """A claim goes from its opening segment to the next claim or to a segment that stands in none."""
        segments, size = self.segments, len(self.segments)
        sent, decided = segments.fresh("CLM"), segments.fresh("CLP")
        self.claim_rows = merged([sent, decided])
        self.is_remit = segments.tag[self.claim_rows] == packed("CLP")
        self.sent_rows, self.remit_rows = sent, decided
        headers = segments.rows("LX")
        if len(headers) and len(decided):
            # the LX of an 835 opens a group of claims
            headers = headers[np.append(False, self.is_remit)[np.searchsorted(self.claim_rows, headers)]]
        elif len(headers):
            headers = headers[:0]
        stops = merged([*(segments.rows(tag) for tag in _STOPS), headers])
        self.bounds, opens = _two(stops, self.claim_rows)
        lengths = np.diff(np.append(self.bounds, size))
        ordinal = np.where(opens, np.cumsum(opens), 0)
        before = int(self.bounds[0]) if len(self.bounds) else size
        self.claim = _spread(ordinal, lengths, before, 0)
        self.claim_ordinal = _spread(np.where(opens, ordinal + self.claims_before, 0), lengths, before, 0)
        self.claim_bound = np.flatnonzero(opens)  # place of each claim among the bounds
        self.claim_end = (self.bounds + lengths)[opens]

    def _number_lines(self) -> None:
        """A line goes from its service segment to the next line, LX or end of its claim."""
        segments = self.segments
        charged = merged([segments.fresh(tag) for tag in ("SV1", "SV2", "SV3", "SVC")])
        real = self.kind[charged] != kinds.STATUS
        self.line_rows = charged if real.all() else charged[real]
        decided = segments.tag[self.line_rows] == packed("SVC")
        self.remit_lines = self.line_rows if decided.all() else self.line_rows[decided]
        self.sent_lines = self.line_rows[~decided] if decided.any() else self.line_rows
        self.line_is_remit = decided
        marks, opens = _two(self.bounds, self.line_rows)
        lines, bounds = np.flatnonzero(opens), np.flatnonzero(~opens)
        every = np.arange(len(lines))
        before_bound = bounds - np.arange(len(bounds))  # lines that stand before each bound
        number = every + 1 - np.append(before_bound, 0).take(lines - every - 1, mode="wrap")
        number[self.claim.take(self.line_rows) == 0] = 0
        values = np.full(len(marks), -1)
        values[lines] = every
        self.line_index = filled(marks, values, len(segments))
        self.line = np.append(number, 0).astype(np.int32).take(self.line_index, mode="wrap")
        orphans = self.line_rows[number == 0]
        self.line[orphans] = np.minimum(orphans + segments.shift, 2**31 - 1)
        behind = np.append(marks[1:], len(segments)).take(lines)
        self.line_end = np.minimum(behind, next_after(segments.rows("LX"), self.line_rows))
        self._count_lines(np.append(before_bound, len(lines)))

    def _count_lines(self, before_bound: np.ndarray) -> None:
        """How many lines stand before and under each claim, the first of them, where the claim's own part ends."""
        self.lines_before = before_bound.take(self.claim_bound)
        self.line_count = before_bound.take(self.claim_bound + 1) - self.lines_before
        following = np.append(self.line_rows, len(self.segments)).take(self.lines_before)
        self.first_line = np.where(self.line_count == 0, -1, following)
        body = np.minimum(following, next_after(self.segments.rows("LX"), self.claim_rows))
        self.claim_body = np.minimum(body, self.claim_end)

    @cached_property
    def in_claim(self) -> Scope:
        """Segments by the claim they stand in."""
        return Scope(self.claim - 1, len(self.claim_rows))

    @cached_property
    def in_head(self) -> Scope:
        """Segments by the claim they stand in, before its first line."""
        return Scope(self.claim - 1, len(self.claim_rows), self.claim_body)

    @cached_property
    def in_line(self) -> Scope:
        """Segments by the line they stand in."""
        return Scope(self.line_index, len(self.line_rows), self.line_end)

    def sent(self, picked: Picked) -> Picked:
        """Of one segment for each claim those of the claims sent."""
        return picked.at(np.flatnonzero(~self.is_remit)) if self.is_remit.any() else picked

    def decided(self, picked: Picked) -> Picked:
        """Of one segment for each claim those of the claims of an 835."""
        return picked if self.is_remit.all() else picked.at(np.flatnonzero(self.is_remit))

    def place(self, rows: np.ndarray, *, line: bool = True) -> dict[str, Column]:
        """The columns that say where a row stands."""
        found: dict[str, Column] = {
            "transaction": self.transaction.take(rows),
            "segment": rows + self.segments.shift,
            "claim": self.claim_ordinal.take(rows),
        }
        if line:
            found["line"] = self.line.take(rows)
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

    def claim_id(self, rows: np.ndarray) -> Text | Taken | None:
        """CLM01 or CLP01 of the claim that each row stands in."""
        return self._claim_ids.taken(self.claim.take(rows) - 1)

    @cached_property
    def _claim_ids(self) -> Text:
        return self.segments.read(self.segments.element(np.append(self.claim_rows, -1), 1))

    def tell(self, rows: np.ndarray, code: str, message: str | pl.Series) -> None:
        """Note a problem at each of these rows."""
        self.problems.many(self.transaction[rows], rows + self.segments.shift, code, message)

    def cents(self, rows: np.ndarray, number: int | np.ndarray, label: str) -> Numbers:
        """An element as cents; what cannot be read becomes a problem and null."""
        return self.told_cents(rows, number, amounts(self.segments, rows, number, 2), label)

    def told_cents(self, rows: np.ndarray, number: int | np.ndarray, found: Numbers, label: str) -> Numbers:
        """The cents of these rows; what could not be read becomes a problem."""
        return self._told(rows, number, found, label, "an amount", "amount")

    def milli(self, rows: np.ndarray, number: int | np.ndarray, label: str) -> Numbers:
        """An element as thousandths; what cannot be read becomes a problem and null."""
        found = amounts(self.segments, rows, number, 3)
        return self._told(rows, number, found, label, "a quantity", "quantity")

    def picked_cents(self, picked: Picked, number: int) -> Ints:
        """An element of picked segments as cents; what cannot be read is told where all of the tag are read."""
        found = field_amounts(picked.tagged, number, 2)
        return Ints(picked.of(found.value), picked.of(found.given))

    def _told(
        self, rows: np.ndarray, number: int | np.ndarray, found: Numbers, label: str, what: str, code: str
    ) -> Numbers:
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
        return self.told(rows, days(self.segments, self.segments.element(rows, number)), label)

    def told(self, rows: np.ndarray, found: Days, label: str) -> Days:
        """The days of these rows; what could not be read becomes a problem."""
        if found.bad.any():
            self.tell(rows[found.bad], "date_unreadable", f"{label} is no date; it reads like 20240131.")
        return found


def merged(parts: list[np.ndarray]) -> np.ndarray:
    """Sorted rows of several kinds as one; the very array where there is only one kind."""
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else parts[0]
    return np.sort(np.concatenate(filled), kind="stable")


def _two(some: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sorted rows of two kinds as one, and which of them are of the second kind."""
    both = np.concatenate([some, others])
    order = np.argsort(both, kind="stable")
    return both[order], order >= len(some)


def _spread(values: np.ndarray, lengths: np.ndarray, before: int, none: int) -> np.ndarray:
    """Each value for so many rows, after the rows that stand before all of them."""
    return np.repeat(np.append(none, values).astype(np.int32), np.append(before, lengths))


def filled(places: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Each value from its place up to the next, -1 before the first; for many short runs faster than to repeat."""
    steps = np.zeros(size, dtype=np.int32)
    steps[places] = np.diff(values, prepend=-1)
    steps[:1] -= 1
    found: np.ndarray = np.cumsum(steps, dtype=np.int32)
    return found
