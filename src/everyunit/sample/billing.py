"""Claim lines with modifiers, expected amounts and charges; and how each payer decides on them."""

from __future__ import annotations

from everyunit.days import from_day
from everyunit.money import half_up
from everyunit.sample.law import Law
from everyunit.sample.market import CHARGE_CENTS, PART_B, THRESHOLD_CENTS
from everyunit.sample.model import Billed, Clinic, Visit
from everyunit.sample.people import Patient
from everyunit.sample.treat import split
from everyunit.x12.write_claims import Adjustment

PLAN_MARK = {"PT": "GP", "OT": "GO", "SLP": "GN"}
TURN = {"PT": 0, "OT": 1, "SLP": 2}  # of two units with the highest practice expense, physical therapy's keeps it
ASSISTANT_MARK = {"PT": "CQ", "OT": "CO"}
APART = {"92507": ("97110", "97112", "97530"), "92526": ("97110", "97112", "97530")}


def bill(law: Law, clinic: Clinic, visits: list[Visit]) -> None:
    """Fill in the claim lines of one patient's day; prices are those of the whole day."""
    payer = visits[0].course.patient.payer
    turns = sorted(visits, key=lambda visit: TURN[visit.course.clinician.discipline])
    parts = [(visit, code, units, helped) for visit in turns for code, units, helped in split(visit)]
    lines = tuple((code, units) for _, code, units, _ in parts)
    allowed = law.priced(payer, lines, visits[0].day, clinic.place.mac, clinic.place.locality)
    apart = {code for billed, _ in lines for code in APART.get(billed, ()) if len(visits) > 1}
    mine = {id(visit): [(part, cents) for part, cents in zip(parts, allowed, strict=True) if part[0] is visit]
            for visit in visits}  # fmt: skip
    _add_up(visits[0], [(visit, sum(cents for _, cents in mine[id(visit)])) for visit in visits])
    for visit in visits:
        over = _over_threshold(visit)
        for (_, code, units, helped), cents in mine[id(visit)]:
            marks = _marks(visit, code, helped, over, apart)
            visit.bills.append(Billed(code, units, marks, cents, CHARGE_CENTS[code] * units))


def _marks(visit: Visit, code: str, helped: bool, over: bool, apart: set[str]) -> tuple[str, ...]:
    discipline = visit.course.clinician.discipline
    marks = [PLAN_MARK[discipline]]
    if helped and visit.course.patient.payer.assistant_marks:
        marks.append(ASSISTANT_MARK[discipline])
    if over:
        marks.append("KX")
    if code in apart or (visit.session and code in visit.session.separate):
        marks.append("59")
    return tuple(marks)


def lane(visit: Visit) -> tuple[int, str]:
    """The year and the discipline for which Medicare adds up (physical and speech therapy share one)."""
    return from_day(visit.day).year, "OT" if visit.course.clinician.discipline == "OT" else "PT"


def _add_up(first: Visit, day: list[tuple[Visit, int]]) -> None:
    """Put the cents of a day to those of the year; `before` is what stood there in the morning."""
    patient = first.course.patient
    if patient.payer is not PART_B:
        return
    patient.before = dict(patient.allowed)
    for visit, cents in day:
        patient.allowed[lane(visit)] = patient.allowed.get(lane(visit), 0) + cents


def _over_threshold(visit: Visit) -> bool:
    """Whether Medicare's yearly threshold is passed with this day: in which order its claims arrive nobody knows."""
    patient = visit.course.patient
    return patient.payer is PART_B and patient.allowed[lane(visit)] > THRESHOLD_CENTS[lane(visit)[0]]


def decide(law: Law, clinic: Clinic, visit: Visit, line: Billed, copay: int) -> tuple[int, tuple[Adjustment, ...]]:
    """What the payer pays on a line, and why not the whole charge. `copay` cents are still due from the patient."""
    payer = visit.course.patient.payer
    full = allowed = min(line.allowed_cents, line.charge_cents)
    if payer.medicare_fees:
        place = clinic.place
        full = line.units * law.priced(payer, ((line.code, 1),), visit.day, place.mac, place.locality)[0]
        full = min(full, line.charge_cents)
    made = [Adjustment("CO", "45", line.charge_cents - full), Adjustment("CO", "59", full - allowed)]
    if payer is PART_B:
        made += _part_b(visit.course.patient, visit.day, line)
    elif copay:
        made.append(Adjustment("PR", "3", min(copay, allowed)))
    made = _summed(made)
    return line.charge_cents - sum(given.cents for given in made), tuple(made)


def _part_b(patient: Patient, day: int, line: Billed) -> list[Adjustment]:
    """Deductible, a fifth for the patient, the assistant's 15 percent and the 2 percent sequestration."""
    year = from_day(day).year
    allowed = min(line.allowed_cents, line.charge_cents)
    open_cents = patient.deductible.get(year, 0)
    deductible = min(open_cents, allowed)
    patient.deductible[year] = open_cents - deductible
    share = half_up((allowed - deductible) * 20, 100)
    base = allowed - deductible - share
    helped = "CQ" in line.modifiers or "CO" in line.modifiers
    cut = half_up(base * 15, 100) if helped else 0
    return [
        Adjustment("CO", "45", cut),
        Adjustment("CO", "253", half_up((base - cut) * 2, 100)),
        Adjustment("PR", "1", deductible),
        Adjustment("PR", "2", share),
    ]


def _summed(given: list[Adjustment]) -> list[Adjustment]:
    cents: dict[tuple[str, str], int] = {}
    for one in given:
        cents[one.group, one.reason] = cents.get((one.group, one.reason), 0) + one.cents
    return [Adjustment(group, reason, amount) for (group, reason), amount in cents.items() if amount]
