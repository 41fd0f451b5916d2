"""What the tests of taking in share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from everyunit.ledger import Ledger
from everyunit.services.home import open_home
from everyunit.services.take_in import take_in


def bring(folder: Path, files: dict[str, bytes | str]) -> tuple[Ledger, list[dict[str, Any]]]:
    """Write files, take the folder in, and open what came of it."""
    inside = folder / "brought"
    for name, content in files.items():
        path = inside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    receipts = list(take_in([inside], folder / "home"))
    return open_home(folder / "home"), receipts


def one(folder: Path, content: bytes | str, name: str = "file.csv") -> tuple[Ledger, dict[str, Any]]:
    """Take in one file."""
    ledger, receipts = bring(folder, {name: content})
    assert len(receipts) == 1
    return ledger, receipts[0]
