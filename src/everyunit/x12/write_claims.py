"""837P transactions (005010X222A1) out of plain records; the same records whatever the trade."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from everyunit.x12.writer import END, Party, amount, clean, day8, procedure, segment

VERSION = "005010X222A1"


class Adjustment(NamedTuple):
    """One reason of a CAS; cents taken off (negative: added)."""

    group: str
    reason: str
    cents: int


class PriorDecision(NamedTuple):
    """How an earlier payer decided a line (SVD, CAS, DTP*573)."""

    paid_cents: int
    adjustments: tuple[Adjustment, ...]
    day: int


class ServiceLine(NamedTuple):
    """One SV1 with its day; `pointers` count the claim's diagnoses from 1."""

    code: str
    modifiers: tuple[str, ...]
    charge_cents: int
    units: int
    day: int
    pointers: tuple[int, ...] = (1,)
    prior: PriorDecision | None = None


class PriorPayer(NamedTuple):
    """The earlier payer of a secondary claim (loop 2320)."""

    payer: Party
    filing_code: str
    paid_cents: int


class Claim(NamedTuple):
    """One CLM of a subscriber who is the patient."""

    number: str
    patient: Party
    payer: Party
    filing_code: str
    lines: tuple[ServiceLine, ...]
    diagnoses: tuple[str, ...]
    rendering: Party
    rendering_taxonomy: str
    referring: Party | None = None
    place_of_service: str = "11"
    frequency: str = "1"
    sequence: str = "P"
    authorization: str = ""
    original_reference: str = ""
    accident_day: int | None = None
    employment_related: bool = False
    prior: PriorPayer | None = None


class Biller(NamedTuple):
    """Who bills: the organisation, its tax number and taxonomy, and a telephone for questions."""

    party: Party
    tax_id: str
    taxonomy: str
    telephone: str


def transaction(
    biller: Biller, receiver: Party, claims: Iterable[Claim], *, day: int, reference: str
) -> tuple[str, int]:
    """Body and segment count (without ST and SE) of one 837P; its claims stand under one billing provider."""
    sender = Party(biller.party.name, qualifier="46", identifier=biller.tax_id)
    parts = [
        segment("BHT", "0019", "00", clean(reference), day8(day), "0600", "CH"),
        sender.nm1("41"),
        segment("PER", "IC", "BILLING OFFICE", "TE", biller.telephone),
        receiver._replace(qualifier="46").nm1("40"),
        "HL*1**20*1",
        segment("PRV", "BI", "PXC", biller.taxonomy),
        biller.party.nm1("85"),
        *biller.party.address(),
        segment("REF", "EI", biller.tax_id),
    ]
    level = 1
    for claim in claims:
        level += 1
        parts.append(f"HL*{level}*1*22*0")
        _subscriber(parts, claim)
        _claim(parts, claim)
        if claim.prior:
            _prior(parts, claim)
        _lines(parts, claim)
    return END.join(parts) + END, len(parts)


def _subscriber(parts: list[str], claim: Claim) -> None:
    parts.append(f"SBR*{claim.sequence}*18*******{claim.filing_code}")
    parts.extend(_person(claim.patient))
    parts.append(claim.payer.nm1("PR"))


@lru_cache(maxsize=4_096)
def _person(patient: Party) -> tuple[str, ...]:
    made = [patient.nm1("IL"), *patient.address()]
    if patient.born is not None:
        made.append(segment("DMG", "D8", day8(patient.born), patient.sex or "U"))
    return tuple(made)


def _claim(parts: list[str], claim: Claim) -> None:
    charge = amount(sum(line.charge_cents for line in claim.lines))
    place = f"{claim.place_of_service}:B:{claim.frequency}"
    cause = "**EM" if claim.employment_related else ""
    parts.append(f"CLM*{clean(claim.number)}*{charge}***{place}*Y*A*Y*Y{cause}")
    if claim.accident_day is not None:
        parts.append(f"DTP*439*D8*{day8(claim.accident_day)}")
    if claim.authorization:
        parts.append(f"REF*G1*{clean(claim.authorization)}")
    if claim.original_reference:
        parts.append(f"REF*F8*{clean(claim.original_reference)}")
    parts.append(_diagnoses(claim.diagnoses))
    if claim.referring:
        parts.append(claim.referring.nm1("DN"))
    parts.append(claim.rendering.nm1("82"))
    parts.append(f"PRV*PE*PXC*{claim.rendering_taxonomy}")


@lru_cache(maxsize=4_096)
def _diagnoses(codes: tuple[str, ...]) -> str:
    bare = [code.replace(".", "") for code in codes]
    return segment("HI", *[f"{'ABF' if place else 'ABK'}:{code}" for place, code in enumerate(bare)])


def _prior(parts: list[str], claim: Claim) -> None:
    """The other payer's loop (2320): what it paid, and who it is."""
    prior = claim.prior
    if prior is None:
        return
    parts.append(f"SBR*P*18*******{prior.filing_code}")
    parts.append(f"AMT*D*{amount(prior.paid_cents)}")
    parts.append("OI***Y***Y")
    parts.append(claim.patient.nm1("IL"))
    parts.append(prior.payer.nm1("PR"))


def _lines(parts: list[str], claim: Claim) -> None:
    for number, line in enumerate(claim.lines, 1):
        named = procedure(line.code, line.modifiers)
        pointed = ":".join(map(str, line.pointers))
        parts.append(f"LX*{number}")
        parts.append(f"SV1*{named}*{amount(line.charge_cents)}*UN*{line.units}***{pointed}")
        parts.append(f"DTP*472*D8*{day8(line.day)}")
        parts.append(f"REF*6R*{number}")
        if line.prior and claim.prior:
            parts.append(f"SVD*{claim.prior.payer.identifier}*{amount(line.prior.paid_cents)}*{named}**{line.units}")
            parts.extend(adjustment_segments(line.prior.adjustments))
            parts.append(f"DTP*573*D8*{day8(line.prior.day)}")


def adjustment_segments(adjustments: Iterable[Adjustment]) -> list[str]:
    """CAS segments: one for each group and up to six reasons of it; reasons of zero cents are left out."""
    groups: dict[str, list[str]] = {}
    for given in adjustments:
        if given.cents:
            groups.setdefault(given.group, []).append(f"{given.reason}*{amount(given.cents)}")
    made = []
    for group, reasons in groups.items():
        for start in range(0, len(reasons), 6):
            made.append(f"CAS*{group}*" + "**".join(reasons[start : start + 6]))
    return made
