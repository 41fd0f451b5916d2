"""What does not count as done today: negated, refused, past, planned, at home, by an aide, without the therapist."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

from everyunit.notes.heads import DEVICES
from everyunit.notes.layout import Sentence
from everyunit.notes.lexicon import Hit
from everyunit.notes.words import Word

REACH = 6
TURNING = ("NO_AFTER", "NO_BEFORE", "PAST", "PLAN", "PLAN_OPENS", "HOME", "AIDE", "ALONE", "FREE", "ABSENT")
FAINT = frozenset(["no", "not", "without", "avoid"])
PASSED = frozenset(
    [
        "with",
        "during",
        "after",
        "while",
        "when",
        "in",
        "for",
        "pain",
        "assist",
        "assistance",
        "support",
        "cue",
        "lob",
        "loss",
    ]
)
OPENING = 8
EDGE = 3  # characters
BEHIND = frozenset(
    ["to", "set", "sets", "door", "he", "she", "pt", "patient", "for", "of", "room", "step", "steps", "was"]
)
OWN = frozenset(["own", "self", "himself", "herself"])
LEVELLED = frozenset(["97530", "97535", "97533", "97537", "97542", "97129", "97130", "92507", "92526", "92609"])
PLAN_START = re.compile(
    r"""\W*(?:cont(?:inue)?\s(?:\w+\s){0,2}?(?:\d|poc|plan|per|as|with|current|q\d)|cont\b|continue\b|plan\b|next\s(?:visit|session|tx|treatment|week|wk|time|appt)|will\b|(?:pt|patient)\s(?:to|will)\s
    |progress(?:ing)?\s(?:to|as)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
UNCHECKED = re.compile(r"(?:\[\s?\]|☐)\s*(?:[A-Z0-9]\d{4}\s+)?$")
COMPARED = ("from", "than", "since", "vs", "versus", "compared", "was", "over", "to", "as", "like")
CLAUSE = re.compile(r"[;,.:]\s|\s(?:but|however|except|then)\s|\s-\s|\)\s|\s\(", re.IGNORECASE)
ROOM = {
    "planned": "plan",
    "goal": "goal",
    "agreed": "poc",
    "past": "history",
    "said": "reported",
    "fact": "record",
    "closing": "poc",
}


@dataclass(slots=True)
class Cues:
    """Cue terms of a note, by name, each list in order of place."""

    by_name: dict[str, list[Hit]] = field(default_factory=dict)
    places: dict[str, list[int]] = field(default_factory=dict)
    turning: list[int] = field(default_factory=list)

    def within(self, name: str, start: int, end: int) -> list[Hit]:
        """Cues of a name that begin between two places."""
        places = self.places.get(name)
        if places is None:
            return []
        return self.by_name[name][bisect_left(places, start) : bisect_left(places, end)]

    def any(self, names: tuple[str, ...], start: int, end: int) -> bool:
        """Whether any of these cues begins between two places."""
        for name in names:
            places = self.places.get(name)
            if places is not None and _one_within(places, start, end):
                return True
        return False

    def turns(self, start: int, end: int) -> bool:
        """Whether any cue that can take a service from today begins between two places."""
        return _one_within(self.turning, start, end)


def _one_within(places: list[int], start: int, end: int) -> bool:
    first = bisect_left(places, start)
    return first < len(places) and places[first] < end


def cues_of(marks: list[Hit]) -> Cues:
    """The cue hits sorted into their names."""
    found = Cues()
    for hit in marks:
        for name in {entry.code for entry in hit.entries}:
            found.by_name.setdefault(name, []).append(hit)
    found.places = {name: [hit.start for hit in hits] for name, hits in found.by_name.items()}
    found.turning = sorted(place for name in TURNING for place in found.places.get(name, ()))
    return found


def clause(text: str, start: int, end: int, place: int) -> tuple[int, int]:
    """The clause of a sentence (between two places) around one place."""
    starts, ends = _breaks(text, start, end)
    before, after = bisect_right(ends, place), bisect_right(starts, place)
    return ends[before - 1] if before else start, starts[after] if after < len(starts) else end


@lru_cache(maxsize=4)
def _breaks(text: str, start: int, end: int) -> tuple[list[int], list[int]]:
    """Where the breaks between the clauses of a sentence begin and end."""
    found = [match.span() for match in CLAUSE.finditer(text, start, end)]
    return [first for first, _ in found], [last for _, last in found]


def why_not(hit: Hit, sentence: Sentence, text: str, words: list[Word], cues: Cues) -> str | None:
    """The reason why a term does not count as done today; none where it does."""
    if sentence.section in ROOM:
        return ROOM[sentence.section]
    if PLAN_START.match(text, sentence.start):
        return "plan"
    if UNCHECKED.search(text, max(sentence.start, hit.start - 12), hit.start):
        return "negation"
    if not cues.turns(sentence.start, sentence.end):
        return None
    low, high = clause(text, sentence.start, sentence.end, hit.start)
    if _refused(hit, low, high, text, words, cues):
        return "negation"
    for cue in cues.within("PAST", sentence.start, sentence.end):
        opens = cue.start - sentence.start < OPENING and text.find(":", cue.end, cue.end + 14) > 0
        if (opens or low <= cue.start < high) and not _compared(cue, words):
            return "history"
    if _planned(hit, sentence, low, high, cues, words):
        return "plan"
    told = any(not _denied(cue, words) for cue in cues.within("HOME", low, high))
    if told and not cues.any(("TODAY",), sentence.start, sentence.end):
        return "home"
    if cues.any(("ABSENT",), sentence.start, sentence.end):
        return "caregiver"
    for cue in cues.within("AIDE", sentence.start, sentence.end):
        if not _second_person(cue, words):
            return "unskilled"
    levelled = _of_skill(hit) and not cues.any(("REST",), sentence.start, sentence.end)
    if not any(entry.code in DEVICES for entry in hit.entries) and any(
        low - 2 <= cue.start < high + 24 and not (levelled and words[cue.last].small in OWN)
        for cue in (
            *cues.within("ALONE", sentence.start, sentence.end),
            *cues.within("FREE", sentence.start, sentence.end),
        )
    ):
        return "unattended"
    return None


def _denied(cue: Hit, words: list[Word]) -> bool:
    """Whether "no complaints" only says that the patient said nothing."""
    return cue.first > 0 and words[cue.first - 1].small in FAINT and not words[cue.first].broken


def _of_skill(hit: Hit) -> bool:
    """Whether a service is about what the patient can do: on her own tells the level, not that nobody was there."""
    return all(entry.code in LEVELLED for entry in hit.entries)


def _refused(hit: Hit, low: int, high: int, text: str, words: list[Word], cues: Cues) -> bool:
    for cue in cues.within("NO_AFTER", low, high):
        near = 0 < hit.first - cue.last <= REACH
        if near and not any(words[n].broken for n in range(cue.last + 1, hit.first + 1)) and not _of(cue, hit, words):
            return True
    return any(
        hit.first < cue.first and cue.first - hit.last <= REACH and not _timed(cue, words)
        for cue in cues.within("NO_BEFORE", low, high)
    )


def _of(cue: Hit, hit: Hit, words: list[Word]) -> bool:
    """Whether a faint "no" speaks of something else than the service behind it: no pain with squats."""
    between = {words[n].form for n in range(cue.last + 1, hit.first)}
    return words[cue.first].form in FAINT and not PASSED.isdisjoint(between)


def _timed(cue: Hit, words: list[Word]) -> bool:
    """Whether "held for 30 sec" gives the length of a hold, or "declined to 4/10" a figure."""
    following = words[cue.last + 1 : cue.last + 3]
    return bool(
        words[cue.first].form in ("held", "declin")
        and following
        and (words[cue.last].form in ("for", "declin") and any(word.raw.isdigit() for word in following))
    )


def _compared(cue: Hit, words: list[Word]) -> bool:
    """Whether the cue only compares today with another day: up from 10 s last visit."""
    return any(words[n].small in COMPARED for n in range(max(0, cue.first - 4), cue.first))


def _planned(hit: Hit, sentence: Sentence, low: int, high: int, cues: Cues, words: list[Word]) -> bool:
    for cue in cues.within("PLAN", sentence.start, sentence.end):
        if low <= cue.start < high:
            return True
        if cue.start < hit.start and words[cue.first].small in ("will",):
            return True
    return any(_edges(cue, low, high, words) for cue in cues.within("PLAN_OPENS", low, high))


def _edges(cue: Hit, low: int, high: int, words: list[Word]) -> bool:
    """Whether plan or next stands at the edge of its clause and so tells what comes: next stairs, stairs next."""
    after = words[cue.last + 1] if cue.last + 1 < len(words) and words[cue.last + 1].start < high else None
    if after is None:
        return words[cue.last].small == "next"
    opens = cue.start - low < EDGE and not after.broken and after.raw.isalpha()
    return opens and after.small not in BEHIND and not (len(after.small) > EDGE + 1 and after.small.endswith("ed"))


def _second_person(cue: Hit, words: list[Word]) -> bool:
    """An aide who lends a second pair of hands does not take the therapist's place."""
    near = {words[n].small for n in range(max(0, cue.first - 5), min(len(words), cue.last + 5))}
    return bool(
        near
        & {
            "assist",
            "assistance",
            "assisted",
            "2nd",
            "second",
            "x2",
            "safety",
            "educated",
            "trained",
            "train",
            "taught",
            "checked",
            "checks",
            "reported",
            "reports",
            "brought",
            "escorted",
            "transported",
            "noted",
            "present",
            "shown",
            "instructed",
            "watched",
            "observed",
        }
    )
