"""Words of a note: where each stands, and the one form that its spellings share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

WORD = re.compile(r"[wW]/[cC]\b|[dcsDCS]/[cdosCDOS]\b|[wW]/[oO]\b|//|\d+(?:\.\d+)?|[A-Za-z]+")
BREAKS = frozenset(',;.:()\n\r|[]?!"')
PLAIN_GAPS = (" ", "-", "/", "")
LONGEST = 30
SHORTEST_MENDED = 6
WHOLE = frozenset(
    [
        "seated",
        "seating",
        "timing",
        "timed",
        "taping",
        "posting",
        "dressing",
        "bedding",
        "scheduling",
        "changing",
        "billing",
        "reports",
        "states",
        "says",
        "cans",
        "tubing",
        "setting",
        "fitting",
        "meeting",
        "being",
        "toileting",
        "cupping",
        "shifted",
        "cutting",
        "catching",
        "handling",
        "recline",
        "driving",
        "lowered",
    ]
)


@dataclass(slots=True)
class Word:
    """One word: its place in the note, its text, its shared form, whether a stop stands before it, and its small
    letters (of a word beyond 30 letters, its beginning).
    """

    start: int
    end: int
    raw: str
    form: str
    broken: bool
    small: str


def stem(word: str) -> str:
    """Singular and plain form by a few endings: exercises, exercise and exercising share one."""
    if word == "ups":
        return "up"
    if len(word) < 4 or not word.isalpha() or word in WHOLE:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            return word[:-1] if word[-1] == word[-2] and word[-1] not in "ls" else word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word[:-1] if len(word) >= 6 and word.endswith("e") else word


def _swapped(known: str, word: str) -> bool:
    """Whether two words have the same letters: of short words only a swap is mended."""
    return sorted(known) == sorted(word)


class Spelling:
    """The known words, and the known word that a misspelt one stands for (one letter more, less, other or swapped).

    `plain` are words of their own a letter away from a known one; they are not mended. Each known word is held under
    all its forms with one letter left out, so that a look-up costs the length of the word and no more.
    """

    def __init__(self, known: Iterable[str], plain: Iterable[str] = ()) -> None:
        self.known, self.plain = frozenset(known), frozenset(plain)
        self.short: dict[str, str] = {}
        for word in sorted(self.known):
            if len(word) >= SHORTEST_MENDED and word.isalpha():
                for place in range(1, len(word) - 1):
                    self.short.setdefault(word[:place] + word[place + 1 :], word)
        self.form = lru_cache(maxsize=65536)(self._form)
        self.forms = lru_cache(maxsize=65536)(self._forms)

    def _form(self, raw: str) -> str:
        word = raw.lower()
        if word in self.known or len(word) < SHORTEST_MENDED or len(word) > LONGEST or not word.isalpha():
            return stem(word)
        if word in self.plain or stem(word) in self._stems():
            return stem(word)
        lefts = [word[:place] + word[place + 1 :] for place in range(1, len(word) - 1)]
        further = next((left for left in lefts if left in self.known and len(left) >= SHORTEST_MENDED), None)
        lacking = self.short.get(word) if len(word) > SHORTEST_MENDED else None
        return stem(further or lacking or self._other(word, lefts) or word)

    def _other(self, word: str, lefts: list[str]) -> str | None:
        """The known word with one letter other than this one's, or two of its letters swapped."""
        for left in lefts:
            found = self.short.get(left)
            if found and abs(len(found) - len(word)) <= 1 and (len(word) > SHORTEST_MENDED or _swapped(found, word)):
                return found
        return None

    def _forms(self, raw: str) -> tuple[str, str]:
        return self.form(raw), raw.lower()

    @lru_cache(maxsize=1)  # noqa: B019 (one lexicon lives as long as the process)
    def _stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in self.known)

    def words(self, text: str) -> list[Word]:
        """Every word of a text in order; the cost is one pass."""
        found: list[Word] = []
        forms, last = self.forms, 0
        for match in WORD.finditer(text):
            start, end = match.span()
            gap = text[last:start]
            broken = gap not in PLAIN_GAPS and not BREAKS.isdisjoint(gap)
            raw, last = text[start:end], end
            form, small = forms(raw if end - start <= LONGEST else raw[:LONGEST])
            found.append(Word(start, end, raw, form, broken, small))
        return found
