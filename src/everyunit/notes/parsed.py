"""A note read into its parts once: words, terms, cues, sentences and times, which every later step shares."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from everyunit.notes.blocks import dosage
from everyunit.notes.context import Cues, cues_of, why_not
from everyunit.notes.layout import Sentence, sentences
from everyunit.notes.lexicon import Hit, lexicon
from everyunit.notes.refusals import refused
from everyunit.notes.times import Amount, Totals, amounts, ranges, totals
from everyunit.notes.words import Word

LONGEST = 200_000


@dataclass(slots=True)
class Parsed:
    """The parts of one note, all by character of the same text."""

    text: str
    discipline: str
    words: list[Word]
    hits: list[Hit]
    marks: list[Hit]
    cues: Cues
    sentences: list[Sentence]
    totals: Totals
    times: list[Amount]
    clocks: list[Amount]
    refused: list[tuple[int, int]]
    hit_places: list[int]
    mark_places: list[int]

    def within(self, start: int, end: int) -> list[Hit]:
        """Evidence terms that begin between two places."""
        return self.hits[bisect_left(self.hit_places, start) : bisect_left(self.hit_places, end)]

    def marks_within(self, start: int, end: int) -> list[Hit]:
        """Cue terms that begin between two places."""
        return self.marks[bisect_left(self.mark_places, start) : bisect_left(self.mark_places, end)]

    def split(self, sentence: Sentence, start: int, end: int) -> tuple[list[Hit], list[tuple[Hit, str]]]:
        """Terms between two places of a sentence: those done today, and those set aside with their reason."""
        done: list[Hit] = []
        aside: list[tuple[Hit, str]] = []
        for hit in self.within(start, end):
            reason = why_not(hit, sentence, self.text, self.words, self.cues)
            if reason is None and self.is_refused(hit.start):
                reason = "negation"
            if reason:
                aside.append((hit, reason))
            else:
                done.append(hit)
        return done, aside

    def is_refused(self, place: int) -> bool:
        """Whether a refusal or a hold governs this place."""
        before = bisect_right(self.refused, (place, len(self.text)))
        return before > 0 and place < self.refused[before - 1][1]

    def has_total(self, start: int, end: int) -> bool:
        """Whether a statement about the whole visit begins between two places."""
        return any(start <= low < end for low, _ in self.totals.places)

    def is_total(self, amount: Amount) -> bool:
        """Whether minutes belong to a statement about the whole visit."""
        return any(
            start <= amount.start < end or amount.start <= start < amount.end for start, end in self.totals.places
        )


def parse(note: str, discipline: str) -> Parsed:
    """The parts of a note; of a text longer than 200,000 characters only the beginning is read."""
    text = note[:LONGEST]
    known = lexicon()
    words = known.spelling.words(text)
    hits, marks = known.hits(words, text), known.marks(words, text)
    told = sentences(text)
    past = [(sentence.start, sentence.end) for sentence in told if sentence.section == "past"]
    parsed = Parsed(
        text, discipline, words, hits, marks, cues_of(marks), told, totals(text, words, past),
        [], ranges(text), refused(text, told), [hit.start for hit in hits], [mark.start for mark in marks],
    )  # fmt: skip
    times = [a for a in amounts(text, parsed.clocks, words) if not parsed.is_total(a) and not dosage(a, text, 0)]
    bare = [amount for amount in times if amount.bare]
    meant = len(bare) > 1 and parsed.totals.timed in (None, sum(amount.minutes for amount in bare))
    trailing = [amount for amount in times if amount.trailing]
    column = len(trailing) > 1 and parsed.totals.timed == sum(amount.minutes for amount in trailing)
    parsed.times = [a for a in times if (meant or not a.bare) and (column or not a.trailing)]
    return parsed
