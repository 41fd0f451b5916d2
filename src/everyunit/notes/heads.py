"""Headings of services: a label or a device at the start of its block, with the minutes that follow it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from everyunit.notes.layout import Sentence
from everyunit.notes.lexicon import Hit

AFTER_HEAD = re.compile(
    r"""(?:\s?(?:tx|treatment|therapy|training|session)\b)?[\s\])]*(?:\(?\s*(?:[A-Z\d]\d{4}\s*[),:]?)?\s*)?(?:[-–:=(,@|]|\bx|\bfor\b|\s)*?\s*(?:x\s*)?
    (?:min(?:ute)?s?\s?[:=]\s?)?
    (?P<n>\d{1,2})(?!\d)(?P<unit>\s*(?:minutes?|mins?|m\b|['’]))?(?!\s?-?[24]?ww\b|\s?-?wheel)
    (?!\s*(?:reps?|sets?|x\b|x\d|ft|feet|\#|lbs?|sec|s\b|%|/|:\d|\.\d|"|deg|steps?|trials|laps|[-–]\d|in\b|cm|w/|y/?o
    |yo|visits?|units?|of\b|kg|th\b|rd\b|nd\b|st\b))""",
    re.IGNORECASE | re.VERBOSE,
)
BULLET = re.compile(
    r"(?:(?:procedure|code|cpt|service|intervention|tx|treatment|activity)\s?\#?\d?\s?:)?(?:[\s•*\-–>#\d.)(|/☑✓☒]|\[[xX✓\s]?\])*$",
    re.IGNORECASE,
)
LEAST_MINUTES = 4
OPENS = re.compile(r"\s*(?:\([^()\n]{0,30}\)\s*)?(?:[:=]|[-–]\s)")
DEVICES = frozenset(["97010", "97012", "97014", "G0283", "97016", "97018", "97022", "97033", "97035", "97026"])
DEVICE_TIME = re.compile(
    r"(?:[^.;:,+\n]|\.\d){0,44}?\s(?:x\s?)?(?P<n>\d{1,2})\s?(?:minutes?|mins?|m\b|['’](?!\d))", re.IGNORECASE
)
NO_HEAD_AFTER = ("w/ ", "with ", "and ", "no ")
NAMES_CODE = 5


@dataclass(slots=True)
class Head:
    """A heading: where it stands, the code it names, minutes that follow it, and where they end."""

    hit: Hit
    code: str
    minutes: int | None
    end: int


def head_at(hit: Hit, text: str, sentence: Sentence) -> Head | None:
    """The heading that a label makes at its place; none where it is only a word of a line."""
    label = next((entry.code for entry in hit.entries if entry.kind == "label"), None)
    named = label is not None
    stop = min(len(text), hit.end + 40)
    if label is None:
        label = next((e.code for e in hit.entries if e.kind == "do" and e.weights[0][1] >= NAMES_CODE), None)
        if label is None or label in DEVICES or hit.start - sentence.start > 12:
            device = _device(hit, text, stop)
            if device or label not in DEVICES or hit.start - sentence.start > 12:
                return device
    after = AFTER_HEAD.match(text, hit.end, stop)
    if after and int(after["n"]) < LEAST_MINUTES:
        after = None
    before = text[max(sentence.start, hit.start - 12) : hit.start]
    first = (
        bool(BULLET.match(before))
        if hit.start - sentence.start < 12
        else before.rstrip()[-1:] in (";", "+", "|", ".")
    )
    word = text[hit.start : hit.end]
    capital = (word.isupper() and len(word) <= 4) or word.isdigit()
    opened = OPENS.match(text, hit.end, stop)
    if after and (first or capital or after["unit"] or opened):
        return Head(hit, label, int(after["n"]), after.end())
    if opened and (first or capital or text[hit.start].isupper()):
        return Head(hit, label, None, opened.end())
    if named and first and (capital or _alone(hit, text, sentence)):
        return Head(hit, label, None, hit.end)
    return None


def _device(hit: Hit, text: str, stop: int) -> Head | None:
    """A device named with its minutes is a heading of its own: ice pack to knee 10 min."""
    code = hit.entries[0].code
    if code not in DEVICES or text[max(0, hit.start - 5) : hit.start].lower().endswith(
        ("w/ ", "with ", "and ", "no ")
    ):
        return None
    after = DEVICE_TIME.match(text, hit.end, stop)
    return Head(hit, code, int(after["n"]), after.end()) if after else None


def own_words(head: Head) -> set[int]:
    """The word of a heading that is only a label; a service named in the heading is content as well."""
    return {head.hit.first} if any(entry.kind == "label" for entry in head.hit.entries) else set()


def _alone(hit: Hit, text: str, sentence: Sentence) -> bool:
    return hit.start - sentence.start < 12 and sentence.end - hit.end <= 24


def firsts(hits: list[Hit]) -> list[Hit]:
    """All terms but the later ones of a device already named: a device stands in one heading."""
    seen: set[str] = set()
    kept = []
    for hit in hits:
        code = hit.entries[0].code
        if code not in DEVICES or code not in seen:
            kept.append(hit)
        seen.add(code)
    return kept


def apart(heads: list[Head]) -> list[Head]:
    """Two headings side by side are one: 97110 Therapeutic exercise, TE (therapeutic exercise)."""
    kept: list[Head] = []
    for head in heads:
        if kept and head.hit.start < kept[-1].end:
            kept[-1].end = max(head.end, kept[-1].end)
        elif kept and head.hit.start - kept[-1].hit.end <= 4 and kept[-1].minutes is None:
            kept[-1] = Head(kept[-1].hit, head.code, head.minutes, head.end)
        elif kept and head.minutes is None and 0 <= head.hit.start - kept[-1].end <= 4:
            kept[-1].end = head.end
        else:
            kept.append(head)
    return kept
