"""One clinic's year, from the schedule to the text of every file it adds to."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import NamedTuple

from everyunit.sample import claims, crowded, house, market, notes, patterns, people, rows, unrecorded, watched, words
from everyunit.sample.billing import bill
from everyunit.sample.calendar import END, friday, workday
from everyunit.sample.courses import CourseFaulter
from everyunit.sample.faults import Faulter
from everyunit.sample.law import Law
from everyunit.sample.leaks import Planter
from everyunit.sample.model import Clinic, Course, Leak, Visit
from everyunit.sample.remits import Desk, trace_of
from everyunit.sample.retold import Reteller
from everyunit.sample.schedule import Year
from everyunit.sample.treat import treat
from everyunit.sample.troubles import Troubles
from everyunit.x12 import write_claims, write_remits
from everyunit.x12.write_remits import ProviderAdjustment
from everyunit.x12.writer import Party

TAX_ID = "000912345"


class Transaction(NamedTuple):
    """One X12 transaction for the file of a week."""

    friday: int
    body: str
    segments: int


class ClinicYear(NamedTuple):
    """Text of the rows that a clinic adds to each file, its transactions in order of time, and its sums."""

    clinic: Clinic
    visits: str
    services: str
    notes: str
    plans: str
    authorizations: str
    deposits: str
    truth: str
    note_truth: str
    payments: str
    claims: list[Transaction]
    remits: list[Transaction]
    answers: list[house.Answer]
    scheduled: int
    kept: int
    leaks: dict[str, int]
    retold: int


def make_clinic(seed: int, number: int, wanted: int) -> Clinic:
    """The clinic of that number, with staff enough for `wanted` visits."""
    rng = Random(f"{seed} clinic {number}")
    place = market.PLACES[number % len(market.PLACES)]
    name = words.clinic_name(number)
    stem = number * 40
    staff = ["PT"] * (1 + wanted // 1_500) + ["OT"] * (1 + wanted // 5_000) + ["SLP"] * (1 + wanted // 7_000)
    therapists = tuple(people.clinician(rng, one, stem + 1 + at) for at, one in enumerate(staff))
    physicians = tuple(people.physician(rng, stem + 20 + at) for at in range(6))
    street = f"{10 + number} {words.STREET[number % len(words.STREET)]} Street"
    party = Party(name, "", "XX", people.npi(stem), street, place.city, place.state, place.zip_code)
    return Clinic(number, name, place, party, TAX_ID, therapists, physicians)


def make_year(law: Law, seed: int, number: int, wanted: int, clean: bool = False) -> ClinicYear:
    """Everything of one clinic's year of `wanted` scheduled visits; the same arguments give the same text.

    With `clean` nothing is planted.
    """
    rng = Random(f"{seed} year {number}")
    clinic = make_clinic(seed, number, wanted)
    courses = Year(rng, clinic, wanted).fill()
    visits = sorted(
        (visit for course in courses for visit in course.visits),
        key=lambda visit: (visit.day, visit.slot, visit.course.therapist, visit.course.number),
    )
    refused_day = patterns.refused_day(seed) if number == 0 else None
    troubles = Troubles(Random(f"{seed} payments {number}"), clean, patterns.draw(seed), refused_day)
    desk = Desk(rng, law, clinic, troubles)
    groups = _groups(visits)
    planter = None if clean else Planter(rng, law, clinic)
    faulter = None if clean else Faulter(Random(f"{seed} faults {number}"), law, clinic, groups)
    watcher = None if clean else watched.Watcher(Random(f"{seed} remote {number}"), law, clinic)
    for at, visit in enumerate(visits, 1):
        visit.id = f"V{number:03d}{at:06d}"
    for together in _by_patient(visits):
        _day(rng, law, desk, planter, faulter, together, watcher)
    kept = [visit for visit in visits if visit.status == "kept"]
    days_over = _finish(law, f"{seed} {{}} {number}", courses, visits, watcher)
    remits, deposits = _remits(rng, desk)
    made = ClinicYear(
        clinic,
        "".join(rows.visit_row(rng, clinic, visit) for visit in visits),
        "".join(rows.service_rows(visit) for visit in kept),
        "".join(notes.row(rng, visit) for visit in kept if not visit.twin_of and not visit.noteless),
        "".join(rows.plan_rows(rng, clinic, course) for course in courses),
        "".join(rows.authorization_row(course) for course in courses),
        deposits,
        _truth(kept, days_over),
        "".join(
            f"{one.id},{one.retold.kind},{code},0\n" for one in kept if one.retold for code in one.retold.found()
        ),
        troubles.rows,
        _claims(desk),
        remits,
        house.answers(clinic, desk.sent, troubles.rejected, troubles.refused_day),
        len(visits),
        len(kept),
        dict(
            Counter(
                kind
                for leaks in (*(one.leaks for one in kept), *([one] for one in days_over))
                for kind in {leak.kind for leak in leaks}
            )
        ),
        sum(one.retold is not None for one in kept),
    )
    for course in courses:
        course.visits.clear()  # course and visit name each other; unhooked, their memory goes at once
    return made


def _finish(
    law: Law, seeds: str, courses: list[Course], visits: list[Visit], watcher: watched.Watcher | None
) -> list[Leak]:
    """What is planted once the year was billed (nothing where `watcher` is None): leaks on therapists' days.

    `seeds` names the chance of each planter.
    """
    kept = [visit for visit in visits if visit.status == "kept"]
    if watcher is None:
        watched.settle(kept, None)
        return []
    CourseFaulter(Random(seeds.format("courses"))).plant(courses)
    days_over = crowded.crowd(Random(seeds.format("days")), law, visits)
    Reteller(Random(seeds.format("notes")), law).plant(kept)
    watched.settle(kept, watcher)
    unrecorded.plant(Random(seeds.format("unrecorded")), law, kept)
    return days_over


def _truth(kept: list[Visit], days_over: list[Leak]) -> str:
    """The rows of truth.csv; what is found on a therapist's day has no visit."""
    rows = [(one.id, leak) for one in kept for leak in one.leaks] + [("", leak) for leak in days_over]
    return "".join(f"{visit_id},{leak.kind},{leak.code},{leak.cents}\n" for visit_id, leak in rows)


def _groups(visits: list[Visit]) -> set[tuple[int, int]]:
    """Therapist and day of the groups that met."""
    return {
        (visit.course.therapist, visit.day) for visit in visits if visit.kind == "group" and visit.status == "kept"
    }


def _by_patient(visits: list[Visit]) -> list[list[Visit]]:
    """Kept visits in order of time, those of one patient and day together."""
    found: dict[tuple[int, str], list[Visit]] = {}
    for visit in visits:
        if visit.status == "kept":
            found.setdefault((visit.day, visit.course.patient.id), []).append(visit)
    return list(found.values())


def _day(
    rng: Random, law: Law, desk: Desk, planter: Planter | None, faulter: Faulter | None, visits: list[Visit],
    watcher: watched.Watcher | None = None,
) -> None:  # fmt: skip
    """One patient's day: treated, perhaps with a leak, billed and answered."""
    treat(rng, law, visits)
    alone = len(visits) == 1
    if alone and planter:
        planter.consider(visits[0])
    bill(law, desk.clinic, [visit for visit in visits if visit.lines] or visits)
    if alone and faulter:
        faulter.consider(visits[0])
        again = faulter.twins.pop(visits[0].id, None)
        visits = visits if again is None else [visits[0], again]
    if alone and watcher:
        watcher.consider(visits[0])
    for visit in visits:
        if faulter:
            faulter.seat(visit)
    for visit in visits:
        due = visit.course.patient.payer.copay_cents
        visit.copay_collected = due if rng.random() < 0.82 else 0
        if visit.lines:
            waited = workday(visit.day + int(rng.random() ** 2 * 4) + visit.held_days)
            visit.charge_day = max(waited, visit.twin_of.charge_day if visit.twin_of else 0)
            visit.claim_id = "C" + visit.id[1:]
            desk.submit(visit)


def _claims(desk: Desk) -> list[Transaction]:
    made = []
    for day, sent in sorted(desk.sent.items()):
        reference = house.batch(desk.clinic, day)
        body, count = write_claims.transaction(
            claims.biller(desk.clinic), claims.CLEARINGHOUSE, sent, day=day, reference=reference
        )
        made.append(Transaction(day, body, count))
    return made


def _remits(rng: Random, desk: Desk) -> tuple[list[Transaction], str]:
    """The clinic's remittances in order of time, and the deposits that follow them."""
    made, deposits, adjusted = [], [], False
    for (day, payer_id), answers in sorted(desk.answered.items()):
        trace = trace_of(payer_id, desk.clinic.number, day)
        total = write_remits.remitted_cents(answers)
        given: tuple[ProviderAdjustment, ...] = ()
        if total > 6_000 and (not adjusted or rng.random() < 0.03):
            adjusted, given = True, (_adjustment(rng, trace, answers[0].number),)
        parts = [answers] if given else desk.troubles.parts(trace, answers, day)
        sums = []
        for at, part in enumerate(parts):
            named = trace if len(parts) == 1 else f"{trace}{'AB'[at]}"
            body, count = write_remits.transaction(
                claims.REMITTERS[payer_id], desk.clinic.party, desk.clinic.tax_id, part, day=day, trace=named,
                adjustments=given,
            )  # fmt: skip
            made.append(Transaction(friday(day), body, count))
            sums.append((named, write_remits.remitted_cents(part, given)))
        words, banked = f"EFT {claims.REMITTERS[payer_id].party.name}", min(workday(day + 1), END)
        if len(sums) > 1 and all(amount for _, amount in sums):
            deposits.append(desk.troubles.joined(banked, sums, words))
            continue
        deposits += [desk.troubles.deposit(banked, amount, named, words) for named, amount in sums if amount]
    if made:
        deposits.append(desk.troubles.stray(made[-1].friday - 40))
    return made, "".join(deposits)


def _adjustment(rng: Random, trace: str, claim_id: str) -> ProviderAdjustment:
    """Interest paid for a late payment, or an earlier overpayment taken back."""
    if rng.random() < 0.4:
        return ProviderAdjustment("L6", trace, -(25 + int(rng.random() * 200)))
    return ProviderAdjustment("WO", claim_id, 1_000 + int(rng.random() * 2_500))
