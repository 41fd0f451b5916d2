"""The facts: every table declared once, and the store that loses nothing it has acknowledged."""

from everyunit.ledger.disk import HomeRefused
from everyunit.ledger.manifest import Batch, Source
from everyunit.ledger.store import Ledger

__all__ = ["Batch", "HomeRefused", "Ledger", "Source"]
