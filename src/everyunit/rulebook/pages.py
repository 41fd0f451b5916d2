"""Pages of docs/rules quote the book by key; here the quoted tables are written, so that they cannot drift."""

from __future__ import annotations

import re
from typing import Any

from everyunit.days import iso, to_day
from everyunit.money import dollars
from everyunit.rulebook.book import Book
from everyunit.rulebook.values import Value

# A page holds `<!-- book 2026-03-12: KEY KEY ... -->`, the table, and `<!-- end of book -->`.
BLOCK = re.compile(r"(<!-- book (\d{4}-\d{2}-\d{2}): ([^>]*?) -->\n)(.*?)(<!-- end of book -->)", re.DOTALL)
HEAD = "\n| key | the book says | in force | checked | source |\n|---|---|---|---|---|\n"


def refresh(text: str, book: Book) -> str:
    """The page with every quoted table written anew from the book.

    Raises UsageError for a key the book lacks and BookRefusal for a day it does not know.
    """

    def table(found: re.Match[str]) -> str:
        day = to_day(found.group(2))
        rows = "".join(_row(book.value(key, day)) for key in found.group(3).split())
        return f"{found.group(1)}{HEAD}{rows}\n{found.group(5)}"

    return BLOCK.sub(table, text)


def _row(value: Value) -> str:
    span = f"{iso(value.first_day)} to {iso(value.last_day)}"
    said = _said(value) + (f" ({value.note})" if value.note else "")
    return f"| `{value.key}` | {said} | {span} | {'yes' if value.checked else 'no'} | {value.source} |\n"


def _said(value: Value) -> str:
    if not isinstance(value.value, dict):
        return _word(value.value, value.unit)
    body = value.value
    if "full_cents" in body:
        reduced = f", reduced {dollars(body['reduced_cents'])}" if body["reduction_applies"] else ""
        return f"{dollars(body['full_cents'])}{reduced}"
    return "; ".join(
        f"{name.replace('_', ' ')} {_word(said)}" for name, said in body.items() if said not in ("", None)
    )


def _word(said: Any, unit: str = "") -> str:
    """One value as it is read: yes or no, a number with what it counts, or its text."""
    if isinstance(said, bool):
        return "yes" if said else "no"
    if not isinstance(said, int):
        return str(said)
    return f"{said} {unit.replace('units', 'unit', 1) if said == 1 else unit}".rstrip()
