"""Entries of a bank's own file format as rows of deposits."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from everyunit.errors import Unreadable
from everyunit.ledger.tables import DEPOSITS
from everyunit.x12.files import Opener

LARGEST = 256 << 20  # bytes; a year of a busy account is a few megabytes


def whole_text(opener: Opener) -> str:
    """The file as text, UTF-8 or Windows Latin. Unreadable beyond 256 MB."""
    with opener() as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Unreadable("The bank's file is larger than 256 MB.", remedy="Export it by month.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def entry(day: int, cents: int, trace: str, words: str, row: int, **beside: str) -> dict[str, Any]:
    """One entry; `beside` is kept with it (the bank's own number, its type code, the end of the account's number)."""
    told = {name: value for name, value in beside.items() if value}
    return {
        "day": day, "amount_cents": cents, "trace": trace.strip() or None,
        "description": " ".join(words.split()) or None, "row": row, "extra": json.dumps(told) if told else None,
    }  # fmt: skip


def frame(rows: list[dict[str, Any]], source_id: str) -> dict[str, pl.DataFrame]:
    """The rows as a frame of the table deposits."""
    schema = {name: kind for name, kind in DEPOSITS.schema.items() if name != "source_id"}
    return {DEPOSITS.name: pl.DataFrame(rows, schema=schema).with_columns(source_id=pl.lit(source_id))}
