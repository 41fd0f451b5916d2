"""Visits whose services were never entered, planted at the end of a year: claim and note stand alone.

Such a note is believed where its words are plain, and judged as a record would be. Here they carry two codes alike,
so that nothing can be counted in the record's place: what is left is that the note gives no minutes, or minutes that
earn other units than were billed.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from everyunit.rulebook import count
from everyunit.sample import crowded
from everyunit.sample import phrases_otherwise as words
from everyunit.sample.law import Law
from everyunit.sample.model import Leak, Retold, Service, Visit
from everyunit.sample.retold import HALF, Reteller

KINDS = ("note_minutes_missing", "note_units_differ")
EVERY = 150  # visits for each of a kind
CARRIED = ("97110", "97140")  # what words of passive stretching carry alike
PARTED = "97112"  # movement worked on by hand: without minutes its words and those of manual therapy are one piece
SHARED = ("therapist_overlap", "group_overlaps_one_on_one", crowded.KIND)  # found beside the record of another visit
MOST = 45  # minutes of one service


def plant(rng: Random, law: Law, visits: list[Visit]) -> None:
    """Take the record of some of these kept visits away, each with a note that leaves one kind of finding."""
    hand, planted = Reteller(rng, law), dict.fromkeys(KINDS, 0)
    shared = {(one.course.therapist, one.day) for one in visits if one.fault in SHARED}
    for seen, visit in enumerate(visits, 1):
        wanted = [kind for kind in KINDS if planted[kind] * EVERY < seen]
        alone = (visit.course.therapist, visit.day) not in shared
        if not wanted or visit.retold or not alone or not hand.fits(visit) or not hand.charged(visit):
            continue
        kind = min(wanted, key=lambda one: (planted[one], rng.random()))
        open_ = _open(hand, visit, kind)
        visit.retold = _TELL[kind](hand, visit, rng.choice(open_)) if open_ else None
        if visit.retold:
            planted[kind] += 1
            visit.leaks = [Leak("not_recorded", code, 0) for code, _ in visit.lines]


def _open(hand: Reteller, visit: Visit, kind: str) -> list[Service]:
    """The services as which passive stretching can be told so that one code is carried and nothing is counted."""
    codes, timed = {one.code for one in visit.services}, hand.timed(visit)
    fit = [one for one in timed if one.code in CARRIED and not (one.code == CARRIED[1] and PARTED in codes)]
    whose = sum(one.code in CARRIED for one in timed)
    return fit if kind == KINDS[0] or whose == 1 else []  # minutes of words that carry two billed codes are nobody's


def _missing(hand: Reteller, visit: Visit, one: Service) -> Retold:
    """Neither record nor note holds a minute."""
    codes = tuple(other.code for other in hand.timed(visit))
    text = hand.one(words.STRETCHED)
    return Retold(KINDS[0], one.code, text, unrecorded=True, minuteless=True, codes=codes)


def _differ(hand: Reteller, visit: Visit, one: Service) -> Retold | None:
    """The note gives one service other minutes, with which the day earns another unit of it alone, by any count."""
    fit = [minutes for minutes in range(HALF + 1, MOST) if _other(hand, visit, one, minutes)]
    if not fit:
        return None
    text = hand.one(words.STRETCHED)
    return Retold(KINDS[1], one.code, text, minutes=hand.rng.choice(fit), unrecorded=True)


def _other(hand: Reteller, visit: Visit, one: Service, minutes: int) -> bool:
    """Whether that code alone, and with it the day, is billed above or below what each way of counting earns."""
    billed = {code: units for code, units in visit.lines if hand.law.timed(code)}
    told = [(other.code, minutes if other is one else other.minutes or 0) for other in hand.timed(visit)]
    earned = [count(rule, told, hand.law.book, billed=billed) for rule in ("cms", "ama")]
    sold = sum(billed.values())
    for answers in (earned[:1], earned):
        totals = [answer.timed_total for answer in answers]
        by_code = {code: [answer.units.get(code, 0) for answer in answers] for code in billed}
        if sold > max(totals):
            apart = [code for code, units in billed.items() if units > max(by_code[code])]
        elif sold < min(totals):
            apart = [code for code, units in billed.items() if units < min(by_code[code])]
        else:
            return False
        if apart != [one.code]:
            return False
    return True


_TELL: dict[str, Callable[[Reteller, Visit, Service], Retold | None]] = dict(
    zip(KINDS, (_missing, _differ), strict=True)
)
