"""Assessment and management passages: what the therapist measured, thought, changed, taught and plans."""

from __future__ import annotations

import itertools
import re

from everyunit.notes.heads import DEVICES
from everyunit.notes.layout import Sentence
from everyunit.notes.lexicon import Hit
from everyunit.notes.parsed import Parsed
from everyunit.notes.reading import Passage

LEARNED = re.compile(
    r"""\W*(?:[SOAP]:\s*)?(?:(?:her|his|the|pt'?s|patient'?s|child'?s)\s)?(?:wife|husband|spouse|partner|mother|mom|mum|father|dad|parents?|daughter|son
    |sister|brother|aunt|uncle|grand\w+|caregiver|carer|family|friend|aide|teacher|niece|nephew|neighbou?r)\s
    (?:(?:was|were|then|also|and\s\w+)\s)*(?:practi[cs]ed|rehearsed|learned|learnt|trained|taught|shown|demonstrated|returned|repeated|instructed|educated|coached)\b""",
    re.IGNORECASE | re.VERBOSE,
)
COULD = re.compile(r"\b(?:to|can|could|able\sto|cannot|may|might|would)\s(?:\w+\s)?$", re.IGNORECASE)
CHANGE_OF_FIGURE = re.compile(
    r"""\d\S{0,12}\s?(?:->|→|-->|to)\s*\d|\(\s*(?:was\s)?\d[^()\n]{0,14}\)|\bwas\s\d|\bfrom\s\S{1,20}\s\d?\S{0,12}\s?to\b
    |\d\s*vs\.?\s*\d""",
    re.VERBOSE,
)
ARROW = re.compile(r"\d\S{0,12}\s?(?:->|→|-->)\s*\d")
COMPARED = re.compile(r"\d\s?[a-z%]{0,4}\s?\((?:was\s|from\s)?\d+\)")
NOW = re.compile(r"\d\s(?:\w+\s)?now,\s(?:was\s)?\d", re.IGNORECASE)
DOSE = re.compile(r"\b\d{1,2}\s?x\s?\d{1,3}\b|\b\d{1,3}\s?(?:#|lbs?\b)|\bx\s?\d{1,2}\b|\bgr(?:ade)?\s?(?:I|V|\d)")
CLAUSES = re.compile(
    r"""[;,]\s(?=(?:and\s)?(?:decided|reviewed|explained|discussed|educated|counsel|built|rewrote|changed|new\sgoal
    |taught|instructed|took|reassess|re-?measur|re-?test|updated|dropped|agreed)\b)
    |\s(?=and\s(?:decided|explained|discussed|reviewed|agreed|rewrote)\b)|;\s""",
    re.IGNORECASE | re.VERBOSE,
)
REASONED = re.compile(
    r""",\s(?:so(?!\s(?:that\s)?(?:he|she|pt|they|her|his|patient|child|client|the)\s)|therefore|thus|hence|which)\s
    |\bonly\s(?:when|with|after|if|in|past|once)\b|,\snot\s(?:the|a|an|from|of|just|only|by|with)\b|\bmore\sthan\s(?:weakness|pain|stiffness|strength|the|from|by)\b
    |,\sbut\snot\s|\b(?:which|that|this)\s(?:tells|says|means|shows|argues|fits|explains)\b""",
    re.IGNORECASE | re.VERBOSE,
)
LEVEL = r"(?:max|mod|min|total|moderate|minimal|maximal|dependent|cga|sba|supervision|independent|mod\si|set\s?up)"
LEVELS = re.compile(rf"\b{LEVEL}\b", re.IGNORECASE)
DAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thurs?|fri|week|wk|visits?|session|time|month|admission|eval\w*|ie|soc"
    r"|start|baseline|intake|day|fall|spring|summer|winter|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|\d+/\d+)"
)
MOVED = re.compile(
    rf"""\bfrom\s(?:{LEVEL}\b(?:\sa(?:ssist)?\b)?|~?\d)[^;.]{{0,40}}?\s?(?:to|->|→)\s?(?:{LEVEL}\b|\d)
    |\b{LEVEL}\s?a?\s?(?:->|→)\s?{LEVEL}\b
    |\d[^;.]{{0,40}}?\b(?:last|previous|prior|since|on|at|in|vs|than)\s(?:\w+\s)?{DAY}\b
    |\d\s?(?:min|s|sec|%|lb|ft)?[^;.,]{{0,24}},\s(?:was\s)?\d\S*(?:\s?(?:min|s|sec|%|lb|ft))?\s(?:on\s)?{DAY}\b
    |\d\S*,\swas\s\d|\b(?:up|down)\s\d+\s?%?\s(?:in|over|since)\s(?:the\s)?(?:last\s)?\d|\(\d+\s(?:vs\.?|from|was)\s\d+\)|\bimproved\s\d+\sto\s\d
    |\d\s?%?[^;.]{{0,12}}?\s?(?:->|→|to)\s?\d[^;.]{{0,20}}?\b(?:over|in|within|across)\s(?:the\s)?(?:last\s|past\s)?(?:\d+|two|three|four|five|six)\s?(?:visits?|weeks?|wks?|sessions?|days?|months?)\b
    |\b(?:better|worse|faster|less|more|fewer|farther|longer)\sthan\s(?:\w+\s)?{DAY}\b|\b[SL]TG\s?\d?\s(?:is\s)?met\b""",
    re.IGNORECASE | re.VERBOSE,
)
AGO_WORDS = ("ago", "baseline", "back", "earlier")
AGO = re.compile(
    rf"\d[^;.]{{0,40}}?\b(?:{DAY}\sago|baseline|a\s(?:week|month)\s(?:ago|back|earlier))\b", re.IGNORECASE
)
WHEN = re.compile(
    r"""\bnext(?:\s(?:visit|session|time|week|wk|tx|treatment|appointment)|\s?$|[.]?$|\sis\b|:)|\b(?:nv|nxt|tomorrow|tmrw)\b
    |^\W*(?:p:\s*)?next\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:mon|tue|wed|thu|thur|fri)\b
    |\bin\s(?:\d|one|two|three|a)\s?(?:weeks?|wks?|days?|visits?|month)\b|\bin\s(?:june|july|august|september|may)\b
    |\bas\s(?:\w+\s){1,2}(?:allows?|permits?|settles?|improves?|clears?)\b|\b(?:from|at|by)\s(?:week|wk)\s\d|\b(?:once|when|if|until|unless)\s""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
AHEAD = re.compile(
    r"""\W*(?-i:Next)\s(?:week|session|visit|time|wk)\b(?!\s(?:to|is)\b)
    |[^\d;][^;]*\b(?:next\s(?:week|time|visit|session)|in\s(?:two|three|\d)\sweeks|tomorrow)[\s.]*$""",
    re.IGNORECASE | re.VERBOSE,
)
ROUTINE = re.compile(
    r"\W*(?:p:|plan:)?\s*(?:cont\w*|same|return|f/u|follow|see|schedul\w*|\d\s?x|twice|once|weekly|daily|poc|discharge|d/c)\b",
    re.IGNORECASE,
)
ABSENT = re.compile(
    r"\b(?:pt|patient|client|he|she|they|family|child)\sleft\b(?!\s(?:arm|leg|hand|side|foot|knee|hip|shoulder))"
    r"|waiting room|\bchart(?:s|ed)?\b|\bcharting\b(?!\s(?:goal|task|work|job|skill|speed))"
    r"|finishing|documentation|paperwork",
    re.IGNORECASE,
)
LEFT_FIRST = re.compile(r"\bafter\s(?:the\s)?(?:pt|patient|client|he|she|they|family|child)\sleft\b", re.IGNORECASE)
RE_EDUCATION = re.compile(r"re-?\s?education\b", re.IGNORECASE)
SETS = re.compile(r"\d\s?x\s?\d|\bx\s?\d")
REVIEWED = re.compile(r"\W*reviewed\b", re.IGNORECASE)
MET = re.compile(r"\b(?:[SL]TG\s?#?\d?|goal\s?#?\d?)\s(?:is\s|was\s)?met\b|\bmet\s[SL]TG", re.IGNORECASE)
AGAIN = re.compile(
    r"\W*(?:[SOAP]:\s*)?(?:then\s|also\s)?re-?\s?(?:measured|tested|checked|assessed|examined|screened|took|ran|scored|did)\b(?=.*\d)",
    re.IGNORECASE,
)
REACHED = re.compile(
    r"""\b(?:for\sthe\sfirst\stime|first\stime|no\slonger\s(?:needs?|requires?|has|uses?|loses?|drops?)|on\scourse|on\strack|on\space|half\s?way
    |half\smet|nearly\smet|now\smet|goals?\s(?:is\s|are\s|was\s)?(?:met|reached|achieved)|reached\s(?:the\s|her\s|his\s)?goal
    |(?:better|worse|faster|slower|steadier|longer|further|farther|less|fewer|more)\b[^.;]*\bthan\s(?:last|at|in|on|the\sfirst|before|a\s))""",
    re.IGNORECASE | re.VERBOSE,
)
HELPED = re.compile(
    r"\b(?:needs?|needed|requires?|required|skilled|cues?|cueing|vcs?|fatigued?|tolerat\w*|hr|spo2|rpe|verbali[sz]ed|"
    r"pain\s\d|continues?\sto)\b",
    re.IGNORECASE,
)
GOAL = re.compile(r"goal|STG|LTG|on track")
SINCE = re.compile(r"goal|STG|LTG|since|on track|last")
LEAST_WORDS, LEAST_TOLD, OPENS, RESTED = 4, 8, 3, 12
STEP = re.compile(
    r"""\W*(?:P:\s*)?(?P<step>Add|Advance|Attempt|Begin|Bring|Build|Change|Cut|Decrease|Double|Drop|Expand|Extend|Fade|Go|Increase|Initiate
    |Introduce|Lengthen|Lower|Move|Practi[cs]e|Progress|Push|Put|Raise|Reassess|Re-?check|Reduce|Re-?introduce|Re-?measure
    |Repeat|Replace|Resume|Re-?test|Send|Shift|Show|Shorten|Start|Step(?!\s\d)|Stop|Swap|Switch|Take|Teach|Test|Train|Transition
    |Trial|Try|Upgrade|Use|Wean|Work)\b""",
    re.VERBOSE | re.IGNORECASE,
)
WAITS = re.compile(
    r"""\b(?:if|once(?!\s(?:a|per|weekly|daily|every|/|x)\b)|when|until|till|unless|only|pending|as\ssoon\sas|provided|depending)\b|\bas\s(?:\w+\s){1,2}(?:allows?|permits?|settles?|improves?|clears?)\b
    |\bafter\s(?:\w+\s){0,3}?(?:sessions?|visits?|days?|weeks?|clear\w*|auth\w*)|[<>]\s?\d|\b(?:under|above|below|over|past)\s\d""",
    re.VERBOSE | re.IGNORECASE,
)


def passages(parsed: Parsed, taken: list[tuple[int, int]]) -> list[Passage]:
    """Every specific passage of a note outside the blocks of treatment (`taken`); boilerplate is none."""
    found: list[Passage] = []
    for sentence in parsed.sentences:
        for start, end in _pieces(sentence, parsed.text):
            if any(low < end and start < high for low, high in taken):
                continue
            category = category_of(parsed, sentence, start, end)
            if category and found and found[-1].category == category and sentence.start <= found[-1].start:
                found[-1].end = end
            elif category:
                found.append(Passage(start, end, category))
    others = any(passage.category != "next_visit" for passage in found)
    return [passage for passage in found if _counts(passage, parsed.text, others)]


def _counts(passage: Passage, text: str, others: bool) -> bool:
    """Whether a plan is specific. Beside another passage it waits on something or opens with its step; without one
    it is a sentence of its own that opens with its step.
    """
    if passage.category != "next_visit":
        return True
    opens = STEP.match(text, passage.start)
    if not others:
        return opens is not None and opens["step"][0].isupper()
    return bool(opens) or bool(WAITS.search(text, passage.start, passage.end))


def _pieces(sentence: Sentence, text: str) -> list[tuple[int, int]]:
    """A sentence cut where it turns from one kind of passage to another."""
    cuts = [match.end() for match in CLAUSES.finditer(text, sentence.start, sentence.end)]
    bounds = [sentence.start, *cuts, sentence.end]
    return [(low, high) for low, high in itertools.pairwise(bounds) if text[low:high].strip()]


def category_of(parsed: Parsed, sentence: Sentence, start: int, end: int) -> str | None:
    """The kind of passage between two places; none where nothing specific is said."""
    if sentence.section in ("said", "fact", "goal", "agreed", "past", "closing"):
        return None
    if parsed.is_refused(start):
        return None
    marks = parsed.marks_within(start, end)
    names = _names(marks)
    if "PAST" in names and any(mark.start - start < OPENS for mark in marks if mark.entries[0].code == "PAST"):
        return None
    if names.get("SAYS_TO") and names.get("OTHERS"):
        names["COORD"] = 1
    text = parsed.text[start:end]
    size = len(text.split())
    if ({"ALONE", "AWAY"} & names.keys() and LEFT_FIRST.search(text)) or (
        "AWAY" in names and ABSENT.search(text) and "COORD" not in names
    ):
        return None
    if sentence.section in ("judged", "done", "open") and size < LEAST_WORDS + 2 and MET.search(text):
        return "progress"
    if parsed.discipline == "SLP" and "EDU" in names:
        asked = [mark for mark in marks if parsed.text[mark.start : mark.end].lower().startswith("question")]
        names["EDU"] -= len(asked)  # answering them is the work
    if names.get("EDU") == 1 and (RE_EDUCATION.search(text) or (REVIEWED.match(text) and SETS.search(text))):
        del names["EDU"]
    if LEARNED.match(text):
        names["EDU"] = names.get("EDU", 0) + 1
    if sentence.section == "planned" and not names.get("DULL") and size >= LEAST_WORDS and _dated(parsed, start, end):
        return "next_visit"
    if sentence.section in ("done", "open", "judged") and size >= LEAST_WORDS and AHEAD.match(text):
        return "next_visit"
    if size < (LEAST_WORDS - 1 if names.get("NEXT", 0) > 1 else LEAST_WORDS) or (
        "AWAY" in names and not {"COORD", "EDU"} & names.keys()
    ):
        return None
    if sentence.section == "planned":
        return _planned(parsed, names, start, end, size)
    if sentence.section == "judged":
        return _judged(parsed, names, start, end, size)
    return _done(parsed, names, start, end, size)


def moved(text: str) -> bool:
    """Whether a text compares a figure or a level with another day's."""
    if MOVED.search(text):
        return True
    small = text.lower()
    return any(word in small for word in AGO_WORDS) and bool(AGO.search(text))


def _names(marks: list[Hit]) -> dict[str, int]:
    found: dict[str, int] = {}
    for mark in marks:
        for name in {entry.code for entry in mark.entries}:
            found[name] = found.get(name, 0) + 1
    return found


def _dated(parsed: Parsed, start: int, end: int) -> bool:
    """Whether a plan names a step and its day or condition; visits as ever, frequency and discharge are none."""
    text = parsed.text[start:end]
    return bool(WHEN.search(text)) and not ROUTINE.match(text)


def _planned(parsed: Parsed, names: dict[str, int], start: int, end: int, size: int) -> str | None:
    if names.get("COORD"):
        return "coordination"
    if names.get("DULL") and not names.get("IF") and size < 9:
        return None
    if names.get("IF") and (names.get("NEXT") or WAITS.search(parsed.text, start, end)):
        return "next_visit"
    if names.get("NEXT", 0) >= 2:
        return "next_visit"
    if names.get("CHANGE") and names.get("REASON"):
        return "plan_change"
    return None


def _judged(parsed: Parsed, names: dict[str, int], start: int, end: int, size: int) -> str | None:
    text = parsed.text[start:end]
    if names.get("COORD"):
        return "coordination"
    if names.get("EDU") and size >= 5:
        return "education"
    if names.get("CHANGE") and size >= 6 and not CHANGE_OF_FIGURE.search(text):
        return "plan_change"
    if (names.get("REASON") or REASONED.search(text)) and size >= 6:
        return "clinical_reasoning"
    if moved(text):
        return "progress"
    if names.get("PROGRESS") and size >= 5 and (CHANGE_OF_FIGURE.search(text) or SINCE.search(text)):
        return "progress"
    if size >= 6 and REACHED.search(text):
        return "progress"
    if size >= LEAST_TOLD + 2 and not HELPED.search(text) and not ARROW.search(text):
        return "clinical_reasoning"
    return None


def _done(parsed: Parsed, names: dict[str, int], start: int, end: int, size: int) -> str | None:
    text = parsed.text[start:end]
    if names.get("MEASURE") and any(hit.entries[0].code in DEVICES for hit in parsed.within(start, end)):
        del names["MEASURE"]  # skin looked at under a pack is part of the pack
    if size >= LEAST_WORDS + 2 and AGAIN.match(text):
        return "reassessment"
    if names.get("MEASURE") and ARROW.search(text) and (size >= LEAST_TOLD or names["MEASURE"] > 1):
        return "reassessment"
    if (names.get("MEASURE", 0) > 1 and COMPARED.search(text)) or (names.get("MEASURE") and NOW.search(text)):
        return "reassessment"
    told = sum(min(2, names.get(name, 0)) for name in ("EDU", "CHANGE", "MEASURE", "REASON"))
    if DOSE.search(text) and not (names.get("EDU") and size > 8) and told < 3:
        return None
    if names.get("EDU") and size >= 5:
        return "education"
    if names.get("CHANGE") and size >= 5 and (names["CHANGE"] > 1 or not names.get("NO_BEFORE")):
        return "plan_change"
    rested = "REST" in names and size < RESTED
    if (names.get("REASON") or REASONED.search(text)) and size >= 6 and not rested:
        return "clinical_reasoning"
    if names.get("MEASURE") and (names["MEASURE"] > 1 or (CHANGE_OF_FIGURE.search(text) and size >= LEAST_TOLD)):
        return "reassessment"
    if names.get("COORD") and size >= 5:
        return "coordination"
    if names.get("PROGRESS") and GOAL.search(text):
        return "progress"
    if names.get("NEXT") and names.get("PLAN") and (names.get("IF") or names["NEXT"] >= 2):
        return "next_visit"
    if (
        size >= 5
        and (LEVELS.search(text) or GOAL.search(text))
        and moved(text)
        and not {"AIDE", "ALONE"} & names.keys()
    ):
        return "progress"
    return None
