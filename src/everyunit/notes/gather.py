"""Blocks to interventions: content joined to its heading, evidence weighed, words that do not count set aside."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from everyunit.notes.blocks import Piece, content_words, cut
from everyunit.notes.groups import in_group
from everyunit.notes.heads import DEVICES
from everyunit.notes.layout import Sentence
from everyunit.notes.lexicon import Hit
from everyunit.notes.parsed import Parsed
from everyunit.notes.passages import DOSE, category_of
from everyunit.notes.reading import SetAside
from everyunit.notes.times import Amount
from everyunit.notes.weigh import Weighed, weigh

OPEN = ("done", "open")
STRONG, ALONE = 3.0, 6.0
CUE_LINE = re.compile(
    r"""\W*(?:\d+\s)?(?:(?:min|mod|max|verbal|tactile|visual|vc|tc)\s)?(?:cues?\b|cued|cueing|vcs?\b|tcs?\b|cga|sba|requires|required
    |needs|needed|pt\s(?:needs|required|requires)|assist|continues\sto|still\s)""",
    re.IGNORECASE | re.VERBOSE,
)
FIGURES = re.compile(r"\d")
PURPOSE_LINE = re.compile(r"\W*(?:focus|purpose|intent|aim|rationale|emphasis)\b", re.IGNORECASE)
HEP = re.compile(r"HEP|home ex", re.IGNORECASE)
OPENING = 9
TABLE_HEAD = re.compile(
    r"(?:\W|\b(?:exercises?|activity|activities|sets?|reps?|time|codes?|cpt|min|mins|minutes|resistance|weight|load|units?"
    r"|comments?|notes?|start|stop|end|in|out|intervention|procedure|description|parameters|cues|level|side|dose|date)\b)+",
    re.IGNORECASE,
)


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
    body: int = 0
    spans_lines: bool = False


@dataclass(slots=True)
class Gathered:
    """The blocks of a note, headings that had minutes but no content, and words set aside."""

    blocks: list[Block] = field(default_factory=list)
    summary: dict[str, int] = field(default_factory=dict)
    bare: list[Block] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)
    lost: list[tuple[int, int, int, str]] = field(default_factory=list)


def weighed(block: Block, parsed: Parsed) -> Weighed:
    """The weight of a block's words for each code."""
    marks = parsed.marks_within(block.start, block.end)
    return weigh(block.hits, parsed.words, marks, parsed.discipline, block.heads)


def gather(parsed: Parsed) -> Gathered:
    """Every block of today's treatment, in order."""
    found = Gathered()
    current: Block | None = None
    for sentence in parsed.sentences:
        hits = parsed.within(sentence.start, sentence.end)
        times = [amount for amount in parsed.times if sentence.start <= amount.start < sentence.end]
        if sentence.section in OPEN or (
            sentence.section in ("said", "judged", "fact") and _treats(sentence, parsed, hits, times)
        ):
            for piece in cut(_open(sentence), parsed.text, hits, times):
                current = _take(piece, parsed, found, current)
        else:
            _, aside = parsed.split(sentence, sentence.start, sentence.end)
            found.aside += [SetAside(hit.start, hit.end, hit.entries[0].code, reason) for hit, reason in aside]
            current = None
    _finish(found, parsed)
    return found


def _open(sentence: Sentence) -> Sentence:
    return (
        Sentence(sentence.start, sentence.end, "done", sentence.line, sentence.fresh)
        if sentence.section not in OPEN
        else sentence
    )


def _treats(sentence: Sentence, parsed: Parsed, hits: list[Hit], times: list[Amount]) -> bool:
    """Whether a line under another heading opens with a service and its minutes: a heading was left out."""
    if sentence.fresh or parsed.text[sentence.start - 1 : sentence.start] != "\n" or not times:
        return False
    pieces = cut(sentence, parsed.text, hits, times)
    return bool(pieces and pieces[0].label and pieces[0].minutes)


def _take(piece: Piece, parsed: Parsed, found: Gathered, current: Block | None) -> Block | None:
    done, aside = parsed.split(piece.sentence, piece.start, piece.end)
    heads = [hit for hit in done if hit.first in piece.heads]
    found.aside += [SetAside(hit.start, hit.end, hit.entries[0].code, reason) for hit, reason in aside]
    if PURPOSE_LINE.match(parsed.text, piece.sentence.start) or TABLE_HEAD.fullmatch(
        parsed.text[piece.start : piece.end]
    ):
        _purpose(piece, done, found)
        return current
    if (
        piece.label == "97110"
        and heads
        and HEP.match(parsed.text, heads[0].start)
        and category_of(parsed, piece.sentence, piece.start, piece.end) == "plan_change"
    ):
        return current
    if piece.label and not heads and aside:
        found.lost.append((piece.start, piece.end, piece.minutes or 0, aside[0][1]))
        return None
    block = Block(
        piece.start, piece.end, piece.label, piece.minutes, piece.sentence.line, piece.clock, done, set(piece.heads),
        body=piece.body,
    )  # fmt: skip
    if piece.label:
        return _labelled(block, piece, parsed, found)
    evidence = weighed(block, parsed)
    if aside and evidence.top() <= STRONG:
        found.lost.append((piece.start, piece.end, piece.minutes or 0, aside[0][1]))
        return current
    return _plain(block, evidence, piece, parsed, found, current)


def _purpose(piece: Piece, done: list[Hit], found: Gathered) -> None:
    """A line that only states the purpose belongs to the blocks under its heading, else to the last one."""
    meant = [block for block in found.blocks if piece.label and block.label == piece.label] or found.blocks[-1:]
    for block in meant:
        block.hits = block.hits + done


def _labelled(block: Block, piece: Piece, parsed: Parsed, found: Gathered) -> Block | None:
    own = [hit for hit in block.hits if hit.first not in block.heads]
    end = min([piece.end, *(low for low, _ in parsed.totals.places if piece.body <= low < piece.end)])
    if not own and block.label not in DEVICES and content_words(parsed.words, piece.body, end) < 2:
        found.bare.append(block)
        block.waiting = end == piece.end
        return block if block.waiting else None
    found.blocks.append(block)
    return block


def _plain(
    block: Block, evidence: Weighed, piece: Piece, parsed: Parsed, found: Gathered, current: Block | None
) -> Block | None:
    part = block.minutes is None or (current is not None and block.minutes < (current.minutes or 0))
    if current and current.waiting and part and evidence.top() >= 1:
        return _fill(current, block, found)
    category = category_of(parsed, piece.sentence, piece.start, piece.end)
    if category and (block.minutes is None or _opens_so(category, block, parsed)):
        return current
    if parsed.has_total(block.start, block.end) and evidence.top() < ALONE:
        return current
    if (
        block.minutes is not None
        and not block.clock
        and evidence.top() < 1.5
        and content_words(parsed.words, piece.start, piece.end) < 3
    ):
        block.waiting = True
        return block
    if current and _evaluates(current, evidence, parsed, block):
        current.end = block.end
        return current
    if block.minutes is not None and (
        evidence.top() >= 1.5 or in_group(parsed.text[piece.sentence.start : piece.sentence.end])
    ):
        found.blocks.append(block)
        return block
    if block.minutes is None and _measures(block, parsed):
        return current
    if (
        block.minutes is None
        and CUE_LINE.match(parsed.text, block.start)
        and not DOSE.search(parsed.text, block.start, block.end)
    ):
        if current and not current.waiting and block.line - current.line <= 1:
            current.end = block.end
        return current
    if evidence.top() < STRONG:
        if (
            current
            and not current.waiting
            and current.line == block.line
            and parsed.cues.any(("SKILL",), block.start, block.end)
            and not category
        ):
            current.end = block.end
        return current
    return _without_minutes(block, evidence, parsed, found, current)


def _evaluates(current: Block, evidence: Weighed, parsed: Parsed, block: Block) -> bool:
    """Measuring that follows the word evaluation belongs to it."""
    if "97161" not in weighed(current, parsed).scores or evidence.top() >= ALONE:
        return False
    return parsed.cues.any(("MEASURE",), block.start, block.end)


def _measures(block: Block, parsed: Parsed) -> bool:
    """Whether a stretch only gives figures: a range, a grade, a score, without sets or repetitions."""
    text = parsed.text[block.start : block.end]
    return (
        bool(FIGURES.search(text)) and not DOSE.search(text) and parsed.cues.any(("MEASURE",), block.start, block.end)
    )


def _opens_so(category: str, block: Block, parsed: Parsed) -> bool:
    """Whether a stretch with minutes of its own opens as talk, measuring or a change of plan and not as a service."""
    opening = block.start + len(" ".join(parsed.text[block.start : block.end].split(" ")[:OPENING]))
    opening = min([opening, *(hit.start for hit in block.hits if any(e.kind == "do" for e in hit.entries))])
    talk = parsed.cues.any(("EDU",), block.start, opening)
    act = parsed.cues.any(("CHANGE", "MEASURE"), block.start, opening) and weighed(block, parsed).top() < STRONG + 1
    return category != "next_visit" and (talk or act)


def _fill(current: Block, block: Block, found: Gathered) -> Block:
    """Content under a heading on a line of its own."""
    if current in found.bare or current not in found.blocks:
        found.bare = [other for other in found.bare if other is not current]
        current.start = block.start
        found.blocks.append(current)
        current.spans_lines = True
    current.end = block.end
    current.hits = current.hits + block.hits
    current.waiting = False
    return current


def _without_minutes(
    block: Block, evidence: Weighed, parsed: Parsed, found: Gathered, current: Block | None
) -> Block | None:
    if current and block.line - current.line <= (40 if current.spans_lines else 0):
        before = weighed(current, parsed)
        best = evidence.best()
        if (
            best in before.supported()
            or best == current.label
            or (current.minutes is not None and evidence.top() < 6)
        ):
            current.end = block.end
            current.hits = current.hits + block.hits
            return current
    doing = [hit for hit in block.hits if any(entry.kind in ("do", "label") for entry in hit.entries)]
    timed = bool(parsed.times) or parsed.totals.timed is not None
    dosed = bool(DOSE.search(parsed.text, block.start, block.end))
    if not doing or (timed and not dosed and evidence.top() < ALONE):
        return current
    found.blocks.append(block)
    return block


def _finish(found: Gathered, parsed: Parsed) -> None:
    """Headings with minutes and nothing else give the minutes of their code to the blocks that bear it."""
    for block in found.bare:
        if block.label and block.minutes and any(other.label == block.label for other in found.blocks):
            found.summary[block.label] = block.minutes
