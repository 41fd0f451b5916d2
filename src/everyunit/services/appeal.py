"""The letter that asks a payer to decide a claim again, with the evidence that the home holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.days import iso, words
from everyunit.errors import UsageError
from everyunit.ledger import Ledger
from everyunit.money import dollars
from everyunit.receivables.resubmissions import UNPROCESSABLE
from everyunit.rulebook import Book
from everyunit.rulebook.papers import fees, manual
from everyunit.services.appeal_claim import as_sent
from everyunit.services.appeal_evidence import evidence
from everyunit.services.appeal_lines import denied_lines, shown
from everyunit.services.appeal_names import parties
from everyunit.services.claim_file import ClaimFile, claim_files
from everyunit.services.home import open_home
from everyunit.services.paper_day import check_day
from everyunit.services.resubmit import deadline

_PART_B = ("medicare", "railroad_medicare")
_OF_DECISIONS = ("denied", "underpaid", "late")


@dataclass(frozen=True)
class Appeal:
    """`letter` is what letter and form show, as text; it names the patient. `claim_id` (empty for several), `name`
    (appeal, redetermination ...), `deadline` (2026-07-01) and `notes` (words to whoever sends it) bear no patient's
    name. `template` sets it; a letter about underpayment has its `case_id` and `parts` (claim, line)."""

    claim_id: str
    name: str
    deadline: str | None
    letter: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    line: int = 0
    template: str = "appeal"
    case_id: str = ""
    parts: tuple[tuple[str, int], ...] = ()

    @property
    def claims(self) -> int:
        """How many claims it is about."""
        return len({claim for claim, _ in self.parts}) or 1

    @property
    def about(self) -> str:
        """`claim C1` or `56 claims`."""
        return f"claim {self.claim_id}" if self.claim_id else f"{self.claims:,} claims"


class NothingRefused(UsageError):
    """No line of the claim bears a reason that the book calls a denial."""


@dataclass(frozen=True)
class Subject:
    """What an appeal is about: a claim, perhaps one line of it, and the finding that led to it."""

    claim_id: str
    line: int = 0
    rule: str = ""
    source: str = ""


def appeal(home: str | Path, named: str, day: int, payer_id: str = "", form: bool = False) -> Appeal:
    """The letter (or form) for a claim (CLM01), a denial (item_id) or a finding (finding_id), of `day` (epoch day).

    Raises UsageError where there is no such claim, or where it takes no appeal: the message says what it takes.
    """
    ledger, book = open_home(home), Book.load()
    subject = _subject(ledger, home, named)
    file = claim_files(ledger, [subject.claim_id], payer_id)[subject.claim_id]
    _appealable(file)
    check_day(day, [file])
    lines = denied_lines(ledger, file, subject.line, book)
    if not lines:
        raise NothingRefused(
            f"Claim {subject.claim_id}: no line of it bears a reason that the book calls a denial.",
            remedy=f"Compare what was paid with {fees(file.kind)}, or name the finding that says what is wrong.",
        )
    causes = {cause for line in lines for cause in line["causes"]}
    codes = {line["code"] for line in lines if line["code"]}
    name, limit = book.correction(file.kind).appeal, deadline(file, "appeal", book.deadlines)
    held = evidence(ledger, file, causes, codes)
    letter = {
        **parties(ledger, file),
        **as_sent(ledger, file),
        "name": name,
        "date": words(day),
        "claim": subject.claim_id,
        "control": file.standing.payer_control,
        "charge": dollars(file.sent["charge_cents"] or 0),
        "decided": shown((file.decision or {}).get("decided_day")),
        "trace": (file.decision or {}).get("trace") or "",
        "days": _span(file),
        "lines": lines,
        **held,
        "rules": _rules(lines, limit, subject),
        "deadline": words(limit[0]) if limit and limit[0] >= day else "",
        "late": f"The time to ask ended on {words(limit[0])}." if limit and limit[0] < day else "",
        "medicare": file.kind in _PART_B,
        "request": book.request(file.kind),
    }
    notes = _open(ledger, subject.claim_id) + _notes(held, causes, limit, day, file.kind)
    return Appeal(subject.claim_id, name, iso(limit[0]) if limit else None, letter, notes, subject.line,
                  "appeal_form" if form else "appeal")  # fmt: skip


def _subject(ledger: Ledger, home: str | Path, named: str) -> Subject:
    """The claim that a number, a denial or a finding speaks of."""
    if ledger.find("claims", "claim_id", named).height:
        return Subject(named)
    found = _findings(ledger).filter(pl.col("finding_id") == named).collect()
    if found.height and found["claim_id"][0]:
        row = found.row(0, named=True)
        if row["direction"] not in _OF_DECISIONS:
            said = f"The finding is of what was recorded or charged ({row['kind']}), not of a payer's decision."
            raise UsageError(said, remedy=row["fix"] or "Mend the claim.")
        return Subject(row["claim_id"], int(row["line"] or 0), row["rule"] or "", row["source"] or "")
    from everyunit.services.owed import owed_of

    denied = owed_of(home).read("denials").filter(pl.col("item_id") == named)
    if denied.height:
        row = denied.row(0, named=True)
        return Subject(row["claim_id"], int(row["line"] or 0), "", row["source"] or "")
    raise UsageError(
        f"{named} is neither a claim sent, nor a denial, nor a finding of this home.",
        remedy="Give the claim's number (CLM01), or an id that `everyunit denials --json` shows.",
    )


def _findings(ledger: Ledger) -> pl.LazyFrame:
    """Findings of the last audit of these files; none where they were not audited."""
    path = ledger.derived() / "findings.parquet"
    names = ("finding_id", "kind", "direction", "claim_id", "rule", "source", "fix")
    empty = pl.LazyFrame(schema=dict.fromkeys(names, pl.String) | {"line": pl.Int64})
    return pl.scan_parquet(path) if path.is_file() else empty


def _open(ledger: Ledger, claim_id: str) -> list[str]:
    """What to mend before the payer is asked: findings that the record does not bear out what was billed."""
    against = (pl.col("claim_id") == claim_id) & pl.col("direction").is_in(["over", "mis", "document"])
    kinds = _findings(ledger).filter(against).select(pl.col("kind").unique().sort()).collect()["kind"].to_list()
    if not kinds:
        return []
    return [f"Open findings say that the record does not bear out the claim ({', '.join(kinds)}). Mend them first."]


def _appealable(file: ClaimFile) -> None:
    standing, number = file.standing, file.sent["claim_id"]
    if standing.answer == "rejected":
        said, remedy = (
            "was rejected and never adjudicated, so it takes no appeal.",
            "Send it again as a new claim.",
        )
    elif standing.answer != "adjudicated":
        said, remedy = "is not decided yet, so there is nothing to appeal.", "Wait for the remittance."
    elif UNPROCESSABLE in standing.remarks:
        said, remedy = (
            "is called unprocessable by the remit (MA130) and takes no appeal.",
            "Send it as a new claim.",
        )
    elif standing.reversed:
        said, remedy = "was taken back by the payer, so no decision stands.", "Wait for the next remittance."
    else:
        return
    raise UsageError(f"Claim {number} {said}", remedy=remedy)


def _span(file: ClaimFile) -> str:
    first, last = file.sent["first_day"], file.sent["last_day"]
    return shown(first) if first == last or last is None else f"{shown(first)} to {shown(last)}"


def _rules(lines: list[dict[str, Any]], limit: tuple[int, str] | None, subject: Subject) -> list[str]:
    """Where the reasons, the limit and the finding's rule stand."""
    found = [f"Reasons: {source}" for source in sorted({source for line in lines for source in line["sources"]})]
    found += [f"Time to ask: {limit[1]}"] if limit else []
    return found + ([f"Rule ({subject.rule or 'denial'}): {subject.source}"] if subject.source else [])


def _notes(
    held: dict[str, list[dict[str, Any]]], causes: set[str], limit: tuple[int, str] | None, day: int, kind: str
) -> list[str]:  # fmt: skip
    """Words to whoever sends the letter."""
    said = []
    if limit is None:
        said.append(f"The book knows no last day for it. Look in {manual(kind)}.")
    elif limit[0] < day:
        said.append(f"The time to ask ended on {iso(limit[0])} ({limit[1]}). Say in the letter why it is late.")
    if causes & {"documentation", "units"} and not held["notes"]:
        said.append("No note of these visits is on file. Enclose the record that supports the lines.")
    if "authorization" in causes and not held["authorizations"]:
        said.append("The claim bears no authorization number. Enclose the authorization, if there is one.")
    return said
