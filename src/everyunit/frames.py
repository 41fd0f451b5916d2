"""The one door to dataframes: how a table is declared, and how frames of any engine come in and go out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals as nw
import polars as pl

KINDS: dict[str, Any] = {
    "text": pl.String,
    "int": pl.Int64,
    "small": pl.Int32,
    "day": pl.Int32,
    "flag": pl.Boolean,
}

AS_WRITTEN = pl.QueryOptFlags(join_order=False)  # reordered joins met on half their keys and grew without bound
UNPLANNED = pl.QueryOptFlags.none()
_FEW: ContextVar[bool] = ContextVar("few", default=False)


@dataclass(frozen=True)
class Column:
    """One column: `kind` is text, int, small, day (epoch days, Int32) or flag; `unit` is cents, minutes, units..."""

    name: str
    kind: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """One table: what a row stands for (`grain`), the columns that name a row (`key`), every column."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    find_by: str = ""  # rows are kept sorted by this column, so that one visit or claim is found fast

    @cached_property
    def schema(self) -> dict[str, Any]:
        """Polars type of each column, in order."""
        return {column.name: KINDS[column.kind] for column in self.columns}

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    @cached_property
    def _nothing(self) -> pl.DataFrame:
        return pl.DataFrame(schema=self.schema)

    def empty(self) -> pl.DataFrame:
        """A frame with the columns of this table and no row."""
        return self._nothing.clone()


def table(name: str, grain: str, key: str, *columns: str, find_by: str = "") -> Table:
    """Declare a table in short form: key names parted by spaces; columns as `name kind[:unit] meaning...`."""
    made = []
    for text in columns:
        column, kind, meaning = text.split(" ", 2)
        kind, _, unit = kind.partition(":")
        made.append(Column(column, kind, meaning, unit))
    return Table(name, grain, tuple(key.split()), tuple(made), find_by)


def conform(frame: pl.DataFrame, declared: Table) -> pl.DataFrame:
    """The frame with exactly the declared columns, missing ones null, each cast strictly to its type."""
    if frame.schema == declared.schema:
        return frame
    missing = [pl.lit(None).alias(name) for name in declared.names if name not in frame.columns]
    return frame.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in declared.schema.items())


def lazy(frame: Any) -> nw.LazyFrame[Any]:
    """Any eager or lazy frame that Narwhals knows, as a Narwhals lazy frame."""
    if isinstance(frame, nw.LazyFrame):
        return frame
    if isinstance(frame, pl.DataFrame):
        frame = frame.lazy()
    made = nw.from_native(frame) if not isinstance(frame, nw.DataFrame) else frame
    return made.lazy() if isinstance(made, nw.DataFrame) else made


@contextmanager
def few_rows() -> Iterator[None]:
    """Within, frames hold the rows of a few visits: planning a query and spreading it would outlast its work."""
    before = _FEW.set(True)
    try:
        yield
    finally:
        _FEW.reset(before)


def polars(frame: Any) -> pl.DataFrame:
    """Any frame, collected to Polars: streaming where Polars runs it, in memory within `few_rows`."""
    native = nw.to_native(frame) if isinstance(frame, (nw.DataFrame, nw.LazyFrame)) else frame
    if isinstance(native, pl.DataFrame):
        return native
    if isinstance(native, pl.LazyFrame):
        if _FEW.get():
            return native.collect(engine="in-memory", optimizations=UNPLANNED)
        return native.collect(engine="streaming", optimizations=AS_WRITTEN)
    collected: pl.DataFrame = lazy(native).collect(backend="polars").to_native()
    return collected


def streamed(frames: Iterable[pl.LazyFrame]) -> list[pl.DataFrame]:
    """Several lazy Polars frames, collected together so that what they share is worked out once."""
    return pl.collect_all(list(frames), engine="streaming", optimizations=AS_WRITTEN)


def stack(parts: Iterable[pl.DataFrame], declared: Table) -> pl.DataFrame:
    """All parts below one another in the declared shape; the empty table when there is none."""
    made = [conform(part, declared) for part in parts]
    return pl.concat(made) if made else declared.empty()
