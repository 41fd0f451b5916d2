"""Where the words and the codes disagree, in both directions; where the words leave it open, nothing is said."""

from __future__ import annotations

import re

from everyunit.notes.block import Gathered
from everyunit.notes.codes import is_timed, is_untimed
from everyunit.notes.disagreements import CARER_CODES, disagreements
from everyunit.notes.earned import EITHER
from everyunit.notes.earning import answers, minutes_by_code
from everyunit.notes.parsed import Parsed
from everyunit.notes.reading import Intervention, Minutes, NoteFinding, Passage, Span
from everyunit.notes.wording import sentence
from everyunit.rulebook import Counted

NO_CODES = ("home_health", "part_a_snf", "part_a", "snf_a")
LEAST_GAP = 8
PART_B = ("medicare", "medicare_b")
# Guidance 5: a student's minutes count only with the therapist in the room, directing and doing nothing else.
STUDENT_ALONE = re.compile(
    r"\b(?:student|S(?:PT|OT|LP)A?|intern)\b[^.;]*\bwhile\s(?:the\s|I\s|supervising\s)?"
    r"(?:PT|OT|SLP|therapist|clinician|CI|was)\s?"
    r"(?:was\s|is\s|were\s)?(?:with|treat|saw|seeing|in|left|charting|wrote|out|at)\b[^.;]*",
    re.IGNORECASE,
)
FURTHER = {"97130": "97129"}
ADDED = {"97130": {"97129", "97130"}}  # the further quarter hours of a service have the minutes of its first


def findings(
    parsed: Parsed, found: Gathered, done: list[Intervention], passages: list[Passage], minutes: Minutes,
    payer: str, billed: dict[str, int],
) -> list[NoteFinding]:  # fmt: skip
    """Every finding of one note, in a settled order."""
    if payer in NO_CODES or not billed:
        return []
    told = disagreements(parsed, found, done, passages, payer, billed)
    told += _without_minutes(parsed, found, done, minutes, billed, {f.code for f in told})
    told += _skilled_time(passages, minutes)
    told += _untimed_units(billed, {f.code for f in told})
    told += _units(parsed, found, done, minutes, payer, billed, told)
    for found_here in told:
        found_here.message = sentence(found_here)
    return told


def _without_minutes(
    parsed: Parsed,
    found: Gathered,
    done: list[Intervention],
    minutes: Minutes,
    billed: dict[str, int],
    told: set[str | None],
) -> list[NoteFinding]:
    if parsed.totals.timed is not None or (parsed.times and not done and not found.bare):
        return []
    known = {code for made in done if made.minutes for code in (*made.supported, made.label)} | set(found.summary)
    known |= {code for made in done if made.minutes and made.code in EITHER for code in EITHER}
    known |= {bare.label for bare in found.bare if bare.minutes}
    said = {code for made in done for code in (*made.supported, *made.touched, made.label)}
    said |= {bare.label for bare in found.bare}
    other = any(code not in billed for made in done for code in made.supported[:1])
    lacking = [
        code
        for code in billed
        if is_timed(code)
        and code not in CARER_CODES
        and not known & ADDED.get(code, {code})
        and code not in told
        and (code in said or not other)
    ]
    if len(lacking) == 1 and not any(is_untimed(code) for code in billed) and minutes.session is not None:
        return []
    return [
        NoteFinding(
            "missing_minutes", code, message=f"{code} is timed; the note gives it no minutes and no timed total."
        )
        for code in lacking
    ]


def _skilled_time(passages: list[Passage], minutes: Minutes) -> list[NoteFinding]:
    left = [passage for passage in passages if passage.counted == "not_counted"]
    if minutes.uncounted < LEAST_GAP or not left:
        return []
    spans = tuple(Span(passage.start, passage.end) for passage in left)
    return [NoteFinding("uncounted_skilled_time", None, (), minutes.uncounted, "under", spans)]


def _unearned(sold: int, earned: int, counted: int, units: dict[str, int], told: list[Counted]) -> NoteFinding:
    """Fewer timed units billed than the minutes earn by every rule that may hold."""
    short = [code for code in units if units[code] < min(answer.units.get(code, 0) for answer in told)]
    message = f"{sold} timed units are billed; {counted} minutes earn {earned}."
    return NoteFinding(
        "units_not_supported", short[0] if len(short) == 1 else None, (), counted, "under", message=message
    )


def _untimed_units(billed: dict[str, int], told: set[str | None]) -> list[NoteFinding]:
    """An untimed service is one unit of the session, however long it took."""
    repeated = {code: units for code, units in billed.items() if units > 1 and code not in told and is_untimed(code)}
    return [
        NoteFinding(
            "units_not_supported", code, direction="over", message=f"{code} is untimed: 1 unit, {units} billed."
        )
        for code, units in repeated.items()
    ]


def _folded(numbers: dict[str, int]) -> dict[str, int]:
    """Numbers by code, those of further quarter hours with the code of the first."""
    made: dict[str, int] = {}
    for code, number in numbers.items():
        first = FURTHER.get(code, code)
        made[first] = made.get(first, 0) + number
    return made


def _units(
    parsed: Parsed, found: Gathered, done: list[Intervention], minutes: Minutes, payer: str, billed: dict[str, int],
    told: list[NoteFinding],
) -> list[NoteFinding]:  # fmt: skip
    """Billed units above what the day's minutes earn by the payer's rule; for a payer whose rule is open, by both."""
    by_code = _folded(minutes_by_code(done))
    units = {code: number for code, number in billed.items() if is_timed(code)}
    aides = sum(lost for _, _, lost, reason in found.lost if reason == "unskilled")
    if payer in PART_B:
        alone = [made for made in done if made.minutes and STUDENT_ALONE.search(parsed.text, made.start, made.end)]
        by_code = _folded(minutes_by_code([made for made in done if made not in alone]))
        aides += sum(made.minutes or 0 for made in alone)
    counted = sum(by_code.values())
    if told or not units or set(by_code) != set(_folded(units)) or not all(by_code.values()):
        return []
    if minutes.timed not in (None, counted, counted + aides):
        return []
    earned = answers(by_code, units, payer)
    most, least = max(a.timed_total for a in earned), min(a.timed_total for a in earned)
    sold = sum(units.values())
    if least <= sold <= most:
        return []
    if sold < least:
        return [_unearned(sold, least, counted, units, earned)]
    over = [code for code in units if units[code] > max(answer.units.get(code, 0) for answer in earned)]
    message = f"{sum(units.values())} timed units are billed; {counted} minutes earn {earned[0].timed_total}."
    return [
        NoteFinding("units_not_supported", over[0] if len(over) == 1 else None, (), counted, "over", message=message)
    ]
