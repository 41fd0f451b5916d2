"""Remote monitoring between visits: a device's data, billed once in 30 days and, planted, sooner than that."""

from __future__ import annotations

from everyunit.sample.hands import Hand
from everyunit.sample.market import PART_B
from everyunit.sample.model import Course, Leak, Service, Visit

DEVICE = "98977"
PERIOD, FIRST = 30, 16  # days of a period, and days of data that it needs


def follow(visit: Visit) -> None:
    """Where a course is watched between visits, a treatment visit bills the device when its period is over."""
    course = visit.course
    if not _watched(course) or visit.kind != "treatment" or visit.work != "therapist":
        return
    due = course.monitored + PERIOD if course.monitored else course.first_day + FIRST
    if visit.day >= due:
        _supply(visit)


def _watched(course: Course) -> bool:
    """Every second course of physical therapy at Part B."""
    return course.patient.payer is PART_B and course.clinician.discipline == "PT" and course.number % 2 == 0


def _supply(visit: Visit) -> None:
    """The device in the record, the note and the lines; it takes no minutes of the visit."""
    if visit.session is None:
        return
    visit.course.monitored = visit.day
    visit.services.append(Service(DEVICE, None, "individual"))
    visit.lines = [*visit.lines, (DEVICE, 1)]
    visit.session = visit.session._replace(
        services=(*visit.session.services, (DEVICE, 0, "individual")), lines=tuple(visit.lines)
    )


def repeated(planter: Hand, visit: Visit) -> bool:
    """The same device billed again before its 30 days are over."""
    before = [one for one in visit.course.visits if one.day == visit.course.monitored]
    sent = any(bill.code == DEVICE for one in before for bill in one.bills)
    soon = 0 < visit.day - visit.course.monitored < PERIOD
    if not (sent and soon) or visit.kind != "treatment" or visit.work != "therapist":
        return False
    _supply(visit)
    without = [line for line in visit.lines if line[0] != DEVICE]
    cents = planter.worth(visit, without) - planter.worth(visit, visit.lines)
    visit.leaks = [Leak("remote_repeated", DEVICE, cents)]
    return True


def measure(visits: list[Visit]) -> None:
    """Write down for every device on a claim that it sent data on enough days."""
    for visit in visits:
        if any(bill.code == DEVICE for bill in visit.bills):
            days = FIRST + visit.day % (PERIOD - FIRST + 1)
            visit.services = [one._replace(data_days=days) if one.code == DEVICE else one for one in visit.services]
