"""The structural index: where every segment and element of a piece stands, as arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from everyunit.x12.delimiters import Delimiters
from everyunit.x12.fields import Fields, Places, Span, Tagged
from everyunit.x12.tags import CODES, coded
from everyunit.x12.texts import Taken, Text, texts
from everyunit.x12.words import LENGTH_MASK, gathered, overlapping, packed

PAD = 48
_FAR = np.iinfo(np.int32).max
_NONE = np.arange(8, 8 + 24, dtype=np.int32)  # separators of the segment that stands for none: nothing between them
_NAMES = texts([b"", *map(str.encode, CODES)])  # by their codes
_NO_ROWS = np.zeros(0, dtype=np.int64)


class Segments(Places):
    """All segments of a piece. A *row* is the place of a segment in these arrays; row -1 stands for none.

    `replay` are segments read before that give a claim its context; they take the first rows and are not fresh.
    """

    def __init__(self, data: bytes, marks: Delimiters, first_ordinal: int = 1, replay: bytes = b"") -> None:
        self.marks = marks
        self.bytes = b"".join((bytes(PAD), replay, data, bytes(PAD)))
        self.raw = np.frombuffer(self.bytes, dtype=np.uint8)
        self.words = overlapping(self.raw)
        parting = self.raw == marks.element
        parting |= self.raw == marks.terminator
        at = np.flatnonzero(parting)
        ends = np.flatnonzero(self.raw.take(at) == marks.terminator)
        self.at = np.empty(len(at) + len(_NONE), dtype=np.int32)
        self.at[: len(at)], self.at[len(at) :] = at, _NONE
        self._open(ends)
        self.replayed = int(np.searchsorted(self.start, PAD + len(replay)))
        self.shift = first_ordinal - self.replayed  # what turns a row into the ordinal of its segment in the file
        length = self.at.take(self.opening[:-1]) - self.start
        self.tag = gathered(self.words, self.start) & LENGTH_MASK.take(length, mode="clip")
        self._sort()
        self._components: np.ndarray | None = None
        self._rows: dict[str, np.ndarray] = {}
        self._fresh: dict[str, np.ndarray] = {}
        self.kept: dict[tuple[object, ...], object] = {}  # columns that more than one table looks at
        self._fields: dict[int, Fields] = {}
        self._tagged: dict[str, Tagged] = {}
        self.padded = self._has_padding(parting)

    def __len__(self) -> int:
        return len(self.start)

    def _open(self, ends: np.ndarray) -> None:
        """First and last separator of each segment, and of the one that stands for none; those without text go."""
        closed = self.at.take(ends)
        start = np.empty(len(ends), dtype=np.int32)
        opening = np.zeros(len(ends), dtype=np.int64)
        start[:1] = PAD
        start[1:] = closed[:-1] + 1
        opening[1:] = ends[:-1] + 1
        start = self._past_blanks(start, closed)
        kept = start < closed
        if not kept.all():
            start, opening, ends, closed = start[kept], opening[kept], ends[kept], closed[kept]
        none = len(self.at) - len(_NONE)
        self.start, self.end = start, closed
        self.opening, self.closing = np.append(opening, none), np.append(ends, none)

    def _sort(self) -> None:
        """All rows by tag; behind those of each tag one that stands for none."""
        tags = np.arange(len(CODES) + 1, dtype=np.uint8)
        code = np.append(coded(self.tag), tags)
        self.code = code[: -len(tags)]
        order = np.argsort(code, kind="stable")
        self._bounds = np.append(np.searchsorted(code.take(order), tags), len(order))
        none = np.full(len(CODES), len(self.at) - len(_NONE))
        self._sorted_opening = np.append(self.opening, none).take(order)
        self._sorted_closing = np.append(self.closing, none).take(order)
        order[self._bounds[1:] - 1] = -1
        self._sorted = order

    def _past_blanks(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Starts moved past blanks and control characters that stand before a tag."""
        if not (self.raw.take(start) < 33).any():
            return start
        blank = np.zeros(256, dtype=bool)
        blank[:33] = True
        blank[[self.marks.element, self.marks.terminator]] = False
        leading = blank[self.raw[start]]
        solid = np.append(np.flatnonzero(~blank[self.raw]), len(self.raw)).astype(np.int32)
        found = solid[np.searchsorted(solid, start[leading])]
        start[leading] = np.minimum(found, end[leading])
        return start

    def rows(self, tag: str) -> np.ndarray:
        """Rows of every segment with this tag, replayed ones too."""
        held = self._rows.get(tag)
        if held is None:
            code = CODES[tag]
            held = self._rows[tag] = self._sorted[self._bounds[code] : self._bounds[code + 1] - 1]
        return held

    def held(self, tag: str) -> bool:
        """Whether any segment has this tag that was not read before."""
        return len(self.fresh(tag)) > 0

    def fresh(self, tag: str) -> np.ndarray:
        """Rows of the segments with this tag that were not read before."""
        held = self._fresh.get(tag)
        if held is None:
            rows = self.rows(tag)
            old = int(np.searchsorted(rows, self.replayed)) if self.replayed and len(rows) else 0
            held = self._fresh[tag] = rows[old:]
            if len(held):
                self._fields[id(held)] = Fields(self, held, self.tagged(tag), slice(old, len(rows)))
        return held

    def tagged(self, tag: str) -> Tagged:
        """The elements of every segment with this tag, replayed ones too."""
        held = self._tagged.get(tag)
        if held is None:
            code = CODES[tag]
            here = slice(self._bounds[code], self._bounds[code + 1])
            places = self._sorted[here], self._sorted_opening[here], self._sorted_closing[here]
            held = self._tagged[tag] = Tagged(self, tag, *places)
        return held

    def fields(self, rows: np.ndarray) -> Fields:
        """The elements of these rows; kept, for columns share their rows."""
        held = self._fields.get(id(rows))
        if held is None:
            held = self._fields[id(rows)] = Fields(self, rows)
        return held

    def forget(self) -> None:
        """Let go of what was looked up: it points back here and would keep the piece in memory."""
        self._fields, self._tagged = {}, {}

    def count(self, rows: np.ndarray) -> np.ndarray:
        """How many elements each segment has."""
        return self.fields(rows).count

    def element(self, rows: np.ndarray, number: int | np.ndarray) -> Span:
        """Where element `number` (from 1) begins and ends; an empty span where it is absent."""
        return self.fields(rows).span(number)

    def _has_padding(self, parting: np.ndarray) -> bool:
        """Whether an element outside the ISA begins or ends with a blank, so that text must be trimmed."""
        blank = self.raw == 32
        beside = blank[:-1] & parting[1:]
        beside |= blank[1:] & parting[:-1]
        if not len(self.start) or not beside.any():
            return False
        row = np.searchsorted(self.start, np.flatnonzero(beside), side="right") - 1
        return bool((self.tag[np.maximum(row, 0)] != packed("ISA")).any())

    def _parted(self) -> np.ndarray:
        """Where the component separators stand."""
        if self._components is None:
            mark = self.marks.component
            places = np.flatnonzero(self.raw == mark) if mark >= 0 else _NO_ROWS
            self._components = np.append(places, [_FAR] * 12).astype(np.int32)
        return self._components

    def components(self, span: Span) -> Callable[[int], Span]:
        """What tells where component `number` (from 1) of an element begins and ends."""
        marks = self._parted()
        first, end = np.searchsorted(marks, span[0]), span[1]

        def part(number: int) -> Span:
            if number == 1:
                return span[0], np.minimum(marks.take(first), end)
            start = np.minimum(marks.take(first + (number - 2), mode="clip"), end - 1) + 1
            return start, np.maximum(start, np.minimum(marks.take(first + (number - 1), mode="clip"), end))

        return part

    def doubled(self) -> bool:
        """Whether a colon follows another anywhere."""
        if ("doubled",) not in self.kept:
            places = self._parted()[:-12] if self.marks.component == 58 else np.flatnonzero(self.raw == 58)
            self.kept["doubled",] = bool((places[1:] - places[:-1] == 1).any())
        return bool(self.kept["doubled",])

    def component(self, span: Span, number: int) -> Span:
        """Where one component (from 1) of an element begins and ends."""
        return self.components(span)(number)

    def word(self, rows: np.ndarray, number: int) -> np.ndarray:
        """The first eight bytes of an element as one word."""
        return self.fields(rows).word(number)

    def text(self, rows: np.ndarray, number: int) -> Text | None:
        """Text of an element, null where it is absent or empty; None where no row has it."""
        return self.fields(rows).text(number)

    def column(self, rows: np.ndarray, number: int) -> Text | Taken | None:
        """The same as a column of a table."""
        return self.fields(rows).column(number)

    def values(self, row: int, width: int) -> list[str]:
        """So many first elements of one segment as Python text, empty where they are absent."""
        parts = self.bytes[self.start[row] : self.end[row]].split(bytes([self.marks.element]))[1 : width + 1]
        return [part.decode("utf-8", "replace") for part in parts] + [""] * (width - len(parts))

    def tags(self, rows: np.ndarray) -> Text:
        """The tags of segments."""
        return Text(self.raw, self.words, self.start[rows], self.at.take(self.opening[rows]))

    def named(self, rows: np.ndarray, longest: int) -> Text | Taken | None:
        """The tags of segments as a column, cut where they are longer."""
        code = self.code.take(rows)
        if code.all():
            return _NAMES.taken(code)
        text = self.tags(rows)
        return Text(text.raw, text.words, text.start, np.minimum(text.end, text.start + longest))

    def whole(self, rows: np.ndarray) -> Text:
        """The segments as written, without terminator."""
        return Text(self.raw, self.words, self.start[rows], self.end[rows])


def first_in(rows: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """For each range [low, high) the first of these sorted rows inside it, else -1."""
    found = _taken(rows, rows.searchsorted(low), _FAR)
    found[found >= high] = -1
    return found


def last_upto(rows: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """For each limit the last of these sorted rows at or before it, else -1."""
    place = rows.searchsorted(limit, side="right")
    place -= 1
    return _taken(rows, place, -1)


def next_after(rows: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """For each limit the first of these sorted rows after it, else a number beyond all rows."""
    return _taken(rows, rows.searchsorted(limit, side="right"), _FAR)


def _taken(rows: np.ndarray, place: np.ndarray, none: int) -> np.ndarray:
    """The rows at these places; another number at the place before the first and behind the last."""
    if not len(rows):
        return np.full(len(place), none)
    found = rows.take(place, mode="clip")
    found[(place < 0) | (place == len(rows))] = none
    return found
