"""Opening a home: the one place that joins the ledger with the tables that reading X12 gives."""

from __future__ import annotations

from pathlib import Path

from everyunit.ledger import Ledger
from everyunit.x12.tables import TABLES


def open_home(path: str | Path, create: bool = False) -> Ledger:
    """The ledger of a home, with every table declared. UsageError (exit 2) where there is none to open."""
    return Ledger.open(path, create=create, tables=TABLES)
