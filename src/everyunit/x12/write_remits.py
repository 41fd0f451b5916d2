"""835 transactions (005010X221A1) out of plain records; sums are the caller's, and must balance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from everyunit.x12.write_claims import Adjustment, adjustment_segments
from everyunit.x12.writer import END, Party, amount, clean, day8, procedure, segment

VERSION = "005010X221A1"


class PaidLine(NamedTuple):
    """One SVC: what the payer decided on a line. `allowed_cents` None where none is told (denied)."""

    code: str
    modifiers: tuple[str, ...]
    charge_cents: int
    paid_cents: int
    units: int
    day: int
    control: str
    adjustments: tuple[Adjustment, ...]
    allowed_cents: int | None = None
    remarks: tuple[str, ...] = ()


class PaidClaim(NamedTuple):
    """One CLP; its charge, payment and patient share are the sums of its lines."""

    number: str
    status: str
    filing_code: str
    payer_control: str
    patient: Party
    rendering: Party
    lines: tuple[PaidLine, ...]
    received_day: int
    remarks: tuple[str, ...] = ()
    place_of_service: str = "11"
    frequency: str = "1"

    @property
    def charge_cents(self) -> int:
        """CLP03."""
        return sum(line.charge_cents for line in self.lines)

    @property
    def paid_cents(self) -> int:
        """CLP04."""
        return sum(line.paid_cents for line in self.lines)

    @property
    def patient_cents(self) -> int:
        """CLP05: what the lines lay on the patient (group PR)."""
        return sum(given.cents for line in self.lines for given in line.adjustments if given.group == "PR")


class ProviderAdjustment(NamedTuple):
    """One PLB reason; cents withheld (negative: paid in addition)."""

    reason: str
    reference: str
    cents: int


class Payer(NamedTuple):
    """Who pays: the organisation with its address, its number (REF*2U) and ten-character origin number (TRN03)."""

    party: Party
    origin: str
    telephone: str


def remitted_cents(claims: Iterable[PaidClaim], adjustments: Iterable[ProviderAdjustment] = ()) -> int:
    """BPR02: the claims' payments less what was withheld at the provider's level."""
    return sum(claim.paid_cents for claim in claims) - sum(given.cents for given in adjustments)


def transaction(
    payer: Payer,
    payee: Party,
    tax_id: str,
    claims: list[PaidClaim],
    *,
    day: int,
    trace: str,
    adjustments: tuple[ProviderAdjustment, ...] = (),
) -> tuple[str, int]:
    """Body and segment count (without ST and SE) of one 835: one payment of `payer` to `payee` on `day`."""
    parts = [
        _payment(remitted_cents(claims, adjustments), payer, day),
        segment("TRN", "1", clean(trace), payer.origin),
        segment("DTM", "405", day8(day)),
        segment("N1", "PR", clean(payer.party.name)),
        *payer.party.address(),
        segment("REF", "2U", clean(payer.party.identifier)),
        segment("PER", "BL", "PROVIDER SERVICES", "TE", payer.telephone),
        segment("N1", "PE", clean(payee.name), "XX", payee.identifier),
        *payee.address(),
        segment("REF", "TJ", tax_id),
    ]
    if claims:
        parts.append("LX*1")
    for claim in claims:
        _claim(parts, claim)
    for start in range(0, len(adjustments), 6):
        told = [f"{one.reason}:{clean(one.reference)}*{amount(one.cents)}" for one in adjustments[start : start + 6]]
        parts.append(f"PLB*{payee.identifier}*{day8(day)[:4]}1231*" + "*".join(told))
    return END.join(parts) + END, len(parts)


def _payment(cents: int, payer: Payer, day: int) -> str:
    if not cents:
        return f"BPR*H*0*C*NON************{day8(day)}"
    banks = f"01*999999992*DA*000100200*{payer.origin}**01*999999992*DA*000300400"
    return f"BPR*I*{amount(cents)}*C*ACH*CCP*{banks}*{day8(day)}"


def _claim(parts: list[str], claim: PaidClaim) -> None:
    sums = f"{amount(claim.charge_cents)}*{amount(claim.paid_cents)}*{amount(claim.patient_cents)}"
    if claim.status == "22" or not claim.patient_cents:
        sums = f"{amount(claim.charge_cents)}*{amount(claim.paid_cents)}*"
    tail = f"{claim.filing_code}*{clean(claim.payer_control)}*{claim.place_of_service}*{claim.frequency}"
    parts.append(f"CLP*{clean(claim.number)}*{claim.status}*{sums}*{tail}")
    parts.append(claim.patient.nm1("QC"))
    parts.append(claim.rendering.nm1("82"))
    if claim.remarks:
        parts.append("MOA***" + "*".join(claim.remarks))
    parts.append(f"DTM*050*{day8(claim.received_day)}")
    for line in claim.lines:
        _line(parts, line)


def _line(parts: list[str], line: PaidLine) -> None:
    named = procedure(line.code, line.modifiers)
    parts.append(f"SVC*{named}*{amount(line.charge_cents)}*{amount(line.paid_cents)}**{line.units}")
    parts.append(f"DTM*472*{day8(line.day)}")
    parts.extend(adjustment_segments(line.adjustments))
    parts.append(f"REF*6R*{clean(line.control)}")
    if line.allowed_cents is not None:
        parts.append(f"AMT*B6*{amount(line.allowed_cents)}")
    parts.extend(f"LQ*HE*{remark}" for remark in line.remarks)
