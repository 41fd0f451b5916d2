"""Opening a home: the one place that joins the ledger with the tables that reading X12 gives."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from everyunit.errors import EveryUnitError, Unreadable
from everyunit.ledger import Ledger
from everyunit.x12.tables import TABLES

_open: dict[Path, Ledger] = {}


def open_home(path: str | Path, create: bool = False) -> Ledger:
    """The ledger of a home, with every table declared. UsageError (exit 2) where there is none to open.

    A process keeps one ledger for each home, since it remembers which files hold what; it sees every later import.
    """
    if create:
        return Ledger.open(path, create=True, tables=TABLES)
    place = Path(path).resolve()
    if place not in _open or not _open[place].manifest.path.is_file():
        _open.pop(place, None)
        _open[place] = Ledger.open(path, tables=TABLES)
    return _open[place]


def damage(error: Exception) -> Unreadable | None:
    """What is damaged in the homes of this process, where `error` comes of reading them; None where nothing is."""
    if not isinstance(error, pl.exceptions.PolarsError | OSError):
        return None
    for ledger in _open.values():
        for source, path in _lost(ledger):
            place = f"{ledger.home.name}/{path.relative_to(ledger.home).as_posix()}"
            remedy = f"Import {source} again: its part is then written anew, and nothing else is touched."
            return Unreadable("This file of the ledger is gone or damaged.", place=place, remedy=remedy)
        for path in sorted((ledger.home / "derived").rglob("*.parquet")):
            if not _readable(path):
                place = f"{ledger.home.name}/{path.relative_to(ledger.home).as_posix()}"
                remedy = "Remove the folder derived of this home: everyunit audit makes all of it anew."
                return Unreadable("This result is damaged.", place=place, remedy=remedy)
    return None


def _lost(ledger: Ledger) -> list[tuple[str, Path]]:
    try:
        return ledger.damaged()
    except EveryUnitError:  # its list of parts cannot be read either: the first fault is the one to tell
        return []


def _readable(path: Path) -> bool:
    try:
        pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        return False
    return True
