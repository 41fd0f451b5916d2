"""Troubles of payment planted on purpose: claims nobody answers, lines paid short, deposits that do not fit."""

from __future__ import annotations

from random import Random

from everyunit.days import iso
from everyunit.sample.calendar import END
from everyunit.sample.rows import money
from everyunit.x12.write_claims import Adjustment
from everyunit.x12.write_remits import PaidClaim

LOST, SHORT = 0.006, 0.018
MISSING, LESS = 0.02, 0.04
WAITED = 60  # days after which a claim without an answer is surely lost


class Troubles:
    """What goes wrong between a clinic, its payers and its bank; `rows` is the text of truth_payments.csv.

    With `clean` nothing goes wrong.
    """

    def __init__(self, rng: Random, clean: bool) -> None:
        self.rng, self.clean = rng, clean
        self.made: list[str] = []

    @property
    def rows(self) -> str:
        """The rows so far."""
        return "".join(self.made)

    def tell(self, kind: str, claim_id: str, cents: int, *, line: str = "", code: str = "", trace: str = "") -> None:
        """Write down one planted thing; its gate follows from its kind."""
        gate = "deposited" if kind.startswith("deposit") else "paid"
        if not self.clean:
            self.made.append(f"{gate},{kind},{claim_id},{line},{code},{trace},{cents}\n")

    def loses(self, claim_id: str, sent: int, due_cents: int) -> bool:
        """Whether nobody will answer this claim; `due_cents` is what was to be expected for it."""
        if self.clean or sent + WAITED > END or self.rng.random() >= LOST:
            return False
        self.tell("unanswered", claim_id, due_cents)
        return True

    def shortens(self, paid: PaidClaim, trace: str) -> PaidClaim:
        """The claim as it is, or with its first line allowed a tenth to a fourth too little."""
        first = paid.lines[0]
        if self.clean or self.rng.random() >= SHORT or not first.allowed_cents or first.paid_cents < 2_000:
            return paid
        cut = first.paid_cents * (10 + int(self.rng.random() * 16)) // 100
        reasons = dict.fromkeys((one.group, one.reason) for one in first.adjustments)
        reasons.setdefault(("CO", "45"), None)
        held = {(one.group, one.reason): one.cents for one in first.adjustments}
        held["CO", "45"] = held.get(("CO", "45"), 0) + cut
        line = first._replace(
            paid_cents=first.paid_cents - cut,
            allowed_cents=first.allowed_cents - cut,
            adjustments=tuple(Adjustment(group, reason, held[group, reason]) for group, reason in reasons),
        )
        self.tell("underpaid", paid.number, cut, line=first.control, code=first.code, trace=trace)
        return paid._replace(lines=(line, *paid.lines[1:]))

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
        return f"{iso(day)},{money(cents)},{trace},{words}\n"

    def stray(self, day: int) -> str:
        """A deposit that no remittance explains; nothing in a clean practice."""
        cents = 4_000 + int(self.rng.random() * 90_000)
        self.tell("deposit_unknown", "", cents)
        return "" if self.clean else f"{iso(day)},{money(cents)},,MISC CREDIT\n"
