"""The lines of a decision that an appeal speaks of: what was charged, paid, taken off and why."""

from __future__ import annotations

from typing import Any

import polars as pl

from everyunit.days import words
from everyunit.ledger import Ledger
from everyunit.money import dollars
from everyunit.rulebook import Book
from everyunit.services.claim_file import ClaimFile

_CLAIM = ["source_id", "claim"]
_Row = dict[str, Any]
_Decided = tuple[_Row, int, list[_Row], dict[str, _Row]]


def denied_lines(ledger: Ledger, file: ClaimFile, line: int, book: Book) -> list[dict[str, Any]]:
    """Lines of the decision with a reason that is a denial (or `line` alone, if not 0), as text, with causes.

    A claim that was denied without lines stands as one line of the whole claim.
    """
    return [
        _line(row, number, ours, reasons)
        for row, number, ours, reasons in _decided(ledger, file, book)
        if (line == number if line else any(_denial(one, reasons) for one in ours))
    ]


def decided_lines(ledger: Ledger, file: ClaimFile, book: Book) -> list[dict[str, Any]]:
    """Every line of the decision, as text."""
    return [_line(*one) for one in _decided(ledger, file, book)]


def _decided(ledger: Ledger, file: ClaimFile, book: Book) -> list[_Decided]:
    """Each line of the decision with its number on the claim, what was taken off it, and the book's reasons."""
    decision = file.decision or {}
    own = {name: decision[name] for name in _CLAIM}
    reasons = {row["code"]: row for row in book.reasons.to_dicts()}
    taken = _of(ledger, "adjustments", own).filter(pl.col("side") == "835").sort("segment", "ordinal").to_dicts()
    decided = _of(ledger, "remit_lines", own).sort("line").to_dicts()
    if not decided or any(row["line"] == 0 and _denial(row, reasons) for row in taken):
        whole = {"line": 0, "code": "", "modifiers": "", "units": None, "service_day": file.sent["first_day"]}
        charged = {name: decision[name] for name in ("charge_cents", "paid_cents", "remarks")}
        decided = [{**whole, **charged}, *decided]
    sent = _of(ledger, "claim_lines", {name: file.sent[name] for name in _CLAIM}).to_dicts()
    numbers = {row["control_number"]: row["line"] for row in sent if row["control_number"]}
    made = []
    for row in decided:
        ours = [one for one in taken if one["line"] == row["line"]]
        made.append((row, numbers.get(row.get("control_number"), row["line"]), ours, reasons))
    return made


def _denial(taken: dict[str, Any], reasons: dict[str, dict[str, Any]]) -> bool:
    known = reasons.get(taken["reason"])
    return known is None or bool(known["denial"])


def _line(
    row: dict[str, Any], number: int, taken: list[dict[str, Any]], reasons: dict[str, dict[str, Any]]
) -> dict[str, Any]:  # fmt: skip
    remarks = [code for code in (row["remarks"] or "").split(":") if code]
    said = [
        (f"{one['group_code']} {one['reason']}", one["reason"], dollars(one["amount_cents"] or 0)) for one in taken
    ]
    notes = [(code, code, "") for code in remarks]
    return {
        "line": str(number or "all"), "day": shown(row["service_day"]),
        "code": row.get("submitted_code") or row["code"] or "",
        "modifiers": (row.get("submitted_modifiers") or row["modifiers"] or "").replace(":", " "),
        "units": "" if row["units"] is None else str(row["units"]),
        "charge": dollars(row["charge_cents"] or 0), "paid": dollars(row["paid_cents"] or 0),
        "reasons": [
            {"code": shown, "amount": amount, "label": reasons[key]["label"] if key in reasons else ""}
            for shown, key, amount in said + notes
        ],
        "causes": sorted({reasons[key]["cause"] for _, key, _ in said + notes if key in reasons}),
        "sources": sorted({reasons[key]["source"] for _, key, _ in said if key in reasons}),
    }  # fmt: skip


def _of(ledger: Ledger, name: str, own: dict[str, Any]) -> pl.DataFrame:
    found = ledger.find(name, "source_id", own["source_id"])
    return found.filter(pl.col("claim") == own["claim"])


def shown(day: int | None) -> str:
    """`12 March 2026`, empty where there is no day."""
    return "" if day is None else words(day)
