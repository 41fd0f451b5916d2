"""Plain cases to checks: a practice written in a few lines, and what one check sees in it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from audit_kit import Facts as Rows
from audit_kit import practice

from everyunit.audit import Inputs
from everyunit.audit.checks import findings_of_hits, run, valued
from everyunit.audit.compare import compare
from everyunit.audit.facts import facts_of
from everyunit.audit.rules import DAY as DAY_CHECKS
from everyunit.days import to_day
from everyunit.rulebook import Book
from everyunit.services.note_reviews import CODES, FINDINGS, NOTES, NoteReviews, read_part, readings

CASES = Path(__file__).resolve().parents[1] / "cases"
DAY = "2026-03-12"


def cases(stem: str) -> list[Any]:
    """The [[case]] tables of tests/cases/<stem>.toml as parameters."""
    read = tomllib.loads((CASES / f"{stem}.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(case, id=case["name"]) for case in read]


def rows_of(case: dict[str, Any]) -> Rows:
    """Visits, services, claims, lines, plans, authorizations and notes of a case; what is left out is ordinary.

    visits: id, day, patient, payer, discipline, clinician, clinic, check_in, check_out, claim, note, and services as
    tables (code, minutes, start, end, mode, by, assistant, joint, days, contact); with `read` the notes are read.
    claims: id, day, lines as tables (code, units, modifiers, pointers, charge, place, rendering), and any column
    of claims. plans and authorizations: their columns.
    """
    rows = Rows()
    for visit in case.get("visits", []):
        rows.visit(
            visit["id"], visit.get("day", DAY), visit.get("payer", case.get("payer", "MCR")),
            claim_id=visit.get("claim"), patient_id=visit.get("patient", "P1"), clinic=visit.get("clinic", "Nowhere"),
            discipline=visit.get("discipline", "PT"), clinician_npi=visit.get("clinician", "1999000015"),
            status=visit.get("status", "kept"), check_in=visit.get("check_in"), check_out=visit.get("check_out"),
        )  # fmt: skip
        if "note" in visit:
            rows.notes.append({"visit_id": visit["id"], "text": visit["note"]})
        for service in visit.get("services", []):
            rows.service(visit["id"], service["code"], service.get("minutes"), service.get("mode", "individual"))
            rows.services[-1] |= {
                "start": service.get("start"), "end": service.get("end"),
                "performed_by": service.get("by", "therapist"),
                "assistant_minutes": service.get("assistant", 0), "joint_minutes": service.get("joint", 0),
                "data_days": service.get("days"), "live_contact": service.get("contact"),
            }  # fmt: skip
    for claim in case.get("claims", []):
        more = {name: value for name, value in claim.items() if name not in ("id", "day", "lines", "sent")}
        ordinary = {
            "filing_code": "MB", "place_of_service": "11", "diagnoses": "M25561", "member_id": "M1",
            "billing_npi": "1999000007", "rendering_npi": "1999000015", "rendering_taxonomy": "225100000X",
            "referring_npi": "1999000247",
        }  # fmt: skip
        lines = [(line["code"], line.get("units", 1), line.get("modifiers", "GP")) for line in claim["lines"]]
        rows.claim(claim["id"], lines, claim.get("day", DAY), **{**ordinary, **more})
        if "sent" in claim:
            rows.transactions[-1]["created_day"] = to_day(claim["sent"])
        for made, line in zip(rows.lines[-len(lines) :], claim["lines"], strict=True):
            made |= {"pointers": line.get("pointers", "1"), "charge_cents": line.get("charge", made["charge_cents"])}
            made |= {"place_of_service": line.get("place"), "rendering_npi": line.get("rendering")}
            if "day" in line:
                made["service_day"] = to_day(line["day"])
    if case.get("read"):
        rows.readings = _read(rows)
    for table in ("plans", "authorizations"):
        getattr(rows, table).extend(_row(entry) for entry in case.get(table, []))
    return rows


def _read(rows: Rows) -> list[dict[str, Any]]:
    """What the reader makes of the notes beside their claims, for payers of Medicare's kind."""
    claim_of = {visit["visit_id"]: visit for visit in rows.visits}
    tasks = []
    for note in rows.notes:
        visit = claim_of[note["visit_id"]]
        billed = sorted((line["code"], line["units"]) for line in rows.lines if line["claim_id"] == visit["claim_id"])
        tasks.append((note["visit_id"], note["text"], visit["discipline"], "medicare_b", billed))
    schemas = (NOTES, FINDINGS, CODES)
    frames = [
        pl.DataFrame(made, schema=schema, orient="row")
        for made, schema in zip(read_part(tasks), schemas, strict=True)
    ]
    return readings(NoteReviews(*frames, whose=pl.DataFrame())).to_dicts()


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    days = ("start_day", "end_day", "certified_day", "sent_day")
    return {name: to_day(value) if name in days and value else value for name, value in entry.items()}


def facts(rows: Rows, book: Book | None = None, own: Any = None) -> tuple[Any, Any]:
    """The day compared and the facts of the checks."""
    inputs, book, own = Inputs(**rows.frames()), book or Book.load(), own or practice()
    day = compare(inputs, own, book)
    return day, facts_of(day, inputs, book, own)


def seen(rows: Rows, *checks: Any, book: Book | None = None, own: Any = None) -> list[dict[str, Any]]:
    """The findings of these checks as dictionaries, sorted by visit, code and kind."""
    day, known = facts(rows, book, own)
    return findings_of_hits(hits_of(checks, day, known), known.visits, known.book).to_dicts()


def hits_of(checks: Any, day: Any, known: Any) -> pl.DataFrame:
    """What the checks see; as in an audit, those that look at more than some days are not valued by their units."""
    hits = run(checks, known)
    return valued(hits, day) if all(check in DAY_CHECKS for check in checks) else hits


def short(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings as a case writes them: visit, kind, code, and cents or risk where they are not 0."""
    made = []
    for row in findings:
        more = {"cents": row["cents_at_stake"], "risk": row["at_risk_cents"]}
        made.append(
            {"visit": row["visit_id"], "kind": row["kind"], "code": row["code"]}
            | {k: v for k, v in more.items() if v}
        )
    return made
