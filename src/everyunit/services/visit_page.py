"""One visit as the ledger holds it: its times, its services and note, its claim lines and what was paid on them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.days import iso
from everyunit.ledger import Ledger
from everyunit.rulebook import Book
from everyunit.services.audit import RULE_OF_NOTES
from everyunit.services.explain import basis_of, visit_story
from everyunit.services.held import Held, held
from everyunit.services.home import open_home
from everyunit.services.next_step import next_steps
from everyunit.services.note_answers import NoteAnswer, answers
from everyunit.services.note_apart import apart
from everyunit.services.note_marks import MarkedNote, mark, payer_words
from everyunit.services.note_payments import Payments, of_visit

TIMES = (
    ("Scheduled", "scheduled_at"),
    ("Check-in", "check_in"),
    ("Check-out", "check_out"),
    ("Note signed", "note_signed_at"),
    ("Charge entered", "charge_entered_at"),
)
# group code -> who bears what was taken off
BORNE = {
    "CO": "contract",
    "PR": "patient",
    "OA": "other",
    "PI": "payer",
    "CR": "correction",
}
REMIT_STATUS = {
    "1": "processed as primary",
    "2": "processed as secondary",
    "3": "processed as tertiary",
    "4": "denied",
    "19": "primary, sent on",
    "20": "secondary, sent on",
    "21": "tertiary, sent on",
    "22": "reversal",
    "23": "not their claim, sent on",
    "25": "predetermination",
}


@dataclass(frozen=True)
class VisitPage:
    """`story` as services/explain.py tells it; `value` is the audit's row of the visit or None; `note` as marked.

    `remits` are the remitted claims with their lines and what was taken off, oldest first; `times` are (name, ISO
    text or empty) in the order in which they should come; `apart` is where note, record and claim part; `payments`,
    where asked for, what one unit of each code that the words carry is expected to bring that day, alone, in cents.
    Each finding of the story has `step`: what can be done on a claim that was sent (services/next_step.py), or None;
    `values` of the book and rows of the practice's own files (`record`) that it rests on.
    """

    story: dict[str, Any]
    value: dict[str, Any] | None
    claims: list[dict[str, Any]]
    remits: list[dict[str, Any]]
    times: list[tuple[str, str]]
    note: MarkedNote | None
    answers: dict[str, NoteAnswer]
    apart: list[dict[str, Any]]
    payments: Payments | None


def visit_page(home: str | Path, visit_id: str, payment: bool = False) -> VisitPage | None:
    """Everything about one visit, None where there is none of that number; expected payments only where asked for."""
    state = held(home)
    value = _one(state, visit_id)
    if value is None:
        return None
    story = visit_story(home, visit_id, _same(state.findings, visit_id))
    visit, ledger = story["visit"], open_home(home)
    numbers = _claim_numbers(story, value)
    claims = [claim for number in numbers for claim in _claims(ledger, state, number)]
    remits = [remit for number in numbers for remit in _remits(ledger, state, number, story)]
    remits.sort(key=lambda row: (row["remit"].get("paid_day") or 0, row["source_id"], row["claim"]))
    note = _note(story)
    told = apart(story, note) if note else []
    held_ = {row["finding_id"]: row for row in story["findings"]}
    told = [{**row, "at_risk_cents": held_.get(row["finding_id"], {}).get("at_risk_cents")} for row in told]
    story = {**story, "findings": [row for row in story["findings"] if row["rule"] != RULE_OF_NOTES]}
    payments = of_visit(ledger, visit, note.codes()) if payment and note else None
    steps = next_steps(ledger, story["findings"])
    day_codes = [row["code"] for row in (*story["lines"], *story["lines_beside"])
                 if row["service_day"] == visit["service_day"]]  # fmt: skip
    findings = [
        {**row, "step": steps.get(row["finding_id"]), **basis_of(ledger, row, day_codes)} for row in story["findings"]
    ]
    story = {**story, "findings": findings}
    return VisitPage(
        story, value, claims, remits, _times(visit, claims, remits), note, _answers(home, visit_id), told, payments,
    )  # fmt: skip


def _answers(home: str | Path, visit_id: str) -> dict[str, NoteAnswer]:
    """What was said of the reading, by kind and code."""
    return {f"{said.kind} {said.code}": said for said in answers(home, visit_id)}


def _note(story: dict[str, Any]) -> MarkedNote | None:
    """The visit's note with what was read in it, beside what its claim bills."""
    if not story["note"]:
        return None
    visit = story["visit"]
    payer = payer_words(Book.load(), visit.get("payer_name") or visit.get("payer_id") or "")
    return mark(story["note"], visit.get("discipline") or "", payer, story["billed"].items())


def _same(frame: pl.DataFrame, visit_id: str) -> pl.DataFrame:
    """Rows of a visit in a frame sorted by visit: two binary searches, no scan."""
    column = frame.get_column("visit_id")
    first = column.search_sorted(visit_id, side="left")
    return frame.slice(first, column.search_sorted(visit_id, side="right") - first)


def _one(state: Held, visit_id: str) -> dict[str, Any] | None:
    rows = _same(state.visits, visit_id)
    return rows.row(0, named=True) if rows.height else None


def _claim_numbers(story: dict[str, Any], value: dict[str, Any]) -> list[str]:
    numbers = [story["visit"]["claim_id"], value["claim_id"], *(line["claim_id"] for line in story["lines"])]
    return list(dict.fromkeys(number for number in numbers if number))


def _claims(ledger: Ledger, state: Held, number: str) -> list[dict[str, Any]]:
    claims = ledger.find("claims", "claim_id", number).join(state.sent, on=["source_id", "transaction"], how="left")
    return claims.to_dicts()


def _remits(ledger: Ledger, state: Held, number: str, story: dict[str, Any]) -> list[dict[str, Any]]:
    """Each remitted claim with its payment, its lines of the day and what was taken off each."""
    made = []
    for claim in ledger.find("remit_claims", "claim_id", number).to_dicts():
        lines, cuts = _ours(story["remit_lines"], claim), _ours(story["adjustments"], claim)
        rows = [row for row in lines if row["service_day"] == story["visit"]["service_day"]]
        rows.sort(key=lambda row: row["line"])
        for row in rows:
            row["cuts"] = _cuts(cuts, row["line"])
        here = (pl.col("source_id") == claim["source_id"]) & (pl.col("transaction") == claim["transaction"])
        remit = state.remits.filter(here).to_dicts()
        status = REMIT_STATUS.get(claim["status"] or "", f"status {claim['status']}")
        told = {"remit": remit[0] if remit else {}, "rows": rows, "cuts": _cuts(cuts, 0), "status_words": status}
        made.append({**claim, **told})
    return made


def _ours(rows: list[dict[str, Any]], claim: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in rows if (row["source_id"], row["claim"]) == (claim["source_id"], claim["claim"])]


def _cuts(cuts: list[dict[str, Any]], line: int) -> list[dict[str, Any]]:
    return [{**cut, "borne": BORNE.get(cut["group_code"] or "", "")} for cut in cuts if cut["line"] == line]


def _times(
    visit: dict[str, Any], claims: list[dict[str, Any]], remits: list[dict[str, Any]]
) -> list[tuple[str, str]]:
    made = [claim["made_day"] for claim in claims if claim["made_day"] is not None]
    paid = [row["remit"]["paid_day"] for row in remits if row["remit"].get("paid_day") is not None]
    times = [(name, str(visit.get(column) or "")) for name, column in TIMES]
    times.append(("Claim made", iso(min(made)) if made else ""))
    times.append(("Remit", iso(max(paid)) if paid else ""))
    return times
