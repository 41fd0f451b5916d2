"""Columns of text: places in the bytes of a piece, made into the views that Arrow keeps of texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from everyunit.x12.words import gathered, overlapping, sixteen

_INLINE = 12  # a text of at most so many bytes stands in its view
_SPARSE = 4  # bytes that long texts look into are copied one text after the other where they lie so far apart


def _view_mask() -> np.ndarray:
    """For each length the bytes of a view that are text: at most twelve, but the first four of a long text."""
    lengths = np.append(np.arange(_INLINE + 1), 4)
    kept = (np.arange(16) >= 4) & (np.arange(16) < 4 + lengths[:, None])
    return np.where(kept, 255, 0).astype(np.uint8).view(np.complex128).ravel()


_VIEW_MASK = _view_mask()


@dataclass
class Text:
    """Text between two places of a UTF-8 buffer with 16 spare bytes at each end; null where it is empty."""

    raw: np.ndarray
    words: np.ndarray
    start: np.ndarray
    end: np.ndarray
    head: np.ndarray | None = None  # the first eight bytes of each, where they are known and none has more

    @cached_property
    def longest(self) -> int:
        """Bytes of the longest text."""
        return int((self.end - self.start).max()) if len(self.start) else 0

    @cached_property
    def views(self) -> np.ndarray:
        """What Arrow keeps for each text, where none is longer than what a view holds."""
        views = np.empty((len(self.start), 2), dtype=np.uint64)
        length = self.end - self.start
        if self.head is None:
            _inline(self, length, views)
        else:
            parts, halves = views.view(np.int32), self.head.view(np.int32).reshape(-1, 2)
            parts[:, 0], parts[:, 1], parts[:, 2], parts[:, 3] = length, halves[:, 0], halves[:, 1], 0
        return views.view(np.complex128).ravel()  # moved as one, see `sixteen`

    def above(self, other: Text) -> Text:
        """These texts and then the others; both look into the same buffer."""
        start, end = np.concatenate([self.start, other.start]), np.concatenate([self.end, other.end])
        both = Text(self.raw, self.words, start, end)
        if both.longest <= _INLINE:
            both.views = np.concatenate([self.views, other.views])
        return both

    def taken(self, place: np.ndarray | slice) -> Text | Taken | None:
        """A column of some of these texts; where all are short they are made ready once for all such columns."""
        if not self.longest:
            return None
        if self.longest <= _INLINE:
            return Taken(self, place)
        if isinstance(place, slice):
            return Text(self.raw, self.words, self.start[place], self.end[place])
        start, end = (bound.take(place, mode="wrap") for bound in (self.start, self.end))
        return Text(self.raw, self.words, start, end)


class Taken:
    """Short texts that are taken from others."""

    room = 0

    def __init__(self, of: Text, place: np.ndarray | slice) -> None:
        self.of, self.place = of, place

    def lay(self, views: np.ndarray) -> np.ndarray:
        """Write the views; nothing stands behind them."""
        flat = views.reshape(-1).view(np.complex128)
        if isinstance(self.place, slice):
            flat[:] = self.of.views[self.place]
        else:
            self.of.views.take(self.place, mode="wrap", out=flat)
        self.length = views.view(np.int32)[:, 0]
        return self.of.raw[:0]

    def given(self) -> np.ndarray:
        """Where there is any text."""
        found: np.ndarray = self.length > 0
        return found


@dataclass(frozen=True)
class Same:
    """One text, the same in every row."""

    text: str

    @property
    def room(self) -> int:
        """Bytes that stand behind the views."""
        return len(self.text.encode())

    def given(self) -> None:
        """It stands in every row."""

    def lay(self, views: np.ndarray) -> np.ndarray:
        """Write the views; the bytes that they look into."""
        text = self.text.encode()
        head = text if len(text) <= _INLINE else text[:4] + bytes(8)
        view = np.frombuffer(len(text).to_bytes(4, "little") + head.ljust(12, b"\0"), dtype=np.complex128)
        views.reshape(-1).view(np.complex128)[:] = view  # moved as one, see `sixteen`
        return np.frombuffer(text, dtype=np.uint8)


class Long:
    """A text column, and the part of its buffer that its long texts look into."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.length = text.end - text.start
        self.longest = int(self.length.max()) if len(self.length) else 0
        self.low = self.high = 0
        self.sparse = False
        if self.longest > _INLINE:
            self.rows = np.flatnonzero(self.length > _INLINE)
            self.start, self.width = text.start[self.rows], self.length[self.rows]
            self.low, self.high = int(self.start.min()), int((self.start + self.width).max())
            total = int(self.width.sum(dtype=np.int64))
            self.sparse = self.high - self.low > _SPARSE * total
            self.high = self.low + total if self.sparse else self.high

    @property
    def room(self) -> int:
        """Bytes that stand behind the views."""
        return self.high - self.low

    def given(self) -> np.ndarray:
        """Where there is any text."""
        found: np.ndarray = self.length > 0
        return found

    def lay(self, views: np.ndarray) -> np.ndarray:
        """Write the views; the bytes that the long ones look into."""
        text = self.text
        _inline(text, self.length, views)
        if self.longest <= _INLINE:
            return text.raw[:0]
        place = self.start - self.low
        if self.sparse:
            ends = np.cumsum(self.width, dtype=np.int64)
            place = ends - self.width
            every = np.repeat(self.start - place, self.width)
            every += np.arange(len(every))
            data: np.ndarray = text.raw[every]
        else:
            data = text.raw[self.low : self.high]
        views[self.rows, 1] = place.astype(np.uint64) << np.uint64(32)
        return data


def _inline(text: Text, length: np.ndarray, views: np.ndarray) -> None:
    """Write the views of texts that stand in them, and of the others what stands in any.

    A view is the length in four bytes and the first twelve bytes of the text, so the sixteen bytes from four before
    the text are gathered at once, what stands behind it is masked out, the length goes over the four.
    """
    flat = views.reshape(-1)
    _VIEW_MASK.take(length, mode="clip", out=flat.view(np.complex128))
    flat &= gathered(sixteen(text.raw), text.start - 4).view(np.uint64)
    views.view(np.int32)[:, 0] = length


def texts(values: list[bytes]) -> Text:
    """A few texts, of which columns are taken."""
    raw = np.frombuffer(bytes(16) + b"".join(values) + bytes(16), dtype=np.uint8)
    ends = np.cumsum([16, *map(len, values)])
    return Text(raw, overlapping(raw), ends[:-1], ends[1:])


def either(one: Text | None, other: Text | None) -> Text | None:
    """The first where it has text, else the other; both look into the same buffer."""
    if one is None or other is None:
        return other if one is None else one
    filled = one.end > one.start
    return Text(one.raw, one.words, np.where(filled, one.start, other.start), np.where(filled, one.end, other.end))


def joined(text: Text, owner: np.ndarray, size: int, mark: str = ":") -> Text:
    """For each of `size` owners its texts, parted by a mark; `owner` does not fall."""
    filled = text.end > text.start
    owner, start = owner[filled], text.start[filled]
    width = text.end[filled] - start + 1
    ends = np.cumsum(width, dtype=np.int64)
    place = ends - width
    every = np.repeat(start - place, width)
    every += np.arange(len(every))
    raw = np.zeros(len(every) + 32, dtype=np.uint8)
    raw[16:-16] = text.raw[every]
    raw[15 + ends] = ord(mark)
    bounds = np.append(place, len(every))[np.searchsorted(owner, np.arange(size + 1))] + 16
    return Text(raw, overlapping(raw), bounds[:-1], np.maximum(bounds[1:] - 1, bounds[:-1]))
