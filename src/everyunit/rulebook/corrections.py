"""How payers take back a claim that they decided (replacement, reopening, appeal), and how long to wait for them."""

from __future__ import annotations

from dataclasses import dataclass

from everyunit.rulebook.loading import Folder
from everyunit.rulebook.payers import FALLBACK
from everyunit.rulebook.shelves import Shelves

SHELF, WAITS, REQUESTS = "corrections.", "waits.", "requests."


@dataclass(frozen=True)
class Correction:
    """What a payer of one kind takes. `instead` is what to do where it takes no replacement, `refund` how what it
    paid too much then goes back; `appeal` is its name of an appeal."""

    kind: str
    replacement: bool
    void: bool
    instead: str
    appeal: str
    refund: str
    source: str
    checked: bool


def put(folder: Folder, shelf: Shelves) -> None:
    """Keys of the book: corrections.medicare, waits.no_835 ..."""
    for kind, row in folder.entries("corrections.toml", "corrections"):
        said = {"replacement": row.flag("replacement"), "void": row.flag("void"), "instead": row.text("instead")}
        said |= {"appeal": row.need("appeal"), "refund": row.text("refund")}
        shelf.add(SHELF + kind, row, said, "how corrections are taken")
    for kind, row in folder.entries("corrections.toml", "requests"):
        shelf.add(REQUESTS + kind, row, row.need("says"), "what a request to decide again holds")
    for name, row in folder.entries("corrections.toml", "waits"):
        shelf.add(WAITS + name, row, row.whole("days"), "days")


def correction(shelf: Shelves, kind: str) -> Correction:
    """What a payer of this kind (as `payer_kind` names it) takes; that of any other payer where the book lacks it."""
    found = shelf.values.get(SHELF + kind) or shelf.values[SHELF + FALLBACK]
    last = found[-1]
    return Correction(kind=kind, source=last.source, checked=last.checked, **last.value)


def request(shelf: Shelves, kind: str) -> str:
    """What a request to a payer of this kind must hold, and where that stands."""
    last = (shelf.values.get(REQUESTS + kind) or shelf.values[REQUESTS + FALLBACK])[-1]
    return f"{last.value} ({last.source})"


def waits(shelf: Shelves) -> dict[str, int]:
    """Days to wait by name: no_277ca, no_835, no_835_long, no_appeal."""
    return {key.removeprefix(WAITS): held[-1].value for key, held in shelf.values.items() if key.startswith(WAITS)}
