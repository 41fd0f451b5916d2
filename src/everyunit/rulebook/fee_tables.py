"""A payer's own fee table: a price a unit by code. A row that cannot be taken is named and left out."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from everyunit.money import to_cents

COLUMNS = ("code", "allowed")
MOST_CENTS = 10_000_000  # a price of one unit above 100,000 dollars is a slip of the keyboard


@dataclass(frozen=True)
class FeeFault:
    """One row that could not be taken: its number (the first row of the file being 1), column, what was seen in
    words, and what clears it."""

    row: int
    column: str
    message: str
    remedy: str


def text_of(raw: bytes) -> str:
    """A practice's own text: UTF-8, else Windows Latin."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def fee_table(raw: bytes) -> tuple[dict[str, int], list[FeeFault]]:
    """Cents a unit by code of a file with the columns code and allowed, and the rows that could not be taken.

    Columns are parted by commas, semicolons, tabs or bars. A row that says the same twice is no fault.
    """
    lines = text_of(raw).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    separator = max(",;\t|", key=lines[first].count)
    rows = [(number, _cells(line, separator)) for number, line in enumerate(lines[first:], start=first + 1)]
    heads = [cell.lower() for cell in rows[0][1]]
    for column in COLUMNS:
        if column not in heads:
            return {}, [FeeFault(first + 1, column, "this column is missing", "The heading reads code,allowed.")]
    table: dict[str, int] = {}
    faults: list[FeeFault] = []
    for number, cells in rows[1:]:
        if any(cells):
            padded = [*cells, *[""] * len(heads)]
            fault = _take(padded[heads.index("code")].upper(), padded[heads.index("allowed")], table)
            faults += [FeeFault(number, *fault)] if fault else []
    return table, faults


def _cells(line: str, separator: str) -> list[str]:
    """The trimmed cells of a line; a line that is no CSV has none."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:
        return []


def _take(code: str, amount: str, table: dict[str, int]) -> tuple[str, str, str] | None:
    """Put a price into the table, or say the column, what is wrong with it and what clears it."""
    if not code:
        return "code", "is empty", "Write the procedure code."
    if not amount:
        return "allowed", f"{code} has no price", "Write the amount the payer allows for one unit, such as 31.50."
    try:
        cents = to_cents(amount)
    except ValueError as fault:
        return "allowed", f"the price of {code} is no amount: {fault}", "Write it as 31.50."
    if cents < 0:
        return "allowed", f"the price of {code} is negative", "Write the amount the payer allows for one unit."
    if cents > MOST_CENTS:
        return (
            "allowed",
            f"the price of {code} is above $100,000 a unit",
            "Write the amount for one unit, such as 31.50.",
        )
    if table.setdefault(code, cents) != cents:
        return (
            "code",
            f"{code} stands twice, here with another price; the first counts",
            "Leave one row for each code.",
        )
    return None
