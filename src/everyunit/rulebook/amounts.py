"""Amounts that change by the year and stand in no official table: a file of key, value, first, last and source.

The KX amounts come as a notice and not as a file; whoever read the notice writes it down, with its source.
"""

from __future__ import annotations

from everyunit.days import iso, to_day
from everyunit.errors import Unreadable
from everyunit.money import dollars, to_cents
from everyunit.rulebook.official import Taken
from everyunit.rulebook.sheets import Sheet
from everyunit.rulebook.shelves import Shelves

COLUMNS = ("key", "value", "first", "last", "source")
PREFIX = "thresholds."
_IN_CENTS = "cents"
MOST_CENTS = 10_000_000  # a yearly amount above 100,000 dollars is a slip of the keyboard
MOST = 99_999  # of what is counted: days, minutes, percent


def read_amounts(sheet: Sheet, shelf: Shelves) -> list[Taken]:
    """The amounts of a sheet headed by COLUMNS; nothing for another sheet. Money is in dollars, all else whole.

    `checked` (yes or no) may stand beside them; left out it is no, and findings say so. Raises Unreadable with the
    row for a key the book lacks, no amount, no day or no source.
    """
    head = [cell.lower() for cell in sheet.rows[0]] if sheet.rows else []
    if not set(COLUMNS) <= set(head):
        return []
    made = []
    for number, cells in enumerate(sheet.rows[1:], start=2):
        if any(cells):
            row = dict(zip(head, [*cells, *[""] * len(head)], strict=False))
            made.append(_taken(row, f"{sheet.name} row {number}", shelf))
    return made


def _taken(row: dict[str, str], place: str, shelf: Shelves) -> Taken:
    key = row["key"].removeprefix(PREFIX)
    known = shelf.values.get(f"{PREFIX}{key}")
    if known is None:
        every = sorted(name for name in shelf.values if name.startswith(PREFIX))
        raise Unreadable(f"the book has no amount {row['key']}.", place=place, remedy=f"It has {', '.join(every)}.")
    if not row["source"]:
        raise Unreadable("source is empty.", place=place, remedy="A value without a source does not load.")
    try:
        first, last = to_day(row["first"]), to_day(row["last"])
    except ValueError:
        raise Unreadable("first and last are not both days.", place=place, remedy="Write 2027-01-01.") from None
    if row.get("checked", "") not in ("", "yes", "no"):
        raise Unreadable("checked is neither yes nor no.", place=place, remedy="Leave it out for no.")
    taken = Taken("thresholds.csv", first, last, row["source"])
    fields = {"key": key, "value": _value(row["value"], known[-1].unit, place), "unit": known[-1].unit}
    taken.rows.append({"first": iso(first), "last": iso(last), "source": row["source"],
                       "checked": row.get("checked", "") or "no", **fields})  # fmt: skip
    return taken


def _value(text: str, unit: str, place: str) -> str:
    if unit.startswith(_IN_CENTS):
        try:
            cents = to_cents(text)
        except ValueError:
            raise Unreadable(f"{text} is no amount.", place=place, remedy="Write dollars, 2510.00.") from None
        if not 0 <= cents <= MOST_CENTS:
            seen = f"{text} is out of range: 0 to {dollars(MOST_CENTS)}."
            raise Unreadable(seen, place=place, remedy="Write dollars, 2510.00.")
        return str(cents)
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit()):
        raise Unreadable(f"{text} is no whole number ({unit}).", place=place, remedy="Write it as 30.")
    if len(bare) > len(str(MOST)):
        raise Unreadable(f"{text} is out of range: 0 to {MOST:,} ({unit}).", place=place, remedy="Write it as 30.")
    return bare
