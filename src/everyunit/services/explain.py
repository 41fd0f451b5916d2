"""The whole story of one finding or one visit: the record, the count step by step, the claim, what was paid."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.errors import UsageError
from everyunit.ledger import Ledger
from everyunit.rulebook import Book
from everyunit.rulebook.payers import FALLBACK
from everyunit.services.audit import audit, with_notes
from everyunit.services.home import open_home
from everyunit.services.inputs import practice_of
from everyunit.services.next_step import next_steps
from everyunit.services.proof import change_of, count_of
from everyunit.services.record import gather
from everyunit.services.rests_on import rests_on
from everyunit.services.rules import rule_page, values_used

_SERVICE = (
    "visit_id", "code", "minutes", "mode", "performed_by", "start", "end", "data_days", "live_contact",
)  # fmt: skip
_open: dict[Path, Ledger] = {}
_VISIT = (
    "visit_id", "service_day", "clinic", "payer_id", "payer_name", "discipline", "clinician_npi", "status",
    "claim_id", "check_in", "check_out", "scheduled_at", "note_signed_at", "charge_entered_at",
    "copay_due_cents", "copay_collected_cents",
)  # fmt: skip


def visit_story(home: str | Path, visit_id: str, findings: pl.DataFrame | None = None) -> dict[str, Any]:
    """Everything known of one visit, ready to be laid out.

    Keys: visit, services, beside (visits whose minutes pool with it), services_beside and lines_beside (theirs, each
    with visit_id), rule (name, source, declared), minutes, earned,
    billed, tied, steps, lines (with in_force), remit_lines, adjustments, as_billed and as_earned (the day priced:
    total_cents, steps), findings, note. `findings` are the visit's own where the caller holds them. Raises UsageError
    where there is no such visit.
    """
    ledger = shared_ledger(home)
    rows = ledger.find("visits", "visit_id", visit_id)
    if rows.is_empty():
        raise UsageError("There is no visit of that number in this home.", remedy="Look it up in the list of visits.")
    visit = rows.row(0, named=True)
    path = _findings_path(home, ledger)
    if findings is None:
        findings = pl.scan_parquet(path).filter(pl.col("visit_id") == visit_id).collect()
    facts = gather(ledger, visit, practice_of(ledger))
    counted = count_of(facts)
    return {
        "visit": {name: visit[name] for name in _VISIT},
        "services": _ours(facts.services, visit_id, _SERVICE),
        "services_beside": [
            row for other in facts.beside(visit_id) for row in _ours(facts.services, other, _SERVICE)
        ],
        "beside": facts.beside(visit_id),
        **counted,
        "billed": facts.billed(),
        "lines": facts.lines(visit["claim_id"]),
        "lines_beside": facts.lines_beside(),
        **_paid(ledger, facts.claim_ids(visit["claim_id"])),
        "findings": findings.to_dicts(),
        "note": _note(ledger, visit_id),
    }


def finding_story(home: str | Path, finding_id: str) -> dict[str, Any]:
    """One finding with its visit's story and, under `worth`, the day priced with and without the change.

    `rule` is the page of its rule with the cases that prove it, `values` what the book said that day, `record` the
    rows of the practice's own files that it rests on. A finding on a claim for which no visit was brought has neither
    story nor worth. `step` is what can be done on a claim that was sent (services/next_step.py), None where nothing
    can.

    A unique beginning of the identifier is enough. Raises UsageError where none or several fit.
    """
    done = audit(home)
    found = with_notes(done.folder, done.findings)
    fits = found.filter(pl.col("finding_id").str.starts_with(finding_id.strip().lower()))
    if not finding_id.strip() or fits.is_empty():
        raise UsageError(
            "No finding has that identifier.",
            remedy="everyunit audit --out FILE.csv lists them, with --notes those of the notes too.",
        )
    if fits.height > 1:
        raise UsageError(f"{fits.height} findings begin like that.", remedy="Give more of the identifier.")
    finding = fits.row(0, named=True)
    ledger = shared_ledger(home)
    about = {
        "rule": rule_page(finding["rule"]),
        "step": next_steps(ledger, [finding]).get(finding["finding_id"]),
    }
    if not finding["visit_id"]:
        return {"finding": finding, "worth": None, "story": None, **basis_of(ledger, finding), **about}
    own = found.filter(pl.col("visit_id") == finding["visit_id"])
    visit = ledger.find("visits", "visit_id", finding["visit_id"]).row(0, named=True)
    facts = gather(ledger, visit, practice_of(ledger))
    day_codes = [line["code"] for line in facts.sent if line["service_day"] == finding["service_day"]]
    return {
        **about,
        **basis_of(ledger, finding, day_codes),
        "finding": finding,
        "worth": change_of(facts, finding),
        "story": visit_story(home, finding["visit_id"], own),
    }


def basis_of(ledger: Ledger, finding: dict[str, Any], day_codes: Iterable[str] = ()) -> dict[str, Any]:
    """What a finding rests on: `values` of the book, and rows of the practice's own files (`record`)."""
    practice, given = practice_of(ledger), _whose(ledger, finding)
    record = rests_on(ledger, finding, practice, given["payer"])
    terms = practice.payers.get(finding["payer_id"] or "")
    own = finding["rule"] == "filing" and (
        given["payer"] == FALLBACK or (terms is not None and terms.filing_days > 0)
    )
    values = values_used(finding, day_codes, **({**given, "payer": ""} if own else given))
    return {"values": values, "record": record}


def _whose(ledger: Ledger, finding: dict[str, Any]) -> dict[str, str]:
    """The rendering provider's taxonomy on the finding's claim (empty: none stands there) and the payer's kind."""
    rows = ledger.find("claims", "claim_id", finding["claim_id"] or "")
    taxonomies, codes = (rows[name].drop_nulls().to_list() for name in ("rendering_taxonomy", "filing_code"))
    kind = Book.load().payer_kind(finding["payer_name"] or "", codes[-1] if codes else "")
    return {"taxonomy": taxonomies[-1] if taxonomies else "", "payer": kind}


def shared_ledger(home: str | Path) -> Ledger:
    """The ledger of a home, kept open: what it worked out about superseded rows is worth keeping."""
    key = Path(home).resolve()
    if not (key / "ledger.sqlite").is_file() or key not in _open:
        _open[key] = open_home(home)
    return _open[key]


def _findings_path(home: str | Path, ledger: Ledger) -> Path:
    path = ledger.derived() / "findings.parquet"
    return path if path.is_file() else audit(home).folder / "findings.parquet"


def _ours(rows: list[dict[str, Any]], visit_id: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in columns} for row in rows if row["visit_id"] == visit_id]


def _note(ledger: Ledger, visit_id: str) -> str:
    rows = ledger.find("notes", "visit_id", visit_id)
    return str(rows["text"][0] or "") if rows.height else ""


def _paid(ledger: Ledger, claim_ids: list[str]) -> dict[str, Any]:
    lines, adjustments = [], []
    for claim_id in claim_ids:
        found = ledger.find("remit_lines", "claim_id", claim_id)
        lines += found.drop("rendering_npi", "control_number").to_dicts()
        taken = ledger.find("adjustments", "claim_id", claim_id).filter(pl.col("side") == "835")
        adjustments += taken.to_dicts()
    return {"remit_lines": lines, "adjustments": adjustments}
