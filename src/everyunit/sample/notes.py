"""The note of a visit, consistent with its codes and minutes."""

from __future__ import annotations

import json
from random import Random

from everyunit.sample import phrases
from everyunit.sample.model import Visit


def note(rng: Random, visit: Visit) -> str:
    """The note as text: subjective, objective with minutes, assessment, plan, signature."""
    course = visit.course
    pain = 2 + int(rng.random() * 6)
    heard, answers = _VOICES[course.care in _PAINLESS, visit.kind == "evaluation"]
    said = _one(rng, heard).format(complaint=course.complaint, pain=pain)
    done, timed, total = [], 0, 0
    for code, minutes, _ in visit.session.services if visit.session else ():
        text = _one(rng, phrases.DONE.get(code, phrases.LOOK))
        recorded = next((one.minutes for one in visit.services if one.code == code), minutes)
        done.append(text if recorded is None else f"{text} ({minutes} min)")
        total += minutes
        timed += minutes if code in _TIMED else 0
    answer = _one(rng, answers).format(pain=pain, less=max(pain - 2, 0))
    told = "; ".join(done)
    missing = any(one.minutes is None for one in visit.services)
    length = (
        f"Total treatment time {total} min."
        if missing
        else f"Timed minutes {timed}, total treatment time {total} min."
    )
    plan = _plan(rng, visit)
    told = f"S: {said[0].upper()}{said[1:]} O: {told[0].upper()}{told[1:]}. {length}"
    return f"{told} A: {answer} P: {plan} {_signed(visit)}"


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
