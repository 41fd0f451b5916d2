"""Evidence to codes: purpose before content, content before tool, and a heading only where the rest is silent."""

from __future__ import annotations

from dataclasses import dataclass, field

from everyunit.notes.lexicon import Hit
from everyunit.notes.words import Word

PURPOSE, FURTHER_PURPOSE, BARE_AIM = 6.5, 1.0, 2.0
FULL, LATER = 4, 0.25
TECHNIQUE = 4.0
COGNITION = {"PT": 0.3, "OT": 0.6}
LOOK_BACK, WITHOUT_PURPOSE = 8, 0.6
LEADING, AHEAD = 3, frozenset(["before", "until", "till"])
WEAK = 0.75
LEVEL, CARRIED, SURE_GAP, SURE_LEAST = 0.7, 0.5, 3.5, 5.0
NEIGHBOURS = frozenset(map(frozenset, (("97530", "97535"), ("97530", "97116"), ("97530", "97112"))))
YIELDING = ("97112", "97530", "97116")
NEAR_CARRIED, NEAR_LEVEL = 0.3, 0.45
CUES = frozenset(
    ["cue", "cues", "cueing", "cuing", "cued", "vc", "vcs", "tc", "tcs", "prompt", "prompts", "reminder", "reminders"]
)
POSTURE = "97112"  # what a cue asks for (posture, weight shift) is how it was done and not the purpose of the block
SPEECH = frozenset(["92507", "92508", "92526", "97129", "97130", "92523", "92610", "97533", "92609", "96125"])
SPEECH_ONLY = frozenset(["92507", "92508", "92523", "92610", "92609"])


@dataclass(slots=True)
class Weighed:
    """Weight of the words for each code, best first, and the terms that decided."""

    scores: dict[str, float] = field(default_factory=dict)
    hits: dict[str, list[Hit]] = field(default_factory=dict)
    purposes: set[str] = field(default_factory=set)

    def best(self) -> str | None:
        """The code with the most weight; none where nothing speaks for any code."""
        return max(self.scores, key=lambda code: (self.scores[code], code)) if self.scores else None

    def top(self) -> float:
        """The weight of the best code, 0 where there is none."""
        return max(self.scores.values(), default=0.0)

    def supported(self) -> tuple[str, ...]:
        """Codes whose weight is level with the best one's."""
        top = self.top()
        best = self.best() or ""
        level = [
            code
            for code, weight in self.scores.items()
            if top and weight >= (NEAR_LEVEL if frozenset((code, best)) in NEIGHBOURS else LEVEL) * top
        ]
        return tuple(sorted(level, key=lambda code: (-self.scores[code], code)))

    def contradicts(self, code: str) -> bool:
        """Whether the words plainly speak for another code than this one."""
        top, own = self.top(), self.scores.get(code, 0.0)
        near = frozenset((code, self.best() or "")) in NEIGHBOURS
        return top >= SURE_LEAST and top - own >= SURE_GAP and own < (NEAR_CARRIED if near else CARRIED) * top


def weigh(hits: list[Hit], words: list[Word], marks: list[Hit], discipline: str, heads: set[int]) -> Weighed:
    """Weight for each code from the terms of one block; `marks` are its purpose words, `heads` the first words of
    headings, which count nothing.

    A term with a purpose word up to eight words before it in the same clause is a purpose and outweighs content.
    """
    marked = {mark.last for mark in marks}
    cued = {mark.last for mark in marks if mark.first and words[mark.first - 1].small in CUES}
    found, seen, content = Weighed(), dict[tuple[str, str], int](), dict[str, float]()
    for hit in hits:
        if hit.first in heads or _later(hit, words):
            continue
        aimed = _aimed(hit, words, marked)
        corrected = aimed and bool(cued) and not _aimed(hit, words, marked - cued)
        for entry in hit.entries:
            for code, weight in entry.weights:
                if not _allowed(code, discipline):
                    continue
                kind = entry.kind
                number = seen[code, kind] = seen.get((code, kind), 0) + 1
                purpose = aimed and not (corrected and code == POSTURE)
                worth = _worth(kind, weight, number, purpose)
                if worth:
                    found.scores[code] = found.scores.get(code, 0.0) + worth
                    found.hits.setdefault(code, []).append(hit)
                if kind == "purpose" or (kind == "aim" and purpose):
                    found.purposes.add(code)
                elif worth:
                    content[code] = content.get(code, 0.0) + worth
    for code in ("97110",) if found.purposes - {"97110"} else YIELDING:
        if found.purposes and code in content and code not in found.purposes:
            found.scores[code] -= content[code] * (1 - WITHOUT_PURPOSE)
    _hands_on(found, content)
    if discipline != "SLP" and "97129" in found.scores:
        found.scores["97129"] *= COGNITION.get(discipline, WITHOUT_PURPOSE)
    return found


def _hands_on(found: Weighed, content: dict[str, float]) -> None:
    """Manual technique for range or strength stays manual where no exercise is named beside it."""
    if content.get("97140", 0) >= TECHNIQUE and content.get("97110", 0) < BARE_AIM and "97110" in found.scores:
        found.scores["97110"] /= 4


def _allowed(code: str, discipline: str) -> bool:
    if discipline == "SLP":
        return code in SPEECH
    return code not in SPEECH_ONLY


def _worth(kind: str, weight: float, number: int, aimed: bool) -> float:
    if kind == "aim":
        if aimed:
            return PURPOSE if number == 1 else FURTHER_PURPOSE
        return BARE_AIM if number <= 2 else LATER
    if kind == "label":
        return weight if weight > 5 else (1.0 if number == 1 else 0.0)
    if kind in ("weak", "purpose"):
        return weight if number == 1 else 0.0
    return weight if number <= FULL else weight * LATER


def _later(hit: Hit, words: list[Word]) -> bool:
    """Whether a term is only what comes after: strength before return to play."""
    for place in range(hit.first - 1, max(-1, hit.first - 1 - LEADING), -1):
        if words[place + 1].broken:
            return False
        if words[place].small in AHEAD:
            return True
    return False


def _aimed(hit: Hit, words: list[Word], marked: set[int]) -> bool:
    for place in range(hit.first - 1, max(-1, hit.first - 1 - LOOK_BACK), -1):
        if words[place + 1].broken and place + 1 != hit.first:
            return False
        if place in marked:
            return True
    return False
