"""From an hour in the schedule to services performed: who did what for how long, and what is rightly billed."""

from __future__ import annotations

from random import Random

from everyunit.sample import monitoring
from everyunit.sample.law import Law
from everyunit.sample.model import Service, Visit
from everyunit.sample.sessions import Session, family, sessions

NO_ASSISTANT = ("evaluation", "reevaluation", "group")


def treat(rng: Random, law: Law, visits: list[Visit]) -> None:
    """Fill in the kept visits of one patient on one day: session, services, rightly billed lines."""
    for visit in visits:
        course = visit.course
        course.kept += 1
        visit.ordinal = course.kept
        payer = course.patient.payer
        kind = "together" if len(visits) > 1 and visit.kind == "treatment" else visit.kind
        pool = sessions(law, course.care, kind, payer.rule, family(payer))
        visit.session = pool[int(rng.random() * len(pool))]
        visit.work = _work(rng, visit, visit.session)
        visit.services = _services(visit, visit.session)
        visit.lines = list(visit.session.lines)
        monitoring.follow(visit)


def _work(rng: Random, visit: Visit, session: Session) -> str:
    """Who works: the therapist, the assistant, each a part, one code halved, or both together."""
    alone = visit.kind in NO_ASSISTANT or visit.ordinal % 10 == 0 or not visit.course.clinician.assistant
    if alone or rng.random() > 0.24:
        return "therapist"
    drawn = rng.random()
    if drawn < 0.5:
        return "assistant"
    if drawn < 0.75 and len(session.services) > 1:
        return "parts"
    if any(code in ("97110", "97530") and minutes == 30 for code, minutes, _ in session.services):
        return "halves"
    return "joint" if drawn > 0.94 else "assistant"


def _services(visit: Visit, session: Session) -> list[Service]:
    made = []
    halved = False
    for place, (code, minutes, mode) in enumerate(session.services):
        if visit.work == "assistant" or (visit.work == "parts" and place == 0):
            made.append(Service(code, minutes, mode, "assistant", minutes))
        elif visit.work == "halves" and not halved and minutes == 30 and code in ("97110", "97530"):
            halved = True
            made.append(Service(code, minutes, mode, "both", 15))
        elif visit.work == "joint" and place == 0:
            made.append(Service(code, minutes, mode, "both", 0, minutes))
        else:
            made.append(Service(code, minutes, mode))
    return made


def split(visit: Visit) -> list[tuple[str, int, bool]]:
    """The visit's lines as (code, units, by an assistant); a halved code makes two lines of one unit each."""
    work = {service.code: service for service in visit.services}
    assistants = {code for code, service in work.items() if service.performed_by == "assistant"}
    if "97129" in assistants:
        assistants.add("97130")
    both = [code for code, service in work.items() if service.performed_by == "both" and service.assistant_minutes]
    made = []
    for code, units in visit.lines:
        if code in both and units == 2 and visit.course.patient.payer.assistant_marks:
            made += [(code, 1, False), (code, 1, True)]
        else:
            made.append((code, units, code in assistants))
    return made
