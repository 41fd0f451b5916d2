"""Faults of claims planted on purpose: the units are right, and something else on the claim is not."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from everyunit.money import half_up
from everyunit.sample import clocks
from everyunit.sample.billing import lane
from everyunit.sample.hands import FaultHand
from everyunit.sample.law import Law
from everyunit.sample.market import CHARGE_CENTS, PART_B, THRESHOLD_CENTS
from everyunit.sample.model import Billed, Clinic, Visit

KINDS = (
    "discipline_modifier_missing", "discipline_modifier_wrong", "assistant_modifier_missing",
    "assistant_modifier_unneeded", "assistant_modifier_wrong", "pair_modifier_missing", "never_paid", "split_line",
    "pointer_missing", "pointer_dangling", "diagnosis_shape", "npi_invalid", "referring_missing", "taxonomy_mismatch",
    "reference_missing", "replacement_to_medicare", "kx_missing", "kx_unneeded", "authorization_missing",
    *clocks.KINDS,
)  # fmt: skip
RARE = (
    "assistant_modifier_missing", "assistant_modifier_unneeded", "assistant_modifier_wrong", "pair_modifier_missing",
    "never_paid", "kx_missing", "kx_unneeded", "referring_missing", "replacement_to_medicare", *clocks.RARE,
)  # fmt: skip
SCARCE = {"filing_late": 100}  # and of a kind that only the first months can show
SELDOM = 200  # visits for each fault of a kind that few visits allow
RATE = 0.16
FEDERAL = ("MB", "MC")
_MARKS = {"PT": "CQ", "OT": "CO"}
_LOOKS = ("evaluation", "reevaluation")


class Faulter(FaultHand):
    """Decides which billed visits carry a fault, so that every kind comes about as often as any other."""

    def __init__(self, rng: Random, law: Law, clinic: Clinic, groups: set[tuple[int, int]]) -> None:
        super().__init__(rng, law, clinic, groups)
        self.planted = dict.fromkeys(KINDS, 0)
        self.credit, self.seen = 0.5, 0

    def consider(self, visit: Visit) -> None:
        """Plant a fault in a visit that is billed rightly, when it is time and the visit allows it."""
        self.credit += RATE
        self.seen += 1
        if not visit.bills or visit.leaks:
            return
        wanted = [kind for kind in RARE if self.planted[kind] * SCARCE.get(kind, SELDOM) < self.seen]
        if self.credit >= 1:
            wanted = list(KINDS)
        order = sorted(wanted, key=lambda kind: (self.planted[kind], self.rng.random()))
        for kind in order:
            if _PLANT[kind](self, visit):
                self.planted[kind] += 1
                self.credit -= 1
                return


def _without(bill: Billed, *marks: str) -> Billed:
    return bill._replace(modifiers=tuple(one for one in bill.modifiers if one not in marks))


def _with(bill: Billed, mark: str) -> Billed:
    return bill._replace(modifiers=(bill.modifiers[0], mark, *bill.modifiers[1:]))


def _part_b(visit: Visit) -> bool:
    return visit.course.patient.payer is PART_B


def _discipline_missing(planter: Faulter, visit: Visit) -> bool:
    always = planter.law.always()
    at = next((at for at, bill in enumerate(visit.bills) if bill.code in always), -1)
    if at < 0 or not _part_b(visit) or len(visit.bills[at].modifiers) > 1:
        return False
    return planter.mark(visit, "discipline_modifier_missing", at, _without(visit.bills[at], "GP", "GO", "GN"))


def _discipline_wrong(planter: Faulter, visit: Visit) -> bool:
    if len(visit.bills) < 2 or visit.kind in _LOOKS or any(len(bill.modifiers) > 1 for bill in visit.bills):
        return False
    other = "GO" if visit.bills[1].modifiers[0] == "GP" else "GP"
    if _part_b(visit):  # a line under GO counts toward another threshold, and the year's sums would move
        other = {"GP": "GN", "GN": "GP"}.get(visit.bills[1].modifiers[0], "")
    if not other:
        return False
    return planter.mark(visit, "discipline_modifier_wrong", 1, visit.bills[1]._replace(modifiers=(other,)))


def _cut(bill: Billed, sign: int) -> int:
    return sign * half_up(bill.allowed_cents * 80 * 15, 100 * 100)


def _assistant_missing(planter: Faulter, visit: Visit) -> bool:
    if not _part_b(visit) or visit.work != "assistant":
        return False
    at = next((at for at, bill in enumerate(visit.bills) if {"CQ", "CO"} & set(bill.modifiers)), -1)
    if at < 0:
        return False
    bill = visit.bills[at]
    return planter.mark(visit, "assistant_modifier_missing", at, _without(bill, "CQ", "CO"), _cut(bill, -1))


def _assistant_unneeded(planter: Faulter, visit: Visit) -> bool:
    mark = _MARKS.get(visit.course.clinician.discipline)
    full = bool(visit.bills) and len(visit.bills[0].modifiers) >= clocks.MODIFIERS
    if not _part_b(visit) or visit.work != "therapist" or not mark or visit.kind in _LOOKS or full:
        return False
    bill = visit.bills[0]
    return planter.mark(visit, "assistant_modifier_unneeded", 0, _with(bill, mark), _cut(bill, 1))


def _assistant_wrong(planter: Faulter, visit: Visit) -> bool:
    """The mark of the other discipline's assistant."""
    at = next((at for at, bill in enumerate(visit.bills) if {"CQ", "CO"} & set(bill.modifiers)), -1)
    if at < 0:
        return False
    bill = visit.bills[at]
    other = {"CQ": "CO", "CO": "CQ"}
    changed = bill._replace(modifiers=tuple(other.get(one, one) for one in bill.modifiers))
    return planter.mark(visit, "assistant_modifier_wrong", at, changed)


def _pair_missing(planter: Faulter, visit: Visit) -> bool:
    at = next((at for at, bill in enumerate(visit.bills) if "59" in bill.modifiers), -1)
    if at < 0 or visit.course.patient.payer.filing_code not in FEDERAL:
        return False
    return planter.mark(visit, "pair_modifier_missing", at, _without(visit.bills[at], "59"))


def _never_paid(planter: Faulter, visit: Visit) -> bool:
    if not _part_b(visit) or not any(one.code == "97010" for one in visit.services):
        return False
    visit.bills.append(Billed("97010", 1, visit.bills[0].modifiers[:1], 0, CHARGE_CENTS["97010"]))
    return planter.mark(visit, "never_paid", len(visit.bills) - 1, None)


def _split_line(planter: Faulter, visit: Visit) -> bool:
    at = next((at for at, bill in enumerate(visit.bills) if bill.units == 2 and "59" not in bill.modifiers), -1)
    if at < 0 or visit.work in ("halves", "parts") or "97130" in [bill.code for bill in visit.bills]:
        return False
    bill = visit.bills[at]
    half = bill.allowed_cents // 2
    visit.bills[at] = bill._replace(
        units=1, allowed_cents=bill.allowed_cents - half, charge_cents=bill.charge_cents // 2
    )
    visit.bills.append(
        bill._replace(units=1, allowed_cents=half, charge_cents=bill.charge_cents - bill.charge_cents // 2)
    )
    return planter.mark(visit, "split_line", len(visit.bills) - 1, None)


def _line(kind: str) -> Callable[[Faulter, Visit], bool]:
    """A fault of the first line that the claim's own words make."""
    return lambda planter, visit: planter.mark(visit, kind, 0, None)


def _claim(kind: str, *, part_b: bool | None = None) -> Callable[[Faulter, Visit], bool]:
    """A fault of the whole claim."""

    def plant(planter: Faulter, visit: Visit) -> bool:
        if part_b is not None and _part_b(visit) != part_b:
            return False
        return planter.mark(visit, kind, -1, None)

    return plant


def _kx_missing(planter: Faulter, visit: Visit) -> bool:
    over = [at for at, bill in enumerate(visit.bills) if "KX" in bill.modifiers]
    sure = over and visit.course.patient.before.get(lane(visit), 0) > _so_far(visit)[1]
    return bool(sure) and planter.mark(visit, "kx_missing", over[0], _without(visit.bills[over[0]], "KX"))


def _kx_unneeded(planter: Faulter, visit: Visit) -> bool:
    if not _part_b(visit) or len(visit.bills[0].modifiers) >= clocks.MODIFIERS:
        return False
    cents, limit = _so_far(visit)
    return cents * 100 < limit * 40 and planter.mark(visit, "kx_unneeded", 0, _with(visit.bills[0], "KX"))


def _so_far(visit: Visit) -> tuple[int, int]:
    """Allowed cents of the year with this claim, and the year's threshold."""
    return visit.course.patient.allowed.get(lane(visit), 0), THRESHOLD_CENTS[lane(visit)[0]]


def _authorization_missing(planter: Faulter, visit: Visit) -> bool:
    return bool(visit.course.authorization) and planter.mark(visit, "authorization_missing", -1, None)


_PLANT: dict[str, Callable[[Faulter, Visit], bool]] = {
    "discipline_modifier_missing": _discipline_missing,
    "discipline_modifier_wrong": _discipline_wrong,
    "assistant_modifier_missing": _assistant_missing,
    "assistant_modifier_unneeded": _assistant_unneeded,
    "assistant_modifier_wrong": _assistant_wrong,
    "pair_modifier_missing": _pair_missing,
    "never_paid": _never_paid,
    "split_line": _split_line,
    "pointer_missing": _line("pointer_missing"),
    "pointer_dangling": _line("pointer_dangling"),
    "diagnosis_shape": _claim("diagnosis_shape"),
    "npi_invalid": _claim("npi_invalid"),
    "referring_missing": _claim("referring_missing", part_b=True),
    "taxonomy_mismatch": _claim("taxonomy_mismatch"),
    "reference_missing": _claim("reference_missing", part_b=False),
    "replacement_to_medicare": _claim("replacement_to_medicare", part_b=True),
    "kx_missing": _kx_missing,
    "kx_unneeded": _kx_unneeded,
    "authorization_missing": _authorization_missing,
    **clocks.PLANT,
}
