"""Elements of many segments at once: the separators around them, and the segments that are picked for rows."""

from __future__ import annotations

from typing import cast

import numpy as np

from everyunit.x12.texts import Taken, Text
from everyunit.x12.words import LENGTH_MASK, gathered

Span = tuple[np.ndarray, np.ndarray]


class Places:
    """The bytes of a piece and where its separators stand, all of them and the first and last of each segment."""

    raw: np.ndarray
    words: np.ndarray
    at: np.ndarray
    opening: np.ndarray
    closing: np.ndarray
    padded: bool

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


class Fields:
    """The separators of some segments, looked up once for all the columns that read their elements.

    `whole` are the fields of all segments of a tag, of which `cut` are these; they share what was looked up.
    """

    opening: np.ndarray
    closing: np.ndarray
    count: np.ndarray
    fewest: int
    most: int

    def __init__(
        self, segments: Places, rows: np.ndarray, whole: Tagged | None = None, cut: slice = slice(None)
    ) -> None:
        self.segments, self.rows = segments, rows  # the rows are kept, so that their id is not given to others
        self.whole, self.cut = whole, cut
        if whole is None:
            self._place(segments.opening.take(rows, mode="wrap"), segments.closing.take(rows, mode="wrap"))
        else:
            self.opening, self.closing, self.count = whole.opening[cut], whole.closing[cut], whole.count[cut]
            self.fewest, self.most = whole.fewest, whole.most

    def _place(self, opening: np.ndarray, closing: np.ndarray) -> None:
        self.opening, self.closing, self.count = opening, closing, closing - opening
        self.fewest = int(self.count.min()) if len(self.count) else 0
        self.most = int(self.count.max()) if len(self.count) else 0
        self._marks: dict[int, np.ndarray] = {}
        self.kept: dict[tuple[object, ...], object] = {}  # columns that more than one table looks at

    def _mark(self, number: int) -> np.ndarray:
        """Where the separator behind each element `number` stands; that of the segment's end where it is absent."""
        if self.whole is not None:
            return self.whole._mark(number)[self.cut]
        held = self._marks.get(number)
        if held is None:
            place = self.opening + number
            held = self.segments.at.take(place if number <= self.fewest else np.minimum(place, self.closing))
            self._marks[number] = held
        return held

    def span(self, number: int | np.ndarray) -> Span:
        """Where element `number` (from 1) begins and ends; an empty span where it is absent."""
        if isinstance(number, int):
            before, end = self._mark(number - 1), self._mark(number)
            return (before + 1 if number <= self.fewest else np.minimum(before + 1, end)), end
        place, at = self.opening + number, self.segments.at
        end = at.take(np.minimum(place, self.closing))
        return np.minimum(at.take(np.minimum(place - 1, self.closing)) + 1, end), end

    def word(self, number: int) -> np.ndarray:
        """The first eight bytes of an element as one word."""
        if self.whole is not None:
            return self.whole.word(number)[self.cut]
        held = self.kept.get(("word", number))
        if held is None:
            start, end = self.span(number)
            word = gathered(self.segments.words, start)
            word &= LENGTH_MASK.take(end - start, mode="clip")
            held = self.kept["word", number] = word
        return cast(np.ndarray, held)

    def text(self, number: int) -> Text | None:
        """Text of an element, null where it is absent or empty; None where no segment has it."""
        return self.segments.read(self.span(number)) if number <= self.most else None

    def column(self, number: int) -> Text | Taken | None:
        """The same as a column of a table; what others of the tag read too is made ready once."""
        if self.whole is None:
            return self.text(number)
        text = self.whole.text(number)
        return None if text is None else text.taken(self.cut)


class Tagged(Fields):
    """All segments of one tag, replayed ones too; the last one stands for none."""

    def __init__(
        self, segments: Places, tag: str, rows: np.ndarray, opening: np.ndarray, closing: np.ndarray
    ) -> None:
        self.segments, self.tag, self.rows, self.whole = segments, tag, rows, None
        self._place(opening, closing)
        # the segment that stands for none has that many elements, all empty
        self.fewest = min(int(self.count[:-1].min()), 20) if len(rows) > 1 else 0

    def text(self, number: int) -> Text | None:
        """Text of an element, kept; None where no segment has it."""
        if number > self.most:
            return None
        held = self.kept.get(("text", number))
        if held is None:
            text = self.segments.read(self.span(number))
            if text.longest <= 8 and not self.segments.padded:
                text.head = self.word(number)
            held = self.kept["text", number] = text
        return cast(Text, held)

    def pick(self, place: np.ndarray) -> Picked:
        """The segments at these places among those of the tag; -1 for none."""
        return Picked(self, place)


class Picked:
    """For each row of a table one segment of a tag, or none."""

    def __init__(self, tagged: Tagged, place: np.ndarray) -> None:
        self.tagged, self.place = tagged, place
        self.found = len(place) > 0 and int(place.max()) >= 0

    @property
    def rows(self) -> np.ndarray:
        """The rows of the segments; -1 for none."""
        return self.of(self.tagged.rows)

    def of(self, values: np.ndarray) -> np.ndarray:
        """Of values of all segments of the tag those of the picked ones; the last where there is none."""
        return values.take(self.place, mode="wrap")

    def span(self, number: int) -> Span:
        """Where an element begins and ends; an empty span where it or the segment is absent."""
        start, end = self.tagged.span(number)
        return self.of(start), self.of(end)

    def text(self, number: int) -> Text | None:
        """Text of an element; None where no segment has it."""
        if not self.found or number > self.tagged.most:
            return None
        return self.tagged.segments.read(self.span(number))

    def column(self, number: int) -> Text | Taken | None:
        """The same as a column of a table."""
        text = self.tagged.text(number) if self.found else None
        return None if text is None else text.taken(self.place)

    def at(self, places: np.ndarray) -> Picked:
        """The picked segments in another order; -1 for none."""
        return Picked(self.tagged, np.append(self.place, -1).take(places, mode="wrap"))

    def otherwise(self, other: Picked) -> Picked:
        """These where there are any, else the others; both of one tag."""
        if not other.found:
            return self
        return Picked(self.tagged, np.where(self.place < 0, other.place, self.place) if self.found else other.place)


class Scope:
    """What stands under each of some opening segments: `owner` of every row, up to `limit` of each owner."""

    def __init__(self, owner: np.ndarray, size: int, limit: np.ndarray | None = None) -> None:
        self.owner, self.size, self.limit = owner, size, limit

    def first(self, tagged: Tagged, places: np.ndarray) -> Picked:
        """Of these places among the segments of a tag the first under each owner."""
        rows = tagged.rows.take(places)
        owner = self.owner.take(rows)
        if self.limit is not None and self.size:
            owner = np.where(rows < self.limit.take(owner, mode="wrap"), owner, -1)
        return tagged.pick(firsts(owner, places, self.size))


def firsts(owner: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """The first value of each owner, -1 where it has none; owner -1 counts nowhere."""
    found = np.full(size + 1, -1, dtype=np.int64)
    found[owner[::-1]] = values[::-1]  # where an owner has several, the one that is written last remains
    return found[:-1]


def extremes(owner: np.ndarray, low: np.ndarray, high: np.ndarray, size: int) -> tuple[np.ndarray, ...]:
    """Of each owner the least `low` and the greatest `high`, and whether it has any; owners do not fall."""
    least, greatest, known = np.zeros(size, dtype=low.dtype), np.zeros(size, dtype=high.dtype), np.zeros(size, bool)
    if len(owner):
        begins = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
        some = owner[begins]
        known[some] = True
        least[some] = np.minimum.reduceat(low, begins)
        greatest[some] = np.maximum.reduceat(high, begins)
    return least, greatest, known
