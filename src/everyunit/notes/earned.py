"""What a finding must have behind it: strong words for its code, and a note wholly understood where it says none."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from everyunit.notes.codes import is_timed
from everyunit.notes.heads import DEVICES
from everyunit.notes.lexicon import lexicon
from everyunit.notes.parsed import Parsed
from everyunit.notes.reading import Intervention
from everyunit.notes.weigh import NEIGHBOURS
from everyunit.notes.words import stem

GENERAL = frozenset(["97110", "97112", "97116", "97140", "97530", "97535", "97129", "97130", "92507"])
SIBLINGS = frozenset(
    [
        ("97032", "G0283"), ("97032", "97014"), ("G0283", "97032"), ("97760", "97763"), ("97761", "97763"),
        ("97763", "97760"), ("97763", "97761"),
        ("97012", "97140"), ("97124", "97140"), ("97542", "97530"),
        ("97113", "97150"), ("92526", "92507"), ("92507", "92609"), ("97140", "97012"),
        ("97533", "97530"), ("97112", "95992"),
    ]
)  # fmt: skip
# Words that carry both alike (guidance: carrying and walking, accept either), and what needs a report of its own.
ALIKE = frozenset([("97116", "97530")])
ON_FOOT = re.compile(
    r"walk|\bamb|gait|stair|\bsteps?\b|curb|ramp|treadmill|hall|corridor|\bfeet\b|\d\s?(?:ft|m)\b|carr(?:y|ie)",
    re.IGNORECASE,
)
EITHER = frozenset(["97530", "97535"])
REPORTED = frozenset(["97750"])
PLACED = frozenset(
    [
        "97012", "97113", "97150", "92508", "97542", "97763", "97124", "G0283", "97014", "97032", "20560", "20561",
    ]
)  # fmt: skip
# What says that stimulation ran without the therapist at it; without any of it nothing is said against attendance.
LEFT = re.compile(
    r"\b(?-i:PT|OT|[Tt]herapist) (?:came |was )?back (?:at|for|when|after)\b"
    r"|\bleft\b|\balone\b|\baway\b|\bcall (?:bell|light|button)|\bbell\b|unattended|\btimer\b|automatic|checked"
    r"|\bwhile (?:PT|OT|therapist|the therapist)|\brest(?:ed|ing|s)?\b|set[- ]?up\b|\bset and\b|charting"
    r"|(?:other|next|another) (?:pt|patient)|out of (?:the )?room|supervis|watch|interferential|\bIFC\b|premod",
    re.IGNORECASE,
)
PURPOSE = "the purpose stated"
LEAST_WORDS, LEAST_OF_ACTIVITY = 2, 3
ACTIVITY = frozenset(["97110", "97112", "97116", "97530", "97535"])  # hands on shares its words with none
UNKNOWN_LETTERS, UNKNOWN_MOST, HEAD_WORDS = 4, 4, 5
MISSING = 8
CLAUSE_START = re.compile(r"[.;\n]\s*|:\s+|\bmin(?:ute)?s?\s+(?:of\s)?|^", re.IGNORECASE)


@cache
def _neutral() -> frozenset[str]:
    text = (files("everyunit.notes") / "data" / "neutral.toml").read_text(encoding="utf-8")
    held: str = tomllib.loads(text)["neutral"]["words"]
    words = frozenset(held.split())
    return words | frozenset(stem(word) for word in words)


@cache
def _known() -> frozenset[str]:
    spelling = lexicon().spelling
    return spelling.known | frozenset(stem(word) for word in spelling.known) | _neutral()


def distinct(made: Intervention, text: str) -> int:
    """How many different words speak for the code of a block."""
    return len({text[span.start : span.end].lower() for span in made.evidence})


def strong(made: Intervention, text: str) -> bool:
    """Whether a stated purpose, a place or device, or several different words speak for the code.

    Exercise and activity share their words, so three of them are asked where no purpose is stated.
    """
    least = LEAST_OF_ACTIVITY if made.code in ACTIVITY else LEAST_WORDS
    return made.why == PURPOSE or made.code in PLACED or distinct(made, text) >= least


def may_replace(code: str, made: Intervention, text: str) -> bool:
    """Whether a block's words are strong enough to name its code in place of a billed one.

    A billed code of a place, a device or a special service gives way only to its sibling, never to a general code:
    the words that would carry it may only be unknown.
    """
    if code not in GENERAL and (code, made.code) not in SIBLINGS:
        return False
    if (code, made.code) in ALIKE and ON_FOOT.search(text, made.start, made.end):
        return False
    plain = made.why == PURPOSE and distinct(made, text) >= LEAST_OF_ACTIVITY
    pair = frozenset((code, made.code))
    if pair == EITHER or (pair in NEIGHBOURS and not plain):
        return False
    alike = any(frozenset((made.code, other)) in NEIGHBOURS for other in made.touched)
    if alike and distinct(made, text) < LEAST_OF_ACTIVITY:
        return False
    if made.code not in DEVICES and not DEVICES.isdisjoint(made.supported):  # two services in one stretch
        return False
    if made.code in REPORTED:
        return False
    if code == "97032" and not LEFT.search(text):
        return False
    if code in made.touched and made.why != PURPOSE and made.code not in PLACED:
        return False
    return strong(made, text) or ((code, made.code) in SIBLINGS and distinct(made, text) >= LEAST_WORDS)


def unknown_words(parsed: Parsed) -> list[int]:
    """Places of words of today's treatment that neither the lexicon nor the neutral words know."""
    known, found = _known(), []
    rooms = [s for s in parsed.sentences if s.section in ("done", "open")]
    room = 0
    for word in parsed.words:
        while room < len(rooms) and rooms[room].end <= word.start:
            room += 1
        if room == len(rooms):
            break
        if word.start < rooms[room].start or len(word.raw) < UNKNOWN_LETTERS or not word.raw.isalpha():
            continue
        if word.form not in known and word.raw.lower() not in known:
            found.append(word.start)
    return found


def understood(code: str, parsed: Parsed, done: list[Intervention]) -> bool:
    """Whether nothing of today's treatment is left in which a billed code could be told in words not known."""
    unknown = unknown_words(parsed)
    if len(unknown) > UNKNOWN_MOST or any(_opens(place, parsed.text) for place in unknown):
        return False
    timed = parsed.totals.timed
    told = sum(made.minutes or 0 for made in done if is_timed(made.code))
    return not (is_timed(code) and timed is not None and timed - told >= MISSING)


def _opens(place: int, text: str) -> bool:
    """Whether a word is among the first of its clause, where services are named."""
    before = text[max(0, place - 60) : place]
    starts = [match.end() for match in CLAUSE_START.finditer(before)]
    return len(before[starts[-1] if starts else 0 :].split()) < HEAD_WORDS
