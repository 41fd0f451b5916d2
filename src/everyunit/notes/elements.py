"""Documentation elements: where the note gives timed minutes, total time, clock times, skill, response and plan."""

from __future__ import annotations

import re

from everyunit.notes.codes import is_timed
from everyunit.notes.context import PLAN_START
from everyunit.notes.layout import Sentence
from everyunit.notes.parsed import Parsed
from everyunit.notes.reading import Elements, Intervention, Span
from everyunit.notes.times import TIMED, TIMED_AFTER

AHEAD = re.compile(
    r"\b(?:cont|continue|next|POC|plan|repeat)\b|\bin (?:\w+) (?:weeks?|days?|wks?)\b|\d\s?x/w|q\d?w", re.IGNORECASE
)
RESULT = re.compile(
    r"""\d\S{0,12}\s?(?:->|→|-->)\s*\d|\b\d{1,3}\s?%|\bpain\s?(?:now\s)?\d|\d/10\b(?!.{0,20}(?:goal))|\bRPE
    |\d\s?\(\s?(?:was\s)?\d""",
    re.VERBOSE,
)


def elements(parsed: Parsed, done: list[Intervention], own_minutes: bool) -> Elements:
    """The elements found, each at the first place that shows it."""
    found = Elements()
    text = parsed.text
    timed = [made for made in done if made.minutes is not None and is_timed(made.code)]
    whole = [made for made in done if made.minutes is not None and not is_timed(made.code)]
    if parsed.totals.timed is not None:
        match = TIMED.search(text) or TIMED_AFTER.search(text)
        found.timed_minutes = Span(*match.span()) if match else _first(parsed.totals.places)
    elif timed:
        found.timed_minutes = Span(timed[0].start, timed[0].end)
    if parsed.totals.total is not None:
        found.total_time = _first(parsed.totals.places)
    elif whole and not timed:
        found.total_time = Span(whole[0].start, whole[0].end)
    if parsed.clocks:
        found.start_stop = Span(parsed.clocks[0].start, parsed.clocks[0].end)
        found.total_time = found.total_time or found.start_stop
    for sentence in parsed.sentences:
        if sentence.section in ("goal", "agreed", "past", "closing"):
            continue
        _of(sentence, parsed, found)
    return found


def _first(places: list[tuple[int, int]]) -> Span | None:
    return Span(*places[-1]) if places else None


def _of(sentence: Sentence, parsed: Parsed, found: Elements) -> None:
    start, end = sentence.start, sentence.end
    if sentence.section == "planned":
        found.plan = found.plan or Span(start, end)
        return
    if sentence.section == "said" or sentence.section == "fact":
        return
    if found.skilled_need is None:
        skill = parsed.cues.within("SKILL", start, end)
        found.skilled_need = Span(skill[0].start, skill[0].end) if skill else None
    if found.response is None:
        answer = parsed.cues.within("RESPONSE", start, end)
        if answer:
            found.response = Span(answer[0].start, answer[0].end)
        elif sentence.section == "judged" or RESULT.search(parsed.text, start, end):
            found.response = Span(start, end)
    if found.plan is None and (
        PLAN_START.match(parsed.text, start)
        or parsed.cues.any(("PLAN", "DULL"), start, end)
        or AHEAD.search(parsed.text, start, end)
    ):
        found.plan = Span(start, end)
