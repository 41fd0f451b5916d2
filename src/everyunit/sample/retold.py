"""Notes that tell otherwise than record and claim, planted on purpose: one finding each, found only by reading.

Record, claim and dollars stay right, so that a judgement which reads no note finds nothing in these visits. They are
planted when the year is over, in visits that carry nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from everyunit.sample import phrases_otherwise as words
from everyunit.sample.law import Law
from everyunit.sample.model import Retold, Service, Visit
from everyunit.sample.phrases import DONE

KINDS = (
    "note_code_unsupported", "note_code_better", "note_minutes_differ", "note_not_billed", "note_time_uncounted",
)  # fmt: skip
EVERY = 110  # visits for each note of a kind
APART = ("97129", "97130", "97550")  # one code continues the other; the patient of the third is not there
HALF, QUARTER = 7, 15  # minutes


class Reteller:
    """Decides which notes tell otherwise, so that every kind comes about as often as any other."""

    def __init__(self, rng: Random, law: Law) -> None:
        self.rng, self.law = rng, law
        self.planted = dict.fromkeys(KINDS, 0)

    def plant(self, visits: list[Visit]) -> None:
        """Change the notes of some of these kept visits, each with one finding."""
        for seen, visit in enumerate(visits, 1):
            wanted = [kind for kind in KINDS if self.planted[kind] * EVERY < seen]
            if not wanted or not self.fits(visit):
                continue
            for kind in sorted(wanted, key=lambda one: (self.planted[one], self.rng.random())):
                visit.retold = _TELL[kind](self, visit)
                if visit.retold:
                    self.planted[kind] += 1
                    break

    def fits(self, visit: Visit) -> bool:
        """A treatment rightly recorded and billed, one to one, its timed lines borne by minutes of their own."""
        own = {one.code: one.minutes for one in visit.services}
        if any(code in own for code in APART):
            return False
        calm = not (visit.leaks or visit.fault or visit.twin_of or visit.noteless or visit.silent)
        whole = calm and visit.kind == "treatment" and bool(visit.claim_id) and None not in own.values()
        return whole and all(
            (own.get(code) or 0) >= QUARTER * units - HALF for code, units in visit.lines if self.law.timed(code)
        )

    def timed(self, visit: Visit) -> list[Service]:
        """The timed services that are billed."""
        billed = dict(visit.lines)
        return [one for one in visit.services if self.law.timed(one.code) and one.code in billed]

    def charged(self, visit: Visit) -> bool:
        """Whether every service stands on the claim, so that no words are left over for another code."""
        return {one.code for one in visit.services} <= {code for code, _ in visit.lines}

    def one(self, texts: tuple[str, ...]) -> str:
        """One of them by chance."""
        return texts[int(self.rng.random() * len(texts))]


def _unsupported(hand: Reteller, visit: Visit) -> Retold | None:
    """The note says that a service on record was not given."""
    named = [one.code for one in hand.timed(visit) if one.code in words.NAMES]
    if not named or len(visit.services) < 2 or not hand.charged(visit):
        return None
    code = hand.rng.choice(named)
    return Retold("note_code_unsupported", code, "", after=hand.one(words.REFUSED).format(name=words.NAMES[code]))


def _better(hand: Reteller, visit: Visit) -> Retold | None:
    """What the note tells under a code on record is the content of another one."""
    there = {one.code for one in visit.services}
    pairs = [(one.code, other) for one in hand.timed(visit) for other in words.CONTENT.get(one.code, ())]
    pairs = [(code, other) for code, other in pairs if other not in there]
    if not pairs or visit.course.clinician.discipline != "PT" or not hand.charged(visit):
        return None
    code, other = hand.rng.choice(pairs)
    return Retold("note_code_better", code, hand.one(words.PLAIN[other]))


def _differ(hand: Reteller, visit: Visit) -> Retold | None:
    """The note gives a service other minutes than the record, and a unit hangs on them."""
    timed = hand.timed(visit)
    if not timed:
        return None
    one = hand.rng.choice(timed)
    held = one.minutes or 0
    units = (held + HALF) // QUARTER
    other = [
        told for told in range(HALF + 1, 50) if (told + HALF) // QUARTER != units and 5 <= abs(told - held) <= 15
    ]
    return Retold("note_minutes_differ", one.code, minutes=hand.rng.choice(other)) if other else None


def _unbilled(hand: Reteller, visit: Visit) -> Retold | None:
    """The note tells a service that stands neither in the record nor on the claim."""
    there = {one.code for one in visit.services}
    more = [code for code in words.MORE.get(visit.course.care, ()) if code not in there]
    if not more or not hand.timed(visit):
        return None
    code = hand.rng.choice(more)
    return Retold(
        "note_not_billed", code, hand.one(words.PLAIN.get(code, DONE[code])), QUARTER + int(hand.rng.random() * 6)
    )


def _uncounted(hand: Reteller, visit: Visit) -> Retold | None:
    """Skilled minutes with the patient that stand with no service."""
    if not hand.timed(visit):
        return None
    beside = 9 + int(hand.rng.random() * 7)
    return Retold("note_time_uncounted", after=hand.one(words.BESIDE), beside=beside)


_TELL: dict[str, Callable[[Reteller, Visit], Retold | None]] = {
    "note_code_unsupported": _unsupported,
    "note_code_better": _better,
    "note_minutes_differ": _differ,
    "note_not_billed": _unbilled,
    "note_time_uncounted": _uncounted,
}
