"""Claims of the sample's visits as records for the X12 writer."""

from __future__ import annotations

from typing import Any

from everyunit.sample.market import PAYERS, SUPPLEMENT
from everyunit.sample.model import Clinic, Visit
from everyunit.sample.people import TAXONOMY
from everyunit.x12.write_claims import Biller, Claim, PriorDecision, PriorPayer, ServiceLine
from everyunit.x12.write_remits import PaidClaim, Payer
from everyunit.x12.writer import Party

CLEARINGHOUSE = Party("Makebelieve Clearinghouse", identifier="MAKEBELIEVE")
CLINIC_TAXONOMY = "261QR0400X"


_PARTIES = {one.id: Party(one.name, "", "PI", one.id) for one in (*PAYERS, SUPPLEMENT)}
REMITTERS = {
    one.id: Payer(
        Party(one.name, "", "PI", one.id, f"{100 + number} Payment Plaza", "Springfield", "IL", "627019998"),
        f"100091234{number}",
        f"55555501{20 + number}",
    )
    for number, one in enumerate((*PAYERS, SUPPLEMENT))
}


def biller(clinic: Clinic) -> Biller:
    """The clinic as the billing provider."""
    return Biller(clinic.party, clinic.tax_id, CLINIC_TAXONOMY, "5555550142")


def primary(visit: Visit) -> Claim:
    """The claim of a visit as it is first sent."""
    course, patient = visit.course, visit.course.patient
    count = tuple(range(1, len(course.diagnoses) + 1))
    lines = tuple(
        ServiceLine(one.code, one.modifiers, one.charge_cents, one.units, visit.day, count) for one in visit.bills
    )
    claim = Claim(
        visit.claim_id, patient.party, _PARTIES[patient.payer.id], patient.payer.filing_code, lines, course.diagnoses,
        course.clinician.party, TAXONOMY[course.clinician.discipline], course.physician,
        authorization=course.authorization, accident_day=patient.accident_day,
        employment_related=patient.accident_day is not None,
    )  # fmt: skip
    return _faulty(claim, visit.fault) if visit.fault else claim


def _faulty(claim: Claim, fault: str) -> Claim:
    """The claim with a fault in its own words; faults of modifiers and lines stand on the lines already."""
    first, *others = claim.lines
    rendering = claim.rendering
    other = next(code for code in sorted(TAXONOMY.values()) if code != claim.rendering_taxonomy)
    last = (int(rendering.identifier[-1]) + 1) % 10
    changed: dict[str, dict[str, Any]] = {
        "pointer_missing": {"lines": (first._replace(pointers=()), *others)},
        "pointer_dangling": {"lines": (first._replace(pointers=(len(claim.diagnoses) + 1,)), *others)},
        "diagnosis_shape": {"diagnoses": ("9" + claim.diagnoses[0], *claim.diagnoses[1:])},
        "npi_invalid": {"rendering": rendering._replace(identifier=f"{rendering.identifier[:-1]}{last}")},
        "referring_missing": {"referring": None},
        "taxonomy_mismatch": {"rendering_taxonomy": other},
        "reference_missing": {"frequency": "7"},
        "replacement_to_medicare": {"frequency": "7", "original_reference": f"OLD{claim.number}"},
        "authorization_missing": {"authorization": ""},
    }
    return claim._replace(**changed.get(fault, {}))


def corrected(claim: Claim, payer_control: str) -> Claim:
    """The same claim sent again as a replacement of the payer's `payer_control`."""
    return claim._replace(frequency="7", original_reference=payer_control)


def secondary(claim: Claim, paid: PaidClaim, day: int) -> Claim:
    """The claim for the patient's supplement, with what the first payer decided on `day`."""
    lines = tuple(
        line._replace(prior=PriorDecision(done.paid_cents, done.adjustments, day))
        for line, done in zip(claim.lines, paid.lines, strict=True)
    )
    member = claim.patient._replace(identifier="LS" + claim.patient.identifier[2:])
    return claim._replace(
        patient=member, payer=_PARTIES[SUPPLEMENT.id], filing_code=SUPPLEMENT.filing_code, lines=lines, sequence="S",
        prior=PriorPayer(claim.payer, claim.filing_code, paid.paid_cents),
    )  # fmt: skip
