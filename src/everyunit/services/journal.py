"""What people did, kept in the home: one JSON object a line, added and never changed, on disk before it counts.

A judgement of what may be added sees every line before it, also where two processes add at once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from everyunit.errors import UsageError
from everyunit.ledger import disk

FOLDER = "answers"
LARGEST = 50_000_000  # bytes of one list
Row = dict[str, Any]


def refuse_full(path: Path) -> None:
    """UsageError where a list of what people did has grown beyond all use: something writes to it without end."""
    if path.is_file() and path.stat().st_size > LARGEST:
        raise UsageError(
            "The list of answers is full (50 MB).",
            place=path.name,
            remedy="Move it away; what it holds is safe there.",
        )


class Journal:
    """The lines of one file in `answers/` of a home."""

    def __init__(self, home: str | Path, name: str) -> None:
        self.path = Path(home) / FOLDER / f"{name}.jsonl"

    def rows(self) -> list[Row]:
        """Every line, in the order of time. A line that cannot be read is passed over."""
        if not self.path.is_file():
            return []
        made = []
        for line in self.path.read_bytes().splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                continue
            if isinstance(row, dict):
                made.append(row)
        return made

    def add(self, make: Callable[[list[Row]], Row]) -> Row:
        """Add the row that `make` gives of the rows so far; nothing is added where it raises."""
        with disk.worded(self.path):
            disk.folder(self.path.parent)
            with disk.locked(self.path.with_suffix(".lock"), alone=True):
                row = make(self.rows())
                self._append(row)
        return row

    def _append(self, row: Row) -> None:
        refuse_full(self.path)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(handle).st_size
            torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"  # a line cut short stays a line of its own
            os.write(handle, b"\n" * torn + json.dumps(row).encode() + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        disk.sync_folder(self.path.parent)
