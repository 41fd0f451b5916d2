"""Remote monitoring planted beyond its days of data and the minutes of its month, in the record or on the claim.

Chance of its own, and the lines that it adds stand where no other chance hangs on them: at payers with fee tables of
their own, on visits of two lines or more that are paid well above every sum at which something is drawn.
"""

from __future__ import annotations

from random import Random

from everyunit.days import from_day
from everyunit.sample.billing import PLAN_MARK
from everyunit.sample.hands import Hand
from everyunit.sample.law import Law
from everyunit.sample.market import CHARGE_CENTS
from everyunit.sample.model import Billed, Clinic, Leak, Service, Visit
from everyunit.sample.monitoring import DEVICE, FIRST, measure

LITTLE, MANAGED, SHORT = "98979", "98980", "98985"
BORNE = {
    "remote_minutes_over": MANAGED, "remote_minutes_under": LITTLE, "remote_days_under": SHORT,
    "remote_not_recorded": MANAGED, "remote_contact_missing": MANAGED,
}  # fmt: skip
RECORDED = ("remote_days_over", "remote_not_billed")
KINDS = (*BORNE, *RECORDED)
EVERY = 300  # visits for each of a kind
CALM_CENTS = 6_000  # what the payer pays of a claim that gets a line more
_PAYERS = ("MKBLUEW", "MKPINNA")
_BEGAN = 2026  # the codes for few minutes and few days


class Watcher(Hand):
    """Decides which visits are watched wrongly, so that every kind comes about as often as any other."""

    def __init__(self, rng: Random, law: Law, clinic: Clinic) -> None:
        super().__init__(rng, law, clinic)
        self.planted = dict.fromkeys(KINDS, 0)
        self.seen = 0
        self.chosen: list[tuple[Visit, str]] = []
        self.months: set[tuple[str, int, int]] = set()
        self.devices: set[str] = set()

    def consider(self, visit: Visit) -> None:
        """Put a line on the claim of a visit that is right in everything else; what it lacks is told at the end."""
        self.seen += 1
        wanted = [kind for kind in BORNE if self.planted[kind] * EVERY < self.seen]
        if not wanted or not self._calm(visit):
            return
        kind = min(wanted, key=lambda one: (self.planted[one], self.rng.random()))
        code, month = BORNE[kind], _month(visit)
        if (code in (LITTLE, SHORT) and month[1] < _BEGAN) or month in self.months:
            return
        if code == SHORT and month[0] in self.devices:
            return
        self.devices.update([month[0]] if code == SHORT else [])
        self.months.add(month)
        self.planted[kind] += 1
        self.chosen.append((visit, kind))
        marks = (PLAN_MARK[visit.course.clinician.discipline],)
        visit.bills.append(Billed(code, 1, marks, self.worth(visit, [(code, 1)]), CHARGE_CENTS[code]))

    def _calm(self, visit: Visit) -> bool:
        payer = visit.course.patient.payer
        right = visit.kind == "treatment" and visit.work == "therapist" and not (visit.leaks or visit.fault)
        paid = sum(min(bill.allowed_cents, bill.charge_cents) for bill in visit.bills) - payer.copay_cents
        return payer.id in _PAYERS and right and len(visit.bills) > 1 and paid > CALM_CENTS

    def finish(self, visits: list[Visit]) -> None:
        """Write down what the record holds of these lines, and what it holds that no claim bears."""
        for visit, kind in self.chosen:
            self._tell(visit, kind)
        for seen, visit in enumerate(visits, 1):
            free = visit.bills and not (visit.leaks or visit.fault or visit.twin_of or visit.retold)
            if free and visit.kind == "treatment":
                self._record(visit, seen)

    def _tell(self, visit: Visit, kind: str) -> None:
        """The record of a line that stands on the claim."""
        code, cents = BORNE[kind], 0
        if kind == "remote_days_under":
            days = FIRST + int(self.rng.random() * 14)
            visit.services.append(Service(code, None, "individual", data_days=days))
            cents = self._instead(visit, code, DEVICE)
        elif kind == "remote_minutes_over":
            minutes = 4 + int(self.rng.random() * 16)
            fits = LITTLE if minutes >= 10 and _month(visit)[1] >= _BEGAN else ""
            visit.services.append(_managed(code, minutes))
            cents = self._instead(visit, code, fits)
        elif kind != "remote_not_recorded":
            mute = kind == "remote_contact_missing"
            visit.services.append(_managed(code, 20 + int(self.rng.random() * 20), "no" if mute else "yes"))
            cents = 0 if mute else self._instead(visit, code, MANAGED)
        visit.leaks = [Leak(kind, code, cents)]

    def _record(self, visit: Visit, seen: int) -> None:
        """Days of data too few for the device on the claim, or minutes of a month that no claim bears."""
        began = _month(visit)[1] >= _BEGAN
        wanted = [kind for kind in RECORDED if self.planted[kind] * EVERY < seen]
        if "remote_days_over" in wanted and any(bill.code == DEVICE for bill in visit.bills):
            days = 1 + int(self.rng.random() * (FIRST - 1))
            visit.services = [one._replace(data_days=days) if one.code == DEVICE else one for one in visit.services]
            cents = self._instead(visit, DEVICE, SHORT if began and days > 1 else "")
            self._mark(visit, "remote_days_over", DEVICE, cents)
        elif "remote_not_billed" in wanted and _month(visit) not in self.months and self.rng.random() < 0.1:
            self.months.add(_month(visit))
            minutes = 20 + int(self.rng.random() * 20) - (10 if began else 0)
            code = MANAGED if minutes >= 20 else LITTLE
            visit.services.append(_managed(code, minutes))
            self._mark(visit, "remote_not_billed", code, self._instead(visit, "", code))

    def _mark(self, visit: Visit, kind: str, code: str, cents: int) -> None:
        self.planted[kind] += 1
        visit.leaks = [Leak(kind, code, cents)]

    def _instead(self, visit: Visit, old: str, new: str) -> int:
        """The price of `new` less that of `old`, each once, or nothing for none: neither changes another's price."""
        now, then = (self.worth(visit, [(code, 1)]) if code else 0 for code in (new, old))
        return now - then


def settle(visits: list[Visit], watcher: Watcher | None) -> None:
    """The record of remote monitoring of these kept visits, once nothing else is planted (None: all is right)."""
    measure(visits)
    if watcher:
        watcher.finish(visits)


def _managed(code: str, minutes: int, live: str = "yes") -> Service:
    return Service(code, minutes, "individual", live_contact=live)


def _month(visit: Visit) -> tuple[str, int, int]:
    on = from_day(visit.day)
    return visit.course.patient.id, on.year, on.month
