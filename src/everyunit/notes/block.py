"""A block of treatment as it is gathered, and the weight of its words."""

from __future__ import annotations

from dataclasses import dataclass, field

from everyunit.notes.lexicon import Hit
from everyunit.notes.parsed import Parsed
from everyunit.notes.reading import SetAside
from everyunit.notes.weigh import Weighed, weigh

NAMES_SERVICE = 4.0
STRONG = 3.0
LISTED = "-•*–·"
EVALUATIONS, EARLY = ("97161", "97164", "92523", "92610"), 40


@dataclass(slots=True)
class Block:
    """One service: its stretch, heading, minutes and terms; `waiting` while its heading has no content yet."""

    start: int
    end: int
    label: str | None
    minutes: int | None
    line: int
    clock: bool = False
    hits: list[Hit] = field(default_factory=list)
    heads: set[int] = field(default_factory=set)
    waiting: bool = False
    spans_lines: bool = False
    listed: int = 0
    timed_items: list[int] = field(default_factory=list)
    weight: tuple[int, int, Weighed] | None = None

    def append(self, other: Block) -> None:
        """What goes on with this service: its words, and minutes of an item of a list, which may be a dose."""
        self.end = other.end
        self.hits = self.hits + other.hits
        self.listed += 1
        if other.minutes is not None:
            self.timed_items.append(other.minutes)


@dataclass(slots=True)
class Gathered:
    """The blocks of a note, headings with minutes but no content, words set aside, and stretches lost with them."""

    blocks: list[Block] = field(default_factory=list)
    summary: dict[str, int] = field(default_factory=dict)
    bare: list[Block] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)
    lost: list[tuple[int, int, int, str]] = field(default_factory=list)


def weighed(block: Block, parsed: Parsed) -> Weighed:
    """The weight of a block's words for each code."""
    held = block.weight
    if held and held[:2] == (block.end, len(block.hits)):
        return held[2]
    marks = parsed.cues.within("MARK", block.start, block.end)
    found = weigh(block.hits, parsed.words, marks, parsed.discipline, block.heads)
    block.weight = (block.end, len(block.hits), found)
    return found


def names_service(hit: Hit) -> bool:
    """Whether a term names a service itself and not only one of its exercises."""
    return any(entry.kind == "label" or entry.weights[0][1] >= NAMES_SERVICE for entry in hit.entries)


def is_item(parsed: Parsed, current: Block | None, block: Block, evidence: Weighed) -> bool:
    """Whether a line is an item of the list under a heading that has no minutes yet: its own are a dose."""
    if current is None or not current.label or current.minutes is not None or block.label is not None:
        return False
    listed = parsed.text[block.start] in LISTED and (current.waiting or current.spans_lines)
    return listed and current.label in evidence.supported()


def give_minutes(found: Gathered, parsed: Parsed) -> None:
    """Minutes that stand elsewhere: those of a list whose items all have some, and those of a heading by itself,
    which are the blocks' of its code.
    """
    for block in found.blocks:
        if block.minutes is None and block.timed_items and len(block.timed_items) == block.listed:
            block.minutes = sum(block.timed_items)
    for block in found.bare:
        named = [other for other in found.blocks if other.label == block.label]
        if block.label and block.minutes and named:
            found.summary[block.label] = block.minutes
        if not named and block.minutes:
            named = [o for o in found.blocks if o.label is None and weighed(o, parsed).best() == block.label]
        if len(named) == 1 and named[0].minutes is None:
            named[0].minutes = block.minutes


def opens_evaluation(block: Block, evidence: Weighed) -> bool:
    """Whether a stretch opens by naming an evaluation; one of its parts alone names none."""
    named = [hit for code in EVALUATIONS for hit in evidence.hits.get(code, [])]
    whole = [hit for hit in named[:1] if any(entry.kind != "tool" for entry in hit.entries)]
    return bool(whole) and whole[0].start - block.start < EARLY


def other_minutes(block: Block) -> bool:
    """Whether a stretch has minutes of its own and tells something done."""
    return block.minutes is not None and any(entry.kind == "do" for hit in block.hits for entry in hit.entries)


def completes(current: Block, block: Block, evidence: Weighed, parsed: Parsed) -> bool:
    """Whether a sentence with minutes goes on with the service that the sentence before it opened."""
    if current.waiting or current.minutes is not None or current.label or current.line != block.line:
        return False
    return evidence.top() < STRONG or evidence.best() in weighed(current, parsed).supported()
