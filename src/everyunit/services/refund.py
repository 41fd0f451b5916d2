"""The letter that gives money back to a payer that takes no corrected claim: what was found, and what it asks for.

It asks for a reopening where the error is clerical, and offers a voluntary refund otherwise; the contractor's own
form goes with it. The amount is what the payer allowed for the units, the patient's share in it: how much of it is
the payer's own, the payer works out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from everyunit.days import words
from everyunit.errors import UsageError
from everyunit.frames import polars
from everyunit.ledger import Ledger
from everyunit.measures.gates import with_way
from everyunit.money import dollars
from everyunit.rulebook import Book
from everyunit.services.appeal import Appeal
from everyunit.services.appeal_lines import decided_lines, shown
from everyunit.services.appeal_names import parties
from everyunit.services.audit import audit
from everyunit.services.claim_file import claim_files
from everyunit.services.explain import shared_ledger
from everyunit.services.next_step import next_steps
from everyunit.services.paper_day import check_day
from everyunit.services.sent_twice import SENT_TWICE

REFUND = "refund"
_Row = dict[str, Any]


def refund(home: str | Path, number: str, day: int, payer_id: str = "") -> Appeal:
    """The letter for a claim (CLM01), of `day` (epoch day), with every line that the audit asks to give back.

    Raises UsageError where the payer takes a corrected claim instead, nothing was decided, or nothing is to go back.
    """
    ledger, book = shared_ledger(home), Book.load()
    file = claim_files(ledger, [number], payer_id)[number]
    taken = book.correction(file.kind)
    if not taken.refund:
        raise UsageError(f"{file.payer} takes money back by a corrected claim or a void.", remedy="Send one.")
    if file.standing.answer != "adjudicated" or file.standing.reversed:
        raise UsageError(f"Claim {number} bears no decision that stands, so nothing was paid on it.")
    check_day(day, [file])
    found = _given_back(home, number)
    if not found:
        raise UsageError(f"No finding with dollars asks to give back anything of claim {number}.")
    lines = _lines(found, decided_lines(ledger, file, book))
    cents = -sum(row["cents_at_stake"] or 0 for row in found)
    by = _by(ledger, found)
    letter = {
        **parties(ledger, file), "date": words(day), "claim": number, "control": file.standing.payer_control,
        "decided": shown((file.decision or {}).get("decided_day")), "trace": (file.decision or {}).get("trace") or "",
        "lines": lines, "amount": dollars(cents) if cents else "", "refund": taken.refund, "source": taken.source,
        "rules": sorted({row["source"] for row in found if row["source"]}), "deadline": "",
    }  # fmt: skip
    notes = [taken.refund, *([f"It goes back within {by}"] if by else [])]
    notes.append("The contractor's own form goes with it, and the record that shows the units.")
    return Appeal(number, REFUND, None, letter, notes, template=REFUND)


def _given_back(home: str | Path, number: str) -> list[_Row]:
    """Findings with a line and dollars to go back, or of what was sent twice, in the order of the lines."""
    rows = with_way(audit(home).findings.filter(pl.col("claim_id") == number)).pipe(polars)
    worth = (pl.col("cents_at_stake") < 0) | (pl.col("kind") == SENT_TWICE)
    return rows.filter((pl.col("way") == "back") & worth).sort("line", "kind", nulls_last=True).to_dicts()


def _lines(found: list[_Row], decided: list[_Row]) -> list[dict[str, str]]:
    told = {str(row["line"]): row for row in decided}
    made = []
    for row in found:
        held = told.get(str(row["line"] or ""), {})
        cents, twice = row["cents_at_stake"] or 0, row["kind"] == SENT_TWICE
        earned = "0" if twice else "" if row["earned_units"] is None else str(row["earned_units"])
        made.append({
            "line": str(row["line"] or ""), "day": shown(row["service_day"]), "code": row["code"] or "",
            "billed": "" if row["billed_units"] is None else str(row["billed_units"]), "earned": earned,
            "paid": held.get("paid", ""), "amount": dollars(-cents) if cents < 0 else "the whole line",
            "reason": row["message"] or "",
        })  # fmt: skip
    return made


def _by(ledger: Ledger, found: list[_Row]) -> str:
    return next((step["by"] for step in next_steps(ledger, found).values() if step["by"]), "")
