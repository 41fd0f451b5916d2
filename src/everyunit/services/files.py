"""The files that were taken in, as their receipts tell it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from everyunit.services.home import open_home

LISTED = 20


def files(home: str | Path) -> list[dict[str, Any]]:
    """Receipts in the order of import, the latest first: file, kind, rows by table, refused, repeated, words, and of
    `refusals` and `problems` the first twenty beside `refused` and `problem_count`, which count all."""
    made = []
    for receipt in reversed(open_home(home).receipts()):
        short = dict(receipt)
        short["problem_count"] = len(receipt.get("problems", []))
        for name in ("refusals", "problems"):
            short[name] = receipt.get(name, [])[:LISTED]
        made.append(short)
    return made
