"""Time in any form: minutes of a block, clock ranges, totals of a visit; and what only looks like time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from everyunit.notes.words import Word

DAY, HOUR, HALF_DAY = 1440, 60, 720
LEAST, MOST = 1, 240
FEET = ("amb", "walk", "gait belt", "ft", "propel", "carry", "push", "feet", "x ")
NUMBERS = {
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15,
    "sixteen": 16, "eighteen": 18, "twenty": 20, "twenty-three": 23, "twenty-five": 25, "thirty": 30, "forty": 40,
    "thirty-five": 35, "forty-five": 45, "fifty": 50, "sixty": 60, "half an hour": 30, "half hour": 30,
}  # fmt: skip
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NUMBERS |= {f"{ten}{gap}{one}": TENS[ten] + n for ten in TENS for gap in "- " for n, one in enumerate(ONES, start=1)}
SPELT = "|".join(sorted(NUMBERS, key=len, reverse=True))
CLOCK = r"(?<![\d.])(?P<h{0}>[01]?\d|2[0-4]):?(?P<m{0}>[0-5]\d)\s?(?P<p{0}>[ap]\.?m?\.?\b)?"
RANGE = re.compile(
    CLOCK.format(1) + r"\s*(?:-{1,2}|–|—|to|until|thru|through|/|,|;)?\s*"
    r"(?P<out>(?:time )?out:?\s*)?" + CLOCK.format(2) + r"(?!\d|:\d)",
    re.IGNORECASE,
)
AMOUNT = re.compile(
    r"(?<![\d./:#\-])(?P<n>\d{1,3})"
    r"(?:\s?-?\s?(?P<unit>minutes?|mins?|mns?|min\.|m(?![\w/²2]))|\s?(?P<tick>['’′])(?![\w'\"]))"
    r"|(?<![\d.])(?P<h>\d(?:\.\d{1,2})?)\s?(?:hours?|hrs?|hr\b)"
    r"(?:\s?(?:and\s)?(?P<hm>\d{1,2})\s?(?:minutes?|mins?|m\b))?"
    rf"|\b(?P<spelt>{SPELT})(?:[ -](?:minutes?|mins?)\b|(?<=hour)\b)"
    r"|(?<![\d:/])(?P<zero>0:[0-5]\d)(?![\d:])"
    r"|\b(?:(?:min(?:ute)?s?|duration|time spent)\s?[:=]\s?|(?<=\()time\s?[:=]?\s?)(?P<after>\d{1,3})(?![\d:])"
    r"|(?<=individual\s)(?P<mode>\d{2})(?=:\s(?![^\n]*\d\s?(?:min|m\b|['’])))"
    r"|^(?P<column>\d{1,2})(?=[ \t|]+(?:9[27]\d{3}|G0283)\b)"
    r"|(?<=[a-z)|]\s)(?P<last>\d{1,2})(?=[ \t|]*$)",
    re.IGNORECASE | re.MULTILINE,
)
BRACKETED = re.compile(r"\((?P<n>\d{1,2})\)(?=\s*(?:$|[.;,]))", re.MULTILINE)
BEFORE_TIME = frozenset(
    [*(number.split()[0].split("-")[0] for number in NUMBERS), "min", "mins", "minute", "minutes", "duration", "time"]
)
WORD_TIMED = r"""(?:total\s+|tot\s+)?(?:timed|timd|time[- ]based|TTM|direct|billable)
    (?:[- ](?:codes?|min(?:ute)?s?|tx|total|treatment|time|units?|\((?:PT|OT|ST|SLP)\)|services?
    |procedures?|contact))*"""
WORD_TOTAL = r"""(?:
    (?:total|tot|tt|ttl|overall|sum)
    (?:[- ](?:tx|all
    |treatment|session|visit|time|minutes?|mins?|skilled|contact|therapy|length|treat|1:1|one[- ]on[- ]one
    |individual|face[- ]to[- ]face|rx|of|in))*
    |(?:session|visit|treatment|tx)[- ](?:length|time|total|duration|minutes)
    |(?:session|visit)(?=\s*(?:of\s)?[:=]?\s*\d{2,3}\s?min)
    |(?-i:(?<=[Pp]t\s)|(?<=atient\s)|(?<=lient\s)|(?<=[Hh]e\s))stayed(?:\sfor)?(?=\s\d{2}\smin(?:ute)?s?\s?[,.;])
    )"""
DISCIPLINE = r"(?:\s*\([A-Z]{2,3}\))?"
IS = r"\s*(?:[:=\-]|is|was|of)?\s*(?:0:)?"
NOT_MINUTES = r"(?!\d)(?!\s*(?:units?|visits?|reps?|laps?|ft|steps|/\s?\d|points|%|trials))"
FLAGS = re.IGNORECASE | re.VERBOSE
OPENINGS = {
    "timed": frozenset(["total", "tot", "timed", "timd", "time", "ttm", "direct", "billable"]),
    "total": frozenset(
        ["total", "tot", "tt", "ttl", "overall", "sum", "session", "visit", "treatment", "tx", "stayed"]
    ),
    "pair": frozenset(["t", "tt", "tx"]),
}
OPENED = {
    word: [name for name in OPENINGS if word in OPENINGS[name]] for word in frozenset().union(*OPENINGS.values())
}
AFTER = frozenset(["min", "mins", "minute", "minutes", "timed", "direct", "total", "tot", "tx"])
TIMED = re.compile(
    rf"\b{WORD_TIMED}{DISCIPLINE}{IS}(?P<n>\d{{1,3}})(?!\d|[\d:.]*:)"
    r"(?!\s*(?:units?|visits?))",
    FLAGS,
)
TIMED_AFTER = re.compile(
    r"(?<![\d:/])(?P<n>\d{1,3})\s?(?:min(?:ute)?s?\s)?(?:timed|direct)\b(?!\s*[:=]?\s*\d(?!\s?:\s?\d))", re.IGNORECASE
)
TOTAL = re.compile(rf"\b{WORD_TOTAL}(?:\s*\([^()\n]{{0,20}}\))?{IS}(?P<n>\d{{1,3}})(?!\d*:\d){NOT_MINUTES}", FLAGS)
TOTAL_AFTER = re.compile(
    r"""(?<![\d:])(?P<n>\d{1,3})[^\S\n]?(?:-\s?)?(?:min(?:ute)?s?\s)?(?:total|tot|tx)\b(?!\s*[:=]?\s*\d)
    (?:\s(?:tx|session|treatment|time|min))*""",
    FLAGS,
)
PAIR = re.compile(
    r"(?:(?<=[.;]\ )|(?<=\n)|^)(?P<a>\d{2})\s?/\s?(?P<b>\d{2,3})(?=\s*(?:min|\.|;|\n|$|total|tot))", FLAGS
)
SHORT_PAIR = re.compile(
    r"\b(?:T|TT|Tx)\s?[=:]?\s?(?P<a>\d{1,3})\s*[/,;]?\s*(?:tot(?:al)?|TT)\s*[:=]?\s*(?P<b>\d{1,3})\b"
)
TIMED_SESSION = re.compile(
    r"\btimed\s?[:=]?\s?(?P<a>\d{1,3})[\s,;/|]+(?:session|visit|1:1|in\sroom)\s?[:=]?\s?(?P<b>\d{2,3})\b(?!:)",
    re.IGNORECASE,
)
DIRECT = re.compile(r"direct\b(?!.*time)", re.IGNORECASE)
SERVICE = re.compile(
    r"\s?(?:minutes?|mins?|m|['’])?\s?:\s?[a-z]", re.IGNORECASE
)  # words behind a colon tell what it was
CLINIC = re.compile(
    r"\btotal (?:time )?(?:in|at) (?:the )?(?:clinic|building|facility)|\btime in clinic"
    r"|\b(?:in )?(?:the )?clinic:? (?=\d{2,3}\s?min)",
    re.IGNORECASE,
)
BUILDINGS = ("clinic", "building", "facility")


@dataclass(slots=True)
class Amount:
    """Minutes at a place of the note; `clock` where they are the difference of two times of day."""

    start: int
    end: int
    minutes: int
    clock: bool = False
    bare: bool = False
    trailing: bool = False


@dataclass(slots=True)
class Totals:
    """What the note says of the whole visit: timed minutes, all minutes, and where these words stand."""

    timed: int | None
    total: int | None
    places: list[tuple[int, int]]


def totals(text: str, words: list[Word], past: list[tuple[int, int]]) -> Totals:
    """Timed and total minutes as written; the last such statement counts. Time in the clinic is no treatment time.
    `past` are stretches that tell of another day; none of their totals is taken.

    Patterns are tried only where a word that can open them stands, so that the cost stays small.
    """
    spots = _spots([word for word in words if not _within(word.start, past)] if past else words)
    places: list[tuple[int, int]] = []
    small = text.lower()
    for match in CLINIC.finditer(text) if any(place in small for place in BUILDINGS) else ():
        stop = text.find("\n", match.start())
        places.append((match.start(), min(len(text) if stop < 0 else stop, match.end() + 24)))
    timed = total = None
    for match in (
        *_tried((SHORT_PAIR, PAIR), text, (*spots["pair"], *spots["number"])),
        *_tried((TIMED_SESSION,), text, spots["timed"]),
    ):
        first, second = int(match["a"]), int(match["b"])
        if LEAST <= first <= second <= MOST:
            timed, total = first, second
            places.append(match.span())
    for match in _tried((TIMED, TIMED_AFTER), text, (*spots["timed"], *spots["number"])):
        if DIRECT.match(match.group()) and SERVICE.match(text, match.end()):
            continue
        if LEAST <= int(match["n"]) <= MOST and not _within(match.start(), places):
            timed = int(match["n"])
            places.append(match.span())
    for match in _tried((TOTAL, TOTAL_AFTER), text, (*spots["total"], *spots["number"])):
        if LEAST <= int(match["n"]) <= MOST and not _within(match.start("n"), places):
            total = int(match["n"])
            places.append(match.span())
    return Totals(timed, total, places)


def _spots(words: list[Word]) -> dict[str, list[int]]:
    """Where a statement of totals can begin: at one of its words, or at a number that one of them follows."""
    found: dict[str, list[int]] = {"timed": [], "total": [], "pair": [], "number": []}
    for place, word in enumerate(words):
        for name in OPENED.get(word.small, ()):
            found[name].append(word.start)
        if word.raw[0].isdigit() and _followed(words, place):
            found["number"].append(word.start)
    return found


def _followed(words: list[Word], place: int) -> bool:
    following = words[place + 1 : place + 4]
    for word in following:
        if word.small in AFTER:
            return True
    return bool(following) and following[0].raw[0].isdigit() and following[0].start - words[place].end <= 3


def _tried(patterns: tuple[re.Pattern[str], ...], text: str, spots: Iterable[int]) -> Iterator[re.Match[str]]:
    for pattern in patterns:
        end = 0
        for spot in spots:
            match = pattern.match(text, spot) if spot >= end else None
            if match:
                end = match.end()
                yield match


def _within(place: int, places: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in places)


def ranges(text: str) -> list[Amount]:
    """Every pair of times of day and the minutes between them; longer than four hours is no visit."""
    found: list[Amount] = []
    for match in RANGE.finditer(text):
        if ":" not in match.group() and not _four_digits(match):
            continue
        first = _minute(match["h1"], match["m1"], match["p1"] or match["p2"])
        second = _minute(match["h2"], match["m2"], match["p2"])
        between = (second - first) % (DAY if match["p1"] and match["p2"] else HALF_DAY)
        if 0 < between <= MOST:
            found.append(Amount(match.start(), match.end(), between, clock=True))
    return found


def _four_digits(match: re.Match[str]) -> bool:
    """Times such as 0905-0925: four digits each, and a dash or a word between them."""
    parts = re.findall(r"\d+", match.group())
    return [len(part) for part in parts] == [4, 4]


def _minute(hour: str, minute: str, half: str | None) -> int:
    found = int(hour) * HOUR + int(minute)
    if half and half.lower().startswith("p") and int(hour) < 12:
        return found + HALF_DAY
    return found


def amounts(text: str, clocks: list[Amount], words: list[Word]) -> list[Amount]:
    """Minutes written in a note, with the clock ranges found before, in order."""
    found = list(clocks)
    covered = [(clock.start, clock.end) for clock in clocks]
    last = 0
    for word in words:
        if word.start < last or not (word.raw[0].isdigit() or word.small in BEFORE_TIME):
            continue
        bracket = word.start > 0 and text[word.start - 1] == "("
        match = (BRACKETED.match(text, word.start - 1) if bracket else None) or AMOUNT.match(text, word.start)
        if match is None:
            continue
        minutes = _amount(match)
        if LEAST <= minutes <= MOST and not _within(match.start(), covered) and not _distance(match, text):
            last = match.end()
            bare, column = match.re is BRACKETED, match.re is AMOUNT and bool(match["last"])
            found.append(Amount(_with_times(text, match.start()), match.end(), minutes, bare=bare, trailing=column))
    return sorted(found, key=lambda amount: amount.start)


def _with_times(text: str, start: int) -> int:
    """The place of an x before minutes (TE x 20 min), which belongs to them."""
    before = text[max(0, start - 2) : start].lower()
    return start - 2 if before == "x " else start - 1 if before.endswith("x") else start


def _amount(match: re.Match[str]) -> int:
    if match.re is BRACKETED:
        return int(match["n"])
    if match["n"]:
        return int(match["n"])
    if match["h"]:
        whole, _, part = match["h"].partition(".")
        return int(whole) * HOUR + int((part or "0").ljust(2, "0")) * HOUR // 100 + int(match["hm"] or 0)
    if written := match["last"] or match["column"] or match["mode"]:
        return int(written)
    if match["after"]:
        return int(match["after"])
    if match["spelt"]:
        return NUMBERS[match["spelt"].lower()]
    return int(match["zero"][2:])


def _distance(match: re.Match[str], text: str) -> bool:
    """Feet and inches wear the same mark as minutes: 300' with a walker, 40' x 3, 6'2\"."""
    if match.re is BRACKETED:
        return text[max(0, match.start() - 6) : match.start()].rstrip().endswith(("/", "x"))
    if not match["tick"]:
        return False
    before = text[max(0, match.start() - 24) : match.start()].lower()
    after = text[match.end() : match.end() + 6].lower().lstrip()
    walked = any(
        word in before for word in ("amb", "walk", "gait belt", "ft", "propel", "carry", "push", "feet", "x ")
    )
    return int(match["n"]) > 90 or (walked and after[:1] in ("x", "w")) or after.startswith("x")
