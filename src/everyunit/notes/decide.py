"""The code that a block's words carry: place, group, device and payer decide, then purpose and content."""

from __future__ import annotations

import re

from everyunit.notes.gather import Block, Gathered, weighed
from everyunit.notes.parsed import Parsed
from everyunit.notes.reading import Intervention, Span
from everyunit.notes.weigh import Weighed

CMS = ("medicare", "medicare_b", "medicare_advantage", "medicaid", "tricare", "cms")
FOLLOW = re.compile(
    r"follow[- ]?up|visit #?[2-9]|check\b|adjust|re-?mold|modif|flared|replaced|recheck|revis|subsequent|worn",
    re.IGNORECASE,
)
SELF = re.compile(r"\bself[- ]", re.IGNORECASE)
LEAST = 1.5


def decide(found: Gathered, parsed: Parsed, payer: str, billed: dict[str, int]) -> list[Intervention]:
    """An intervention for every block whose words carry a code."""
    done: list[Intervention] = []
    for block in found.blocks:
        made = _one(block, weighed(block, parsed), parsed, payer, billed)
        if made and (made.code != "97010" or {"97010", "97016"} & billed.keys()):
            done.append(made)
    _second_cognition(done, billed)
    return done


def _one(block: Block, evidence: Weighed, parsed: Parsed, payer: str, billed: dict[str, int]) -> Intervention | None:
    text = parsed.text[block.start : block.end]
    if payer.startswith("part_a"):
        evidence.scores.pop("97150", None)
    fixed = _fixed(block, evidence, text, payer, billed, parsed.discipline)
    _level_passive(block, evidence)
    level = evidence.supported()
    if fixed:
        code, level, sure = fixed, (fixed,), True
    elif evidence.top() < LEAST:
        if not block.label:
            return None
        code, level, sure = block.label, (block.label,), False
    else:
        code, sure = _chosen(block, evidence, billed)
    spans = tuple(Span(hit.start, hit.end) for hit in evidence.hits.get(code, [])[:8])
    supported = level if code in level else (code, *level)
    end = block.end - (len(text) - len(text.rstrip(" \n,;-")))
    return Intervention(
        block.start, end, code, supported, block.minutes, block.label, sure, evidence=spans, why=_why(code, evidence),
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
        return best, evidence.top() - (second[0] if second else 0) >= 2.0
    return best, True


def _level_passive(block: Block, evidence: Weighed) -> None:
    """Stretching by the therapist's hands is carried by 97110 and 97140 alike."""
    if any(entry.weights[1:] == (("97140", 3.0),) for hit in block.hits for entry in hit.entries):
        both = max(evidence.scores.get("97110", 0), evidence.scores.get("97140", 0))
        evidence.scores["97110"] = evidence.scores["97140"] = both


def _fixed(
    block: Block, evidence: Weighed, text: str, payer: str, billed: dict[str, int], discipline: str
) -> str | None:
    """Codes that a place, a group or a device decides whatever the exercise."""
    scores = evidence.scores
    if discipline == "SLP" and (scores.get("97150", 0) >= 8 or scores.get("92508", 0) >= 8):
        return "92508"
    if scores.get("97150", 0) >= 8 and not payer.startswith("part_a"):
        return "97150"
    if scores.get("97113", 0) >= 8:
        return "97113"
    best = evidence.best()
    if best in ("97760", "97763", "97761"):
        if best == "97761" and not FOLLOW.search(text):
            return "97761"
        return "97763" if FOLLOW.search(text) else best
    if scores.get("97032", 0) >= 5 and scores["97032"] + 3 >= evidence.top():
        return "97032"
    if best == "G0283":
        return "G0283" if payer in CMS or "97014" not in billed else "97014"
    return _self_made(evidence, text)


def _self_made(evidence: Weighed, text: str) -> str | None:
    """Rolling or mobilising oneself is exercise, not a therapist's hands."""
    if (
        evidence.best() == "97140"
        and len(SELF.findall(text))
        and not re.search(r"therapist|manual|PT[- ]applied", text[12:])
    ):
        return "97110"
    return None


def _second_cognition(done: list[Intervention], billed: dict[str, int]) -> None:
    first = [made for made in done if made.code == "97129"]
    if "97130" in billed:
        for made in first[1:]:
            made.code, made.supported = "97130", ("97130", "97129")


def _why(code: str, evidence: Weighed) -> str:
    if code in evidence.purposes:
        return "the purpose stated"
    return "what was done" if evidence.hits.get(code) else "its heading; the words decide nothing"
