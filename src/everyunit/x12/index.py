"""The structural index: where every segment and element of a piece stands, as arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from everyunit.x12.columns import Text
from everyunit.x12.delimiters import Delimiters
from everyunit.x12.tags import CODES, coded
from everyunit.x12.words import LENGTH_MASK, overlapping, packed

PAD = 16
_FAR = np.iinfo(np.int32).max
Span = tuple[np.ndarray, np.ndarray]


class Segments:
    """All segments of a piece. A *row* is the place of a segment in these arrays; row -1 stands for none.

    `replay` are segments read before that give a claim its context; they take the first rows and are not fresh.
    """

    def __init__(self, data: bytes, marks: Delimiters, first_ordinal: int = 1, replay: bytes = b"") -> None:
        self.marks = marks
        self.bytes = b"".join((bytes(PAD), replay, data, bytes(PAD)))
        self.raw = np.frombuffer(self.bytes, dtype=np.uint8)
        self.words = overlapping(self.raw)
        body = self.raw[: len(self.raw) - PAD]
        at = np.flatnonzero((body == marks.element) | (body == marks.terminator)).astype(np.int32)
        ends = np.flatnonzero(self.raw[at] == marks.terminator).astype(np.int32)
        self.at = np.append(at, np.int32(0))
        start = np.empty(len(ends), dtype=np.int32)
        opening = np.zeros(len(ends), dtype=np.int32)
        start[:1] = PAD
        start[1:] = at[ends[:-1]] + 1
        opening[1:] = ends[:-1] + 1
        start = self._past_blanks(start, at[ends])
        kept = start < at[ends]
        self.start, self.opening, self.closing = start[kept], opening[kept], ends[kept]
        self.end = at[self.closing]
        self.replayed = int(np.searchsorted(self.start, PAD + len(replay)))
        self.shift = first_ordinal - self.replayed  # what turns a row into the ordinal of its segment in the file
        length = np.minimum(self.at[self.opening] - self.start, 8)
        self.tag = self.words[self.start] & LENGTH_MASK.take(length)
        self._code = coded(self.tag)
        self._components: np.ndarray | None = None
        self._rows: dict[str, np.ndarray] = {}
        self._fresh: dict[str, np.ndarray] = {}
        self.kept: dict[tuple[object, ...], object] = {}  # columns that more than one table looks at
        self._places: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray, int, int]] = {}
        self.padded = self._has_padding()

    def __len__(self) -> int:
        return len(self.start)

    def _past_blanks(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Starts moved past blanks and control characters that stand before a tag."""
        blank = np.zeros(256, dtype=bool)
        blank[:33] = True
        blank[[self.marks.element, self.marks.terminator]] = False
        leading = blank[self.raw[start]]
        if not leading.any():
            return start
        solid = np.append(np.flatnonzero(~blank[self.raw]), len(self.raw)).astype(np.int32)
        found = solid[np.searchsorted(solid, start[leading])]
        start[leading] = np.minimum(found, end[leading])
        return start

    def rows(self, tag: str) -> np.ndarray:
        """Rows of every segment with this tag, replayed ones too."""
        if tag not in self._rows:
            self._rows[tag] = np.flatnonzero(self._code == CODES[tag])
        return self._rows[tag]

    def held(self, tag: str) -> bool:
        """Whether any segment has this tag that was not read before."""
        return len(self.fresh(tag)) > 0

    def fresh(self, tag: str) -> np.ndarray:
        """Rows of the segments with this tag that were not read before."""
        if tag not in self._fresh:
            rows = self.rows(tag)
            self._fresh[tag] = rows[np.searchsorted(rows, self.replayed) :] if self.replayed else rows
        return self._fresh[tag]

    def count(self, rows: np.ndarray) -> np.ndarray:
        """How many elements each segment has."""
        found: np.ndarray = self.closing[rows] - self.opening[rows]
        return found

    def element(self, rows: np.ndarray, number: int | np.ndarray) -> Span:
        """Where element `number` (from 1) begins and ends; an empty span where it is absent."""
        opening, closing, fewest, _ = self._placed(rows)
        place = opening + (number - 1)
        if isinstance(number, int) and number <= fewest:
            return self.at.take(place, mode="clip") + 1, self.at.take(place + 1, mode="clip")
        absent = place >= closing
        place[absent] = 0
        start = self.at.take(place, mode="clip") + 1
        end = self.at.take(place + 1, mode="clip")
        return start, np.where(absent, start, end)

    def _placed(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, int, int]:
        """First and last separator of each row, fewest and most elements; kept, for columns share their rows."""
        held = self._places.get(id(rows))
        if held is None:
            opening, closing = self.opening.take(rows, mode="clip"), self.closing.take(rows, mode="clip")
            none = rows < 0
            if none.any():
                closing[none] = -1
            count = closing - opening
            fewest, most = (int(count.min()), int(count.max())) if len(rows) else (0, 0)
            held = self._places[id(rows)] = (rows, opening, closing, fewest, most)
        return held[1], held[2], held[3], held[4]

    def _has_padding(self) -> bool:
        """Whether an element outside the ISA begins or ends with a blank, so that text must be trimmed."""
        beside = (self.raw.take(self.at - 1, mode="clip") == 32) | (self.raw.take(self.at + 1, mode="clip") == 32)
        places = np.flatnonzero(beside)
        if not len(places) or not len(self.start):
            return False
        row = np.searchsorted(self.opening, places, side="right") - 1
        return bool((self.tag[np.maximum(row, 0)] != packed("ISA")).any())

    def components(self, span: Span) -> Callable[[int], Span]:
        """What tells where component `number` (from 1) of an element begins and ends."""
        if self._components is None:
            mark = self.marks.component
            places = np.flatnonzero(self.raw == mark) if mark >= 0 else np.zeros(0, dtype=np.int64)
            self._components = np.append(places, [_FAR] * 12).astype(np.int32)
        marks = self._components
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
            places = np.flatnonzero(self.raw == 58)
            self.kept["doubled",] = bool((places[1:] - places[:-1] == 1).any())
        return bool(self.kept["doubled",])

    def component(self, span: Span, number: int) -> Span:
        """Where one component (from 1) of an element begins and ends."""
        return self.components(span)(number)

    def word(self, rows: np.ndarray, number: int) -> np.ndarray:
        """The first eight bytes of an element as one word."""
        start, end = self.element(rows, number)
        return self.words[start] & LENGTH_MASK.take(end - start, mode="clip")

    def trimmed(self, span: Span) -> Span:
        """The span without blanks at its ends."""
        start, end = span
        if not self.padded:
            return span
        for _ in range(80):
            blank = (end > start) & (self.raw[end - 1] == 32)
            if not blank.any():
                break
            end = end - blank
        for _ in range(80):
            blank = (end > start) & (self.raw[start] == 32)
            if not blank.any():
                break
            start = start + blank
        return start, end

    def read(self, span: Span) -> Text:
        """Text of each span, trimmed; null where it is empty."""
        return Text(self.raw, self.words, *self.trimmed(span))

    def text(self, rows: np.ndarray, number: int) -> Text | None:
        """Text of an element, null where it is absent or empty; None where no row has it."""
        if number > self._placed(rows)[3]:
            return None
        return self.read(self.element(rows, number))

    def values(self, rows: np.ndarray, number: int) -> list[str]:
        """An element of a few segments as Python text, empty where it is absent."""
        start, end = self.element(rows, number)
        spans = zip(start.tolist(), end.tolist(), strict=True)
        return [self.bytes[one:two].decode("utf-8", "replace") for one, two in spans]

    def named(self, rows: np.ndarray) -> Text:
        """The tags of segments."""
        return Text(self.raw, self.words, self.start[rows], self.at[self.opening[rows]])

    def whole(self, rows: np.ndarray) -> Text:
        """The segments as written, without terminator."""
        return Text(self.raw, self.words, self.start[rows], self.end[rows])


def first_in(rows: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """For each range [low, high) the first of these sorted rows inside it, else -1."""
    padded = np.append(rows, _FAR)
    found = padded[np.searchsorted(rows, low)]
    return np.where(found < high, found, -1)


def last_upto(rows: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """For each limit the last of these sorted rows at or before it, else -1."""
    place = np.searchsorted(rows, limit, side="right") - 1
    return np.where(place >= 0, np.append(rows, -1)[place], -1)


def next_after(rows: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """For each limit the first of these sorted rows after it, else a number beyond all rows."""
    return np.append(rows, _FAR)[np.searchsorted(rows, limit, side="right")]
