"""Notes, one JSON object a line: {"visit_id": ..., "text": ...}."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from everyunit.intake.receipts import Receipt
from everyunit.intake.text import blocks
from everyunit.x12.files import Opener

LOOKED_AT = 1_000  # lines from the top, among which one note shows what the file is


def begins_as_json(head: bytes) -> bool:
    """Whether an object opens the file, in whatever encoding."""
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] == b"{"


def holds_notes(opener: Opener) -> bool:
    """Whether a note stands among the first lines; one bad line, or a long one, does not decide over the others."""
    for block in blocks(opener, lambda word: None):
        return any(looks_like_notes(line) for line in block.split(b"\n", LOOKED_AT)[:LOOKED_AT])
    return False


def looks_like_notes(line: bytes) -> bool:
    """Whether a line is a JSON object with a visit and a text."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and {"visit_id", "text"} <= value.keys()


def read_notes(opener: Opener, source_id: str, receipt: Receipt) -> Iterator[dict[str, pl.DataFrame]]:
    """Frames of the table `notes`; lines that cannot be read are refused on the receipt."""
    number = 0
    seen: dict[str, int] = {}
    for block in blocks(opener, receipt.say):
        good: list[dict[str, Any]] = []
        for line in block.removesuffix(b"\n").split(b"\n"):
            number += 1
            if line.strip():
                good += _note(line, number, seen, receipt)
        schema = {"visit_id": pl.String, "text": pl.String, "row": pl.Int64, "extra": pl.String}
        yield {"notes": pl.DataFrame(good, schema=schema).with_columns(source_id=pl.lit(source_id))}


def _sound(text: str, receipt: Receipt) -> str:
    """The text without halves of characters, which JSON can name and no file can hold."""
    sound = text.encode("utf-8", "replace").decode()
    if sound != text:
        receipt.say("Some characters of it are half characters; they stand as question marks.")
    return sound


def _note(line: bytes, number: int, seen: dict[str, int], receipt: Receipt) -> list[dict[str, Any]]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        receipt.refuse(number, "", "", "is no JSON object", "Write one note a line, as JSON.")
        return []
    visit = value.get("visit_id") if isinstance(value, dict) else None
    text = value.get("text") if isinstance(value, dict) else None
    if isinstance(visit, int) and not isinstance(visit, bool):
        visit = str(visit)
    if not isinstance(visit, str) or not visit.strip() or len(visit) > 200:
        receipt.refuse(number, "visit_id", "", "is missing", "Give the visit_id of each note.")
        return []
    if not isinstance(text, str):
        receipt.refuse(number, "text", "", "is missing", "Give the text of each note.")
        return []
    visit, text = _sound(visit.strip(), receipt), _sound(text, receipt)
    told = hash(text)
    if visit in seen:
        if seen[visit] == told:
            receipt.repeated += 1
        else:
            message = "stands in the file before, with another text"
            receipt.refuse(number, "visit_id", "", message, "Put all text of a visit in one note.")
        return []
    seen[visit] = told
    others = {key: item for key, item in value.items() if key not in ("visit_id", "text")}
    extra = json.dumps(others) if others else None
    return [{"visit_id": visit, "text": text, "row": number, "extra": extra}]
