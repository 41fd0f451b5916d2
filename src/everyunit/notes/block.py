"""A block of treatment as it is gathered, and the weight of its words."""

from __future__ import annotations

from dataclasses import dataclass, field

from everyunit.notes.lexicon import Hit
from everyunit.notes.parsed import Parsed
from everyunit.notes.reading import SetAside
from everyunit.notes.weigh import Weighed, weigh

NAMES_SERVICE = 4.0


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
    weight: tuple[int, int, Weighed] | None = None


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
