"""What a stretch of treatment text is when no heading says it: figures, a cue, a purpose, the head of a table."""

from __future__ import annotations

import re

from everyunit.notes.block import Block
from everyunit.notes.lexicon import Hit
from everyunit.notes.parsed import Parsed
from everyunit.notes.passages import DOSE

CUE_LINE = re.compile(
    r"""\W*(?:\d+\s)?(?:(?:min|mod|max|verbal|tactile|visual|vc|tc)\s)?(?:cues?\b|cued|cueing|vcs?\b|tcs?\b|cga|sba|requires
    |required|needs|needed|pt\s(?:needs|required|requires)|assist|hoh\b|hand\sover\shand|continues\sto|still\s|skilled\s(?:pt|ot|st|slp|therapy|services?|need))""",
    re.IGNORECASE | re.VERBOSE,
)
PURPOSE_LINE = re.compile(r"\W*(?:focus|purpose|intent|aim|rationale|emphasis)\b", re.IGNORECASE)
TABLE_HEAD = re.compile(
    r"(?:\W|\b(?:exercises?|activity|activities|sets?|reps?|time|codes?|cpt|min|mins|minutes|resistance|weight|load|units?"
    r"|comments?|notes?|start|stop|end|in|out|intervention|procedure|description|parameters|cues|level|side|dose|date)\b)+",
    re.IGNORECASE,
)
LENGTH = re.compile(
    r"""\W*(?:O:\s*)?(?:(?:pt|patient|client|child|resident|he|she)\s)?(?:(?:was|were)\s)?
    (?:seen|session|visit|participated|attended|treated)\b(?:[^;:]|\d:\d)*$""",
    re.IGNORECASE | re.VERBOSE,
)
SESSION = re.compile(
    r"\b(?:visit|session|seen|one[- ](?:to|on)[- ]one|1:1|individual(?:ly)?|pulled)\b"
    r"(?:[^;:]|[;:]\d)*?\d\s?min(?:ute)?s?\W*",
    re.IGNORECASE,
)
SCORED = re.compile(r"\d\s?/\s?10\s(?:before|after|now|pre|post)\b", re.IGNORECASE)
JOINED = re.compile(r"\W*[A-Za-z]+\s?[/&+]\s?")
OPENS = 3  # characters
FIGURE = re.compile(r"\d")


def dosed(parsed: Parsed, start: int, end: int) -> bool:
    """Whether sets, repetitions, loads or grades stand between two places."""
    return bool(DOSE.search(parsed.text, start, end))


def is_cue(parsed: Parsed, start: int, end: int) -> bool:
    """Whether a stretch is only a cue or a level of assistance, which belongs to what stands before it."""
    return bool(CUE_LINE.match(parsed.text, start)) and not dosed(parsed, start, end)


def is_measure(parsed: Parsed, start: int, end: int) -> bool:
    """Whether a stretch only gives figures: a range, a grade, a score, without sets or repetitions."""
    figures = FIGURE.search(parsed.text, start, end)
    if not figures or dosed(parsed, start, end):
        return False
    return parsed.cues.any(("MEASURE",), start, end) or bool(SCORED.search(parsed.text, start, end))


def is_purpose(parsed: Parsed, start: int) -> bool:
    """Whether a line opens by naming the focus or purpose of the services above it."""
    return bool(PURPOSE_LINE.match(parsed.text, start))


def is_table_head(text: str) -> bool:
    """Whether a line only names the columns of a table."""
    return len(text) < 200 and bool(TABLE_HEAD.fullmatch(text))


def is_length(parsed: Parsed, block: Block) -> bool:
    """Whether a stretch only gives the length of the session: pt seen for 30 min."""
    return bool(LENGTH.match(parsed.text, block.start, block.end))


def opens_session(parsed: Parsed, block: Block) -> bool:
    """Whether a sentence ends with the length of the session it tells of: video visit, child with aunt, 30 min."""
    said = SESSION.search(parsed.text, block.start, block.end)
    return said is not None and said.end() == block.end and not block.clock


def is_away(parsed: Parsed, block: Block) -> bool:
    """Whether a stretch opens with a call, a chart or a room: its minutes are no one's treatment."""
    return parsed.cues.any(("AWAY",), block.start, block.start + OPENS)


def own_content(parsed: Parsed, block: Block) -> tuple[int, list[Hit]]:
    """Where a heading of two names ends (functional / therapeutic activities; 0 for any other), and the terms that
    tell content: of two names the first is none.
    """
    named = 0
    if block.heads and JOINED.fullmatch(parsed.text, block.start, parsed.words[min(block.heads)].start):
        named = max((hit.end for hit in block.hits if hit.first in block.heads), default=0)
    told = [hit for hit in block.hits if hit.start >= named]
    return named, [hit for hit in told if any(entry.kind != "label" for entry in hit.entries)]
