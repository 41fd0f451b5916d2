"""Which claim is to be voided where a service was sent twice: the one that the finding of it names, and no other."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.frames import polars
from everyunit.ledger import Ledger

SENT_TWICE = "duplicate_claim"
Row = dict[str, Any]


def repeats(ledger: Ledger, number: str, code: str = "") -> str:
    """The claim (CLM01) to void of those that charge the same as claim `number`, by the last audit: `number` itself
    where it is the one that repeats another; empty where nothing was sent twice. `code` asks of one code alone."""
    path = ledger.derived() / "findings.parquet"
    lines = ledger.find("claim_lines", "claim_id", number)
    if lines.is_empty() or not path.is_file():
        return ""
    twice = _twice(path, path.stat().st_mtime_ns)
    if code:
        twice, lines = twice.filter(pl.col("code") == code), lines.filter(pl.col("code") == code)
    if twice.filter(pl.col("claim_id") == number).height:
        return number
    met = twice.join(lines.select("service_day", "code").unique(), on=["service_day", "code"], how="semi")
    ours = _whose(ledger, number)
    return next((other for other in met["claim_id"].unique().sort() if _whose(ledger, other) & ours), "")


def _whose(ledger: Ledger, number: str) -> set[tuple[str, str]]:
    """Member and payer that a claim names."""
    rows = ledger.find("claims", "claim_id", number).select("member_id", "payer_id").drop_nulls().unique()
    return set(rows.iter_rows())


@lru_cache(maxsize=4)
def _twice(path: Path, _: int) -> pl.DataFrame:
    """claim_id, service_day and code of the findings of claims sent twice; kept while the file stands."""
    rows = pl.scan_parquet(path).filter(pl.col("kind") == SENT_TWICE).select("claim_id", "service_day", "code")
    return rows.filter(pl.col("claim_id") != "").unique().pipe(polars)
