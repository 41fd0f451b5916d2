"""What can be done about a finding on a claim that was sent: the command, or the way its payer takes, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import polars as pl

from everyunit.audit.findings import is_federal
from everyunit.days import words
from everyunit.errors import BookRefusal
from everyunit.ledger import Ledger
from everyunit.receivables.resubmissions import CORRECTED, VOID
from everyunit.rulebook import Book, Practice
from everyunit.rulebook.filing import filing_until
from everyunit.rulebook.papers import manual
from everyunit.services.inputs import practice_of
from everyunit.services.proof import count_of
from everyunit.services.record import gather
from everyunit.services.sent_twice import SENT_TWICE, repeats
from everyunit.services.today import latest_day

MISSED = "visit_not_billed"
UNIT_KINDS = ("units_over", "units_under", "units_misallocated", "untimed_repeated", "ceiling_over")
Row = dict[str, Any]
_WAYS = ("over", "under", "mis")


@dataclass(frozen=True)
class Step:
    """`words` say what to do; `command` does it on the command line, empty where none does; `claim_id` is the claim
    whose ways of going out again stand on its page, empty where none was sent; `by` says until when what was paid too
    much goes back."""

    words: str
    command: str
    claim_id: str
    by: str


class _Home:
    """What every step of a page needs, read once and only where it is needed."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.book = ledger, Book.load()

    @cached_property
    def practice(self) -> Practice:
        return practice_of(self.ledger)

    @cached_property
    def last(self) -> int | None:
        return latest_day(self.ledger)


def next_steps(ledger: Ledger, findings: Iterable[Row]) -> dict[str, dict[str, str]]:
    """The step of each finding, by finding_id, as a dict of Step; those without a claim that was sent have none, but
    a visit that no claim charges."""
    claims: dict[str, Row | None] = {}
    made, home = {}, _Home(ledger)
    for row in findings:
        if row["kind"] == MISSED:
            made[row["finding_id"]] = asdict(_missed(home, row))
            continue
        number, sent_twice = row["claim_id"], row["kind"] == SENT_TWICE
        if not number or not row["code"] or row["direction"] not in _WAYS:
            continue
        if (
            row["kind"] in UNIT_KINDS
            and row["direction"] == "over"
            and (other := repeats(ledger, number, row["code"]))
        ):
            number, sent_twice = other, True
        if number not in claims:
            claims[number] = _sent(ledger, number)
        sent = claims[number]
        if sent is not None:
            made[row["finding_id"]] = asdict(_step(home, sent, row, number, sent_twice))
    return made


def _missed(home: _Home, row: Row) -> Step:
    """What a claim for a visit that none charges must say, and by when its payer takes it."""
    payer = row["payer_name"] or row["payer_id"] or "the payer"
    visit = home.ledger.find("visits", "visit_id", row["visit_id"])
    earned: Row = {}
    if visit.height:
        earned = count_of(gather(home.ledger, visit.row(0, named=True), home.practice))["earned"] or {}
    units = ", ".join(f"{code} {count}" for code, count in sorted(earned.items()) if count)
    kind = home.book.payer_kind(row["payer_name"] or "", "")
    limit = filing_until(row["payer_id"] or "", kind, row["service_day"], home.book, home.practice)
    by = (
        f"It takes it until {words(limit[0])} ({limit[1]})."
        if limit
        else f"For its last day to file see {manual(kind)}."
    )
    over = " That day is over." if limit and home.last is not None and limit[0] < home.last else ""
    lines = f" with the units that the record earns: {units}" if units else ""
    said = (
        f"Send {payer} a new claim of this visit from your billing software{lines}, at your list charges. {by}{over}"
    )
    return Step(f"{said} Check the draft before it goes:", "everyunit scrub NEW.837", "", "")


def _sent(ledger: Ledger, number: str) -> Row | None:
    """The claim of that number to its first payer. What became of it is left to the command and the page it leads to:
    they read every answer, a visit's page shall not."""
    rows = ledger.find("claims", "claim_id", number)
    first = rows.filter(pl.col("sequence").fill_null("P") == "P")
    return first.row(-1, named=True) if first.height else None


def _step(home: _Home, sent: Row, row: Row, number: str, sent_twice: bool) -> Step:
    """What can be done on claim `number`, which is another than the finding's where that one repeats it."""
    book = home.book
    payer = sent["payer_name"] or sent["payer_id"] or "The payer"
    taken = book.correction(book.payer_kind(sent["payer_name"] or "", sent["filing_code"] or ""))
    wanted = VOID if sent_twice else CORRECTED
    over = row["direction"] == "over" or (row["cents_at_stake"] or 0) < 0
    by = _by(home, sent, row) if over else ""
    if not (taken.void if wanted == VOID else taken.replacement):
        refused = f"{payer} takes no {'void' if wanted == VOID else 'replacement'} claim ({taken.source})."
        refused = f"Claim {number} was sent twice. {refused}" if sent_twice else refused
        letter = f"everyunit refund {number}" if over and taken.refund and _dollars(row, sent_twice) else ""
        back = taken.refund if over else ""
        return Step(" ".join(filter(None, (refused, taken.instead, back))), letter, number, by)
    base = f"everyunit resubmit {number} --as {wanted}"
    if wanted == VOID:
        if row["kind"] == SENT_TWICE:
            return Step(f"Void claim {number}, which was sent twice, and no other.", base, number, by)
        said = f"Void claim {number}, which repeats this one, and correct neither. What is left, the next audit says."
        return Step(said, base, number, by)
    if row["kind"] in UNIT_KINDS:
        return Step("Send it corrected, with the units of this finding.", f"{base} --findings", number, by)
    line = f" This is line {row['line']}." if row["line"] else ""
    said = f"Send it corrected.{line} What it shall read is yours to say (claim, change: 2.units=1, without=2)."
    return Step(said, f"{base} --changes FILE.csv", number, by)


def _dollars(row: Row, sent_twice: bool) -> bool:
    return sent_twice or (row["cents_at_stake"] or 0) < 0


def _by(home: _Home, sent: Row, row: Row) -> str:
    """Until when money of a federal payer goes back. No file says when an error was confirmed, so the day counted
    from the last file is named as such; empty for other payers, whose contract says."""
    book = home.book
    payer_id, name = row["payer_id"] or sent["payer_id"] or "", row["payer_name"] or sent["payer_name"] or ""
    filing = sent["filing_code"] or ""
    terms = home.practice.payers.get(payer_id) or book.default_terms(payer_id, name, filing)
    if not is_federal(terms, filing) or home.last is None:
        return ""
    try:
        days = int(book.value("thresholds.overpayment", row["service_day"]).value)
    except BookRefusal:
        return ""
    return (
        f"{days} days from the day you confirm it; confirmed on {words(home.last)}, the last day in these files, "
        f"that is {words(home.last + days)}."
    )
