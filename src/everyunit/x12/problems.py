"""What is wrong with a file, gathered as rows; a message never repeats what stands in the file's elements."""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.x12.tables import PROBLEMS


class Problems:
    """Rows of problems of one piece of a file."""

    def __init__(self, source_id: str) -> None:
        self.source_id = source_id
        self._rows: list[tuple[int, int, str, str]] = []
        self._single: list[tuple[int, int, str, str]] = []

    def __bool__(self) -> bool:
        return bool(self._rows or self._single)

    def one(self, transaction: int, segment: int, code: str, message: str) -> None:
        """One problem at one segment."""
        self._single.append((transaction, segment, code, message))

    def many(self, transaction: np.ndarray, segment: np.ndarray, code: str, message: str | pl.Series) -> None:
        """The same kind of problem at many segments."""
        size = len(segment)
        if size:
            words = [message] * size if isinstance(message, str) else message.to_list()
            self._rows += zip(transaction.tolist(), segment.tolist(), [code] * size, words, strict=True)

    def frame(self) -> pl.DataFrame:
        """All problems in the declared shape, in the order of the file."""
        rows = sorted(self._rows + self._single, key=lambda row: (row[1], row[2]))
        if not rows:
            return PROBLEMS.empty()
        transaction, segment, code, message = zip(*rows, strict=True)
        columns = {"transaction": transaction, "segment": segment, "code": code, "message": message}
        return pl.DataFrame({"source_id": [self.source_id] * len(rows), **columns}, schema=PROBLEMS.schema)
