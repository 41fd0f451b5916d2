"""The visit's clock: what was timed, what explains the rest, and what was skilled, face to face and not counted."""

from __future__ import annotations

import re

from everyunit.notes.block import Gathered
from everyunit.notes.codes import is_timed
from everyunit.notes.context import Cues
from everyunit.notes.heads import DEVICES
from everyunit.notes.layout import Sentence
from everyunit.notes.parsed import Parsed
from everyunit.notes.reading import Intervention, Minutes, Passage

WITH = re.compile(
    r"\bwith\s(?:her|him|them|pt|patient|the\s(?:pt|patient|client|child))\b|\b1\s?:\s?1\b"
    r"|one[- ]on[- ]one|one[- ]to[- ]one|face[- ]to[- ]face",
    re.IGNORECASE,
)
PERFORMED = re.compile(r"\b(?:in|within)\s$", re.IGNORECASE)  # a task done in 12 min is a result of the day
EXPLAINS = ("REST", "AWAY", "ALONE", "AIDE")


def clock(parsed: Parsed, found: Gathered, done: list[Intervention], billed: dict[str, int]) -> Minutes:
    """Timed, total and session minutes, and how many of the difference are explained by what does not count."""
    timed = parsed.totals.timed
    if timed is None:
        known = [made.minutes for made in done if made.minutes and is_timed(made.code)]
        timed = sum(known) if known else (sum(found.summary.values()) or None)
    longest = max((amount.minutes for amount in parsed.clocks), default=None)
    total = parsed.totals.total
    session = longest if total is None else total
    if longest and total is not None and longest > total and parsed.cues.by_name.get("PRESENT"):
        session = longest
    told = Minutes(timed, total if total is not None else longest, session)
    if session is None or timed is None:
        return told
    told.explained = _explained(parsed, done)
    told.uncounted = max(0, session - timed - told.explained, min(session - timed, _left_off(parsed, done)))
    if any(not is_timed(code) for code in billed):
        untimed = [made for made in done if not is_timed(made.code) and made.minutes is None]
        if untimed or not any(not is_timed(made.code) for made in done):
            told.uncounted = 0
    return told


def _left_off(parsed: Parsed, done: list[Intervention]) -> int:
    """Minutes with the patient that the note itself says are on no bill."""
    return sum(
        amount.minutes
        for sentence in parsed.sentences
        if parsed.cues.any(("FREE",), sentence.start, sentence.end)
        and WITH.search(parsed.text, sentence.start, sentence.end)
        for amount in parsed.times
        if sentence.start <= amount.start < sentence.end
        and not any(made.start <= amount.start < made.end for made in done)
        and not any(hit.entries[0].code in DEVICES for hit in parsed.within(sentence.start, sentence.end))
    )


def _explained(parsed: Parsed, done: list[Intervention]) -> int:
    """Minutes of untimed services, and of sentences about rest, waiting, paperwork or someone else's work."""
    untimed = [made for made in done if not is_timed(made.code) and made.minutes]
    minutes = sum(made.minutes or 0 for made in untimed)
    for sentence in parsed.sentences:
        if sentence.section in ("said", "fact", "past", "goal", "agreed", "closing", "planned"):
            continue
        for amount in parsed.times:
            if not sentence.start <= amount.start < sentence.end or amount.clock:
                continue
            inside = any(made.start <= amount.start < made.end for made in done)
            result = sentence.section == "judged" and PERFORMED.search(parsed.text, sentence.start, amount.start)
            if not inside and not result and parsed.cues.any(EXPLAINS, sentence.start, sentence.end):
                minutes += amount.minutes
    return minutes


def count_passages(parsed: Parsed, passages: list[Passage], minutes: Minutes, done: list[Intervention]) -> None:
    """Whether each passage's minutes are counted, not counted, or do not count, with the reason."""
    for passage in passages:
        sentence = next(s for s in parsed.sentences if s.start <= passage.start < s.end)
        passage.counted, passage.why = _counted(passage, sentence, parsed.cues, minutes, done)


def _counted(
    passage: Passage, sentence: Sentence, cues: Cues, minutes: Minutes, done: list[Intervention]
) -> tuple[str, str]:
    if cues.any(("AWAY",), sentence.start, sentence.end):
        return "does_not_count", "the patient was not there"
    if passage.category in ("next_visit", "coordination") or sentence.section in ("planned", "judged"):
        return "unknown", "written after care; its time is not given"
    if done and all(not is_timed(made.code) for made in done):
        return "does_not_count", "inside an untimed service"
    left_off = cues.any(("FREE",), sentence.start, sentence.end)
    if not left_off and cues.any(("INSIDE",), sentence.start, sentence.end):
        return "counted", "stated to be inside the coded minutes"
    if minutes.session is None or minutes.timed is None:
        return "unknown", "the note gives no session time to compare with"
    if minutes.uncounted >= 8:
        return "not_counted", "face to face and outside the timed minutes"
    return "counted", "the timed minutes fill the session"
