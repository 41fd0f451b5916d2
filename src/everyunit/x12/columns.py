"""Columns as places in bytes and as numbers, laid out as a table in one step when all of them are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from everyunit.frames import Table
from everyunit.x12.arrow import Laid, Shape
from everyunit.x12.texts import Long, Same, Taken, Text

_FORMATS: dict[Any, bytes] = {pl.String: b"vu", pl.Int64: b"l", pl.Int32: b"i"}
_TYPES: dict[Any, Any] = {pl.Int64: np.int64, pl.Int32: np.int32}


@dataclass
class Ints:
    """Whole numbers, null where nothing is given."""

    value: np.ndarray
    given: np.ndarray | None = None


Column = Ints | Text | Taken | Same | pl.Series | np.ndarray | None
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


def series(text: Text) -> pl.Series:
    """Texts as a column of Polars."""
    return frame(_ALONE, {"text": text}, len(text.start)).to_series()


def frame(declared: Table, columns: dict[str, Column], size: int) -> pl.DataFrame:
    """The columns of a declared table in its order and types; those that are not there are null."""
    layout = _layout(declared)
    items: list[Any] = []
    late: dict[str, pl.Series] = {}
    for name, kind in layout.columns:
        column: Any = columns.get(name)
        if isinstance(column, Text):
            laid = Long(column)
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

    def _lay(self, item: Ints | Same | Long, kind: Any) -> tuple[int, list[int]]:
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


def _up(bytes_: int) -> int:
    return -(-bytes_ // 64) * 64
