"""What a judgement takes from a ledger: its tables, and what the practice says of its payers and clinics."""

from __future__ import annotations

from typing import Any

import polars as pl

from everyunit.audit import Inputs
from everyunit.ledger import Ledger
from everyunit.rulebook import Practice
from everyunit.services.note_services import services_from_notes


def inputs_of(ledger: Ledger) -> Inputs:
    """The ledger's tables as the judgement takes them; what a note says was done stands where no services came."""
    names = (
        "visits", "services", "claims", "claim_lines", "transactions", "remit_claims", "refusals", "notes", "plans",
        "authorizations",
    )  # fmt: skip
    frames: dict[str, Any] = {name: ledger.scan(name) for name in names}
    read = services_from_notes(ledger)
    if read.height:
        frames["services"] = pl.concat([frames["services"], read.lazy()], how="diagonal")
    return Inputs(**frames)


def practice_of(ledger: Ledger) -> Practice:
    """What the practice says of its payers and clinics."""
    return Practice.from_documents(ledger.documents())
