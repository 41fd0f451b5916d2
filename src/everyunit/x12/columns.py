"""Columns as places in bytes and as numbers, laid out as a table in one step when all of them are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from everyunit.frames import Table
from everyunit.x12.arrow import Laid, Shape
from everyunit.x12.words import gathered, overlapping, sixteen

_FORMATS: dict[Any, bytes] = {pl.String: b"vu", pl.Int64: b"l", pl.Int32: b"i"}
_TYPES: dict[Any, Any] = {pl.Int64: np.int64, pl.Int32: np.int32}
_INLINE = 12  # a text of at most so many bytes stands in its view
_SPARSE = 4  # bytes that long texts look into are copied one text after the other where they lie so far apart


def _view_mask() -> np.ndarray:
    """For each length the bytes of a view that are text: at most twelve, but the first four of a long text."""
    lengths = np.append(np.arange(_INLINE + 1), 4)
    kept = (np.arange(16) >= 4) & (np.arange(16) < 4 + lengths[:, None])
    return np.where(kept, 255, 0).astype(np.uint8).view(np.complex128).ravel()


_VIEW_MASK = _view_mask()


@dataclass
class Ints:
    """Whole numbers, null where nothing is given."""

    value: np.ndarray
    given: np.ndarray | None = None


@dataclass
class Text:
    """Text between two places of a UTF-8 buffer with 16 spare bytes at each end; null where it is empty."""

    raw: np.ndarray
    words: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def series(self) -> pl.Series:
        """As a column of Polars."""
        return frame(_ALONE, {"text": self}, len(self.start)).to_series()


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


Column = Ints | Text | Same | pl.Series | np.ndarray | None
_ALONE = Table("", "", (), ())


class _Layout:
    """Names and types of the columns of a table, and its Arrow schema."""

    def __init__(self, declared: Table) -> None:
        self.declared = declared  # kept, so that its id is not given to another
        schema: dict[str, Any] = declared.schema if declared.name else {"text": pl.String}
        self.columns = list(schema.items())
        self.kinds = list(schema.values())
        self.shape = Shape([(name, _FORMATS[kind]) for name, kind in self.columns])


_LAYOUTS: dict[int, _Layout] = {}  # by the id of the declared table: to hash all its columns would cost more


def _layout(declared: Table) -> _Layout:
    held = _LAYOUTS.get(id(declared))
    if held is None:
        held = _LAYOUTS[id(declared)] = _Layout(declared)
    return held


def texts(values: list[bytes], places: np.ndarray) -> Text:
    """A column that takes each of its values from a few texts."""
    raw = np.frombuffer(bytes(16) + b"".join(values) + bytes(16), dtype=np.uint8)
    ends = np.cumsum([16, *map(len, values)])
    return Text(raw, overlapping(raw), ends[:-1][places], ends[1:][places])


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


def frame(declared: Table, columns: dict[str, Column], size: int) -> pl.DataFrame:
    """The columns of a declared table in its order and types; those that are not there are null."""
    layout = _layout(declared)
    items: list[Any] = []
    late: dict[str, pl.Series] = {}
    for name, kind in layout.columns:
        column: Any = columns.get(name)
        if isinstance(column, Text):
            laid = _Long(column)
            column = laid if laid.longest else None
        elif isinstance(column, np.ndarray):
            column = Ints(column)
        elif isinstance(column, pl.Series):
            late[name], column = column.cast(kind).alias(name), None
        items.append(column)
    made = Laid(layout.shape, size, *_Plan(size, items, layout.kinds).laid()).frame()
    return made.with_columns(*late.values()) if late else made


class _Plan:
    """How large everything is, then everything written into one buffer."""

    def __init__(self, size: int, items: list[Any], kinds: list[Any]) -> None:
        self.size, self.bits = size, _up(-(-size // 8))
        self.items, self.kinds = items, kinds

    def laid(self) -> tuple[np.ndarray, list[tuple[int, list[int]]]]:
        """The buffer, and of each column its nulls and the places of its Arrow buffers."""
        size, wide = self.size, _up(16 * self.size)
        total = wide + self.bits + 128
        for item in self.items:
            if item is not None:
                total += wide + self.bits + (0 if isinstance(item, Ints) else _up(item.room) + 64)
        self.buffer = np.empty(total, dtype=np.uint8)
        nothing = -self.buffer.ctypes.data % 64
        self.at = nothing + wide + self.bits
        self.buffer[nothing : self.at] = 0
        none = {pl.String: (size, [nothing, nothing, nothing])}
        other = (size, [nothing, nothing])
        return self.buffer, [
            none.get(kind, other) if item is None else self._lay(item, kind)
            for item, kind in zip(self.items, self.kinds, strict=True)
        ]

    def _lay(self, item: Ints | Same | _Long, kind: Any) -> tuple[int, list[int]]:
        place, size, buffer = self.at, self.size, self.buffer
        if isinstance(item, Ints):
            width = 8 if kind == pl.Int64 else 4
            buffer[place : place + size * width].view(_TYPES[kind])[:] = item.value
            self.at += _up(size * width)
            valid, nulls = self._valid(item.given)
            return nulls, [valid, place]
        views = buffer[place : place + 16 * size].view(np.uint64).reshape(-1, 2)
        data = item.lay(views)
        self.at += _up(16 * size)
        valid, nulls = self._valid(item.given())
        behind, sizes = self.at, self.at + _up(len(data))
        buffer[behind : behind + len(data)] = data
        buffer[sizes : sizes + 8].view(np.int64)[0] = len(data)
        self.at = sizes + 64
        return nulls, [valid, place, behind, sizes]

    def _valid(self, given: np.ndarray | None) -> tuple[int, int]:
        count = self.size if given is None else int(np.count_nonzero(given))
        if given is None or count == self.size:
            return -1, 0
        place = self.at
        self.at += self.bits
        self.buffer[place : place + -(-self.size // 8)] = np.packbits(given, bitorder="little")
        return place, self.size - count


class _Long:
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
        """Write the views; the bytes that the long ones look into.

        A view is the length in four bytes and the first twelve bytes of the text, so the sixteen bytes from four
        before the text are gathered at once, what stands behind it is masked out, the length goes over the four.
        """
        text, flat = self.text, views.reshape(-1)
        _VIEW_MASK.take(self.length, mode="clip", out=flat.view(np.complex128))
        flat &= gathered(sixteen(text.raw), text.start - 4).view(np.uint64)
        views.view(np.int32)[:, 0] = self.length
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


def _up(bytes_: int) -> int:
    return -(-bytes_ // 64) * 64
