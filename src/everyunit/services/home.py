"""Opening a home: the one place that joins the ledger with the tables that reading X12 gives."""

from __future__ import annotations

from pathlib import Path

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
