"""What the ledger's tests share: small sources to commit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.frames import Table, table
from everyunit.ledger import Ledger, Source

REMITS = table(
    "remits", "one remittance", "source_id transaction",
    "source_id text Source", "transaction small Ordinal", "trace text Trace", "amount_cents int:cents Amount",
    "paid_day day Day", "payer_id text Payer",
)  # fmt: skip
REMIT_CLAIMS = table(
    "remit_claims", "one decision", "source_id claim",
    "source_id text Source", "transaction small Ordinal", "claim int Ordinal", "claim_id text Claim",
    find_by="claim_id",
)  # fmt: skip
TABLES: tuple[Table, ...] = (REMITS, REMIT_CLAIMS)


def home(folder: Path) -> Ledger:
    """A ledger in a new home."""
    return Ledger.open(folder / "home", create=True, tables=TABLES)


def source(name: str) -> Source:
    """A source whose bytes are its name."""
    return Source(hashlib.sha256(name.encode()).hexdigest(), name, "visits")


def put(ledger: Ledger, name: str, **tables: list[Mapping[str, Any]]) -> bool:
    """Commit rows by table name as one source."""
    what = source(name)
    frames = {
        table: pl.DataFrame(rows, schema_overrides={"transaction": pl.Int32, "paid_day": pl.Int32}).with_columns(
            source_id=pl.lit(what.source_id)
        )
        for table, rows in tables.items()
    }
    return ledger.commit(what, [frames], lambda rows: {"file": name, "rows": rows})


def visits(*names: str, clinic: str = "Harbour") -> list[Mapping[str, Any]]:
    """Rows of visits."""
    return [{"visit_id": name, "clinic": clinic} for name in names]


def left_over(ledger: Ledger) -> set[Path]:
    """Files on the disk that the manifest does not list."""
    listed = ledger.manifest.listed()
    batches = (ledger.home / "batches").glob("*/*")
    drafts = set((ledger.home / "writing").rglob("*"))
    return {path for path in batches if (path.parent.name, path.stem) not in listed} | drafts
