"""Whether a stretch is talk, measuring or a change of plan, and not a service; and what of it a refusal leaves."""

from __future__ import annotations

import re

from everyunit.notes.block import Block, weighed
from everyunit.notes.blocks import Piece
from everyunit.notes.heads import DEVICES
from everyunit.notes.lexicon import Hit
from everyunit.notes.parsed import Parsed
from everyunit.notes.passages import AGAIN, REASONED, SETS, category_of, moved
from everyunit.notes.stretches import dosed

DOUBTFUL = ("clinical_reasoning", "coordination", "progress", "reassessment")
TAUGHT = ("education", "plan_change")
STRONG, ALONE, PLAIN = 3.0, 6.0, 8.0
HOME_PROGRAM = re.compile(r"HEP|home ex", re.IGNORECASE)
REMAINING = re.compile(r"\W*(?:the\s)?(?:last|final|remaining|other|further|another)\s\d", re.IGNORECASE)
SPOKE = re.compile(r"\W*(?:then\s)?(?:talked|spoke)\s(?:w/|with)\s?(?:the\s)?(?:pt|patient|client)\b", re.IGNORECASE)
OPENING = 9  # words
OPENS_WITHIN = 80  # characters
OWN_CARE = 3  # different words of self-care: taught with prompts and minutes they are a service


def is_talk(parsed: Parsed, block: Block, piece: Piece) -> bool:
    """Whether a stretch is talk, measuring or a change of plan and not a service, by how it opens."""
    category = category_of(parsed, piece.sentence, piece.start, piece.end)
    reasoned = category == "clinical_reasoning" and REASONED.search(parsed.text, block.start, block.end)
    top = weighed(block, parsed).top()
    if reasoned and not dosed(parsed, block.start, block.end) and (block.minutes is None or top < PLAIN):
        return True
    again = AGAIN.match(parsed.text, block.start) and not SETS.search(parsed.text, block.start, block.end)
    if category in DOUBTFUL and top >= ALONE and not again:
        return False
    if not category:
        return False
    opening = block.start + len(" ".join(parsed.text[block.start : block.end].split(" ")[:OPENING]))
    opening = min([opening, *(hit.start for hit in block.hits if _acts(hit, parsed))])
    if block.minutes is None:
        if category not in TAUGHT or moved(parsed.text[piece.start : piece.end]):
            return True
        return top < PLAIN or parsed.cues.any(("EDU", "CHANGE", "MEASURE", "REASON"), block.start, opening)
    if category == "education" and top < STRONG and REMAINING.match(parsed.text, block.start):
        return True
    acts = parsed.cues.any(("CHANGE", "MEASURE"), block.start, opening)
    told = parsed.cues.any(("EDU",), block.start, opening) or _with_patient(parsed, block)
    own_care = {hit.first for hit in block.hits for e in hit.entries if e.code == "97535" and e.kind == "do"}
    if told and len(own_care) >= OWN_CARE and parsed.cues.any(("SKILL",), opening, block.end):
        return False
    idle = top < STRONG + 1 or not dosed(parsed, block.start, block.end)
    told = told and (top < PLAIN or not dosed(parsed, block.start, block.end))
    return category != "next_visit" and (told or (acts and idle))


def _acts(hit: Hit, parsed: Parsed) -> bool:
    """Whether a term tells what was done; the beginning of a measure's longer name does not."""
    if not any(entry.kind == "do" for entry in hit.entries):
        return False
    return all(cue.end <= hit.end for cue in parsed.cues.within("MEASURE", hit.start, hit.start + 1))


def _with_patient(parsed: Parsed, block: Block) -> bool:
    """Whether the therapist spoke with the patient, without a cue: conversation as treatment has its cues."""
    return bool(SPOKE.match(parsed.text, block.start)) and not parsed.cues.any(("SKILL",), block.start, block.end)


def heading_stands(
    piece: Piece, done: list[Hit], aside: list[tuple[Hit, str]], parsed: Parsed
) -> tuple[list[Hit], list[tuple[Hit, str]]]:
    """A heading with minutes was done, whatever within it was refused: TA x 15: declined transfers, did ..."""
    heads = [hit for hit, reason in aside if hit.first in piece.heads and reason == "negation"]
    heads = [hit for hit in heads if not parsed.is_refused(hit.start)]
    if not heads:
        return done, aside
    kept = [(hit, reason) for hit, reason in aside if hit not in heads]
    return sorted([*done, *heads], key=lambda hit: hit.start), kept


def is_left_off(piece: Piece, done: list[Hit], parsed: Parsed) -> bool:
    """Whether a stretch opens by saying that its minutes are on no bill: then it is no service of the bill."""
    head = parsed.text.find(":", piece.start, min(piece.end, piece.start + OPENS_WITHIN))
    device = any(entry.code in DEVICES for hit in done for entry in hit.entries)
    return not device and parsed.cues.any(("FREE",), piece.start, head if head > 0 else piece.start)


def changes_home_program(piece: Piece, head: Hit, parsed: Parsed) -> bool:
    """Whether a stretch under the heading of the home programme tells that it was changed."""
    changed = category_of(parsed, piece.sentence, piece.start, piece.end) == "plan_change"
    return changed and bool(HOME_PROGRAM.match(parsed.text, head.start))
