"""The paid and the deposited side of a home, worked out once for each set of files and kept beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from everyunit.frames import polars
from everyunit.ledger import Ledger
from everyunit.receivables.decisions import decided, decisions
from everyunit.receivables.deposits import match_deposits
from everyunit.receivables.inputs import Remitted
from everyunit.receivables.proofs import compared, worded
from everyunit.receivables.recoupments import recoupments
from everyunit.receivables.reversals import reversals
from everyunit.receivables.summary import remit_sums
from everyunit.rulebook import Book
from everyunit.services.home import open_home
from everyunit.services.kept import PACKAGE, is_kept, kept, version_of

NAMES = (
    "remit_sums", "faults", "decisions", "reversals", "recoupments", "balances", "banked", "expected", "links",
)  # fmt: skip
FEW = 4_000  # remittances that are worked out while a page waits


@dataclass(frozen=True)
class Receivables:
    """What is kept, by the names of `receivables/tables.py`; `faults` are the PROOFS that fail or cannot be taken."""

    folder: Path
    state: str

    def scan(self, name: str) -> pl.LazyFrame:
        """One of NAMES, lazily."""
        return pl.scan_parquet(self.folder / f"{name}.parquet")

    def read(self, name: str) -> pl.DataFrame:
        """One of NAMES, whole."""
        return pl.read_parquet(self.folder / f"{name}.parquet")


def receivables(home: str | Path) -> Receivables:
    """The proofs, decisions, reversals, recoupments and deposits of a home. UsageError where there is no ledger."""
    ledger = open_home(home)
    folder, version = ledger.derived("receivables"), _version()
    kept(folder, version, NAMES, lambda: _made(ledger))
    return Receivables(folder, f"{ledger.fingerprint()} {version}")


def at_hand(home: str | Path) -> Receivables | None:
    """The same where it is kept already or remittances are few; None where making it would keep a page waiting."""
    ledger = open_home(home)
    folder, version = ledger.derived("receivables"), _version()
    if is_kept(folder, version, NAMES) or ledger.scan("remits").select(pl.len()).collect().item() <= FEW:
        return receivables(home)
    return None


def remitted_of(ledger: Ledger) -> Remitted:
    """The ledger's tables as this room takes them."""
    return Remitted.of({name: ledger.scan(name) for name in Remitted.names()})


def _made(ledger: Ledger) -> Mapping[str, pl.DataFrame | pl.LazyFrame]:
    remitted = remitted_of(ledger)
    every = decided(remitted).pipe(polars).lazy()
    undone = reversals(every)
    withheld, balances = recoupments(remitted, every, Book.load().provider_adjustments)
    sums = compared(remitted).pipe(polars).lazy()
    failing = sums.filter(pl.col("off_cents").is_null() | (pl.col("off_cents") != 0)).collect()
    bank = match_deposits(remitted)
    return {
        "remit_sums": remit_sums(remitted, every, sums),
        "faults": worded(failing),
        "decisions": decisions(every, undone),
        "reversals": undone,
        "recoupments": withheld,
        "balances": balances,
        "banked": bank.banked,
        "expected": bank.expected,
        "links": bank.links,
    }  # fmt: skip


@cache
def _version() -> str:
    return version_of([*PACKAGE.glob("receivables/*.py"), Path(__file__)])
