"""Answers to files of claims: a 277CA (005010X214) that speaks of each claim, a 999 (005010X231A1) of the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from everyunit.x12.writer import END, Party, amount, clean, day8, segment

STATUS_VERSION = "005010X214"
FILE_VERSION = "005010X231A1"
ACCEPTED = "A2:20:PR"
_TAKEN = ("A0", "A1", "A2")


class ClaimStatus(NamedTuple):
    """What became of one claim: `codes` category, status, entity (A7:562:85); `payer_control` where it is taken."""

    number: str
    patient: Party
    charge_cents: int
    first_day: int
    codes: str = ACCEPTED
    payer_control: str = ""


def status_report(
    house: Party, clinic: Party, claims: Iterable[ClaimStatus], *, day: int, batch: str, reference: str
) -> tuple[str, int]:
    """A 277CA without ST and SE, and its number of segments. `batch` is BHT03 of the 837 it answers."""
    claims = list(claims)
    total = amount(sum(one.charge_cents for one in claims))
    parts = [
        segment("BHT", "0085", "08", clean(reference), day8(day), "0800", "TH"),
        segment("HL", "1", "", "20", "1"), house._replace(qualifier="46").nm1("AY"),
        segment("TRN", "1", clean(reference)),
        segment("DTP", "050", "D8", day8(day)), segment("DTP", "009", "D8", day8(day)),
        segment("HL", "2", "1", "21", "1"), clinic._replace(qualifier="46").nm1("41"),
        segment("TRN", "2", clean(batch)), segment("STC", "A1:19:AY", day8(day), "WQ", total),
        segment("HL", "3", "2", "19", "1"), clinic.nm1("85"), segment("TRN", "1", "0"),
        segment("STC", "A1:19:PR", "", "WQ", total),
    ]  # fmt: skip
    for place, one in enumerate(claims, 4):
        action = "WQ" if one.codes[:2] in _TAKEN else "U"
        parts += [
            segment("HL", str(place), "3", "PT"), one.patient.nm1("QC"), segment("TRN", "2", clean(one.number)),
            segment("STC", one.codes, day8(day), action, amount(one.charge_cents)),
        ]  # fmt: skip
        if one.payer_control:
            parts.append(segment("REF", "1K", clean(one.payer_control)))
        parts.append(segment("DTP", "472", "D8", day8(one.first_day)))
    return END.join(parts) + END, len(parts)


def refusal(*, group: int, number: str, version: str, segment_at: int, tag: str, element: int) -> tuple[str, int]:
    """A 999 without ST and SE that turns back one transaction of claims for an element of a segment, and its number
    of segments. `group` is GS06, `number` ST02, `version` GS08 of what it answers."""
    parts = [
        segment("AK1", "HC", str(group), version),
        segment("AK2", "837", number, version),
        segment("IK3", tag, str(segment_at), "", "8"),
        segment("IK4", str(element), "", "1"),
        segment("IK5", "R", "5"),
        segment("AK9", "R", "1", "1", "0"),
    ]
    return END.join(parts) + END, len(parts)
