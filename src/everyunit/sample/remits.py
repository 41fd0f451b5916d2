"""What payers answer: payments, denials, corrections and reversals, and the remittances that carry them."""

from __future__ import annotations

from random import Random

from everyunit.sample import claims as claiming
from everyunit.sample.billing import decide
from everyunit.sample.calendar import END, friday
from everyunit.sample.law import Law
from everyunit.sample.market import PART_B, SUPPLEMENT, PayerProfile
from everyunit.sample.model import Clinic, Visit
from everyunit.sample.troubles import Troubles
from everyunit.x12.write_claims import Adjustment, Claim
from everyunit.x12.write_remits import PaidClaim, PaidLine

DENIALS = {
    "medicare": (("CO", "16", "MA130"), ("CO", "109", "N30"), ("PR", "27", "N30")),
    "other": (("PR", "27", "N30"), ("CO", "197", "N54"), ("CO", "22", "MA04"), ("CO", "16", "N706")),
}
LINE_DENIALS = {"medicare": ("CO", "50", "N115"), "other": ("CO", "97", "N19")}


def trace_of(payer_id: str, clinic: int, day: int) -> str:
    """TRN02 of a payer's payment to a clinic on a day."""
    return f"EFT{payer_id[2:5]}{clinic:03d}{day}"


def _due(visit: Visit) -> int:
    return sum(min(bill.allowed_cents, bill.charge_cents) for bill in visit.bills)


class Desk:
    """The billing desk of one clinic: claims go out by week, answers come back by payer and day."""

    def __init__(self, rng: Random, law: Law, clinic: Clinic, troubles: Troubles) -> None:
        self.rng, self.law, self.clinic, self.troubles = rng, law, clinic, troubles
        self.sent: dict[int, list[Claim]] = {}
        self.answered: dict[tuple[int, str], list[PaidClaim]] = {}
        self.controls = 0

    def submit(self, visit: Visit) -> None:
        """Send the claim of a visit in its week's batch, and let the payer answer."""
        claim = claiming.primary(visit)
        payer = visit.course.patient.payer
        sent = friday(visit.charge_day)
        control = self._control(payer)
        path = self._path(visit, payer)
        if path == "wrong member":
            wrong = claim.patient._replace(identifier=claim.patient.identifier[:-2] + "00")
            self._send(claim._replace(patient=wrong), sent)
            self._answer(self._denied(claim, control, sent, ("CO", "16", "N382")), payer, sent)
            self._again(visit, claim, control, sent + 28)
            return
        alone = path == "paid" and not visit.leaks and not visit.fault and not visit.course.patient.supplement
        if alone and self.troubles.refuses(claim.number, sent, _due(visit)):
            self._send(claim, sent + 1)
            return
        if path == "corrected":
            self._send(claim._replace(diagnoses=claim.diagnoses[::-1]), sent)
        else:
            self._send(claim, sent)
        if alone and self.troubles.rejects(claim.number, sent, _due(visit)):
            return
        if path == "denied":
            kin = "medicare" if payer.medicare_fees else "other"
            self.troubles.tell("denied", claim.number, _due(visit), trace=self.trace(payer, sent))
            self._answer(self._denied(claim, control, sent, self.rng.choice(DENIALS[kin])), payer, sent)
            return
        paid = self._paid(visit, claim, control, sent)
        if alone and self.troubles.loses(claim.number, sent, _due(visit)):
            return
        if alone:
            short = self.troubles.underpays(paid, payer.id, self.trace(payer, sent))
            paid = self.troubles.shortens(paid, self.trace(payer, sent)) if short is paid else short
        if path == "line denied":
            last = visit.bills[-1]
            due, trace = min(last.allowed_cents, last.charge_cents), self.trace(payer, sent)
            self.troubles.tell("denied", claim.number, due, line=str(len(visit.bills)), code=last.code, trace=trace)
            paid = self._line_denied(paid, payer)
        self._answer(paid, payer, sent)
        if path == "corrected":
            self._reversed(claim, paid, payer, sent + 28)
        if visit.course.patient.supplement and paid.patient_cents:
            self._second(claim, paid, friday(sent + payer.days_to_pay + 1))

    def _path(self, visit: Visit, payer: PayerProfile) -> str:
        drawn = self.rng.random()
        if visit.leaks:
            return "paid"
        if drawn < 0.012:
            return "denied"
        if drawn < 0.022 and len(visit.bills) > 1:
            return "line denied"
        early = friday(visit.charge_day) + 28 + payer.days_to_pay <= END
        if early and payer.filing_code in ("HM", "12", "WC"):
            return "wrong member" if drawn < 0.037 else "corrected" if drawn < 0.052 else "paid"
        return "paid"

    def _control(self, payer: PayerProfile) -> str:
        self.controls += 1
        return f"{payer.id[2:4]}{self.clinic.number:03d}{self.controls:07d}"

    def trace(self, payer: PayerProfile, sent: int) -> str:
        """Trace of the payment that answers what was sent on that day."""
        return trace_of(payer.id, self.clinic.number, sent + payer.days_to_pay)

    def _send(self, claim: Claim, day: int) -> None:
        self.sent.setdefault(day, []).append(claim)

    def _answer(self, paid: PaidClaim, payer: PayerProfile, sent: int) -> None:
        self.answered.setdefault((sent + payer.days_to_pay, payer.id), []).append(paid)

    def _paid(self, visit: Visit, claim: Claim, control: str, received: int) -> PaidClaim:
        copay = 0 if visit.course.patient.payer is PART_B else visit.course.patient.payer.copay_cents
        lines = []
        for number, line in enumerate(visit.bills, 1):
            paid, reasons = decide(self.law, self.clinic, visit, line, copay)
            copay -= sum(given.cents for given in reasons if given.reason == "3")
            lines.append(
                PaidLine(
                    line.code, line.modifiers, line.charge_cents, paid, line.units, visit.day, str(number), reasons,
                    min(line.allowed_cents, line.charge_cents),
                )
            )  # fmt: skip
        return self._claim(claim, "1", control, tuple(lines), received)

    def _claim(
        self, claim: Claim, status: str, control: str, lines: tuple[PaidLine, ...], received: int
    ) -> PaidClaim:
        remarks = ("MA01",) if claim.filing_code == "MB" else ()
        return PaidClaim(
            claim.number, status, claim.filing_code, control, claim.patient, claim.rendering, lines, received,
            remarks, frequency=claim.frequency,
        )  # fmt: skip

    def _denied(self, claim: Claim, control: str, received: int, why: tuple[str, str, str]) -> PaidClaim:
        lines = tuple(
            PaidLine(
                line.code, line.modifiers, line.charge_cents, 0, line.units, line.day, str(number),
                (Adjustment(why[0], why[1], line.charge_cents),), None, () if why[2].startswith("MA") else (why[2],),
            )
            for number, line in enumerate(claim.lines, 1)
        )  # fmt: skip
        made = self._claim(claim, "4", control, lines, received)
        return made._replace(remarks=(why[2],)) if why[2].startswith("MA") else made

    def _line_denied(self, paid: PaidClaim, payer: PayerProfile) -> PaidClaim:
        why = LINE_DENIALS["medicare" if payer.medicare_fees else "other"]
        last = paid.lines[-1]
        denied = last._replace(
            paid_cents=0,
            adjustments=(Adjustment(why[0], why[1], last.charge_cents),),
            allowed_cents=None,
            remarks=(why[2],),
        )
        return paid._replace(lines=(*paid.lines[:-1], denied))

    def _again(self, visit: Visit, claim: Claim, control: str, day: int) -> None:
        """Send a replacement after a denial; it is paid."""
        payer = visit.course.patient.payer
        replacement = claiming.corrected(claim, control)
        self._send(replacement, day)
        self._answer(self._paid(visit, replacement, self._control(payer), day), payer, day)

    def _reversed(self, claim: Claim, paid: PaidClaim, payer: PayerProfile, day: int) -> None:
        """Send a replacement after payment: the payer takes the first payment back and pays again."""
        replacement = claiming.corrected(claim, paid.payer_control)
        self._send(replacement, day)
        back = tuple(
            line._replace(
                charge_cents=-line.charge_cents,
                paid_cents=-line.paid_cents,
                adjustments=tuple(given._replace(cents=-given.cents) for given in line.adjustments),
                allowed_cents=None,
            )
            for line in paid.lines
        )
        self._answer(paid._replace(status="22", lines=back), payer, day)
        again = paid._replace(payer_control=self._control(payer), frequency="7", received_day=day)
        self._answer(again, payer, day)

    def _second(self, claim: Claim, paid: PaidClaim, day: int) -> None:
        """Ask the supplement for the patient's share; it pays it."""
        if day + SUPPLEMENT.days_to_pay > END:
            return
        asked = claiming.secondary(claim, paid, day - 7)
        self._send(asked, day)
        lines = []
        for line in paid.lines:
            share = sum(given.cents for given in line.adjustments if given.group == "PR")
            reasons = (Adjustment("OA", "23", line.charge_cents - share),)
            lines.append(line._replace(paid_cents=share, adjustments=reasons, allowed_cents=share, remarks=()))
        answer = self._claim(asked, "2", self._control(SUPPLEMENT), tuple(lines), day)
        self._answer(answer, SUPPLEMENT, day)
