"""Rows on their way into the ledger: gathered, sorted and written as Parquet parts in a folder of their own."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from everyunit.frames import Table, conform
from everyunit.ledger import disk
from everyunit.ledger.manifest import Batch, Source

PART_ROWS = 250_000  # rows of a part: enough for a cluster, little enough for flat memory
HELD_BYTES = 128 << 20  # rows of all tables waiting for their part
GROUP_ROWS = 16_384  # rows of a row group: one visit is found in about 2 ms


class Parts:
    """Gathers frames of many tables and writes a part whenever enough rows wait. Nothing counts until listed."""

    def __init__(self, folder: Path, source: Source, declared: Mapping[str, Table]) -> None:
        self._folder, self._source, self._declared = folder, source, declared
        self._waiting: dict[str, list[pl.DataFrame]] = {}
        self._bytes: dict[str, int] = {}
        self.written: list[Batch] = []
        self.rows: dict[str, int] = {}

    def add(self, name: str, frame: pl.DataFrame) -> None:
        """Take rows of one table."""
        if frame.is_empty():
            return
        made = conform(frame, self._declared[name])
        self._waiting.setdefault(name, []).append(made)
        self._bytes[name] = self._bytes.get(name, 0) + int(made.estimated_size())
        self.rows[name] = self.rows.get(name, 0) + made.height
        if sum(part.height for part in self._waiting[name]) >= PART_ROWS:
            self._flush(name)
        while sum(self._bytes.values()) > HELD_BYTES:
            self._flush(max(self._bytes, key=lambda table: self._bytes[table]))

    def finish(self) -> list[Batch]:
        """Write what still waits; all parts, each forced to the disk."""
        for name in list(self._waiting):
            self._flush(name)
        return self.written

    def _flush(self, name: str) -> None:
        frame = pl.concat(self._waiting.pop(name))
        self._bytes.pop(name)
        by = self._declared[name].find_by
        low = high = None
        if by:
            frame = frame.sort(by, maintain_order=True)
            low, high = frame[by].min(), frame[by].max()
        out = io.BytesIO()
        frame.write_parquet(out, compression="zstd", compression_level=1, row_group_size=GROUP_ROWS, statistics=True)
        data = out.getbuffer()
        sha256 = hashlib.sha256(data).hexdigest()
        disk.write(self._folder / f"{name}.{sha256}", data)
        ordinal = sum(1 for part in self.written if part.name == name)
        bounds = (low if low is None else str(low), high if high is None else str(high))
        self.written.append(Batch(0, self._source.source_id, ordinal, name, sha256, frame.height, *bounds))
