"""Proposing a write-off: what may be written off, and how much of it is open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.errors import UsageError
from everyunit.money import to_cents
from everyunit.receivables.write_offs import REASONS
from everyunit.services.journal import Journal, Row
from everyunit.services.open_items import OpenItems, open_items
from everyunit.services.write_offs import LONGEST, NAME, Parts, WriteOff, read_rows, who_of

__all__ = ["REASONS", "Subject", "cents_of", "propose", "subject"]
GATES = ("rejected", "unanswered", "reversed", "patient")
OPEN = ("open", "waiting")


@dataclass(frozen=True)
class Subject:
    """What may be written off: a denial, a case of underpayment, or a claim at a gate (item_id CLAIM:GATE).

    `open_cents` is what is open; `parts` are (kind, claim_id, line, cents). None of them names a patient.
    """

    item_id: str
    claim_id: str
    payer_id: str
    kind: str
    open_cents: int
    words: str
    parts: Parts


def subject(home: str | Path, item_id: str) -> Subject:
    """What an item is and what is open of it. UsageError where nothing is, or there is no such item."""
    held = open_items(home)
    found = _denial(held, item_id) or _case(held, item_id) or _at_gate(held, item_id)
    if found is None:
        raise UsageError(
            "Nothing that is open bears that number.",
            remedy="Take an item_id of `everyunit denials --json`, or CLAIM:GATE such as C1:unanswered.",
        )
    return found


def propose(
    home: str | Path, item_id: str, reason: str, by: str, day: int, cents: int | None = None, words: str = ""
) -> WriteOff:
    """Propose to write off `cents` (all that is open where None) of an item.

    UsageError for an item that is not open or waits for approval already, a reason beside REASONS, an amount
    beyond what is open (a case is written off whole), no name, or `other` without words.
    """
    who, said = who_of(by), " ".join(words.split())[:LONGEST]
    if reason not in REASONS:
        raise UsageError("That is no reason to write off.", remedy=f"Take one of {', '.join(REASONS)}.")
    if reason == "other" and not said:
        raise UsageError("The reason is missing.", remedy="Say in a few words why.")
    about = subject(home, item_id)
    parts = _parts(about, cents)

    def make(rows: list[Row]) -> Row:
        if any(one.item_id == item_id and one.state == "proposed" for one in read_rows(rows)):
            raise UsageError("It is proposed already.", remedy="Another person approves or declines it.")
        return {
            "event": "proposed", "item_id": item_id, "claim_id": about.claim_id, "payer_id": about.payer_id,
            "kind": about.kind, "reason": reason, "cents": sum(part[3] for part in parts), "words": said, "by": who,
            "day": day, "parts": parts,
        }  # fmt: skip

    return read_rows([Journal(home, NAME).add(make)])[0]


def _parts(about: Subject, cents: int | None) -> Parts:
    if cents is None or cents == about.open_cents:
        return about.parts
    if not 0 < cents < about.open_cents:
        raise UsageError("The amount is beyond what is open.", remedy="Give at most what is open, or leave it out.")
    if len(about.parts) > 1:
        raise UsageError("A case of several lines is written off whole.", remedy="Leave the amount out.")
    kind, claim, line, _ = about.parts[0]
    return ((kind, claim, line, cents),)


def _denial(held: OpenItems, item_id: str) -> Subject | None:
    found = held.denials.filter((pl.col("item_id") == item_id) & pl.col("state").is_in(OPEN))
    if found.is_empty():
        return None
    row: dict[str, Any] = found.row(0, named=True)
    cents = row["at_risk_cents"] if row["at_risk_cents"] is not None else row["denied_cents"]
    part = ("denied", row["claim_id"], row["line"], cents)
    return Subject(item_id, row["claim_id"], row["payer_id"], "denied", cents, row["message"], (part,))


def _case(held: OpenItems, item_id: str) -> Subject | None:
    lines = held.lines.filter((pl.col("case_id") == item_id) & (pl.col("direction") == "underpaid"))
    if lines.is_empty():
        return None
    case = held.cases.filter(pl.col("case_id") == item_id).row(0, named=True)
    parts = tuple(("underpaid", row["claim_id"], row["line"], -row["off_cents"]) for row in lines.to_dicts())
    first = lines["claim_id"][0] if lines["claim_id"].n_unique() == 1 else ""
    return Subject(item_id, first, case["payer_id"], "underpaid", -case["off_cents"], case["message"], parts)


def _at_gate(held: OpenItems, item_id: str) -> Subject | None:
    claim, _, gate = item_id.rpartition(":")
    if gate not in GATES:
        return None
    still = (pl.col("owed_cents") > 0).fill_null(True)
    rows = held.owed.filter((pl.col("claim_id") == claim) & (pl.col("gate") == gate) & still)
    if rows.is_empty():
        return None
    row: dict[str, Any] = rows.row(0, named=True)
    cents = row["owed_cents"] if row["owed_cents"] is not None else row["open_charge_cents"]
    words = "The patient's share of the claim." if gate == "patient" else f"The claim is {gate}."
    return Subject(item_id, claim, row["payer_id"], gate, cents, words, ((gate, claim, 0, cents),))


def cents_of(amount: str) -> int:
    """Cents of an amount in dollars. UsageError where it is none."""
    try:
        return to_cents(amount)
    except ValueError as error:
        raise UsageError("The amount cannot be read.", remedy=f"{str(error).capitalize()}.") from None
