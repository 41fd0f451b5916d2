"""Reading the book's own files: a row without a source, a span or a mark of checking does not load."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from everyunit.days import to_day
from everyunit.errors import Unreadable

LONGEST = 9  # digits before the point: what is longer is no value, and the frames cannot multiply it
_DECIMAL = re.compile(r"(\d+)(?:\.(\d*))?", re.ASCII)
REQUIRED = ("source", "first", "last", "checked")


@dataclass(frozen=True)
class Row:
    """One row or entry of a data file, with what every value of the book must carry."""

    place: str
    fields: dict[str, Any]
    source: str
    checked: bool
    first_day: int
    last_day: int

    def text(self, name: str) -> str:
        """The field as text, empty where it is absent."""
        return str(self.fields.get(name, "")).strip()

    def need(self, name: str) -> str:
        """The field as text; Unreadable where it is absent or empty."""
        found = self.text(name)
        if not found:
            raise Unreadable(f"{name} is missing.", place=self.place, remedy="Every value of the book needs it.")
        return found

    def whole(self, name: str) -> int:
        """The field as a whole number."""
        return self.scaled(name, 0)

    def flag(self, name: str) -> bool:
        """The field as yes or no."""
        return _flag(self.fields.get(name, ""), name, self.place)

    def scaled(self, name: str, places: int) -> int:
        """A decimal field as a whole number of its `places`-th decimals, exactly: 33.4009 with 4 is 334009."""
        text = self.need(name)
        match = _DECIMAL.fullmatch(text)
        if match is None:
            raise Unreadable(f"{name} reads {text}, which is no number of zero or more.", place=self.place)
        whole, part = match.group(1), match.group(2) or ""
        if len(part) > places:
            many = f"at most {places} decimals" if places else "a whole number"
            raise Unreadable(f"{name} reads {text}; it takes {many}.", place=self.place)
        if len(whole) > LONGEST:
            raise Unreadable(f"{name} reads {text}; no value of the book is so large.", place=self.place)
        return int(whole + part.ljust(places, "0"))


def _flag(value: Any, name: str, place: str) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("yes", "no"):
        return bool(value == "yes")
    raise Unreadable(f"{name} must be yes or no.", place=place)


def _day(value: Any, name: str, place: str) -> int:
    try:
        return to_day(str(value))
    except ValueError:
        raise Unreadable(f"{name} is no date ({value}).", place=place, remedy="Write it as 2026-01-01.") from None


def make_row(fields: dict[str, Any], place: str) -> Row:
    """A row with its source, span and mark of checking; Unreadable when one of them is missing."""
    for name in REQUIRED:
        if fields.get(name) in (None, ""):
            remedy = "A rule without a source does not load: add source, first, last and checked."
            raise Unreadable(f"{name} is missing.", place=place, remedy=remedy)
    return Row(
        place, fields, str(fields["source"]).strip(), _flag(fields["checked"], "checked", place),
        _day(fields["first"], "first", place), _day(fields["last"], "last", place),
    )  # fmt: skip


class Folder:
    """The data files of a book: the shipped ones, or those of another folder."""

    def __init__(self, path: Path | None = None) -> None:
        self._root = path if path is not None else files("everyunit.rulebook") / "data"

    def read(self, name: str) -> str:
        """The text of one file; Unreadable where it is not there."""
        try:
            return (self._root / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise Unreadable("the file is not there.", place=f"rule book {name}") from None

    def table(self, name: str) -> list[Row]:
        """The rows of a CSV file, each complete."""
        reader = csv.DictReader(io.StringIO(self.read(name)))
        return [make_row(dict(fields), f"rule book {name} row {n}") for n, fields in enumerate(reader, start=2)]

    def document(self, name: str) -> dict[str, Any]:
        """A TOML file as it stands."""
        try:
            return tomllib.loads(self.read(name))
        except tomllib.TOMLDecodeError as error:
            raise Unreadable(f"this is no TOML ({error}).", place=f"rule book {name}") from None

    def entries(self, name: str, section: str) -> list[tuple[str, Row]]:
        """The entries of `[section.KEY]` (or of several `[[section.KEY]]`, one a span) with their keys."""
        found: list[tuple[str, Row]] = []
        for key, body in self.document(name).get(section, {}).items():
            for fields in body if isinstance(body, list) else [body]:
                found.append((key, make_row(fields, f"rule book {name} {section}.{key}")))
        return found
