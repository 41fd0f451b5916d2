"""Remittances: what each says it pays, whether its sums hold, what it takes back, and where its money is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.days import iso
from everyunit.ledger import Ledger
from everyunit.receivables.wording import CLEARS
from everyunit.services.home import open_home
from everyunit.services.receivables import Receivables, receivables

Row = dict[str, Any]
Place = tuple[str, int]
TOLD_REMIT = (
    "payer_id", "payer_name", "trace", "method", "amount_cents", "claims", "lines", "charge_cents", "claims_cents",
    "patient_cents", "withheld_cents",
)  # fmt: skip


@dataclass(frozen=True)
class Remits:
    """Every 835, the newest first, as rows ready to be printed; `totals` counts them in integer cents."""

    rows: list[Row]
    totals: Row

    def as_dict(self) -> Row:
        """For machines."""
        return {"totals": self.totals, "remits": self.rows}


def remits(home: str | Path) -> Remits:
    """All remittances of a home with proof, reversals, provider adjustments and deposit."""
    ledger, held = open_home(home), receivables(home)
    files = file_names(ledger)
    found = {name: _by_remit(held.read(name)) for name in ("faults", "reversals", "recoupments")}
    banked = {_place(row): row for row in held.read("expected").to_dicts()}
    rows = [_row(row, files, found, banked) for row in held.read("remit_sums").to_dicts()]
    return Remits(rows, _totals(rows, held))


def file_names(ledger: Ledger) -> dict[str, str]:
    """Name of each file taken in, by its source_id."""
    return {sha256[:16]: str(receipt.get("file", "")) for sha256, receipt in ledger.manifest.sources()}


def number(row: Row) -> str:
    """How one 835 is called: its file's digits and its transaction."""
    return f"{row['source_id']}-{row['transaction']}"


def _place(row: Row) -> Place:
    return row["source_id"], row["transaction"]


def _by_remit(frame: pl.DataFrame) -> dict[Place, list[Row]]:
    made: dict[Place, list[Row]] = defaultdict(list)
    for row in frame.to_dicts():
        made[_place(row)].append(row)
    return made


def day_or_none(day: int | None) -> str | None:
    """A day as 2026-03-12, or None."""
    return None if day is None else iso(day)


def _row(row: Row, files: dict[str, str], found: dict[str, dict[Place, list[Row]]], banked: dict[Place, Row]) -> Row:
    place = _place(row)
    faults = sorted(found["faults"].get(place, []), key=lambda one: one["segment"])
    money = banked[place]
    return {
        "remit": number(row),
        "file": files.get(row["source_id"], ""),
        "day": day_or_none(row["day"]),
        **{name: row[name] for name in TOLD_REMIT},
        "claims_without_lines": row["unlined"],
        "proved": not faults,
        "off_cents": row["off_cents"],
        "faults": [
            {name: one[name] for name in ("level", "claim_id", "line", "off_cents", "segment", "place", "words")}
            | {"clears": CLEARS}
            for one in faults
        ],
        "reversals": [_reversal(one) for one in found["reversals"].get(place, [])],
        "provider_adjustments": [_withheld(one) for one in found["recoupments"].get(place, [])],
        "deposit": {
            "state": money["state"], "how": money["how"], "day": day_or_none(money["deposit_day"]),
            "off_cents": money["off_cents"], "words": money["words"],
        },
    }  # fmt: skip


def _reversal(row: Row) -> Row:
    names = (
        "claim_id",
        "payer_control",
        "charge_cents",
        "paid_cents",
        "corrected_paid_cents",
        "change_cents",
        "words",
    )
    days = {f"{name}_day": day_or_none(row[f"{name}_day"]) for name in ("undone", "corrected")}
    return {**{name: row[name] for name in names}, **days}


def _withheld(row: Row) -> Row:
    names = (
        "reason", "family", "label", "says", "reference", "amount_cents", "about", "claim_id", "matched_by", "words",
    )  # fmt: skip
    return {name: row[name] for name in names}


def _totals(rows: list[Row], held: Receivables) -> Row:
    balances = held.read("balances")
    undone = held.read("reversals")
    withheld = held.read("recoupments")
    return {
        "remits": len(rows),
        "proved": sum(row["proved"] for row in rows),
        "amount_cents": sum(row["amount_cents"] or 0 for row in rows),
        "claims": sum(row["claims"] for row in rows),
        "claims_without_lines": sum(row["claims_without_lines"] for row in rows),
        "reversals": undone.height,
        "reversals_paired": undone["words"].null_count(),
        "provider_adjustments": withheld.height,
        "provider_adjustments_matched": withheld.filter(pl.col("about") != "nothing").height,
        "withheld_cents": int(withheld["amount_cents"].fill_null(0).sum()),
        "balances": balances.height,
        "balances_open_cents": int(balances["open_cents"].sum()),
        "secondary_without_primary": held.scan("decisions").filter("early").select(pl.len()).collect().item(),
    }
