"""What the clearinghouse answers: claims it turns back (277CA), a file it refuses (999), and claims it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from everyunit.sample.calendar import END
from everyunit.sample.claims import CLEARINGHOUSE
from everyunit.sample.model import Clinic
from everyunit.x12 import write_answers, write_claims
from everyunit.x12.write_answers import ClaimStatus
from everyunit.x12.write_claims import Claim

REJECTS = ("A3:33:IL", "A7:562:85", "A6:145:85", "A7:254")
EVERY_CLAIM = END - 60  # since this day the house tells of every claim; before it told of those it turned back alone


class Answer(NamedTuple):
    """One transaction of the house (`kind` 277 or 999) of a day."""

    kind: str
    day: int
    body: str
    segments: int


def answers(
    clinic: Clinic, sent: Mapping[int, list[Claim]], rejected: Mapping[str, str], refused_day: int | None
) -> list[Answer]:
    """What the house says of the claims of a clinic by day sent; `rejected` are its codes by number of claim."""
    made = []
    for day, claims in sorted(sent.items()):
        if day == refused_day:
            body, count = write_answers.refusal(
                group=control(day), number="0001", version=write_claims.VERSION, segment_at=12, tag="NM1", element=9
            )
            made.append(Answer("999", day + 1, body, count))
            continue
        told = [one for one in claims if day >= EVERY_CLAIM or one.number in rejected]
        if told and day + 1 <= END:
            body, count = write_answers.status_report(
                CLEARINGHOUSE, clinic.party, [_status(one, rejected) for one in told], day=day + 1,
                batch=batch(clinic, day), reference=f"R{clinic.number:03d}{day}",
            )  # fmt: skip
            made.append(Answer("277", day + 1, body, count))
    return made


def _status(claim: Claim, rejected: Mapping[str, str]) -> ClaimStatus:
    first = claim.frequency == "1" and claim.sequence == "P"
    codes = rejected.get(claim.number, write_answers.ACCEPTED) if first else write_answers.ACCEPTED
    charge = sum(line.charge_cents for line in claim.lines)
    return ClaimStatus(claim.number, claim.patient, charge, min(line.day for line in claim.lines), codes)


def batch(clinic: Clinic, day: int) -> str:
    """BHT03 of what a clinic sends on a day."""
    return f"B{clinic.number:03d}{day}"


def control(day: int) -> int:
    """Control number of the interchange and group of claims sent on a day."""
    return day * 10 + 1
