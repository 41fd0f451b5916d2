"""What both engines need: small tables brought beside large ones, and shared parts computed once."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from everyunit.frames import lazy, polars

_SQL = {pl.String: "string", pl.Int64: "bigint", pl.Int32: "int", pl.Boolean: "boolean"}


def on_spark(frame: nw.LazyFrame[Any]) -> bool:
    """Whether the frame runs on Spark."""
    return bool(frame.implementation.is_spark_like())


def bring(small: pl.DataFrame, beside: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """A small Polars table on the engine of `beside`, so that the two can be joined."""
    if not on_spark(beside):
        return lazy(small)
    session = beside.to_native().sparkSession
    shape = ", ".join(f"`{name}` {_SQL[type(kind)]}" for name, kind in zip(small.columns, small.dtypes, strict=True))
    return lazy(session.createDataFrame(small.rows(), schema=shape))


def settle(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """A frame that several later steps read, computed once.

    On Spark the plan ends here (else it grows with every step): in the session's checkpoint folder where one is set,
    which outlives a lost worker, else in the workers' own memory and disks.
    """
    if on_spark(frame):
        native = frame.to_native()
        kept = native.sparkSession.sparkContext.getCheckpointDir()
        return lazy(native.checkpoint() if kept else native.localCheckpoint())
    return lazy(polars(frame))


def no_rows(frame: nw.LazyFrame[Any]) -> bool:
    """Whether a settled frame is empty. On Spark, where looking is a job of its own, it is not looked at."""
    return not on_spark(frame) and polars(frame.head(1)).is_empty()


def collect(frame: nw.LazyFrame[Any], order: list[str]) -> pl.DataFrame:
    """The rows in Polars, sorted so that both engines give the same frame."""
    return polars(frame).sort(order, nulls_last=True)
