"""What the book still lacks for the days that its fees reach to: which table or amount, and what is silent then."""

from __future__ import annotations

from collections.abc import Iterable

from everyunit.days import words
from everyunit.rulebook import Book

_SILENT = {
    "thresholds.kx_pt_slp": ("The KX amount of PT and SLP", "KX is not looked at"),
    "thresholds.kx_ot": ("The KX amount of OT", "KX is not looked at"),
    "thresholds.part_b_deductible": ("The deductible of Part B", "no patient's share is held against it"),
}
_HOW = "No table holds it: write it into a file headed key,value,first,last,source and load that"


def missing(book: Book) -> list[str]:
    """One sentence for each table and yearly amount that ends before the last day of the relative values."""
    shelf = book.shelf
    horizon = max(row.last_day for row in shelf.relative)
    told = []
    for key, (name, silent) in _SILENT.items():
        last = shelf.values[key][-1].last_day
        if last < horizon:
            told.append(f"{name} ({key}) ends on {words(last)}: after that {silent}. {_HOW}.")
    factor = max(row.last_day for row in shelf.factors)
    if factor < horizon:
        told.append(f"The conversion factor ends on {words(factor)}: after that no line has a price. Load PPRRVU.")
    indices = max(row.last_day for row in shelf.localities)
    if indices < horizon:
        told.append(f"The geographic indices end on {words(indices)}: after that no clinic has a price. Load GPCI.")
    for name, rows, what in (("code pairs", shelf.pairs, "the NCCI practitioner pairs"),
                             ("unit ceilings", shelf.ceilings, "the practitioner MUE table")):  # fmt: skip
        last = max(row.last_day for row in rows)
        if last < horizon:
            ends = f"The last table of {name} ends on {words(last)}"
            told.append(f"{ends}: after that its values are carried, unchecked, and findings say so. Load {what} of "
                        "each quarter.")  # fmt: skip
    return told


def missing_on(book: Book, day: int) -> list[str]:
    """Names of the yearly amounts that the book lacks on a day for which it has fees, and what is silent then."""
    held = any(row.first_day <= day <= row.last_day for row in book.shelf.relative)
    return [
        f"{name} ({key}): {silent}"
        for key, (name, silent) in _SILENT.items()
        if held and not any(value.holds(day) for value in book.shelf.values[key])
    ]


def left_out(book: Book, codes: Iterable[str], first_day: int) -> list[str]:
    """One sentence on codes that the book priced the day before (else at its end) and that a table leaves out."""
    day = min(first_day - 1, max(row.last_day for row in book.shelf.relative))
    held = {row.text("code") for row in book.shelf.relative if row.first_day <= day <= row.last_day}
    gone = sorted(held.difference(codes))
    if not gone:
        return []
    seen = f"The relative value file leaves out {len(gone)} of {len(held)} codes that the book priced before"
    return [f"{seen}: {', '.join(gone)}. If it was cut short, download it again."]
