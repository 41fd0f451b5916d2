"""Troubles of payment planted on purpose: claims turned back or lost, lines paid short, deposits that do not fit."""

from __future__ import annotations

from random import Random

from everyunit.days import iso
from everyunit.sample.calendar import END
from everyunit.sample.house import REJECTS
from everyunit.sample.patterns import Pattern
from everyunit.sample.rows import money
from everyunit.x12.write_claims import Adjustment
from everyunit.x12.write_remits import PaidClaim, PaidLine

LOST, SHORT, TURNED_BACK = 0.006, 0.018, 0.008
MISSING, LESS = 0.02, 0.04
JOINED, PARTED = 0.03, 0.03
WAITED = 60  # days after which a claim without an answer is surely lost


def _cut(line: PaidLine, cut: int) -> PaidLine:
    """The line allowed so many cents less, as if the contract took them."""
    reasons = dict.fromkeys((one.group, one.reason) for one in line.adjustments)
    reasons.setdefault(("CO", "45"), None)
    held = {(one.group, one.reason): one.cents for one in line.adjustments}
    held["CO", "45"] = held.get(("CO", "45"), 0) + cut
    return line._replace(
        paid_cents=line.paid_cents - cut,
        allowed_cents=(line.allowed_cents or 0) - cut,
        adjustments=tuple(Adjustment(group, reason, held[group, reason]) for group, reason in reasons),
    )


class Troubles:
    """What goes wrong between a clinic, its payers and its bank; `rows` is the text of truth_payments.csv.

    With `clean` nothing goes wrong.
    """

    def __init__(self, rng: Random, clean: bool, pattern: Pattern, refused_day: int | None = None) -> None:
        self.rng, self.clean, self.pattern = rng, clean, pattern
        self.refused_day = None if clean else refused_day
        self.made: list[str] = []
        self.traces: set[str] = set()
        self.rejected: dict[str, str] = {}

    @property
    def rows(self) -> str:
        """The rows so far."""
        return "".join(self.made)

    def tell(self, kind: str, claim_id: str, cents: int, *, line: str = "", code: str = "", trace: str = "") -> None:
        """Write down one planted thing; its gate follows from its kind."""
        gate = "deposited" if kind.startswith("deposit") else "paid"
        if not self.clean:
            self.traces.add(trace)
            self.made.append(f"{gate},{kind},{claim_id},{line},{code},{trace},{cents}\n")

    def loses(self, claim_id: str, sent: int, due_cents: int) -> bool:
        """Whether nobody will answer this claim; `due_cents` is what was to be expected for it."""
        if self.clean or sent + WAITED > END or self.rng.random() >= LOST:
            return False
        self.tell("unanswered", claim_id, due_cents)
        return True

    def rejects(self, claim_id: str, sent: int, due_cents: int) -> bool:
        """Whether the clearinghouse turns this claim back, so that no payer sees it."""
        if self.clean or sent + 2 > END or self.rng.random() >= TURNED_BACK:
            return False
        self.rejected[claim_id] = self.rng.choice(REJECTS)
        self.tell("rejected", claim_id, due_cents)
        return True

    def refuses(self, claim_id: str, sent: int, due_cents: int) -> bool:
        """Whether the claim goes out in the file that the house refuses as a whole: one a practice."""
        if self.refused_day is None or sent + 1 != self.refused_day:
            return False
        self.tell("rejected", claim_id, due_cents)
        return True

    def underpays(self, paid: PaidClaim, payer_id: str, trace: str) -> PaidClaim:
        """The claim as it is, or with the lines that the payer pays below its fee in these weeks."""
        if self.clean or not any(self.pattern.holds(payer_id, line.code, line.day) for line in paid.lines):
            return paid
        lines = []
        for line in paid.lines:
            cut = (line.allowed_cents or 0) * (100 - self.pattern.percent) // 100
            if self.pattern.holds(payer_id, line.code, line.day) and 2 * line.units < cut <= line.paid_cents:
                self.tell("underpaid_pattern", paid.number, cut, line=line.control, code=line.code, trace=trace)
                line = _cut(line, cut)
            lines.append(line)
        return paid._replace(lines=tuple(lines))

    def shortens(self, paid: PaidClaim, trace: str) -> PaidClaim:
        """The claim as it is, or with its first line allowed a tenth to a fourth too little."""
        first = paid.lines[0]
        if self.clean or self.rng.random() >= SHORT or not first.allowed_cents or first.paid_cents < 2_000:
            return paid
        cut = first.paid_cents * (10 + int(self.rng.random() * 16)) // 100
        self.tell("underpaid", paid.number, cut, line=first.control, code=first.code, trace=trace)
        return paid._replace(lines=(_cut(first, cut), *paid.lines[1:]))

    def parts(self, trace: str, answers: list[PaidClaim], day: int) -> list[list[PaidClaim]]:
        """The answers as one payment, or as two that the bank will show in one deposit."""
        whole = self.clean or len(answers) < 2 or trace in self.traces or day + 14 > END
        if whole or self.rng.random() >= JOINED or any(one.status == "22" for one in answers):
            return [answers]
        half = len(answers) // 2
        return [answers[:half], answers[half:]]

    def joined(self, day: int, sums: list[tuple[str, int]], words: str) -> str:
        """One row of the bank for several payments, which its words name."""
        cents = sum(amount for _, amount in sums)
        named = " ".join(trace for trace, _ in sums)
        self.tell("deposit_joined", "", cents, trace=":".join(trace for trace, _ in sums))
        return f"{iso(day)},{money(cents)},,{words} {named}\n"

    def deposit(self, day: int, cents: int, trace: str, words: str) -> str:
        """The bank's row for a payment: as it was sent, less than that, or none."""
        drawn = self.rng.random()
        if not self.clean and day + 14 <= END:
            if drawn < MISSING:
                self.tell("deposit_missing", "", cents, trace=trace)
                return ""
            if drawn < LESS and cents > 10_000:
                off = 1_000 + int(self.rng.random() * 5_000)
                self.tell("deposit_short", "", off, trace=trace)
                cents -= off
            elif drawn > 1 - PARTED and cents > 10_000:
                self.tell("deposit_parted", "", cents, trace=trace)
                first = cents // 3
                rows = (f"{iso(day)},{money(part)},{trace},{words}\n" for part in (first, cents - first))
                return "".join(rows)
        return f"{iso(day)},{money(cents)},{trace},{words}\n"

    def stray(self, day: int) -> str:
        """A deposit that no remittance explains; nothing in a clean practice."""
        cents = 4_000 + int(self.rng.random() * 90_000)
        self.tell("deposit_unknown", "", cents)
        return "" if self.clean else f"{iso(day)},{money(cents)},,MISC CREDIT\n"
