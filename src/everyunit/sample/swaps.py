"""Leaks that stand in the record and on the claim alike: what was recorded is what was billed, and cannot be."""

from __future__ import annotations

from collections.abc import Callable

from everyunit.sample import monitoring
from everyunit.sample.hands import Hand
from everyunit.sample.model import Leak, Service, Visit
from everyunit.sample.sessions import SECOND_LOOK, family, sessions

KINDS = (
    "pair_never", "invalid_for_payer", "add_on_without_base", "caregiver_minutes", "evaluation_repeated",
    "ceiling_over", "re_evaluation_frequent", "remote_repeated",
)  # fmt: skip
_MASSAGED = ("97110", "97112", "97116", "97530")
_ANEW = {"97164": "97161", "97168": "97165"}
_FIRST_LOOKS = frozenset(("97161", "97162", "97163", "97165", "97166", "97167"))
_TYPED_TWICE = ("97035", "97112", "97116")
CAREGIVER = "97550"
UNITS_A_DAY = 8
RE_EVALUATION_DAYS = 14


def federal(visit: Visit) -> bool:
    """Whether code pairs and unit ceilings hold for the visit's payer."""
    return visit.course.patient.payer.filing_code in ("MB", "MC")


def _swap(visit: Visit, old: str, new: str) -> None:
    """Another code in the record, the note and the lines; minutes and units stay."""
    session = visit.session
    if session is None:
        return
    visit.services = [one._replace(code=new) if one.code == old else one for one in visit.services]
    visit.lines = [(new if code == old else code, units) for code, units in visit.lines]
    services = tuple((new if code == old else code, *rest) for code, *rest in session.services)
    visit.session = session._replace(services=services, lines=tuple(visit.lines))  # type: ignore[arg-type]


def _off(planter: Hand, visit: Visit, code: str) -> int:
    """What taking the code off the claim changes, in cents (below 0: given back)."""
    without = [line for line in visit.lines if line[0] != code]
    return planter.worth(visit, without) - planter.worth(visit, visit.lines)


def _pair_never(planter: Hand, visit: Visit) -> bool:
    """Massage beside manual therapy: no modifier allows that."""
    billed = dict(visit.lines)
    code = planter.pick([one for one in _MASSAGED if one in billed])
    if not code or "97140" not in billed or not federal(visit) or visit.kind == "reevaluation":
        return False
    _swap(visit, code, "97124")
    visit.leaks = [Leak("pair_never", "97124", _off(planter, visit, "97124"))]
    return True


def _invalid_for_payer(planter: Hand, visit: Visit) -> bool:
    """The other payers' code for electrical stimulation, sent to Medicare."""
    if visit.course.patient.payer.filing_code != "MB" or "G0283" not in dict(visit.lines):
        return False
    _swap(visit, "G0283", "97014")
    visit.leaks = [Leak("invalid_for_payer", "97014", 0)]
    return True


def _add_on(planter: Hand, visit: Visit) -> bool:
    """The further quarter hour of thinking skills without the first."""
    billed = dict(visit.lines)
    if "97129" not in billed or "97130" in billed or "97130" in [one.code for one in visit.services]:
        return False
    _swap(visit, "97129", "97130")
    visit.leaks = [Leak("add_on_without_base", "97130", _off(planter, visit, "97130"))]
    return True


def _caregiver(planter: Hand, visit: Visit) -> bool:
    """A caregiver shown for a few minutes what to do at home, billed as a first half hour."""
    session = visit.session
    length = sum(one.minutes or 0 for one in visit.services)
    there = CAREGIVER in [one.code for one in visit.services]
    if session is None or visit.kind != "treatment" or length > 42 or there:
        return False
    minutes = 9 + int(planter.rng.random() * 6)
    visit.services.append(Service(CAREGIVER, minutes, "individual"))
    visit.lines = [*visit.lines, (CAREGIVER, 1)]
    services = (*session.services, (CAREGIVER, minutes, "individual"))
    visit.session = session._replace(services=services, lines=tuple(visit.lines))
    cents = _off(planter, visit, CAREGIVER)
    visit.leaks = [Leak("caregiver_minutes", CAREGIVER, 0), Leak("units_over", CAREGIVER, cents)]
    return True


def _evaluation_repeated(planter: Hand, visit: Visit) -> bool:
    """A first evaluation billed where the patient was looked at again in the same course."""
    first = visit.course.visits[0]
    code = next((code for code, _ in visit.lines if code in _ANEW), "")
    known = not first.leaks and not first.fault and any(bill.code in _FIRST_LOOKS for bill in first.bills)
    if not code or not known or not federal(visit):
        return False
    _swap(visit, code, _ANEW[code])
    visit.leaks = [Leak("evaluation_repeated", _ANEW[code], 0)]
    return True


def _ceiling_over(planter: Hand, visit: Visit) -> bool:
    """A digit too many: more units than the payer's ceiling, and more than the minutes earn."""
    billed = dict(visit.lines)
    code = planter.pick([one for one in _TYPED_TWICE if one in billed])
    if not code or not federal(visit) or visit.kind == "group":
        return False
    ceiling, units = planter.law.ceiling(code), billed[code]
    wrong = units * 11 if planter.rng.random() < 0.6 else ceiling + 1
    right = planter.worth(visit, visit.lines)
    visit.lines = _at(visit, code, wrong)
    typed = planter.worth(visit, visit.lines)
    visit.leaks = [Leak("ceiling_over", code, 0), Leak("units_over", code, right - typed)]
    if sum(count for one, count in visit.lines if planter.law.timed(one)) > UNITS_A_DAY:
        visit.leaks.append(Leak("units_a_day_high", "", 0))
    return True


def _re_evaluation(planter: Hand, visit: Visit) -> bool:
    """Looked at anew within two weeks of the evaluation."""
    course, first = visit.course, visit.course.visits[0]
    soon = visit.kind == "treatment" and visit.day - first.day < RE_EVALUATION_DAYS
    known = not first.leaks and not first.fault and any(bill.code in _FIRST_LOOKS for bill in first.bills)
    once = all(one.kind != "reevaluation" for one in course.visits)
    if not (soon and known and once and federal(visit)) or course.care not in SECOND_LOOK:
        return False
    payer = course.patient.payer
    pool = sessions(planter.law, course.care, "reevaluation", payer.rule, family(payer))
    session = pool[int(planter.rng.random() * len(pool))]
    visit.session, visit.work, visit.kind = session, "therapist", "reevaluation"
    visit.services = [Service(*one) for one in session.services]
    visit.lines = list(session.lines)
    visit.leaks = [Leak("re_evaluation_frequent", SECOND_LOOK[course.care], 0)]
    return True


def _at(visit: Visit, code: str, units: int) -> list[tuple[str, int]]:
    return [(one, units if one == code else count) for one, count in visit.lines]


PLANT: dict[str, Callable[[Hand, Visit], bool]] = {
    "pair_never": _pair_never,
    "invalid_for_payer": _invalid_for_payer,
    "add_on_without_base": _add_on,
    "caregiver_minutes": _caregiver,
    "evaluation_repeated": _evaluation_repeated,
    "ceiling_over": _ceiling_over,
    "re_evaluation_frequent": _re_evaluation,
    "remote_repeated": monitoring.repeated,
}
