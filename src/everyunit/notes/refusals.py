"""How far a refusal reaches: a service told as declined or held, with its dose and the list after its colon."""

from __future__ import annotations

import re
from bisect import bisect_right

from everyunit.notes.layout import Sentence

WHY = (
    r"(?:today|this\s(?:date|visit|session)|d/t|due|2/2|secondary|because|per\s|by\s|on\shold|\(|pending|until\s(?!\d)"
    r"|(?:on|at)\s(?:\w+(?:['’]s)?\s){0,2}(?:requests?|orders?|advice|instructions?)\b)"
)
HELD = rf"held(?=\s*(?::|-\s|–|{WHY}))"
DROPPED = (
    r"declin(?:ed|es|ing)|refus(?:ed|es|ing|al\sof)|deferr(?:ed|ing)|skipped|omitt(?:ed|ing)|withheld"
    r"|cancell?ed|did\snot\s(?:perform|do|complete|attempt|tolerate)|held\soff\son"
    r"|not\s(?:performed|done|completed|attempted|provided|addressed|tolerated)"
)
NONE = r"(?<=[:–-]\s)(?:none|nil|n/a|nothing)(?=\s*(?:$|[.;,\n]|today|this\s(?:date|visit|session)))"
NOT_YET = r"not\s(?:repeated|yet\s(?:begun|started|done|introduced|attempted|appropriate|indicated|tried|trialed))"
PARTS = (  # one of them is in every cue
    "declin", "refus", "prefer", "defer", "skip", "omit", "held", "cancel", "not", "unable", "await", "none",
    "nil", "n/a",
)  # fmt: skip
CUE = re.compile(
    rf"\b(?:{DROPPED}|{HELD}|held|unable\sto\s(?:perform|tolerate|participate\sin|complete)"
    rf"|awaiting|awaits|{NOT_YET}|prefer(?:s|red)\snot(?!\sto)|{NONE})\b",
    re.I,
)
OFFERED = re.compile(r"\boffered[,;]?\s(?:but\s|and\s)?(?:pt|patient|client|he|she|they)\s(?:\w+\s)?$", re.IGNORECASE)
WHO = r"(?:pt|patient|client|resident|child|student|he|she|they|mom|mother|father|caregiver)"
OPENS = re.compile(
    rf"""\W*(?:[SOAP]:\s*)?(?:{WHO}\s)?(?:(?:has|have|again|adamantly|politely|still|today|was|were|also)\s)*
    (?:{DROPPED}|{HELD}|unable\sto\s(?:perform|tolerate|participate\sin|complete))\b""",
    re.IGNORECASE | re.VERBOSE,
)
OTHER_SENSE = re.compile(
    r"""\s*(?:to\s(?:\d|stop|quit|give|sit|rest)|from\s\S*\d|by\s\d|\d{1,2}/10|slightly|since|over\sthe|further\s(?:rest|reps)
    |(?:(?:a|the|any|all|seated|standing|further|offered)\s)*(?:rest|breaks?|water|assist\w*|help|chair|medication|meds?
    |pain\smed\w*|interpreter|walker|cane|copy|handout)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
ENDS = re.compile(
    rf"""[\s,;(]+(?:but|however|although|though|yet|instead|except|agreed|agreeable)\b
    |[;,]\s(?:and\s)?(?:then\s|so\s)?(?:{WHO}\s|performed|did\b|completed|able\b|ambulated|walked|worked|participated
    |continued|focused|tolerated|practiced|instructed|educated|reviewed|trained|provided|therapist|transferred|rode)""",
    re.IGNORECASE | re.VERBOSE,
)
SERVICE = re.compile(r"[;,+]\s(?=[A-Z0-9][^;,:.\n]{1,40}?\d{1,2}\s?(?:min|m\b|'))")
MINUTES = re.compile(r"\d\s?-?\s?(?:min|m\b|')|\d:\d\d", re.IGNORECASE)
DOSED = re.compile(r"\d\s?x\b|\d\s?x\s?\d|\bx\s?\d|\d\s?(?:lb|#|%|/\s?\d)|:|\d\s?-?\s?(?:min|m\b|')", re.IGNORECASE)
SEMICOLON = re.compile(r";\s")
CLOSES = re.compile(
    rf"""[\s,;:(\[\-–—]*\b(?:was\s|were\s|is\s)?(?:{DROPPED}|held)\b
    (?:\s(?:today|by\s\w+|this\s\w+|again|per\s[^.,;]{{1,30}}|(?:d/t|due\sto|2/2|secondary\sto|because\sof|for)\s[^.,;]{{1,50}}))*
    [\s.)\]!]*$""",
    re.IGNORECASE | re.VERBOSE,
)
SUBJECT = re.compile(rf"\b(?:{WHO}|so|and|but|then)\s(?:\w+\s)?$", re.IGNORECASE)
TIMED = re.compile(r"(?:min(?:ute)?s?|m|')\W*(?:was\s|were\s)?$")
NAMED = re.compile(r"\W*(?:[SOAP]:\s*)?(?:[A-Za-z/&'’-]+(?:\s[-–]\s|:\s|\s)){1,5}")
PERSON = re.compile(rf"\W*(?:[SOAP]:\s*)?(?:{WHO}|i|we|therapist|pt's|wife|husband)\b", re.IGNORECASE)
PUT_OFF = re.compile(
    rf"(?:deferred|withheld|omitted|cancell?ed|not\s(?:performed|attempted|done|completed|provided)|{NOT_YET}|{HELD}"
    rf"|awaiting|awaits|(?:{NONE}))\b",
    re.IGNORECASE,
)
NEAR, FAR = 30, 600  # characters: words before a cue; the longest stretch that one refusal is looked for in
STOP_BEFORE = re.compile(r"[,;:(\[\-–—]\s*(?:was\s|were\s|is\s)?$", re.IGNORECASE)
LIST_LINE = re.compile(r"\s*[-•*]\s")
BODY_SENSE = re.compile(
    r"(?:\bbreath|\bpain|\bscore|\bstrength|\bROM|\baccuracy|\bfunction|\bstatus|\bnot|\bhand|\bposition|\bcontraction)\W*$",
    re.IGNORECASE,
)


def refused(text: str, sentences: list[Sentence]) -> list[tuple[int, int]]:
    """The stretches of a note that a refusal or a hold governs, in order; one pass over its cues."""
    small = text.lower()
    if not any(part in small for part in PARTS):
        return []
    starts = [sentence.start for sentence in sentences]
    found: list[tuple[int, int]] = []
    for cue in CUE.finditer(text):
        place = bisect_right(starts, cue.start()) - 1
        if place < 0 or cue.start() >= sentences[place].end or (found and cue.start() < found[-1][1]):
            continue
        sentence = sentences[place]
        if OTHER_SENSE.match(text, cue.end()) or BODY_SENSE.search(
            text, max(sentence.start, cue.start() - NEAR), cue.start()
        ):
            continue
        if OFFERED.search(text, sentence.start, cue.start()):
            found.append((sentence.start, cue.end()))
            continue
        opening = OPENS.match(text, sentence.start, sentence.end)
        if opening and opening.end() >= cue.end():
            found.append((sentence.start, _reach(text, cue.end(), sentence.end)))
            found += _listed(text, found[-1][1], sentences, place) if _bare(text, cue.end(), sentence.end) else []
        elif span := _closed(text, sentence, cue.start()) or _told(text, sentence, cue):
            found.append(span)
        elif _of_patient(text, sentence.start, cue):
            found.append((cue.start(), _reach(text, cue.end(), sentence.end)))
    return found


def _of_patient(text: str, start: int, cue: re.Match[str]) -> bool:
    """Whether the patient declines something in the midst of a sentence: fatigued, so she declined gait training."""
    word = cue.group().lower()
    return word.startswith(("declin", "refus")) and bool(
        SUBJECT.search(text, max(start, cue.start() - NEAR), cue.start())
    )


def _reach(text: str, start: int, end: int) -> int:
    """Where a refusal ends: at a contrast, at what was done, or at a further service with its minutes."""
    full, end = end, min(end, start + FAR)
    stops = [match.start() for match in (ENDS.search(text, start, end),) if match]
    for match in SERVICE.finditer(text, start, end):
        if not MINUTES.search(text, start, match.start()):
            if text[start : match.start()].strip(" :"):
                stops.append(match.start())
            break
    semicolon = SEMICOLON.search(text, start, end)
    if semicolon and not DOSED.search(text, start, semicolon.start()):
        stops.append(semicolon.start())
    return min(stops, default=full)


def _closed(text: str, sentence: Sentence, cue: int) -> tuple[int, int] | None:
    """A service told first and then as not done, where a stop stands before the cue: Gait 15 min: stairs, held."""
    if sentence.end - cue > FAR:
        return None
    low = max(sentence.start, text.rfind(";", max(sentence.start, cue - FAR), cue - 2) + 1)
    closing = CLOSES.search(text, max(low, cue - 4), sentence.end)
    if not closing or closing.start() > cue:
        return None
    stopped = STOP_BEFORE.search(text, max(low, cue - NEAR), cue)
    timed = TIMED.search(text, max(low, cue - NEAR), cue)
    return (low, sentence.end) if stopped or timed else None


def _told(text: str, sentence: Sentence, cue: re.Match[str]) -> tuple[int, int] | None:
    """A service named in a few words as held or put off, without a stop between: Gait training held per nursing."""
    low = max(sentence.start, text.rfind(";", max(sentence.start, cue.start() - FAR), cue.start()) + 1)
    named = cue.start() - low < FAR and NAMED.fullmatch(text, low, cue.start())
    if not named or PERSON.match(text, low) or not PUT_OFF.match(text, cue.start()):
        return None
    return low, _reach(text, cue.end(), sentence.end)


def _bare(text: str, start: int, end: int) -> bool:
    return text[start:end].rstrip().endswith(":")


def _listed(text: str, end: int, sentences: list[Sentence], place: int) -> list[tuple[int, int]]:
    """What stands under "Pt declined:" on lines of its own: the next line, further ones where they are bullets."""
    found: list[tuple[int, int]] = []
    for number in range(place + 1, len(sentences)):
        sentence = sentences[number]
        line = text.rfind("\n", 0, sentence.start) + 1
        if text.count("\n", end, sentence.start) > 1 or sentence.fresh:
            break
        if found and not (LIST_LINE.match(text, line) or sentence.line == sentences[place + 1].line):
            break
        found.append((sentence.start, sentence.end))
        end = sentence.end
    return found
