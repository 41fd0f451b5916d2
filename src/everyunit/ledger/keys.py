"""Which batches can hold a key? Answered from memory once a table is asked often, so that few files are opened."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl

from everyunit.ledger.manifest import Batch

FEW = 4  # batches that are simply opened
OFTEN = 3  # times that a table is asked before its keys are read


class Keys:
    """Sorted hashes of the keys of each batch, read when they first pay. Batches never change, nor do these."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._asked: Counter[str] = Counter()
        self._known: dict[tuple[str, str], np.ndarray] = {}

    def holding(self, batches: list[Batch], column: str, value: str) -> list[Batch]:
        """The batches that may hold the value; all that do are among them."""
        if len(batches) <= FEW:
            return batches
        name = batches[0].name
        self._asked[name] += 1
        if self._asked[name] <= OFTEN:
            return batches
        wanted = _hashes(pl.Series([value], dtype=pl.String))[0]
        return [batch for batch in batches if _holds(self._of(batch, column), wanted)]

    def _of(self, batch: Batch, column: str) -> np.ndarray:
        known = self._known.get((batch.name, batch.sha256))
        if known is None:
            keys = pl.read_parquet(batch.path(self._home), columns=[column], glob=False)[column]
            known = self._known[batch.name, batch.sha256] = np.unique(_hashes(keys.unique()))
        return known


def _hashes(keys: pl.Series) -> np.ndarray:
    """Half of Polars' hash, which is the same within one process; it is never stored."""
    return np.asarray(keys.hash().to_numpy() >> 32, dtype=np.uint32)


def _holds(hashes: np.ndarray, wanted: np.uint32) -> bool:
    place = int(np.searchsorted(hashes, wanted))
    return place < len(hashes) and hashes[place] == wanted
