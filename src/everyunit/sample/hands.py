"""What whoever plants has at hand: chance, the book, the clinic, and what lines are worth."""

from __future__ import annotations

from random import Random

from everyunit.sample.law import Law
from everyunit.sample.model import Billed, Clinic, Leak, Visit


class Hand:
    """Chance and law of one clinic's year."""

    def __init__(self, rng: Random, law: Law, clinic: Clinic) -> None:
        self.rng, self.law, self.clinic = rng, law, clinic

    def worth(self, visit: Visit, lines: list[tuple[str, int]]) -> int:
        """Expected allowed cents of these lines as the patient's whole day."""
        place = self.clinic.place
        payer = visit.course.patient.payer
        return sum(self.law.priced(payer, tuple(lines), visit.day, place.mac, place.locality))

    def pick(self, codes: list[str]) -> str:
        """One of them, empty where there is none."""
        return self.rng.choice(codes) if codes else ""


class FaultHand(Hand):
    """And what was billed: `groups` that met (therapist, day), `seats`, and `twins` of visits billed twice."""

    def __init__(self, rng: Random, law: Law, clinic: Clinic, groups: set[tuple[int, int]]) -> None:
        super().__init__(rng, law, clinic)
        self.groups = groups
        self.seats: dict[tuple[int, int, int], Visit] = {}
        self.twins: dict[str, Visit] = {}

    def hands_on(self) -> frozenset[str]:
        """Codes that need hands or a device on the patient."""
        traits = self.law.book.traits
        return frozenset(code for code, trait in traits.select("code", "trait").rows() if trait == "hands_on")

    def seat(self, visit: Visit) -> None:
        """Remember who sat with the therapist in that hour; groups are nobody's hour alone."""
        if visit.kind != "group":
            self.seats[visit.course.therapist, visit.day, visit.slot] = visit

    def mark(self, visit: Visit, kind: str, at: int, bill: Billed | None, cents: int = 0) -> bool:
        """Put `bill` in place of line `at` (none: the claim's own words are wrong); one finding."""
        code = visit.bills[at].code if at >= 0 else ""
        if bill is not None:
            visit.bills[at] = bill
        visit.fault = kind
        visit.leaks = [Leak(kind, code, cents)]
        return True
