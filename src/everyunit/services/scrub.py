"""Claims before they are sent: each passes, is to be fixed, or must be held, with the reason and the smallest change.

A claim is judged as it will be once it is sent: by every check of the audit, against the record and the year so far
where a home is given, else by what the file alone shows. Nothing is stored.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from everyunit.audit import FINDINGS, Inputs, findings_before_sending
from everyunit.audit.day import MEDICARE
from everyunit.audit.resubmissions import ADD, ASK, BARE, TAKEN
from everyunit.days import words
from everyunit.errors import BookRefusal, Unreadable
from everyunit.frames import few_rows, stack
from everyunit.ledger import Ledger
from everyunit.ledger.tables import VISITS
from everyunit.rulebook import Book, Kind, Practice
from everyunit.rulebook.filing import filing_limit
from everyunit.services.explain import shared_ledger
from everyunit.services.inputs import inputs_of, practice_of
from everyunit.services.unread import NOT_KNOWN, gaps
from everyunit.x12 import members, read_stream
from everyunit.x12.tables import CLAIM_LINES, CLAIMS, PROBLEMS, TRANSACTIONS

PASS, FIX, HOLD = "pass", "fix", "hold"
VOID = "8"
AT_HAND = 300_000  # rows of a table that a running process may keep in memory
NEWEST = 2_932_896  # 9999-12-31: what is about to be sent is later than all that was sent
_TABLES = {table.name: table for table in (CLAIMS, CLAIM_LINES, TRANSACTIONS, PROBLEMS)}
_HELD: dict[Path, tuple[str, Inputs, Practice]] = {}
_KEPT = ("visits", "services", "claims", "claim_lines", "transactions", "refusals", "plans", "authorizations")
_UNBILLED = ("visit_not_billed", "filing_late")  # told of claims that were sent


@dataclass(frozen=True)
class Reason:
    """Why a claim is not simply sent. `verdict` is fix, hold, or pass for what is only worth knowing."""

    verdict: str
    kind: str
    line: int | None
    code: str
    message: str
    fix: str
    source: str
    checked: bool
    cents_at_stake: int | None
    at_risk_cents: int | None


@dataclass
class Scrubbed:
    """One claim: its number, charge in cents, verdict and reasons, the worst first."""

    claim_id: str
    charge_cents: int
    verdict: str = PASS
    reasons: list[Reason] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The claim as plain JSON."""
        return asdict(self)


@dataclass
class Scrub:
    """The claims of one file in their order, and what is wrong with the file itself (segment, message)."""

    name: str
    claims: list[Scrubbed] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)

    def count(self, verdict: str) -> int:
        """How many claims have that verdict."""
        return sum(claim.verdict == verdict for claim in self.claims)

    def as_dict(self) -> dict[str, Any]:
        """The file as plain JSON: file, pass, fix, hold, claims, problems."""
        counts = {verdict: self.count(verdict) for verdict in (PASS, FIX, HOLD)}
        claims = [claim.as_dict() for claim in self.claims]
        return {"file": self.name, **counts, "claims": claims, "problems": self.problems}


def scrub(path: Path, home: str | Path | None = None) -> list[Scrub]:
    """Scrub the 837s of a file or zip; a member that may not be unpacked comes last, as a problem of its own.

    Raises Unreadable where none can be read, UsageError for a home not there.
    """
    ledger = shared_ledger(home) if home is not None else None
    made, refused, left = [], [], []
    for member in members(path):
        name = str(path) if member.inside is None else f"{path}!{member.inside}"
        if member.problem:
            refused.append(Unreadable(member.problem, place=name))
            left.append(Scrub(name, problems=[{"segment": 0, "message": member.problem}]))
            continue
        try:
            with member.opener() as stream:
                made.append(scrub_stream(stream, name, ledger))
        except Unreadable as error:
            refused.append(error)
    if not made:
        raise refused[0] if refused else Unreadable("it holds no file.", place=str(path))
    return made + left


def scrub_bytes(content: bytes, name: str, home: str | Path | None = None) -> Scrub:
    """Scrub one 837 held in memory. Raises Unreadable where it is no X12 or holds no claim."""
    return scrub_stream(io.BytesIO(content), name, shared_ledger(home) if home is not None else None)


def scrub_stream(stream: BinaryIO, name: str, ledger: Ledger | None = None) -> Scrub:
    """Scrub one open 837. Raises Unreadable where it is no X12 or holds no claim."""
    batches = list(read_stream(stream, name=name, source_id=f"~{name}"))
    frames = {
        key: stack((batch[key] for batch in batches if key in batch), declared) for key, declared in _TABLES.items()
    }
    claims = frames["claims"]
    if claims.is_empty():
        raise Unreadable("it holds no claim (837).", place=name, remedy="Give the file of claims that is to be sent.")
    result = Scrub(
        name, [Scrubbed(row[0] or "", row[1] or 0) for row in claims.select("claim_id", "charge_cents").rows()]
    )
    inputs, practice = _alone(frames) if ledger is None else _beside(frames, ledger)
    book = Book.load()
    with few_rows():
        findings = findings_before_sending(inputs, practice, book)
    ours = set(claims["claim_id"].drop_nulls())
    findings = findings.filter(pl.col("claim_id").is_in(list(ours)) & ~pl.col("kind").is_in(_UNBILLED))
    _take_findings(result, findings, book.kinds())
    _take_problems(result, frames["problems"], claims)
    _take_filing(result, frames, practice, book)
    _take_voids(result, claims, book)
    _take_gaps(result, frames, book)
    return result


def _alone(frames: dict[str, pl.DataFrame]) -> tuple[Inputs, Practice]:
    taken: dict[str, Any] = {name: frames[name] for name in ("claims", "claim_lines", "transactions")}
    return Inputs(visits=VISITS.empty(), **taken), Practice()


def _of_ledger(ledger: Ledger) -> tuple[Inputs, Practice]:
    """The tables and the practice's word; kept until something is taken in."""
    state = ledger.fingerprint()
    known = _HELD.get(ledger.home)
    if known is None or known[0] != state:
        known = _HELD[ledger.home] = (state, _at_hand(inputs_of(ledger)), practice_of(ledger))
    return known[1], known[2]


def _at_hand(inputs: Inputs) -> Inputs:
    """What lies in many small files is read once where it is not large: opening them takes longer than all else."""
    small = {}
    for name in _KEPT:
        frame = getattr(inputs, name)
        if frame.select(pl.len()).collect().item() <= AT_HAND:
            small[name] = frame.collect().lazy()
    return replace(inputs, **small)


def _beside(frames: dict[str, pl.DataFrame], ledger: Ledger) -> tuple[Inputs, Practice]:
    """The file's claims with the record and the history of their patients."""
    held, practice = _of_ledger(ledger)
    sent = frames["claims"]
    patients = _of(held.visits, "claim_id", sent["claim_id"]).select("patient_id").collect()["patient_id"]
    visits = _of(held.visits, "patient_id", patients).collect()
    numbers, members_ = visits["claim_id"], sent["member_id"]
    named = pl.col("claim_id").is_in(_values(numbers)) | pl.col("member_id").is_in(_values(members_))
    claims = held.claims.filter(named).unique(["source_id", "claim"]).collect()
    keys = claims.lazy().select("source_id", "claim")
    of_file = claims.lazy().select("source_id", "transaction").unique()
    files, mine = claims["source_id"], visits["visit_id"]
    parts = {
        "claim_lines": _of(held.claim_lines, "source_id", files).join(keys, on=["source_id", "claim"], how="semi"),
        "transactions": _of(held.transactions, "source_id", files).join(
            of_file, on=["source_id", "transaction"], how="semi"
        ),
        **{name: _of(getattr(held, name), "visit_id", mine) for name in ("services", "notes", "refusals")},
        **{name: _of(getattr(held, name), "patient_id", patients) for name in ("plans", "authorizations")},
    }
    read: dict[str, Any] = dict(zip(parts, pl.collect_all(list(parts.values())), strict=True))
    for name, frame in (("claims", claims), *((name, read[name]) for name in ("claim_lines", "transactions"))):
        read[name] = stack([frame, _newest(name, frames[name])], _TABLES[name])
    return Inputs(visits=visits, **read), practice


def _of(frame: pl.LazyFrame, column: str, values: pl.Series) -> pl.LazyFrame:
    """The rows that bear one of these values; files without any are passed over."""
    return frame.filter(pl.col(column).is_in(_values(values)))


def _values(values: pl.Series) -> list[str]:
    return sorted({value for value in values.to_list() if value is not None})


def _newest(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Transactions of the file as made after all others, so that its claims are those in force."""
    if name != "transactions":
        return frame
    return frame.with_columns(created_day=pl.lit(NEWEST, pl.Int32))


def _take_findings(result: Scrub, findings: pl.DataFrame, kinds: dict[str, Kind]) -> None:
    by_claim: dict[str, list[Reason]] = {}
    for row in findings.select(FINDINGS.names).iter_rows(named=True):
        verdict = verdict_of(kinds[row["kind"]])
        shown = {name: row[name] for name in ("kind", "line", "code", "message", "fix", "source", "checked")}
        money = {name: row[name] for name in ("cents_at_stake", "at_risk_cents")}
        by_claim.setdefault(row["claim_id"], []).append(Reason(verdict, **shown, **money))
    for claim in result.claims:
        _add(claim, by_claim.get(claim.claim_id, []))


def _take_filing(result: Scrub, frames: dict[str, pl.DataFrame], practice: Practice, book: Book) -> None:
    """First sendings that come late, by the day the file says it was made, or within the book's days of warning."""
    made = frames["transactions"].select("transaction", "created_day")
    columns = ("first_day", "created_day", "frequency", "payer_id", "payer_name", "filing_code")
    rows = frames["claims"].join(made, on="transaction", how="left", maintain_order="left").select(columns)
    late = book.kinds()["filing_late"]
    for claim, (day, sent, frequency, payer_id, name, filing) in zip(result.claims, rows.iter_rows(), strict=True):
        if day is None or sent is None or (frequency or "1") != "1":
            continue
        limit, said, sure = filing_limit(
            payer_id or "", book.payer_kind(name or "", filing or ""), day, book, practice
        )
        left = (limit or 0) - (sent - day)
        if limit is None or left > _warning(book, day):
            continue
        passed = f"The payer takes claims for {limit} days; that ended on {words(day + limit)}."
        near = f"The payer takes it until {words(day + limit)}: {left} days are left."
        verdict, message = (FIX, passed) if left < 0 else (PASS, near)
        fix = "Add proof of an earlier sending or of the payer's reason." if left < 0 else "Send it before that day."
        _add(claim, [Reason(verdict, "filing_late", None, "", message, fix, f"{late.source}; {said}", sure, 0, 0)])


def _take_voids(result: Scrub, claims: pl.DataFrame, book: Book) -> None:
    """A claim that voids another charges nothing; what it must name, and who takes none, is said all the same."""
    rows = claims.select("frequency", "original_reference", "payer_name", "filing_code").rows()
    for claim, (frequency, reference, name, filing) in zip(result.claims, rows, strict=True):
        medicare = book.payer_kind(name or "", filing or "") in MEDICARE
        if frequency != VOID or (reference and not medicare):
            continue
        kind = book.kinds()["replacement_to_medicare" if medicare else "reference_missing"]
        message, fix = (TAKEN, ASK) if medicare else (BARE, ADD)
        said = message.format(frequency)
        _add(claim, [Reason(verdict_of(kind), kind.kind, None, "", said, fix, kind.source, kind.checked, 0, 0)])


def _take_gaps(result: Scrub, frames: dict[str, pl.DataFrame], book: Book) -> None:
    """What cannot be read is held, a code that the book does not know is told: silence says nothing about either."""
    for claim, found in zip(result.claims, gaps(frames["claims"], frames["claim_lines"], book), strict=True):
        _add(claim, [Reason(FIX if gap.kind == NOT_KNOWN else HOLD, *gap, "X12", True, 0, 0) for gap in found])


def _warning(book: Book, day: int) -> int:
    try:
        return int(book.value("thresholds.filing_warning", day).value)
    except BookRefusal:
        return 0


def _take_problems(result: Scrub, problems: pl.DataFrame, claims: pl.DataFrame) -> None:
    """Faults of the file itself: on the claim whose segments they lie in, else on the file."""
    starts = claims["segment"].to_list()
    for segment, code, message in problems.select("segment", "code", "message").sort("segment").rows():
        result.problems.append({"segment": segment, "message": message})
        at = sum(start <= (segment or 0) for start in starts) - 1
        if at >= 0 and segment:
            reason = Reason(HOLD, code, None, "", message, "Mend the file where it is made.", "X12", True, 0, 0)
            _add(result.claims[at], [reason])


def _add(claim: Scrubbed, reasons: Iterable[Reason]) -> None:
    worst_first = (HOLD, FIX, PASS)
    claim.reasons = sorted([*claim.reasons, *reasons], key=lambda reason: worst_first.index(reason.verdict))
    claim.verdict = claim.reasons[0].verdict if claim.reasons else PASS


def verdict_of(kind: Kind) -> str:
    """What a finding of this kind means before a claim is sent, as the book says for the kind; else by its nature.

    Over-billing is held, whoever clears it, and so is what waits for the clinician or the front office; what the
    biller can put right on the claim is to be fixed; what is only worth knowing lets it pass.
    """
    if kind.before_sending:
        return kind.before_sending
    if kind.direction == "over":
        return HOLD
    if kind.owner_role == "biller":
        return FIX
    return HOLD if kind.owner_role in ("clinician", "front_office") else PASS
