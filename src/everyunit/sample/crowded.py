"""Days planted at the end of a year on which a therapist's one-on-one minutes are more than the day was long."""

from __future__ import annotations

from random import Random

from everyunit.sample.clocks import UNTIMED
from everyunit.sample.law import Law
from everyunit.sample.model import Leak, Visit

KIND = "therapist_day_over"
EVERY = 200  # kept visits for each such day
_SLACK = 13  # minutes that a day may be longer than its longest visit: early check-in, late check-out


def crowd(rng: Random, law: Law, visits: list[Visit]) -> list[Leak]:
    """Two patients typed into one hour of a day that held no others, without times of their services.

    The finding is on the therapist's day, so the leaks belong to no visit.
    """
    kept = [visit for visit in visits if visit.status == "kept"]
    places: dict[str, set[tuple[int, int]]] = {}
    days: dict[tuple[int, int], list[Visit]] = {}
    for visit in kept:
        days.setdefault((visit.course.therapist, visit.day), []).append(visit)
        places.setdefault(f"{visit.course.patient.id} {visit.day}", set()).add((visit.course.therapist, visit.slot))
    fit = [
        day for day in days.values()
        if len(day) == 2 and all(len(places[f"{one.course.patient.id} {one.day}"]) == 1 for one in day)
        and _fits(law, day)
    ]  # fmt: skip
    chosen = rng.sample(fit, min(len(fit), len(kept) // EVERY))
    for first, second in chosen:
        second.slot = first.slot
        first.times = second.times = UNTIMED
        first.fault = second.fault = KIND
    return [Leak(KIND, "", 0) for _ in chosen]


def _fits(law: Law, day: list[Visit]) -> bool:
    given, longest = 0, 0
    for visit in day:
        marked = any("59" in bill.modifiers for bill in visit.bills)  # what stands apart needs its times
        if visit.leaks or visit.fault or visit.twin_of or visit.times or visit.kind == "group" or marked:
            return False
        longest = max(longest, sum(one.minutes or 0 for one in visit.services))
        given += sum(one.minutes or 0 for one in visit.services if _alone(law, one.code, one.performed_by))
    return given > longest + _SLACK


def _alone(law: Law, code: str, performed_by: str) -> bool:
    return law.book.codes_by_number[code].one_on_one and performed_by == "therapist"
