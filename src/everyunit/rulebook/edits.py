"""Code pairs, traits of codes, ceilings with their indicator, taxonomies: the shelves of the checks of claims."""

from __future__ import annotations

import polars as pl

from everyunit.errors import Unreadable
from everyunit.rulebook.loading import Folder, Row
from everyunit.rulebook.shelves import Shelves

TRAITS = (
    "base", "evaluation", "re_evaluation", "bound_to", "instead", "remote", "caregiver", "hands_on",
)  # fmt: skip
LEVELS = {"0": "never together", "1": "with a modifier, where the record supports it", "9": "no edit"}
_NUMBERS = {"1": "a line", "2": "a day, without exception", "3": "a day, unless the record supports more"}


def put(folder: Folder, shelf: Shelves) -> None:
    """Thresholds, pairs, traits, ceilings' indicators and taxonomies as keys of the book."""
    for name, row in folder.entries("thresholds.toml", "thresholds"):
        shelf.add(
            f"thresholds.{name}", row, row.whole("value") if _digits(row) else row.need("value"), row.need("unit")
        )
    for row in folder.table("pairs.csv"):
        if row.need("indicator") not in LEVELS:
            raise Unreadable(f"{row.need('indicator')} is no indicator of a pair.", place=row.place)
        shelf.pairs.append(row)
        said = row.need("indicator") if row.flag("active") else f"{row.need('indicator')}, ended"
        shelf.add(
            f"pairs.{row.need('column_1')}.{row.need('column_2')}", row, said, f"indicator, {row.need('quarter')}"
        )
    for row in folder.table("traits.csv"):
        if row.need("trait") not in TRAITS:
            raise Unreadable(f"{row.need('trait')} is no trait of a code.", place=row.place)
        shelf.traits.append(row)
        shelf.add(f"traits.{row.need('code')}.{row.need('trait')}", row, row.need("value"), "trait")
    for row in folder.table("ceilings.csv"):
        shelf.indicators[row.need("code")] = row.need("indicator")
        shelf.add(f"indicators.{row.need('code')}", row, row.need("indicator"), _NUMBERS[row.need("indicator")])
    for row in folder.table("taxonomies.csv"):
        shelf.taxonomies.append(row)
        shelf.add(f"taxonomies.{row.need('taxonomy')}", row, row.text("discipline") or "any", "discipline")


def _digits(row: Row) -> bool:
    return row.need("value").isdigit()


def pairs_frame(shelf: Shelves) -> pl.DataFrame:
    """Edits in force at some time since 2024: column_1, column_2, indicator (0 or 1), known_from, known_to, quarter.

    From known_from to known_to (epoch days) the official table was seen; on other days of the book the edit is
    carried "as of" its quarter, unchecked. An edit that was ended by an official date has no row.
    """
    rows = [
        (
            row.need("column_1"),
            row.need("column_2"),
            row.need("indicator"),
            row.first_day,
            row.last_day,
            row.need("quarter"),
        )
        for row in shelf.pairs
        if row.flag("active")
    ]
    schema = ["column_1", "column_2", "indicator", "known_from", "known_to", "quarter"]
    frame = pl.DataFrame(rows, schema=schema, orient="row").cast({"known_from": pl.Int64, "known_to": pl.Int64})
    return frame.unique(["column_1", "column_2"], keep="last", maintain_order=True)


def traits_frame(shelf: Shelves) -> pl.DataFrame:
    """code, trait, value, first_day, last_day, source, checked."""
    rows = [
        (row.need("code"), row.need("trait"), row.need("value"), row.first_day, row.last_day, row.source, row.checked)
        for row in shelf.traits
    ]
    schema = ["code", "trait", "value", "first_day", "last_day", "source", "checked"]
    return pl.DataFrame(rows, schema=schema, orient="row")


def ceilings_frame(shelf: Shelves) -> pl.DataFrame:
    """code, ceiling, indicator (1 a line, 2 a day, 3 a day unless the record supports more), known_from, known_to.

    The last known ceiling of each code; outside its quarter it is carried, unchecked.
    """
    rows = []
    for code, indicator in shelf.indicators.items():
        last = shelf.values[f"codes.{code}.ceiling"][-1]
        rows.append((code, last.value, int(indicator), last.first_day, last.last_day))
    schema = {
        "code": pl.String,
        "ceiling": pl.Int64,
        "indicator": pl.Int64,
        "known_from": pl.Int64,
        "known_to": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def taxonomies_frame(shelf: Shelves) -> pl.DataFrame:
    """taxonomy, discipline (empty: a clinic of any), assistant, checked."""
    rows = [
        (row.need("taxonomy"), row.text("discipline"), row.flag("assistant"), row.checked) for row in shelf.taxonomies
    ]
    return pl.DataFrame(rows, schema=["taxonomy", "discipline", "assistant", "checked"], orient="row")
