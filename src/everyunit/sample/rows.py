"""Rows of the CSV files a practice brings."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from everyunit.days import iso
from everyunit.sample.calendar import HOURS, clock, workday
from everyunit.sample.market import BASE_CENTS
from everyunit.sample.model import Clinic, Course, Visit

VISITS = (
    "visit_id,date_of_service,clinic,patient_id,payer_id,payer_name,discipline,clinician_npi,status,claim_id,check_in,"
    "check_out,scheduled_at,note_signed_at,charge_entered_at,copay_due,copay_collected\n"
)
SERVICES = (
    "visit_id,code,minutes,start,end,mode,performed_by,assistant_minutes,joint_minutes,data_days,live_contact\n"
)
PLANS = "plan_id,patient_id,discipline,start,end,certified_on,certified_by_npi,sent_on\n"
AUTHORIZATIONS = "number,patient_id,payer_id,discipline,start,end,visits,units,codes\n"
DEPOSITS = "date,amount,trace,description\n"
TRUTH = "visit_id,kind,code,cents\n"
TRUTH_PAYMENTS = "gate,kind,claim_id,line,code,trace,cents\n"

_UNASKED = {"98979", "98980", "98985"}  # remote monitoring that is planted where no authorization is needed
_CODES = ":".join(sorted(set(BASE_CENTS) - _UNASKED))
_MEDICARE_CODES = ":".join(sorted(set(BASE_CENTS) - _UNASKED - {"97010", "97014"}))
_day = lru_cache(maxsize=1_024)(iso)


def money(cents: int) -> str:
    """`25.00` for 2500 cents."""
    return f"{cents // 100}.{cents % 100:02d}"


def visit_row(rng: Random, clinic: Clinic, visit: Visit) -> str:
    """One row of visits.csv. Its charge is entered on `charge_day`."""
    course, patient = visit.course, visit.course.patient
    payer, day = patient.payer, _day(visit.day)
    at = HOURS[visit.slot] * 60
    head = (
        f"{visit.id},{day},{clinic.name},{patient.id},{payer.id},{payer.name},{course.clinician.discipline},"
        f"{course.clinician.npi},{visit.status},{visit.claim_id}"
    )
    scheduled = clock(day, at)
    if visit.status != "kept" or visit.session is None:
        return f"{head},,,{scheduled},,,0.00,0.00\n"
    came = at - int(rng.random() * 12)
    left = at + sum(minutes for _, minutes, _ in visit.session.services) + 1
    late = visit.charge_day > visit.day and rng.random() < 0.3
    signed = clock(_day(workday(visit.day + 1)), 480 + int(rng.random() * 60)) if late else clock(day, 1090)
    entered = clock(_day(visit.charge_day), 1100) if visit.claim_id else ""
    due = payer.copay_cents
    copay = f"{money(due)},{money(visit.copay_collected)}"
    return f"{head},{clock(day, came)},{clock(day, left)},{scheduled},{signed},{entered},{copay}\n"


def service_rows(visit: Visit) -> str:
    """The rows of services.csv of one visit, one service after the other within its hour; none where they were never
    entered."""
    if visit.retold and visit.retold.unrecorded:
        return ""
    made = []
    at = HOURS[visit.slot] * 60 - visit.early
    began: dict[str, int] = {}
    for one in visit.services:
        minutes, ends = "", ","
        if one.minutes is not None and (visit.times == "none" or one.live_contact):
            minutes = str(one.minutes)
        elif one.minutes is not None:
            together = visit.times == "together" and one.code == "97012" and "97140" in began
            start = began["97140"] if together else at
            at = max(at, start + one.minutes)
            began[one.code] = start
            minutes, ends = str(one.minutes), f"{_clock(start)},{_clock(start + one.minutes)}"
        made.append(
            f"{visit.id},{one.code},{minutes},{ends},{one.mode},{one.performed_by},{one.assistant_minutes},"
            f"{one.joint_minutes},{'' if one.data_days is None else one.data_days},{one.live_contact}\n"
        )
    return "".join(made)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def plan_rows(rng: Random, clinic: Clinic, course: Course) -> str:
    """Plans of care of a course: one for each 90 days, certified in time by the referring physician."""
    made = []
    start, number = course.fault_day if course.fault == "plan_missing" else course.first_day, 1
    unsigned = course.fault == "plan_not_certified"
    while True:
        end = course.fault_day if course.fault == "plan_expired" else start + 89
        sent = workday(start + 1)
        certified = workday(start + 3 + int(rng.random() * 18))
        signed = ",," if unsigned and number == 1 else f"{iso(certified)},{course.physician.identifier},{iso(sent)}"
        made.append(
            f"PL{clinic.number:03d}{course.number:05d}{number},{course.patient.id},{course.clinician.discipline},"
            f"{iso(start)},{iso(end)},{signed}\n"
        )
        if end >= course.last_day or course.fault == "plan_expired":
            return "".join(made)
        start, number = end + 1, number + 1


def authorization_row(course: Course) -> str:
    """The authorization of a course, wide enough for it; empty where the payer asks for none."""
    if not course.authorization:
        return ""
    patient = course.patient
    codes = _MEDICARE_CODES if patient.payer.medicare_fees else _CODES
    visits = course.planned + 2
    most = course.fault_count if course.fault == "authorization_exceeded" else visits
    last = course.fault_day if course.fault == "authorization_expired" else course.last_day + 30
    if course.fault == "authorization_code":
        codes = ":".join(code for code in codes.split(":") if code != course.fault_code)
    return (
        f"{course.authorization},{patient.id},{patient.payer.id},{course.clinician.discipline},"
        f"{iso(course.first_day - 7)},{iso(last)},{most},{visits * 6},{codes}\n"
    )
