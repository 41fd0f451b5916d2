"""A clinic's year: patients come with courses of care, and each visit gets an hour of its therapist."""

from __future__ import annotations

from random import Random

from everyunit.days import from_day
from everyunit.sample import people, problems
from everyunit.sample.calendar import DAYS, GROUP_SLOT, HOURS, Diary
from everyunit.sample.market import PART_B, PayerProfile
from everyunit.sample.model import Clinic, Course, Visit

LONG = 4  # patients of Part B for each whose care is long
NEW_YEAR = next(at for at, day in enumerate(DAYS) if from_day(day).year == 2026)
STRIDES = {"PT": ((2, 3), (2, 2, 1), (2, 3)), "OT": ((2, 3), (5,)), "SLP": ((5,), (2, 3))}


class Year:
    """The schedule of one clinic, filled patient by patient until it holds `wanted` visits."""

    def __init__(self, rng: Random, clinic: Clinic, wanted: int) -> None:
        self.rng, self.clinic, self.wanted = rng, clinic, wanted
        self.diaries = [Diary(groups=one.discipline == "PT") for one in clinic.therapists]
        self.courses: list[Course] = []
        self.count = 0
        self.patients = 0
        self.part_b = 0

    def fill(self) -> list[Course]:
        """All courses of the year."""
        while self.count < self.wanted:
            self._patient()
        _name_groups(self.courses)
        return self.courses

    def _patient(self) -> None:
        rng = self.rng
        discipline = rng.choices(("PT", "OT", "SLP"), (66, 20, 14))[0]
        payer = people.pick_payer(rng, discipline)
        start = int(rng.random() * (len(DAYS) - 3))
        long = self._long(payer, discipline)
        if long:
            start = NEW_YEAR + int(rng.random() * 60)
        self.patients += 1
        number = f"P{self.clinic.number:03d}{self.patients:05d}"
        child = discipline == "SLP" and payer.filing_code == "MC"
        patient = people.patient(rng, number, payer, self.clinic.place, DAYS[start], child=child)
        slot = int(rng.random() * len(HOURS))
        busy: dict[int, int] = {}
        second = discipline == "PT" and payer.medicare_fees and rng.random() < 0.16
        course = self._course(patient, discipline, start, slot, busy, dual=second, long=long)
        if second and course:
            other = "OT" if rng.random() < 0.6 else "SLP"
            self._course(patient, other, start, slot + 1, busy, dual=True)

    def _long(self, payer: PayerProfile, discipline: str) -> bool:
        """Whether it is the turn of care that begins early in the year and passes the threshold of review."""
        if payer is not PART_B or discipline == "SLP":
            return False
        self.part_b += 1
        return self.part_b % LONG == LONG // 2

    def _course(
        self,
        patient: people.Patient,
        discipline: str,
        start: int,
        slot: int,
        busy: dict[int, int],
        *,
        dual: bool,
        long: bool = False,
    ) -> Course | None:
        rng = self.rng
        at = rng.choice([at for at, one in enumerate(self.clinic.therapists) if one.discipline == discipline])
        care, complaint, diagnoses = problems.pick(rng, discipline, patient.payer)
        course = Course(
            patient, self.clinic.therapists[at], at, len(self.courses) + 1, diagnoses, complaint, care,
            rng.choice(self.clinic.physicians), planned=_length(rng, discipline, patient.payer, long),
        )  # fmt: skip
        stride = STRIDES[discipline][0] if dual or long else rng.choice(STRIDES[discipline])
        self._visits(course, start, slot, stride, busy, groups=not (dual or long) and rng.random() < 0.6)
        if not course.visits:
            return None
        course.first_day, course.last_day = course.visits[0].day, course.visits[-1].day
        if patient.payer.authorized:
            course.authorization = f"AU{self.clinic.number:03d}{course.number:06d}"
        _kinds(rng, course, dual)
        self.courses.append(course)
        return course

    def _visits(
        self, course: Course, start: int, slot: int, stride: tuple[int, ...], busy: dict[int, int], *, groups: bool
    ) -> None:
        diary = self.diaries[course.therapist]
        wanted = start
        for number in range(course.planned):
            if self.count >= self.wanted or wanted >= len(DAYS):
                return
            grouped = groups and number > 2 and self.rng.random() < 0.8 and diary.join_group(wanted)
            found = (wanted, GROUP_SLOT) if grouped else diary.book(wanted, slot % len(HOURS), busy)
            if found is None:
                return
            day, hour = found
            busy[day] = busy.get(day, 0) | 1 << hour
            course.visits.append(Visit(course, DAYS[day], hour, "group" if grouped else "treatment"))
            self.count += 1
            wanted = day + stride[number % len(stride)]
        course.finished = True


def _length(rng: Random, discipline: str, payer: PayerProfile, long: bool) -> int:
    """Planned visits: most courses are short, a few need a second plan of care or pass Medicare's thresholds."""
    if long:
        return 48 + int(rng.random() * 14)
    if discipline != "SLP" and rng.random() < (0.12 if payer is PART_B else 0.06):
        return 28 + int(rng.random() * 26)
    return min(24, 5 + int(rng.expovariate(1 / 8)))


def _kinds(rng: Random, course: Course, dual: bool) -> None:
    """Status of each visit, and which visit looks at the patient anew."""
    course.visits[0].kind = "evaluation"
    for visit in course.visits[1:]:
        drawn = rng.random()
        if drawn < 0.135:
            visit.status = "cancelled" if drawn < 0.06 else "late_cancel" if drawn < 0.1 else "no_show"
    if len(course.visits) >= 12 and not dual and course.clinician.discipline != "SLP":
        later = [visit for visit in course.visits[6:9] if visit.status == "kept" and visit.kind == "treatment"]
        if later:
            later[0].kind = "reevaluation"


def _name_groups(courses: list[Course]) -> None:
    """A group needs two who came; whoever is alone in that hour is treated one on one."""
    came: dict[tuple[int, int], list[Visit]] = {}
    for course in courses:
        for visit in course.visits:
            if visit.kind == "group" and visit.status == "kept":
                came.setdefault((course.therapist, visit.day), []).append(visit)
    for visits in came.values():
        if len(visits) == 1:
            visits[0].kind = "treatment"
