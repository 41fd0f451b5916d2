"""What is wrong with a file, gathered as rows; a message never repeats what stands in the file's elements."""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.frames import stack
from everyunit.x12.tables import PROBLEMS


class Problems:
    """Rows of problems of one piece of a file."""

    def __init__(self, source_id: str) -> None:
        self.source_id = source_id
        self._parts: list[pl.DataFrame] = []
        self._single: list[tuple[int, int, str, str]] = []

    def one(self, transaction: int, segment: int, code: str, message: str) -> None:
        """One problem at one segment."""
        self._single.append((transaction, segment, code, message))

    def many(self, transaction: np.ndarray, segment: np.ndarray, code: str, message: str | pl.Series) -> None:
        """The same kind of problem at many segments."""
        if not len(segment):
            return
        text = pl.lit(message) if isinstance(message, str) else message.alias("message")
        frame = pl.DataFrame({"transaction": transaction, "segment": segment})
        self._parts.append(frame.with_columns(pl.lit(code).alias("code"), text.alias("message")))

    def frame(self) -> pl.DataFrame:
        """All problems in the declared shape, in the order of the file."""
        shape = {"transaction": pl.Int32, "segment": pl.Int64, "code": pl.String, "message": pl.String}
        single = pl.DataFrame(self._single, schema=shape, orient="row")
        made = [part.with_columns(pl.lit(self.source_id).alias("source_id")) for part in (*self._parts, single)]
        return stack(made, PROBLEMS).sort("segment", "code", maintain_order=True)
