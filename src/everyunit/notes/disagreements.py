"""Where the words carry another code than the one billed, or none; what is not understood is passed over."""

from __future__ import annotations

import re

from everyunit.notes.block import Gathered
from everyunit.notes.blocks import content_words
from everyunit.notes.codes import is_timed
from everyunit.notes.earned import LEAST_WORDS, PLACED, PURPOSE, REPORTED, distinct, may_replace, strong, understood
from everyunit.notes.earning import answers, earns, minutes_by_code
from everyunit.notes.layout import Sentence
from everyunit.notes.parsed import Parsed
from everyunit.notes.passages import ARROW
from everyunit.notes.reading import Intervention, NoteFinding, Passage, Span
from everyunit.notes.stretches import is_cue, is_measure

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
UNASKED = BUNDLED | {"20560", "20561", "96125"}  # bundled, or often paid by the patient outside the claim
SAME = (
    {"97161", "97162", "97163"},
    {"97165", "97166", "97167"},
    {"G0283", "97014"},
    {"97164", "97168"},
    {"97129", "97130"},
)
ALIKE = frozenset((one, other) for group in SAME for one in group for other in group)
REVISED = ("97164", "97168")
UNCHANGED = re.compile(
    r"(?:same|unchanged|no changes? (?:to|in)) (?:the )?(?:plan|poc|goals)"
    r"|(?:plan|poc)(?: of care)? (?:is |was )?(?:unchanged|remains)|as expected",
    re.IGNORECASE,
)
NEWS = re.compile(
    r"\bnew (?!goal|HEP|home)\w+|\bfell\b|unexpected|flare|re-?injur|surgery|hospital"
    r"|not respond|no response|plateau",
    re.IGNORECASE,
)
FOR_REPORT = re.compile(r"\bfor (?:the |a |her |his )?(?:progress (?:report|note)|10th visit|recert)", re.IGNORECASE)
PRESSED = re.compile(r"compress|pump|pneumat|vaso|sleeve|inflat|mm\s?hg|game\s?ready|normatec", re.IGNORECASE)
DENIED = ("negation", "plan", "history", "home")
NO_SERVICE = ("DULL", "AWAY", "REST", "AIDE", "ALONE", "NO_AFTER", "NO_BEFORE")
OTHERS_TIME = ("unskilled", "unattended")
UNREAD_WORDS = 5
LEAST_UNIT, UNIT = 8, 15
CARER_CODES = frozenset(["97550", "97551", "97552", "G0541", "G0542", "G0543"])
CARER = re.compile(
    r"(?:caregiver|carer|family|spouse|wife|husband|mother|father|mom|dad|daughter|son|parent|partner|grand\w+|aide)\W"
    r"(?:[^.;]{0,60}\W)?(?:train|taught|instruct|educat|learn|practi[cs]|demonstrat|shown|show|coach)",
    re.IGNORECASE,
)
MASSAGE = "97124"
HANDS_ON = "97140"  # its words are shared with no other service


def same(code: str, other: str) -> bool:
    """Whether two codes are one service at another level or for another payer."""
    return code == other or (code, other) in ALIKE


def disagreements(
    parsed: Parsed, found: Gathered, done: list[Intervention], passages: list[Passage], payer: str,
    billed: dict[str, int],
) -> list[NoteFinding]:  # fmt: skip
    """Codes billed that the words do not carry, and services told that no code bills."""
    carried = {code for made in done if not _empty(made) for code in made.supported}
    unheld = [code for code in billed if not any(same(code, held) for held in carried)]
    free = [
        made for made in done if made.sure and not any(same(code, held) for code in made.supported for held in billed)
    ]
    if any(code in CARER_CODES for code in unheld) and CARER.search(parsed.text):
        unheld = [code for code in unheld if code not in CARER_CODES]
    told: list[NoteFinding] = []
    if not billed.keys().isdisjoint(REVISED):
        unheld = _examined_again(unheld, parsed, passages, billed)
    for code in unheld:
        headed = [made for made in done if made.label == code and made.sure]
        empty = not headed and _is_empty(code, found, done, parsed)
        better = [
            made for made in headed or free or _surplus(code, done, billed) if made.code not in BUNDLED and not empty
        ]
        if better and code not in EVALUATIONS:
            chosen = better[0]
            if chosen in free and not headed and len(unheld) > 1:
                chosen = max(better, key=lambda made: made.minutes or 0) if len(better) == 1 else better[0]
            if not may_replace(code, chosen, parsed.text):
                continue
            told.append(_better(code, chosen))
            if not headed and len(free) > 1:
                free.remove(chosen)
        elif code not in REVISED and _left_open(code, parsed, found, done, passages, payer, billed):
            continue
        else:
            told.append(NoteFinding("unsupported_code", code, message=f"No words of today carry {code}."))
    told += _overfull(free, done, billed) if not unheld else []
    replaced = {code for finding in told for code in finding.supported}
    for made in free:
        if made.code not in replaced and made.code not in UNASKED and not unheld and _billable(made, parsed, billed):
            if is_timed(made.code) and not earns(made.code, done, billed, payer):
                continue
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
            own = [other.minutes or 0 for other in done if code in other.supported or same(code, other.code)]
            units = units + billed.get("97129", 0) if code == "97130" else units
            if (
                own
                and all(own)
                and is_timed(code)
                and is_timed(made.code)
                and sum(own) < 15 * units - 7
                and (made.minutes or 0) >= LEAST_UNIT
                and not ("97130" in billed and code == "97129")
            ):
                told.append(_better(code, made))
                break
    return told


def _surplus(code: str, done: list[Intervention], billed: dict[str, int]) -> list[Intervention]:
    """Blocks of a billed service whose minutes go beyond its units by one and more, where a code billed has no words:
    those that the code's words touch first.
    """
    if not is_timed(code) or (code == HANDS_ON and any(MASSAGE in made.touched for made in done)):
        return []
    for held, units in billed.items():
        own = [made for made in done if made.code == held and made.sure and made.minutes]
        if is_timed(held) and len(own) > 1 and sum(made.minutes or 0 for made in own) >= UNIT * units + LEAST_UNIT:
            return sorted(own, key=lambda made: (code not in made.touched, made.minutes or 0))
    return []


def _is_empty(code: str, found: Gathered, done: list[Intervention], parsed: Parsed) -> bool:
    """Whether a code's heading stands alone with its minutes, beside services with theirs: it is no service."""
    told, timed = sum(made.minutes or 0 for made in done), parsed.totals.timed
    return any(
        bare.label == code and bare.minutes and (timed is None or bare.minutes + told <= timed) for bare in found.bare
    )


def _no_room(
    code: str, parsed: Parsed, done: list[Intervention], payer: str, billed: dict[str, int], denied: bool
) -> bool:
    """Whether other services, told strongly, take up all minutes of the visit: a timed code for which no unit is
    left, or a code whose service is told as planned or past only.
    """
    timed = [made for made in done if is_timed(made.code) == is_timed(code)]
    whole = parsed.totals.timed if is_timed(code) else parsed.totals.total
    if not timed or whole is None or not all(made.sure and strong(made, parsed.text) for made in timed):
        return False
    if sum(made.minutes or 0 for made in timed) != whole:
        return False
    if denied or not is_timed(code):
        return denied
    carried = {held for held in billed if any(same(held, one) for made in timed for one in made.supported)}
    sold = sum(billed[held] for held in carried)
    return all(one.timed_total <= sold for one in answers(minutes_by_code(timed), billed, payer))


def _left_open(
    code: str, parsed: Parsed, found: Gathered, done: list[Intervention], passages: list[Passage], payer: str,
    billed: dict[str, int],
) -> bool:  # fmt: skip
    """Whether silence about a code is right: some words speak for it, or part of the text was not understood.

    A service that is told as refused, planned or past, a meal or a walk that was only watched, a heading without
    content, and minutes that are all accounted for by other services leave nothing open.
    """
    if any(made.watched and code in made.supported for made in done):
        return False
    if code in REPORTED and FOR_REPORT.search(parsed.text) and not any(code in made.touched for made in done):
        return False
    if code == "97016" and any(made.code == "97010" for made in done):  # cold is told: is pressure told as well?
        return bool(PRESSED.search(parsed.text))
    named = {aside.reason for aside in found.aside if aside.code == code and aside.named}
    if "negation" in named:
        return False
    clear = understood(code, parsed, done)
    if named & set(DENIED) and clear:
        return False
    if any(code in made.touched or (code == HANDS_ON and MASSAGE in made.touched) for made in done):
        return True
    if _no_room(code, parsed, done, payer, billed, bool(named & set(DENIED))):
        return False
    if any(minutes and reason not in OTHERS_TIME for _, _, minutes, reason in found.lost):
        return True
    if not found.blocks and any(bare.label == code for bare in found.bare):
        return False
    blocks = [(made.start, made.end) for made in done]
    taken = [*blocks, *((told.start, told.end) for told in passages), *parsed.totals.places]
    if any(unread(parsed, sentence, taken) for sentence in parsed.sentences):
        return True
    if any(bare.label == code for bare in found.bare):
        return False
    if not clear:
        return True
    return not done or not all(made.sure for made in done)


def unread(parsed: Parsed, sentence: Sentence, taken: list[tuple[int, int]]) -> bool:
    """Whether a sentence of today's treatment is long enough to tell a service and was not understood."""
    start, end = sentence.start, sentence.end
    if sentence.section not in ("done", "open") or any(low < end and start < high for low, high in taken):
        return False
    if (
        is_cue(parsed, start, end)
        or is_measure(parsed, start, end)
        or parsed.cues.any(NO_SERVICE, start, end)
        or ARROW.search(parsed.text, start, end)
    ):
        return False
    return content_words(parsed.words, start, end) >= UNREAD_WORDS


def _examined_again(unheld: list[str], parsed: Parsed, passages: list[Passage], billed: dict[str, int]) -> list[str]:
    """The codes that no words carry, where a re-evaluation is billed: it asks something new and a changed plan."""
    unchanged = bool(UNCHANGED.search(parsed.text))
    changed = any(passage.category == "plan_change" for passage in passages)
    revised = changed and bool(NEWS.search(parsed.text))
    left = [code for code in unheld if code not in REVISED or unchanged or not revised]
    return left + [code for code in billed if code in REVISED and code not in left and unchanged]


def _billable(made: Intervention, parsed: Parsed, billed: dict[str, int]) -> bool:
    """A service with minutes of its own, or untimed, that strong words tell and none of them for a billed code."""
    if made.why != PURPOSE and made.code not in PLACED and not billed.keys().isdisjoint(made.touched):
        return False
    own = made.label or any(made.start <= amount.start < made.end for amount in parsed.times)
    timed = is_timed(made.code)
    return (not timed or (bool(own) and (made.minutes or 0) >= LEAST_UNIT)) and (
        strong(made, parsed.text)
        or (made.label == made.code == HANDS_ON and distinct(made, parsed.text) >= LEAST_WORDS)
    )


def _empty(made: Intervention) -> bool:
    """A swallowing or gait block in which nothing but watching is told."""
    return made.code in ("92526", "97116") and made.watched


def _better(code: str, made: Intervention) -> NoteFinding:
    return NoteFinding(
        "better_supported_code", code, made.supported[:1] if made.sure else made.supported, made.minutes, "lateral",
        (Span(made.start, made.end),), f"Billed {code}; the documentation supports {made.supported[0]}.",
    )  # fmt: skip
