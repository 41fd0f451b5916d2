"""Code pairs, traits of codes, ceilings with their indicator, taxonomies: the shelves of the checks of claims."""

from __future__ import annotations

import polars as pl

from everyunit.days import to_day
from everyunit.errors import Unreadable
from everyunit.rulebook.loading import Folder, Row
from everyunit.rulebook.shelves import Shelves

TRAITS = (
    "base", "evaluation", "re_evaluation", "bound_to", "instead", "remote", "shorter", "caregiver", "hands_on",
    "not_under", "refused",
)  # fmt: skip
LEVELS = {"0": "never together", "1": "with a modifier, where the record supports it", "9": "no edit"}
FIRST, LAST = to_day("2024-01-01"), to_day("2099-12-31")  # the days that the frames of edits answer for
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
        if row.need("indicator") not in _NUMBERS:
            raise Unreadable(f"{row.need('indicator')} is no indicator of a ceiling.", place=row.place)
        shelf.ceilings.append(row)
        shelf.indicators[row.need("code")] = row.need("indicator")
        shelf.add(f"indicators.{row.need('code')}", row, row.need("indicator"), _NUMBERS[row.need("indicator")])
    for row in folder.table("taxonomies.csv"):
        shelf.taxonomies.append(row)
        shelf.add(f"taxonomies.{row.need('taxonomy')}", row, row.text("discipline") or "any", "discipline")


def _digits(row: Row) -> bool:
    return row.need("value").isascii() and row.need("value").isdigit()


def pairs_frame(shelf: Shelves) -> pl.DataFrame:
    """Edits in force at some time since 2024: column_1, column_2, indicator (0 or 1), known_from, known_to, quarter,
    source, from_day, to_day.

    From known_from to known_to (epoch days) the official table was seen; on the other days from from_day to to_day
    the edit is carried "as of" its quarter, unchecked: until the next table that tells of the pair. An edit that was
    ended by an official date has no row for the days from then on.
    """
    by_pair: dict[tuple[str, str], list[Row]] = {}
    for row in shelf.pairs:
        by_pair.setdefault((row.need("column_1"), row.need("column_2")), []).append(row)
    rows = [
        (*pair, row.need("indicator"), row.first_day, row.last_day, row.need("quarter"), row.source, first, last)
        for pair, known in by_pair.items()
        for row, first, last in _spread([one for one in known if _tells(one)])
        if row.flag("active")
    ]
    schema = [
        "column_1",
        "column_2",
        "indicator",
        "known_from",
        "known_to",
        "quarter",
        "source",
        "from_day",
        "to_day",
    ]
    days = ("known_from", "known_to", "from_day", "to_day")
    return pl.DataFrame(rows, schema=schema, orient="row").cast(dict.fromkeys(days, pl.Int64))


def _tells(row: Row) -> bool:
    """Whether a row says anything of the days since 2024: an edit that ended before says nothing of them."""
    return row.flag("active") or row.last_day >= FIRST


def _spread(rows: list[Row]) -> list[tuple[Row, int, int]]:
    """Rows with the days that each answers for: its own and those after it until the next one; the first one also
    for the days before it, back to the day on which it began where the table says so."""
    known = sorted(rows, key=lambda row: row.first_day)
    made = []
    for at, row in enumerate(known):
        begun = row.text("begun")
        first = row.first_day if at else max(FIRST, to_day(begun)) if begun else FIRST
        made.append((row, first, known[at + 1].first_day - 1 if at + 1 < len(known) else LAST))
    return made


def traits_frame(shelf: Shelves) -> pl.DataFrame:
    """code, trait, value, first_day, last_day, source, checked."""
    rows = [
        (row.need("code"), row.need("trait"), row.need("value"), row.first_day, row.last_day, row.source, row.checked)
        for row in shelf.traits
    ]
    schema = ["code", "trait", "value", "first_day", "last_day", "source", "checked"]
    return pl.DataFrame(rows, schema=schema, orient="row")


def ceilings_frame(shelf: Shelves) -> pl.DataFrame:
    """code, ceiling, indicator (1 a line, 2 a day, 3 a day unless the record supports more), known_from, known_to,
    source, from_day, to_day.

    From from_day to to_day the ceiling is the last known one; outside known_from to known_to it is carried,
    unchecked.
    """
    by_code: dict[str, list[Row]] = {}
    for row in shelf.ceilings:
        by_code.setdefault(row.need("code"), []).append(row)
    rows = [
        (code, row.whole("ceiling"), row.whole("indicator"), row.first_day, row.last_day, row.source, first, last)
        for code, known in by_code.items()
        for row, first, last in _spread(known)
    ]
    schema: dict[str, type[pl.DataType]] = {
        "code": pl.String, "ceiling": pl.Int64, "indicator": pl.Int64, "known_from": pl.Int64, "known_to": pl.Int64,
        "source": pl.String, "from_day": pl.Int64, "to_day": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def taxonomies_frame(shelf: Shelves) -> pl.DataFrame:
    """taxonomy, discipline (empty: a clinic of any), assistant, checked."""
    rows = [
        (row.need("taxonomy"), row.text("discipline"), row.flag("assistant"), row.checked) for row in shelf.taxonomies
    ]
    return pl.DataFrame(rows, schema=["taxonomy", "discipline", "assistant", "checked"], orient="row")
