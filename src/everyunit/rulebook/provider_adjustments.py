"""Reasons of the provider adjustments of an 835 (PLB): what each means, in own words."""

from __future__ import annotations

import polars as pl

from everyunit.errors import Unreadable
from everyunit.rulebook.loading import Folder
from everyunit.rulebook.shelves import Shelves
from everyunit.rulebook.values import Value

FAMILIES = (
    "recovery", "refund", "forward", "interest", "adjustment", "withholding", "settlement", "penalty", "incentive",
    "fee", "advance",
)  # fmt: skip
SHELF = "provider_adjustments."


def put(folder: Folder, shelf: Shelves) -> None:
    """Each reason as a key of the book, such as provider_adjustments.WO."""
    for row in folder.table("provider_adjustments.csv"):
        if row.need("family") not in FAMILIES:
            raise Unreadable(f"{row.need('family')} is no family of provider adjustments.", place=row.place)
        said = {"family": row.need("family"), "label": row.need("label"), "says": row.need("says")}
        shelf.add(SHELF + row.need("code"), row, said, "provider adjustment")


def frame(shelf: Shelves) -> pl.DataFrame:
    """reason, family, label, says, first_day, last_day, source, checked; one row a reason and span."""
    found = [(key.removeprefix(SHELF), value) for key, held in shelf.values.items() if key.startswith(SHELF)
             for value in held]  # fmt: skip
    schema = {
        "reason": pl.String, "family": pl.String, "label": pl.String, "says": pl.String, "first_day": pl.Int32,
        "last_day": pl.Int32, "source": pl.String, "checked": pl.Boolean,
    }  # fmt: skip
    return pl.DataFrame([_row(reason, value) for reason, value in found], schema=schema, orient="row")


def _row(reason: str, value: Value) -> tuple[object, ...]:
    said = value.value
    days = (value.first_day, value.last_day)
    return (reason, said["family"], said["label"], said["says"], *days, value.source, value.checked)
