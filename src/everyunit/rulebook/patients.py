"""Whom the practice may ask for what a payer leaves to the patient, by kind of payer."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from everyunit.errors import Unreadable
from everyunit.rulebook.loading import Folder, Row
from everyunit.rulebook.payers import FALLBACK
from everyunit.rulebook.shelves import Shelves

SHELF = "patients."
_FILE = "patients.toml"
WHO = ("patient", "notice", "nobody")


@dataclass(frozen=True)
class PatientRules:
    """`kinds`: kind (of payer), share, refused (of WHO), patient_source. `protected`: remark codes that free the
    patient, `protected_source`. `notices`: modifiers that tell of a notice signed before the service."""

    kinds: pl.DataFrame
    protected: tuple[str, ...]
    protected_source: str
    notices: tuple[str, ...]


def put(folder: Folder, shelf: Shelves) -> None:
    """Keys of the book: patients.medicare ..., protected.dual_eligible, notices.signed."""
    for kind, row in folder.entries(_FILE, "patients"):
        shelf.add(
            SHELF + kind, row, {"share": _who(row, "share"), "refused": _who(row, "refused")}, "who may be asked"
        )
    for name, row in folder.entries(_FILE, "protected"):
        shelf.add(f"protected.{name}", row, row.need("remarks"), "remark codes that free the patient")
    for name, row in folder.entries(_FILE, "notices"):
        shelf.add(f"notices.{name}", row, row.need("modifiers"), "modifiers that tell of a notice")


def _who(row: Row, name: str) -> str:
    if row.need(name) not in WHO:
        raise Unreadable(f"{name} is none of {', '.join(WHO)}.", place=row.place)
    return row.need(name)


def rules(shelf: Shelves, kinds: list[str]) -> PatientRules:
    """The rules for payers of these kinds; a kind without an entry takes that of any other payer."""
    rows = []
    for kind in dict.fromkeys(kinds):
        last = (shelf.values.get(SHELF + kind) or shelf.values[SHELF + FALLBACK])[-1]
        rows.append((kind, last.value["share"], last.value["refused"], last.source))
    dual, signed = shelf.values["protected.dual_eligible"][-1], shelf.values["notices.signed"][-1]
    schema = dict.fromkeys(("kind", "share", "refused", "patient_source"), pl.String)
    return PatientRules(
        pl.DataFrame(rows, schema=schema, orient="row"), tuple(dual.value.split(":")), dual.source,
        tuple(signed.value.split(":")),
    )  # fmt: skip
