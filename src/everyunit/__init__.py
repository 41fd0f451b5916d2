"""Every Unit: billing productivity for outpatient rehab therapy.

The face for engineers, with worked examples in docs/library.md:

    read_x12(path)          an X12 file as tables
    count_units(frame)      minutes to units, on any frame that Narwhals knows
    audit_frames(...)       findings from frames alone
    open_ledger(home)       the facts of a home as lazy frames of Polars or Spark
    Book.load()             what payers say, by date of service, with its source
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from everyunit.rulebook import Book
    from everyunit.services.library import OpenLedger, audit_frames, count_units, open_ledger, read_x12

__version__ = "0.1.0"
__all__ = ["Book", "OpenLedger", "audit_frames", "count_units", "open_ledger", "read_x12"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"everyunit has no {name}")
    return getattr(import_module("everyunit.rulebook" if name == "Book" else "everyunit.services.library"), name)
