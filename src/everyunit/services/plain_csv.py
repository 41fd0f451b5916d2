"""Rows as a table for other programs: amounts in dollars with a point, days as 2026-03-12, and no formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from everyunit.days import iso
from everyunit.money import dollars


def plain_csv(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The columns of these names, `_cents` left out of the heading; names that end in `_day` are epoch days."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([name.removesuffix("_cents") for name in names])
    for row in rows:
        writer.writerow([_cell(name, row[name]) for name in names])
    return out.getvalue().encode()


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name.endswith("_day"):
        return iso(value)
    if name.endswith("_cents"):
        return dollars(value).replace("$", "").replace(",", "")
    text = str(value)
    number = isinstance(value, int)
    return f"'{text}" if not number and text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
