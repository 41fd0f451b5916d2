"""The note of a visit, consistent with its codes and minutes."""

from __future__ import annotations

import json
from random import Random
from typing import NamedTuple

from everyunit.sample import phrases
from everyunit.sample.model import Retold, Visit


def note(rng: Random, visit: Visit) -> str:
    """The note as text: subjective, objective with minutes, assessment, plan, signature."""
    course = visit.course
    pain = 2 + int(rng.random() * 6)
    heard, answers = _VOICES[course.care in _PAINLESS, visit.kind == "evaluation"]
    said = _one(rng, heard).format(complaint=course.complaint, pain=pain)
    done = [
        Done(code, _one(rng, phrases.DONE.get(code, phrases.LOOK)), minutes, code in _silent(visit))
        for code, minutes, _ in (visit.session.services if visit.session else ())
    ]
    answer = _one(rng, answers).format(pain=pain, less=max(pain - 2, 0))
    told = _told(_retold(done, visit.retold), visit.retold)
    plan = _plan(rng, visit)
    return f"S: {_opened(said)} O: {told} A: {answer} P: {plan} {_signed(visit)}"


class Done(NamedTuple):
    """A service as the note tells it; its minutes are left out where `silent`."""

    code: str
    text: str
    minutes: int
    silent: bool = False


def _silent(visit: Visit) -> set[str]:
    return {one.code for one in visit.services if one.minutes is None}


def _retold(done: list[Done], other: Retold | None) -> list[Done]:
    """The services with what is planted in the note."""
    if other is None or not other.code:
        return done
    made = []
    for one in done:
        text = one.text if other.text is None else other.text
        minutes = one.minutes if other.minutes is None else other.minutes
        made.append(one._replace(text=text, minutes=minutes) if one.code == other.code else one)
    if other.code not in {one.code for one in done}:
        made.append(Done(other.code, other.text or "", other.minutes or 0))
    return [one for one in made if one.text]


def _told(done: list[Done], other: Retold | None) -> str:
    """The services with their minutes, what stands behind them, and the totals."""
    bare = bool(other and other.minuteless)
    told = "; ".join(one.text if one.silent or bare else f"{one.text} ({one.minutes} min)" for one in done)
    if bare:
        return f"{_opened(told)}."
    timed = sum(one.minutes for one in done if one.code in _TIMED)
    total = sum(one.minutes for one in done) + (other.beside if other else 0)
    length = f"total treatment time {total} min."
    if not any(one.silent and one.code in _TIMED for one in done):
        length = f"timed minutes {timed}, {length}"
    after = f" {other.after}" if other and other.after else ""
    return f"{_opened(told)}. {_opened(length)}{after}"


def _opened(text: str) -> str:
    return text[0].upper() + text[1:]


def row(rng: Random, visit: Visit) -> str:
    """One line of notes.jsonl."""
    return f'{{"visit_id": "{visit.id}", "text": {json.dumps(note(rng, visit))}}}\n'


def _plan(rng: Random, visit: Visit) -> str:
    course = visit.course
    if visit.kind == "evaluation":
        often = "twice a week" if course.planned > 8 else "once or twice a week"
        return phrases.FIRST.format(discipline=course.clinician.discipline, often=often)
    told = _one(rng, phrases.NEXT)
    if visit.kind == "reevaluation":
        return f"{phrases.CHANGED} {told}"
    if course.finished and visit is course.visits[-1]:
        return phrases.LEAVING
    return f"{phrases.PROGRESS} {told}" if visit.ordinal % 10 == 0 and not visit.silent else told


def _signed(visit: Visit) -> str:
    who = visit.course.clinician
    if visit.work == "therapist":
        return f"Signed {who.signature}."
    return f"Treated with {who.assistant}. Signed {who.signature}."


def _one(rng: Random, texts: tuple[str, ...]) -> str:
    return texts[int(rng.random() * len(texts))]


_PAINLESS = ("OT neuro", "SLP speech", "SLP swallow", "SLP thinking")
_VOICES = {
    (False, True): (phrases.SAID_FIRST, phrases.ANSWER),
    (False, False): (phrases.SAID, phrases.ANSWER),
    (True, True): (phrases.FIRST_FREELY, phrases.ANSWER_FREELY),
    (True, False): (phrases.SAID_FREELY, phrases.ANSWER_FREELY),
}
_TIMED = frozenset(
    ("97110", "97112", "97116", "97140", "97530", "97535", "97035", "97129", "97130", "97124", "97550")
)
