"""What came in: the receipt of every file, and what stands in the ledger without its other half."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from everyunit.services.home import open_home
from everyunit.services.take_in import not_linked

SHOWN = 100
FAULTS = 12
TOLD = (
    "visits", "services", "notes", "plans", "authorizations", "deposits",
    "claims", "claim_lines", "remits", "remit_claims", "remit_lines",
)  # fmt: skip

# count of services/take_in.py, words, what clears it
HALVES = (
    ("visits_without_their_claim", "Visits that name a claim not brought", "Bring the 837 file that holds it."),
    ("claims_without_visit", "Claims that no visit names", "Bring visits.csv with claim_id for them."),
    ("services_without_visit", "Services without a visit", "Bring visits.csv for them."),
    ("notes_without_visit", "Notes without a visit", "Bring visits.csv for them."),
    ("remit_claims_without_claim", "Remitted claims without a claim sent", "Bring the 837 file of those days."),
    ("remit_lines_without_line", "Remitted lines that fit no billed line, or several",
     "Bring the 837 file of those days; a line that fits several stays open."),
)  # fmt: skip

# what a practice can bring: kind, what it gives, an example of the command
BRINGS = (
    ("Claims", "837P files of any ending, also inside a zip", "what was charged"),
    ("Remits", "835 files of any ending, also inside a zip", "what was paid, denied and left to patients"),
    ("Visits", "visits.csv", "who was seen when, by whom, for which payer"),
    ("Services", "services.csv", "minutes by code: what was earned"),
    ("Notes", "notes.jsonl", "the text behind the minutes"),
    ("Deposits", "deposits.csv, or the bank's download as CSV, BAI2 or OFX", "what reached the bank"),
    ("Terms", "practice.toml and fee tables", "each payer's counting rule and fees, each clinic's locality"),
)


@dataclass(frozen=True)
class FilesPage:
    """One page of receipts, newest first (`total` of them), those of files of which nothing was taken in, by name
    (`left_out` of them), and counts of what has no other half."""

    receipts: list[dict[str, Any]]
    turned_back: list[dict[str, Any]]
    left_out: int
    total: int
    refused_rows: int
    problems: int
    unlinked: list[dict[str, Any]]
    page: int
    pages: int
    brings: tuple[tuple[str, str, str], ...]


def files_page(home: str | Path, page: int = 1) -> FilesPage:
    """The receipts of a home; a page number beyond the last gives the last. UsageError where there is no ledger."""
    ledger = open_home(home)
    every = ledger.receipts()
    pages = max(1, -(-len(every) // SHOWN))
    here = min(max(page, 1), pages)
    left_out = ledger.turned_back()
    newest = list(reversed(every))[(here - 1) * SHOWN : here * SHOWN]
    return FilesPage(
        receipts=[_receipt(receipt) for receipt in newest],
        turned_back=[_receipt(receipt) for receipt in left_out[:SHOWN]],
        left_out=len(left_out),
        total=len(every),
        refused_rows=sum(int(receipt.get("refused", 0)) for receipt in every),
        problems=sum(len(receipt.get("problems", [])) for receipt in every),
        unlinked=_unlinked(str(ledger.home.resolve()), ledger.fingerprint()),
        page=here,
        pages=pages,
        brings=BRINGS,
    )


def _receipt(receipt: dict[str, Any]) -> dict[str, Any]:
    every = {name: count for name, count in receipt.get("rows", {}).items() if count}
    rows = {name: count for name, count in every.items() if name in TOLD}
    details = sum(every.values()) - sum(rows.values())
    faults = [
        {"place": f"row {item.get('row')}", "about": item.get("column", ""), "words": item.get("message", ""),
         "remedy": item.get("remedy", "")}
        for item in receipt.get("refusals", [])
    ]  # fmt: skip
    faults += [
        {"place": f"segment {item.get('segment')}" if item.get("segment") else "", "about": "",
         "words": item.get("message", ""), "remedy": ""}
        for item in receipt.get("problems", [])
    ]  # fmt: skip
    return {
        **receipt,
        "rows": rows,
        "details": details,
        "faults": faults[:FAULTS],
        "more": max(len(faults) - FAULTS, 0),
    }


@lru_cache(maxsize=8)
def _unlinked(home: str, fingerprint: str) -> list[dict[str, Any]]:
    """Counts of rows without their other half, kept for one set of files."""
    left = not_linked(Path(home))
    return [{"words": words, "count": left.get(name, 0), "remedy": remedy} for name, words, remedy in HALVES]
