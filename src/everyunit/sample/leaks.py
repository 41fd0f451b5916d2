"""Leaks planted on purpose, each with what it is worth: the price of the day set right less the price as billed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from everyunit.sample import swaps
from everyunit.sample.hands import Hand
from everyunit.sample.law import Law
from everyunit.sample.model import Clinic, Leak, Visit

KINDS = (
    "units_over", "units_under", "units_misallocated", "not_billed", "not_recorded", "untimed_repeated",
    "minutes_missing", "visit_not_billed", *swaps.KINDS,
)  # fmt: skip
RATE = 0.12
SELDOM = 120  # visits for each leak of a kind that few visits allow
EXTRA = {"PT": ("97530", "97112", "97116", "97110"), "OT": ("97535", "97530", "97110"), "SLP": ("92507", "92526")}
_HALVED = ("97129", "97130")  # a first-unit code and its further units: left whole, one change there makes two rows


class Planter(Hand):
    """Decides which visits carry a leak, so that every kind comes about as often as any other."""

    def __init__(self, rng: Random, law: Law, clinic: Clinic) -> None:
        super().__init__(rng, law, clinic)
        self.planted = dict.fromkeys(KINDS, 0)
        self.credit, self.seen = 0.95, 0

    def consider(self, visit: Visit) -> None:
        """Plant a leak in a kept visit when it is time and the visit allows it."""
        self.credit += RATE
        self.seen += 1
        turn = self.credit >= 1 and self.rng.random() <= 0.4
        wanted = KINDS if turn else [kind for kind in swaps.KINDS if self.planted[kind] * SELDOM < self.seen]
        session = visit.session
        if session is None or session.tied or visit.work in ("halves", "parts"):
            return
        order = sorted(wanted, key=lambda kind: (self.planted[kind], self.rng.random()))
        for kind in order:
            if _PLANT[kind](self, visit):
                self.planted[kind] += 1
                self.credit -= 1
                return

    def set(self, visit: Visit, kind: str, code: str, lines: list[tuple[str, int]]) -> bool:
        """Bill `lines` instead of the right ones; one finding on `code`."""
        right = visit.lines
        visit.leaks = [Leak(kind, code, self.worth(visit, right) - self.worth(visit, lines))]
        visit.lines = lines
        return True


def _timed(planter: Planter, visit: Visit, least: int = 1) -> list[str]:
    return [code for code, units in visit.lines if units >= least and planter.law.timed(code) and code not in _HALVED]


def _changed(visit: Visit, code: str, by: int) -> list[tuple[str, int]]:
    return [(one, units + by if one == code else units) for one, units in visit.lines]


def _units_over(planter: Planter, visit: Visit) -> bool:
    units = dict(visit.lines)
    code = planter.pick([one for one in _timed(planter, visit) if units[one] < planter.law.ceiling(one)])
    return bool(code) and planter.set(visit, "units_over", code, _changed(visit, code, 1))


def _units_under(planter: Planter, visit: Visit) -> bool:
    code = planter.pick(_timed(planter, visit, 2))
    return bool(code) and planter.set(visit, "units_under", code, _changed(visit, code, -1))


def _units_misallocated(planter: Planter, visit: Visit) -> bool:
    units = dict(visit.lines)
    short = planter.pick(_timed(planter, visit, 2))
    others = [one for one in _timed(planter, visit) if one != short and units[one] < planter.law.ceiling(one)]
    over = planter.pick(others)
    if not short or not over:
        return False
    right = planter.worth(visit, visit.lines)
    visit.lines = [(code, count - (code == short) + (code == over)) for code, count in visit.lines]
    cents = right - planter.worth(visit, visit.lines)
    visit.leaks = [Leak("units_misallocated", short, cents), Leak("units_misallocated", over, 0)]
    return True


def _not_billed(planter: Planter, visit: Visit) -> bool:
    if len(visit.lines) < 2:
        return False
    code = planter.pick([one for one, _ in visit.lines if one not in (*_HALVED, "97010")])
    if not code:
        return False
    return planter.set(visit, "not_billed", code, [line for line in visit.lines if line[0] != code])


def _not_recorded(planter: Planter, visit: Visit) -> bool:
    """A line without a record: an untimed service left out of the record, or a code that was never performed."""
    left_out = [one.code for one in visit.services if not planter.law.timed(one.code) and one.mode == "individual"]
    left_out = [code for code in left_out if code in dict(visit.lines) and code != "97010"]
    if left_out and len(visit.services) > 1 and planter.rng.random() < 0.5:
        code = planter.pick(left_out)
        visit.services = [one for one in visit.services if one.code != code]
    elif visit.kind == "group":
        return False
    else:
        done = {one.code for one in visit.services} | {one for one, _ in visit.lines}
        extra = [one for one in EXTRA[visit.course.clinician.discipline] if one not in done]
        code = planter.pick(extra)
        if not code or done & set(_HALVED) or planter.law.parted(code, done):
            return False  # a pair edit would make a second finding
        visit.lines = [*visit.lines, (code, 1)]
    visit.leaks = [Leak("not_recorded", code, 0)]
    return True


def _untimed_repeated(planter: Planter, visit: Visit) -> bool:
    code = planter.pick([one for one, _ in visit.lines if not planter.law.timed(one)])
    if not code:
        return False
    return planter.set(visit, "untimed_repeated", code, _changed(visit, code, 2 if code == "92507" else 1))


def _minutes_missing(planter: Planter, visit: Visit) -> bool:
    timed = [one.code for one in visit.services if planter.law.timed(one.code)]
    code = "" if set(timed) & set(_HALVED) else planter.pick(timed)
    if not code:
        return False
    visit.services = [
        one._replace(minutes=None, assistant_minutes=0, joint_minutes=0) if one.code == code else one
        for one in visit.services
    ]
    visit.leaks = [Leak("minutes_missing", code, 0)]
    return True


def _visit_not_billed(planter: Planter, visit: Visit) -> bool:
    if any(one.code == "97010" for one in visit.services):
        return False
    visit.leaks = [Leak("visit_not_billed", "", planter.worth(visit, visit.lines))]
    visit.lines = []
    return True


_PLANT: dict[str, Callable[[Planter, Visit], bool]] = {
    "units_over": _units_over,
    "units_under": _units_under,
    "units_misallocated": _units_misallocated,
    "not_billed": _not_billed,
    "not_recorded": _not_recorded,
    "untimed_repeated": _untimed_repeated,
    "minutes_missing": _minutes_missing,
    "visit_not_billed": _visit_not_billed,
    **swaps.PLANT,
}
