"""Where the words and the codes disagree, in both directions; where the words leave it open, nothing is said."""

from __future__ import annotations

import re

from everyunit.notes.codes import is_timed, is_untimed
from everyunit.notes.gather import Gathered
from everyunit.notes.parsed import Parsed
from everyunit.notes.reading import Intervention, Minutes, NoteFinding, Passage, Span
from everyunit.rulebook import Book, count

EVALUATIONS = frozenset(
    [
        "97161",
        "97162",
        "97163",
        "97165",
        "97166",
        "97167",
        "92521",
        "92522",
        "92523",
        "92524",
        "92610",
        "97164",
        "97168",
    ]
)
BUNDLED = frozenset({"97010"})
SAME = (
    {"97161", "97162", "97163"},
    {"97165", "97166", "97167"},
    {"G0283", "97014"},
    {"97164", "97168"},
    {"97129", "97130"},
)
NO_CODES = ("home_health", "part_a_snf", "part_a", "snf_a")
REVISED = ("97164", "97168")
UNCHANGED = re.compile(
    r"(?:same|unchanged|no changes? (?:to|in)) (?:the )?(?:plan|poc|goals)|(?:plan|poc) (?:is )?(?:unchanged|remains)"
    r"|as expected",
    re.IGNORECASE,
)
LEAST_GAP, LEAST_UNIT = 8, 8


def findings(
    parsed: Parsed, found: Gathered, done: list[Intervention], passages: list[Passage], minutes: Minutes,
    payer: str, billed: dict[str, int],
) -> list[NoteFinding]:  # fmt: skip
    """Every finding of one note, in a settled order."""
    if payer in NO_CODES or not billed:
        return []
    told = _codes(parsed, found, done, billed)
    told += _without_minutes(parsed, found, done, minutes, billed, {f.code for f in told})
    told += _skilled_time(passages, minutes)
    told += _untimed_units(billed, {f.code for f in told})
    told += _units(parsed, found, done, minutes, payer, billed, told)
    return told


def same(code: str, other: str) -> bool:
    """Whether two codes are one service at another level or for another payer."""
    return code == other or any(code in group and other in group for group in SAME)


def _codes(parsed: Parsed, found: Gathered, done: list[Intervention], billed: dict[str, int]) -> list[NoteFinding]:
    carried = {code for made in done if not _empty(made) for code in made.supported}
    unheld = [code for code in billed if not any(same(code, held) for held in carried)]
    free = [
        made for made in done if made.sure and not any(same(code, held) for code in made.supported for held in billed)
    ]
    told: list[NoteFinding] = []
    unheld += [code for code in billed if code in REVISED and code not in unheld and not _revised(parsed)]
    for code in unheld:
        headed = [made for made in done if made.label == code and made.sure]
        better = [made for made in headed or free if made.code not in BUNDLED]
        if better and code not in EVALUATIONS:
            chosen = better[0]
            if chosen in free and not headed and len(unheld) > 1:
                chosen = max(better, key=lambda made: made.minutes or 0) if len(better) == 1 else better[0]
            told.append(_better(code, chosen))
            if not headed and len(free) > 1:
                free.remove(chosen)
        else:
            told.append(NoteFinding("unsupported_code", code, message=f"No words of today carry {code}."))
    told += _overfull(free, done, billed) if not unheld else []
    replaced = {code for finding in told for code in finding.supported}
    for made in free:
        if made.code not in replaced and made.code not in BUNDLED and not unheld and _billable(made):
            told.append(
                NoteFinding(
                    "documented_not_billed", made.code, (), made.minutes, "under", (Span(made.start, made.end),)
                )
            )
            replaced.add(made.code)
    return told


def _overfull(free: list[Intervention], done: list[Intervention], billed: dict[str, int]) -> list[NoteFinding]:
    """A code billed above its own minutes while another service, not billed, fills the difference."""
    told: list[NoteFinding] = []
    for made in free:
        for code, units in billed.items():
            own = [other.minutes or 0 for other in done if code in other.supported]
            if (
                own
                and all(own)
                and is_timed(code)
                and is_timed(made.code)
                and sum(own) < 15 * units - 7
                and (made.minutes or 0) >= LEAST_UNIT
            ):
                told.append(_better(code, made))
                break
    return told


def _revised(parsed: Parsed) -> bool:
    """Whether a re-evaluation tells a new finding or a changed course, and not only an unchanged plan."""
    places = [s for s in parsed.sentences if s.section not in ("goal", "agreed", "past", "closing", "fact")]
    told = any(parsed.cues.any(("EVAL",), s.start, s.end) for s in places)
    return told and not UNCHANGED.search(parsed.text)


def _billable(made: Intervention) -> bool:
    return not is_timed(made.code) or (made.minutes or 0) >= LEAST_UNIT


def _empty(made: Intervention) -> bool:
    """A swallowing or gait block in which nothing but watching is told."""
    return made.code in ("92526", "97116") and made.watched


def _better(code: str, made: Intervention) -> NoteFinding:
    return NoteFinding(
        "better_supported_code", code, made.supported[:1] if made.sure else made.supported, made.minutes, "lateral",
        (Span(made.start, made.end),), f"Billed {code}; the documentation supports {made.supported[0]}.",
    )  # fmt: skip


def _without_minutes(
    parsed: Parsed,
    found: Gathered,
    done: list[Intervention],
    minutes: Minutes,
    billed: dict[str, int],
    told: set[str | None],
) -> list[NoteFinding]:
    if minutes.timed is not None:
        return []
    known = {code for made in done if made.minutes for code in (*made.supported, made.label)} | set(found.summary)
    lacking = [code for code in billed if is_timed(code) and code not in known and code not in told]
    if len(lacking) == 1 and sum(is_timed(code) for code in billed) == 1 and minutes.session is not None:
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


def _untimed_units(billed: dict[str, int], told: set[str | None]) -> list[NoteFinding]:
    """An untimed service is one unit of the session, however long it took."""
    repeated = {code: units for code, units in billed.items() if units > 1 and code not in told and is_untimed(code)}
    return [
        NoteFinding(
            "units_not_supported", code, direction="over", message=f"{code} is untimed: 1 unit, {units} billed."
        )
        for code, units in repeated.items()
    ]


def _units(
    parsed: Parsed, found: Gathered, done: list[Intervention], minutes: Minutes, payer: str, billed: dict[str, int],
    told: list[NoteFinding],
) -> list[NoteFinding]:  # fmt: skip
    """Billed units above what the day's minutes earn by the payer's rule; for a payer whose rule is open, by both."""
    by_code: dict[str, int] = {}
    for made in done:
        if is_timed(made.code):
            by_code[made.code] = by_code.get(made.code, 0) + (made.minutes or 0)
    units = {code: number for code, number in billed.items() if is_timed(code)}
    aides = sum(lost for _, _, lost, reason in found.lost if reason == "unskilled")
    counted = sum(by_code.values())
    if told or not units or set(by_code) != set(units) or not all(by_code.values()):
        return []
    if minutes.timed not in (None, counted, counted + aides):
        return []
    rules = ("cms",) if payer.startswith(("medicare", "medicaid", "tricare")) else ("cms", "ama")
    book, pairs = Book.load(), list(by_code.items())
    answers = [count(rule, pairs, book, billed=units) for rule in rules]
    if sum(units.values()) <= max(answer.timed_total for answer in answers):
        return []
    over = [code for code in units if units[code] > max(answer.units[code] for answer in answers)]
    message = f"{sum(units.values())} timed units are billed; {counted} minutes earn {answers[0].timed_total}."
    return [
        NoteFinding("units_not_supported", over[0] if len(over) == 1 else None, (), counted, "over", message=message)
    ]
