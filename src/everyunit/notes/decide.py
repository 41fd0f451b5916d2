"""The code that a block's words carry: place, group, device and payer decide, then purpose and content."""

from __future__ import annotations

import re
from dataclasses import replace

from everyunit.notes.block import Block, Gathered, weighed
from everyunit.notes.codes import is_timed
from everyunit.notes.parsed import Parsed
from everyunit.notes.reading import Intervention, Span
from everyunit.notes.special import (
    by_hand,
    evaluation_level,
    fixed_code,
    level_gait,
    level_passive,
    only_watched,
    pool,
)
from everyunit.notes.weigh import Weighed

LEAST, LEAD, TOUCH, BESIDE = 1.5, 2.0, 3.0, 0.3
SUMMARY = re.compile(
    r"(?:\W*\w+\W){0,3}?(?:session|treatment|tx|therapy|visit)\s(?:\w+\s)?(?:focus|address|consist|includ|target|emphasi)",
    re.IGNORECASE,
)
SEEN = re.compile(r"(?:[\w.']+\W+){0,6}?(?:seen|present|attended|arrived|here)\b", re.IGNORECASE)
COGNITION_SECOND = 23  # the first fifteen minutes and eight more
QUARTER, LEAST_PART = 15, 20  # minutes; characters
PAUSE = re.compile(r"[;.]\s+|,\s(?:and|then)\s")
TOLD_APART = re.compile(
    r"\b15\s?(?:min\s?)?\+\s?\d|\bfirst\s(?:15|fifteen)\b|97129\D{0,12}15\b|\b15\D{0,12}97129", re.IGNORECASE
)
COLD = {"97010", "97016"}


def decide(found: Gathered, parsed: Parsed, payer: str, billed: dict[str, int]) -> list[Intervention]:
    """An intervention for every block whose words carry a code."""
    done: list[Intervention] = []
    _left_minutes(found, parsed)
    pool_from = pool(parsed)
    for block in found.blocks:
        evidence = weighed(block, parsed)
        evidence.scores.pop("97150", None)  # several patients are told by their number, not by the word group
        fixed = fixed_code(block, evidence, parsed, payer, billed, pool_from)
        made = _one(block, evidence, parsed, fixed, billed)
        cold_only = made and made.code == "97010" and not COLD & billed.keys()
        if made and not cold_only and not _is_setting(made, found, parsed):
            done.append(made)
    _second_cognition(done, billed)
    if "97130" in billed:
        done = _split_cognition(done, parsed.text)
    return done


def _is_setting(made: Intervention, found: Gathered, parsed: Parsed) -> bool:
    """Words without minutes, when the blocks with minutes make up the whole timed total, tell no further service; nor
    do words with the minutes of the whole visit that the other blocks make up.
    """
    if made.minutes is None and made.label is None and _sums_up(made, found, parsed.text):
        return True
    if made.label or parsed.totals.timed is None or not is_timed(made.code):
        return False
    if made.minutes is not None:
        others = sum(block.minutes or 0 for block in found.blocks) - made.minutes
        if others == parsed.totals.timed < made.minutes and SEEN.match(parsed.text, made.start):
            return True
        return len(found.blocks) > 2 and others == made.minutes in (parsed.totals.timed, parsed.totals.total)
    return sum(block.minutes or 0 for block in found.blocks) >= parsed.totals.timed and not found.summary


def _sums_up(made: Intervention, found: Gathered, text: str) -> bool:
    """Whether a few words only open the services that follow with their minutes: session focused on ..."""
    others = [block for block in found.blocks if block.start != made.start]
    return bool(SUMMARY.match(text, made.start)) and len(others) > 1 and all(block.minutes for block in others)


def _left_minutes(found: Gathered, parsed: Parsed) -> None:
    """The one block without minutes has what the timed total leaves over."""
    without = [block for block in found.blocks if block.minutes is None]
    timed = parsed.totals.timed
    if (
        timed is None
        and len(found.blocks) == len(without) == 1
        and not is_timed(weighed(without[0], parsed).best() or "")
    ):
        without[0].minutes = parsed.totals.total or max((clock.minutes for clock in parsed.clocks), default=None)
    if timed is None or len(without) != 1 or found.summary:
        return
    left = timed - sum(block.minutes or 0 for block in found.blocks)
    if left > 0 and not any(minutes for _, _, minutes, _ in found.lost):
        without[0].minutes = left


def _one(
    block: Block, evidence: Weighed, parsed: Parsed, fixed: str | None, billed: dict[str, int]
) -> Intervention | None:
    text = parsed.text[block.start : block.end]
    by_hand(evidence, text)
    level_passive(block, evidence)
    level_gait(block, evidence)
    level = evidence.supported()
    if fixed:
        code, level, sure = fixed, (fixed,), True
    elif evidence.top() < LEAST:
        if not block.label:
            return None
        code, level, sure = block.label, (block.label,), False
    else:
        code, sure = _chosen(block, evidence, billed)
    told, code = code, evaluation_level(code, parsed.discipline, billed)
    spans = tuple(Span(hit.start, hit.end) for hit in evidence.hits.get(told, [])[:8])
    supported = level if code in level else (code,) if told != code else (code, *level)
    least = max(TOUCH, BESIDE * evidence.top())
    touched = tuple(sorted(other for other, weight in evidence.scores.items() if weight >= least))
    end = block.end - (len(text) - len(text.rstrip(" \n,;-")))
    start = block.start + (len(text) - len(text.lstrip(" \n,;.")))
    return Intervention(
        start, end, code, supported, block.minutes, block.label, sure, evidence=spans, why=_why(told, evidence),
        watched=only_watched(code, text), touched=touched, 
        skilled=parsed.cues.any(("SKILL",), block.start, block.end),
    )  # fmt: skip


def _chosen(block: Block, evidence: Weighed, billed: dict[str, int]) -> tuple[str, bool]:
    """The heading's code unless the words contradict it; else the billed one among those level; else the best."""
    best = evidence.best() or ""
    if block.label and not evidence.contradicts(block.label):
        return block.label, evidence.scores.get(block.label, 0) >= evidence.top()
    if block.label is None:
        level = evidence.supported()
        held = [code for code in level if code in billed]
        if held and best not in billed and len(level) > 1:
            return held[0], False
        second = sorted(evidence.scores.values(), reverse=True)[1:2]
        return best, evidence.top() - (second[0] if second else 0) >= LEAD
    return best, True


def _second_cognition(done: list[Intervention], billed: dict[str, int]) -> None:
    first = [made for made in done if made.code == "97129"]
    if "97130" in billed or sum(made.minutes or 0 for made in first) >= COGNITION_SECOND:
        for made in first[1:]:
            made.code, made.supported = "97130", ("97130", "97129")


def _split_cognition(done: list[Intervention], text: str) -> list[Intervention]:
    """One block of cognitive work of 23 minutes and more as its first quarter hour and what goes beyond it, where the
    note gives the two their minutes; cut where its text pauses, else it stays whole.
    """
    first = [made for made in done if made.code == "97129"]
    whole = first[0] if len(first) == 1 and not any(made.code == "97130" for made in done) else None
    if whole is None or (whole.minutes or 0) < COGNITION_SECOND or not TOLD_APART.search(text):
        return done
    middle = (whole.start + whole.end) // 2
    pauses = [match for match in PAUSE.finditer(text, whole.start + LEAST_PART, whole.end - LEAST_PART)]
    if not pauses:
        return done
    pause = min(pauses, key=lambda match: abs(match.start() - middle))
    further = replace(
        whole, start=pause.end(), code="97130", supported=("97130", "97129"), minutes=(whole.minutes or 0) - QUARTER,
        evidence=tuple(span for span in whole.evidence if span.start >= pause.end()),
    )  # fmt: skip
    whole.end, whole.minutes = pause.start(), QUARTER
    whole.evidence = tuple(span for span in whole.evidence if span.end <= pause.start())
    place = done.index(whole)
    return [*done[: place + 1], further, *done[place + 1 :]]


def _why(code: str, evidence: Weighed) -> str:
    if code in evidence.purposes:
        return "the purpose stated"
    return "what was done" if evidence.hits.get(code) else "its heading; the words decide nothing"
