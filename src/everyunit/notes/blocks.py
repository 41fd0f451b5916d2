"""The treatment text cut into blocks: one service each, with its heading and its minutes."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise

from everyunit.notes.heads import DEVICES, Head, apart, firsts, head_at, own_words
from everyunit.notes.layout import Sentence
from everyunit.notes.lexicon import Hit
from everyunit.notes.times import Amount
from everyunit.notes.words import Word

DOSE_BEFORE = re.compile(
    r"""(?:\d\s?x\s?|\bq\s?|\bevery\s|\bper\s|<|>|/|\bat\s|\brest\s(?:of\s)?|\bhold\s|\bafter\s|\bwithin\s|\btolerance\s|\btolerated\s
    |x\s?\d\s?)$""",
    re.IGNORECASE | re.VERBOSE,
)
STRETCHED_TO = re.compile(r"\b(?:retrieval|intervals?|recall|delay|up)\s(?:\w+\s){0,3}?(?:to|of)\s$", re.IGNORECASE)
DOSE_AFTER = re.compile(
    r"""[^\S\n]*(?:x\s?\d|ea\b|each\b|holds?|rest\b|(?:[a-z]+\s)?delay|interval|bout|on\b(?=[\s,]*/?[\s,]*\d)|off\b|on\s?/|of\swear|/\s?\d|per\b|apart|late\b|walk\s?test
    |post\b|prior|before|ago|warm|fwd\s?/|bwd\s?/|forward|back|f/|retro|reverse|recovery|later|without|w/o|to\srecover
    |break|tol\b|timer|timed?\s)""",
    re.IGNORECASE | re.VERBOSE,
)
BETWEEN = re.compile(r"[\s):\-–|]*(?:(?:individual|1:1|skilled|pt|ot|st|then)[\s:\-–|]*)?", re.IGNORECASE)
CLAUSE_END = re.compile(r";\s")
SEPARATOR = re.compile(r"[;.]\s|\n|\s\+\s|,\s(?:then|and)\s|\sthen\s|\s{2,}|,\s")
LEAD_WORDS, BARE_LINE, NEAR_COMMA = 4, 60, 5


@dataclass(slots=True)
class Piece:
    """A stretch of one sentence: the code its heading names, its minutes, and the words of headings within it."""

    start: int
    end: int
    sentence: Sentence
    label: str | None = None
    minutes: int | None = None
    clock: bool = False
    heads: set[int] = field(default_factory=set)
    body: int = 0


def cut(sentence: Sentence, text: str, hits: list[Hit], times: list[Amount]) -> list[Piece]:
    """The pieces of a sentence: cut before each heading, and between several amounts of minutes."""
    heads = [head for head in (head_at(hit, text, sentence) for hit in firsts(hits)) if head]
    heads = apart(heads)
    if not heads and times and sentence.end - sentence.start < BARE_LINE:
        heads = [
            Head(hit, hit.entries[0].code, None, hit.end) for hit in hits if text[hit.start : hit.end].isdigit()
        ][:1]
        if heads:
            return [
                Piece(
                    sentence.start,
                    sentence.end,
                    sentence,
                    heads[0].code,
                    times[0].minutes,
                    False,
                    own_words(heads[0]),
                    sentence.end,
                )
            ]
    starts = [sentence.start] if not heads or heads[0].hit.start - sentence.start > 12 else []
    bounds = [*starts, *(sentence.start if n == 0 and not starts else head.hit.start for n, head in enumerate(heads))]
    pieces: list[Piece] = []
    for number, start in enumerate(bounds):
        end = bounds[number + 1] if number + 1 < len(bounds) else sentence.end
        head = heads[number - len(starts)] if number >= len(starts) else None
        if number + 1 < len(bounds):
            end = bounds[number + 1] = _claimed(end, heads[number + 1 - len(starts)], times, start, text)
        inner = [amount for amount in times if start <= amount.start < end and not dosage(amount, text, start)]
        if head:
            pieces += _headed(start, end, head, inner, sentence, text)
        else:
            pieces += _unheaded(start, end, inner, sentence, text)
    kept = [piece for piece in pieces if text[piece.start : piece.end].strip(" ,;.-+")]
    return _row_label(kept, text)


def _row_label(pieces: list[Piece], text: str) -> list[Piece]:
    """A label at the very end of a row names the row: Leg press 3x12   TE."""
    if (
        len(pieces) == 2
        and pieces[0].label is None
        and pieces[1].label
        and not text[pieces[1].body : pieces[1].end].strip(" .|")
    ):
        row, last = pieces
        row.label, row.end, row.heads = last.label, last.end, last.heads
        row.minutes = row.minutes if row.minutes is not None else last.minutes
        return [row]
    return pieces


def _claimed(start: int, head: Head, times: list[Amount], low: int, text: str) -> int:
    """Minutes directly before a heading that has none after it are its own: (26 min) TE: ..."""
    before = [amount for amount in times if low < amount.start and 0 <= start - amount.end <= 16]
    near = before and BETWEEN.fullmatch(text, before[-1].end, start)
    return before[-1].start if near and head.minutes is None else start


def _headed(start: int, end: int, head: Head, times: list[Amount], sentence: Sentence, text: str) -> list[Piece]:
    if head.minutes is None and len(bracketed := _bracketed(times, text)) > 1 and bracketed[0].start - head.end > 12:
        pieces = _unheaded(start, end, times, sentence, text)
        pieces[0].label, pieces[0].heads, pieces[0].body = head.code, own_words(head), head.end
        return pieces
    leading = next((a for a in times if a.start <= head.end + 3 or a.end <= head.hit.start), None)
    if leading is None:
        times = [time for time in times if not _list_item(time, text, start, end)]
    minutes = leading.minutes if leading else head.minutes
    if minutes is None and times:
        last = times[-1]
        minutes = last.minutes if end - last.end <= 30 or last.start - head.end <= 24 or len(times) == 1 else None
    if head.code in DEVICES and len(times) > 1:
        return _after_device(start, end, head, times, sentence, text)
    first = Piece(
        start,
        end,
        sentence,
        head.code,
        minutes,
        bool(leading and leading.clock),
        own_words(head),
        max(head.end, leading.end if leading else 0),
    )
    return [first]


def _after_device(
    start: int, end: int, head: Head, times: list[Amount], sentence: Sentence, text: str
) -> list[Piece]:
    """A device whose minutes are followed by other services with minutes of their own, without a stop between."""
    stop = _after(text, times[0].end, times[1].start)
    first = Piece(start, stop, sentence, head.code, times[0].minutes, False, own_words(head), body=times[0].end)
    return [first, *_unheaded(stop, end, times[1:], sentence, text)]


def _unheaded(start: int, end: int, times: list[Amount], sentence: Sentence, text: str) -> list[Piece]:
    times = _bracketed(times, text)
    if times and times[0].clock and not text[start : times[0].start].strip(" -–•*|"):
        times = [time for time in times if time.clock]
    if len(times) == 1 and _list_item(times[0], text, start, end):
        times = []
    if not times:
        cuts = [match.end() for match in CLAUSE_END.finditer(text, start, end)]
        return [Piece(low, high, sentence, body=low) for low, high in pairwise([start, *cuts, end])]
    lead = len(text[start : times[0].start].split()) <= LEAD_WORDS
    if lead and len(times) > 1 and ":" in text[times[0].end : times[1].start]:
        times = [times[0], *(time for time in times[1:] if _opens_clause(time, text))]
    if len(times) == 1:
        only = times[0]
        return [Piece(start, end, sentence, None, only.minutes, only.clock, body=only.end if lead else start)]
    pieces, at = [], start
    for number, amount in enumerate(times):
        if number + 1 == len(times):
            stop = end
        elif lead:
            stop = _before(text, amount.end, times[number + 1].start, len(text[start : times[0].start].split()))
        else:
            stop = _after(text, amount.end, times[number + 1].start)
        pieces.append(Piece(at, stop, sentence, None, amount.minutes, amount.clock, body=amount.end if lead else at))
        at = stop
    return pieces


def _bracketed(times: list[Amount], text: str) -> list[Amount]:
    """Where some minutes stand in brackets, those are the service's and the others a dose."""
    within = [
        amount
        for amount in times
        if text[max(0, amount.start - 2) : amount.start].lstrip().startswith("(") or text[amount.start] == "("
    ]
    return within or times


def _list_item(amount: Amount, text: str, start: int, end: int) -> bool:
    """A few minutes on a machine that open a list of exercises: Bike 5 min, leg press 3x10, ..."""
    return (
        not amount.clock
        and amount.minutes < 10
        and "," in text[amount.end : amount.end + NEAR_COMMA]
        and text.count(",", amount.end, end) > 1
    )


def _opens_clause(time: Amount, text: str) -> bool:
    """Whether minutes begin a clause or close with a colon: those are a further service's, others a dose."""
    before = text[max(0, time.start - 4) : time.start].rstrip(" (")
    return time.clock or before[-1:] in (";", ",", ".", "") or ":" in text[time.end : time.end + 12]


def _before(text: str, low: int, high: int, words: int) -> int:
    """The last separator before the next amount of minutes: there its block begins."""
    last = high
    for match in SEPARATOR.finditer(text, low, high):
        if len(text[match.end() : high].split()) <= words:
            return match.end()
    return last


def _after(text: str, low: int, high: int) -> int:
    """The first strong separator after an amount that closes its block, else directly after it."""
    for match in re.finditer(r"[;.]\s|\n|\s\+\s", text[low:high]):
        return low + match.end()
    return low + (1 if text[low : low + 1] in ")," else 0)


def dosage(amount: Amount, text: str, start: int) -> bool:
    """Whether minutes are the dose of an exercise and not the time of a service."""
    if amount.clock:
        return False
    if amount.minutes < 3:
        return True
    before = text[max(start, amount.start - 12) : amount.start]
    return (
        bool(DOSE_BEFORE.search(before))
        or bool(STRETCHED_TO.search(text, max(start, amount.start - 40), amount.start))
        or bool(DOSE_AFTER.match(text, amount.end, amount.end + 14))
    )


def content_words(words: list[Word], start: int, end: int) -> int:
    """How many words of three letters or more stand between two places."""
    low = bisect_left(words, start, key=lambda word: word.start)
    high = bisect_left(words, end, key=lambda word: word.start)
    return sum(1 for word in words[low:high] if len(word.raw) > 2 and word.raw.isalpha())
