"""Faults of times and of what was sent twice: the lines are right, and beside another record they are not."""

from __future__ import annotations

from collections.abc import Callable

from everyunit.sample.calendar import END, GROUP_SLOT, HOURS
from everyunit.sample.hands import FaultHand
from everyunit.sample.market import PART_B
from everyunit.sample.model import Leak, Service, Visit
from everyunit.sample.swaps import federal

KINDS = (
    "pair_modifier_unsupported", "pair_bundled", "charge_below_allowed", "therapist_overlap", "duplicate_claim",
    "group_overlaps_one_on_one", "telehealth_hands_on", "telehealth_place", "filing_late",
)  # fmt: skip
RARE = (
    "pair_modifier_unsupported",
    "pair_bundled",
    "therapist_overlap",
    "duplicate_claim",
    "group_overlaps_one_on_one",
    "telehealth_hands_on",
    "telehealth_place",
    "filing_late",
)
UNTIMED, TOGETHER = "none", "together"
_HOUR = 60
UNITS_A_DAY = 8
GROUP_MINUTES = 30
MODIFIERS = 4  # places that a line has for them


def _apart(visit: Visit) -> int:
    """The line that bears 59 for traction and manual therapy at separate times, -1 where none does."""
    codes = [one.code for one in visit.services]
    if not federal(visit) or "97012" not in codes or "97140" not in codes:
        return -1
    return next((at for at, bill in enumerate(visit.bills) if bill.code == "97140" and "59" in bill.modifiers), -1)


def _without(planter: FaultHand, visit: Visit, code: str) -> int:
    lines = [line for line in visit.lines if line[0] != code]
    return planter.worth(visit, lines) - planter.worth(visit, visit.lines)


def _unsupported(planter: FaultHand, visit: Visit) -> bool:
    """Traction ran while the manual therapy was given, by the times on record; the claim says they were apart."""
    at = _apart(visit)
    if at < 0:
        return False
    visit.times = TOGETHER
    return planter.mark(visit, "pair_modifier_unsupported", at, None, _without(planter, visit, "97140"))


def _bundled(planter: FaultHand, visit: Visit) -> bool:
    """No modifier, and no times on record that would allow one."""
    at = _apart(visit)
    if at < 0:
        return False
    visit.times = UNTIMED
    bare = tuple(one for one in visit.bills[at].modifiers if one != "59")
    bill = visit.bills[at]._replace(modifiers=bare)
    return planter.mark(visit, "pair_bundled", at, bill, _without(planter, visit, "97140"))


def _charge(planter: FaultHand, visit: Visit) -> bool:
    """A list price of years ago, below what the payer allows now."""
    codes = [bill.code for bill in visit.bills]
    fit = [at for at, bill in enumerate(visit.bills) if codes.count(bill.code) == 1 and bill.allowed_cents > 2_000]
    if not fit:
        return False
    bill = visit.bills[fit[0]]
    cents = bill.allowed_cents * 9 // 1_000 * 100
    return planter.mark(
        visit, "charge_below_allowed", fit[0], bill._replace(charge_cents=cents), bill.allowed_cents - cents
    )


def _alone(planter: FaultHand, one: Service) -> bool:
    known = planter.law.book.codes_by_number[one.code]
    return bool(
        known.timed and known.one_on_one and one.minutes and one.mode != "group" and one.performed_by != "assistant"
    )


def _overlap(planter: FaultHand, visit: Visit) -> bool:
    """Times written so that the visit begins before the therapist's last patient was done."""
    course = visit.course
    hour = HOURS[visit.slot] - 1
    before = planter.seats.get((course.therapist, visit.day, HOURS.index(hour))) if hour in HOURS else None
    if before is None or before.leaks or before.early or before.course.patient is course.patient:
        return False
    first, last = visit.services[0], before.services[-1]
    if not _alone(planter, first) or not _alone(planter, last):
        return False
    shared = min(2 + int(planter.rng.random() * 6), (first.minutes or 0) - 1, (last.minutes or 0) - 1)
    idle = _HOUR - sum(one.minutes or 0 for one in before.services)
    if not 0 <= idle <= 20 or shared < 1:
        return False
    visit.early = idle + shared
    visit.fault = "therapist_overlap"
    if shared > _by_others(first) + _by_others(last):  # else the therapist may have gone on meanwhile
        visit.leaks = [Leak("therapist_overlap", first.code, 0)]
    return True


def _by_others(one: Service) -> int:
    return one.assistant_minutes if one.performed_by == "both" else 0


def _duplicate(planter: FaultHand, visit: Visit) -> bool:
    """The front desk checked the patient in twice, and both visits were billed. A later visit that was not kept
    gives its place in the schedule."""
    course = visit.course
    free = [one for one in course.visits if one.status != "kept" and one.day > visit.day]
    if course.patient.payer is PART_B or not free or course.authorization or len(visit.bills) != len(visit.lines):
        return False
    if any("59" in bill.modifiers for bill in visit.bills):
        return False  # two lines that both say `distinct` are not alike
    again = free[-1]
    again.day, again.slot, again.kind, again.status = visit.day, visit.slot, visit.kind, "kept"
    again.session, again.twin_of = visit.session, visit
    again.bills, again.lines = list(visit.bills), list(visit.lines)
    again.leaks, visit.leaks = [], []
    for code, units in visit.lines:
        doubled = [(one, count * 2) for one, count in visit.lines]
        single = [(one, count - units if one == code else count) for one, count in doubled]
        cents = planter.worth(visit, single) - planter.worth(visit, doubled)
        again.leaks.append(Leak("duplicate_claim", code, 0))
        visit.leaks.append(Leak("units_over" if planter.law.timed(code) else "untimed_repeated", code, cents))
    if sum(units * 2 for code, units in visit.lines if planter.law.timed(code)) > UNITS_A_DAY:
        visit.leaks.append(Leak("units_a_day_high", "", 0))
    visit.fault = "duplicate_claim"
    planter.twins[visit.id] = again
    return True


def _group_overlap(planter: FaultHand, visit: Visit) -> bool:
    """The hour typed wrong: the visit begins before the therapist's group of that day was done."""
    first, led = visit.services[0], (visit.course.therapist, visit.day)
    known = planter.law.book.codes_by_number[first.code]
    if (
        led not in planter.groups
        or visit.kind == "group"
        or not known.one_on_one
        or first.performed_by == "assistant"
    ):
        return False
    shared = min(2 + int(planter.rng.random() * 6), (first.minutes or 0) - 1)
    if shared < 1:
        return False
    planter.groups.discard(led)  # another one typed so would meet this one
    visit.early = (HOURS[visit.slot] - HOURS[GROUP_SLOT]) * _HOUR - GROUP_MINUTES + shared
    visit.fault = "group_overlaps_one_on_one"
    visit.leaks = [Leak("group_overlaps_one_on_one", first.code, 0)]
    return True


def _telehealth(kind: str) -> Callable[[FaultHand, Visit], bool]:
    """A modifier for care over a video link where the patient was in the clinic."""

    def plant(planter: FaultHand, visit: Visit) -> bool:
        touched = planter.hands_on()
        codes = [bill.code for bill in visit.bills]
        wanted = kind == "telehealth_hands_on"
        fit = [
            at for at, bill in enumerate(visit.bills)
            if (bill.code in touched) == wanted and codes.count(bill.code) == 1 and len(bill.modifiers) < MODIFIERS
        ]  # fmt: skip
        at = fit[0] if fit else -1
        if at < 0 or visit.course.patient.payer is not PART_B:
            return False
        bill = visit.bills[at]
        marked = bill._replace(modifiers=(bill.modifiers[0], "95", *bill.modifiers[1:]))
        return planter.mark(visit, kind, at, marked, _without(planter, visit, bill.code) if wanted else 0)

    return plant


def _late(planter: FaultHand, visit: Visit) -> bool:
    """A charge that lay too long: sent after the payer's last day."""
    limit = visit.course.patient.payer.filing_days
    if not 0 < limit <= 120 or visit.day + limit + 60 > END:
        return False
    visit.held_days = limit + 1 + int(planter.rng.random() * 20)
    return planter.mark(visit, "filing_late", -1, None)


PLANT: dict[str, Callable[[FaultHand, Visit], bool]] = {
    "pair_modifier_unsupported": _unsupported,
    "pair_bundled": _bundled,
    "charge_below_allowed": _charge,
    "therapist_overlap": _overlap,
    "duplicate_claim": _duplicate,
    "group_overlaps_one_on_one": _group_overlap,
    "telehealth_hands_on": _telehealth("telehealth_hands_on"),
    "telehealth_place": _telehealth("telehealth_place"),
    "filing_late": _late,
}
