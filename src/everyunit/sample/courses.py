"""Faults of a whole course of care: plan, authorization, reports, notes. Each is found on every visit it touches.

They are planted when the year is over, for only then is it known what was billed.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from everyunit.days import from_day
from everyunit.sample.calendar import LAST
from everyunit.sample.market import PART_B
from everyunit.sample.model import Course, Leak, Visit

PLANS = ("plan_missing", "plan_expired", "plan_not_certified")
LIMITS = ("authorization_expired", "authorization_exceeded", "authorization_code")
REVIEW, REPORT = "review_threshold", "progress_report_missing"
KINDS = (*PLANS, *LIMITS, REPORT, REVIEW)
PLAN_DAYS = 90
EVERY = 150  # visits for each finding of a kind
REPORT_DAYS = 10
REVIEW_CENTS = 300_000
_LOOKS = frozenset(
    ("97161", "97162", "97163", "97164", "97165", "97166", "97167", "97168", "92522", "92523", "92610")
)
Hits = list[tuple[Visit, str]]


class CourseFaulter:
    """Decides which courses carry a fault, so that every kind comes about as often as any other."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.planted = dict.fromkeys(KINDS, 0)

    def plant(self, courses: list[Course]) -> None:
        """Plant faults in these courses of a year that was billed."""
        self._reviews(courses)
        seen = 0
        for course in courses:
            seen += course.kept
            wanted = [kind for kind in _FIND if self.planted[kind] * EVERY < seen]
            for kind in sorted(wanted, key=lambda one: (self.planted[one], self.rng.random())):
                if hits := _FIND[kind](self, course):
                    self._mark(kind, hits)
                    course.fault = kind
                    break

    def _mark(self, kind: str, hits: Hits) -> None:
        for visit, code in hits:
            visit.leaks = [*visit.leaks, Leak(kind, code, 0)]
        self.planted[kind] += len(hits)

    def _reviews(self, courses: list[Course]) -> None:
        """Of a year that passes the review threshold a note is lost."""
        years: dict[tuple[str, int, bool], list[Visit]] = {}
        for course in courses:
            if course.patient.payer is PART_B:
                for visit in billed(course):
                    lane = course.clinician.discipline == "OT"
                    years.setdefault((course.patient.id, from_day(visit.day).year, lane), []).append(visit)
        for visits in years.values():
            visits.sort(key=lambda one: one.day)
            days = [one.day for one in visits]
            total, passed = 0, None
            for visit in visits:
                total += sum(bill.allowed_cents for bill in visit.bills)
                if passed is None and total > REVIEW_CENTS:
                    passed = visit
            moved = any(one.fault == "discipline_modifier_wrong" for one in visits)
            if passed is not None and days.count(passed.day) == 1 and not moved:
                self.rng.choice(visits[1:-1]).noteless = True
                self._mark(REVIEW, [(passed, "")])


def billed(course: Course) -> list[Visit]:
    """The course's visits with a claim, in order of time."""
    return [visit for visit in course.visits if visit.status == "kept" and visit.bills]


def _part_b(course: Course) -> list[Visit]:
    return billed(course) if course.patient.payer is PART_B else []


def _plan_missing(planter: CourseFaulter, course: Course) -> Hits:
    """The plan begins with the second or third visit, so nothing covers those before it."""
    visits = _part_b(course)
    if len(visits) < 4:
        return []
    course.fault_day = visits[1 + int(planter.rng.random() * 2)].day
    return [(visit, "") for visit in visits if visit.day < course.fault_day]


def _plan_expired(_: CourseFaulter, course: Course) -> Hits:
    """The plan ends after 30 days and care goes on."""
    course.fault_day = course.first_day + 29
    over = [visit for visit in _part_b(course) if visit.day > course.fault_day]
    return [(visit, "") for visit in over] if 1 <= len(over) <= 9 else []


def _plan_not_certified(_: CourseFaulter, course: Course) -> Hits:
    """Neither sent nor signed."""
    visits = _part_b(course)
    if course.first_day + 60 > LAST or not 2 <= len(visits) <= 9:
        return []
    return [(visit, "") for visit in visits if visit.day < course.first_day + PLAN_DAYS]


def _authorized(course: Course, least: int) -> list[Visit]:
    visits = billed(course) if course.authorization else []
    named = all(visit.fault != "authorization_missing" for visit in visits)
    return visits if named and len(visits) >= least else []


def _authorization_expired(planter: CourseFaulter, course: Course) -> Hits:
    """The authorization ends before the last visits."""
    visits = _authorized(course, 4)
    if not visits:
        return []
    course.fault_day = visits[-2 - int(planter.rng.random() * 3)].day
    return [(visit, "") for visit in visits if visit.day > course.fault_day]


def _authorization_exceeded(planter: CourseFaulter, course: Course) -> Hits:
    """Fewer visits were granted than given."""
    visits = _authorized(course, 5)
    if not visits:
        return []
    more = 1 + int(planter.rng.random() * 3)
    course.fault_count = len(visits) - more
    ordered = sorted(visits, key=lambda one: (one.day, one.id))
    return [(visit, "") for visit in ordered[-more:]]


def _authorization_code(planter: CourseFaulter, course: Course) -> Hits:
    """A code that was billed now and then was not asked for."""
    visits = _authorized(course, 3)
    uses: dict[str, list[Visit]] = {}
    for visit in visits:
        for code in {bill.code for bill in visit.bills}:
            uses.setdefault(code, []).append(visit)
    seldom = sorted(code for code, some in uses.items() if len(some) <= 4)
    if not seldom:
        return []
    course.fault_code = planter.rng.choice(seldom)
    return [(visit, course.fault_code) for visit in uses[course.fault_code]]


def _report_missing(_: CourseFaulter, course: Course) -> Hits:
    """One of the progress reports is not written."""
    visits = _part_b(course)
    if len(visits) <= REPORT_DAYS or any(one.noteless for one in visits):
        return []
    starts = set(range(course.first_day, course.last_day + 1, PLAN_DAYS))
    for visit in visits:
        if visit.ordinal % REPORT_DAYS or visit.kind == "reevaluation" or visit is course.visits[-1]:
            continue
        visit.silent = True
        if due := _due(visits, starts):
            return [(one, "") for one in due]
        visit.silent = False
    return []


def _due(visits: list[Visit], starts: set[int]) -> list[Visit]:
    """Visits that are the tenth after the last report, look or start of a plan."""
    made, since = [], -1
    for visit in visits[0].course.visits:
        if visit.status != "kept":
            continue
        looked = any(bill.code in _LOOKS for bill in visit.bills) or visit.kind == "reevaluation"
        left = visit.course.finished and visit is visit.course.visits[-1]
        reported = (visit.ordinal % REPORT_DAYS == 0 and not visit.silent) or left
        if looked or reported or visit.day in starts:
            since = 0
        elif since >= 0 and visit.bills:
            since += 1
        if since == REPORT_DAYS and visit.bills:
            made.append(visit)
    return made


_FIND: dict[str, Callable[[CourseFaulter, Course], Hits]] = {
    "plan_missing": _plan_missing,
    "plan_expired": _plan_expired,
    "plan_not_certified": _plan_not_certified,
    "authorization_expired": _authorization_expired,
    "authorization_exceeded": _authorization_exceeded,
    "authorization_code": _authorization_code,
    REPORT: _report_missing,
}
