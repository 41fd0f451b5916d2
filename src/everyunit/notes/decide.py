"""The code that a block's words carry: place, group, device and payer decide, then purpose and content."""

from __future__ import annotations

import re

from everyunit.notes.gather import Block, Gathered, weighed
from everyunit.notes.groups import in_group
from everyunit.notes.parsed import Parsed
from everyunit.notes.reading import Intervention, Span
from everyunit.notes.weigh import Weighed

CMS = ("medicare", "medicare_b", "medicare_advantage", "medicaid", "tricare", "cms")
FOLLOW = re.compile(
    r"""follow[- ]?up|\bf/u\b|(?:visit|fitting|session)\s\#?[2-9]|(?:orthosis|splint|orthotic|brace|prosthe\w+)\scheck
    |adjust|re-?mold|modif|flared|replaced|recheck|revis|subsequent|worn|week\s[2-9]\s""",
    re.IGNORECASE | re.VERBOSE,
)
INITIAL = re.compile(r"\b(?:initial|first|new|fabricat|prelim|issued|1st)", re.IGNORECASE)
ATTENDED = re.compile(
    r"""(?<!un)attended|constant|hand[- ]?held|hand\sswitch|trigger|probe|motor\spoint
    |therapist\s(?:controlled|adjust|held|holding)
    |adjusting\s(?:ramp|intensity)|home\s(?:tens|unit|nmes)|\bFES\b|manually\scontrolled|1:1|one[- ]on[- ]one""",
    re.IGNORECASE | re.VERBOSE,
)
MEAL = re.compile(
    r"\b(?:fed|feeding|ate|eats|consumed|watched|observed|monitored|supervised|assisted)\b", re.IGNORECASE
)
SWALLOW_WORK = re.compile(
    r"""\bcue|strateg|train|trial|technique|tuck|effortful|maneuver|compensat|instruct|educat|modif|analy|exercise|swallow
    |pacing|upgrade|sensory|stimul|posture|head\sturn|\bVC|prompt""",
    re.IGNORECASE | re.VERBOSE,
)
TRANSPORT = re.compile(
    r"\b(?:observed|walk(?:ed|s|ing)?|amb\w*)\s(?:\S+\s){0,4}?(?:to|from|into)\s(?:the\s)?"
    r"(?:gym|clinic|dept|room|car\b|lobby|dining)"
    r"|\bgait\sobserved|\bobserved\s(?:gait|walking|ambulat)",
    re.IGNORECASE,
)
HANDS = re.compile(r"by hand|manual|hands[- ]on|therapist[- ]applied|PT[- ]applied|towel|belt", re.IGNORECASE)
MACHINE = re.compile(r"mechanical|mech\b|unit\b|table\b|machine|saunders|\d\s?(?:#|lbs?|kg)", re.IGNORECASE)
SELF = re.compile(r"\bself[- ]", re.IGNORECASE)
LEAST = 1.5


def decide(found: Gathered, parsed: Parsed, payer: str, billed: dict[str, int]) -> list[Intervention]:
    """An intervention for every block whose words carry a code."""
    done: list[Intervention] = []
    _left_minutes(found, parsed)
    for block in found.blocks:
        made = _one(block, weighed(block, parsed), parsed, payer, billed)
        if made and (made.code != "97010" or {"97010", "97016"} & billed.keys()):
            done.append(made)
    _second_cognition(done, billed)
    return done


def _left_minutes(found: Gathered, parsed: Parsed) -> None:
    """The one block without minutes has what the timed total leaves over."""
    without = [block for block in found.blocks if block.minutes is None]
    timed = parsed.totals.timed
    if timed is None or len(without) != 1 or found.summary:
        return
    left = timed - sum(block.minutes or 0 for block in found.blocks)
    if left > 0 and not any(minutes for _, _, minutes, _ in found.lost):
        without[0].minutes = left


def _one(block: Block, evidence: Weighed, parsed: Parsed, payer: str, billed: dict[str, int]) -> Intervention | None:
    text = parsed.text[block.start : block.end]
    evidence.scores.pop("97150", None)
    fixed = _fixed(block, evidence, text, payer, billed, parsed.discipline)
    _by_hand(evidence, text)
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
        watched=_watched(code, text), skilled=parsed.cues.any(("SKILL",), block.start, block.end),
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


def _by_hand(evidence: Weighed, text: str) -> None:
    """Traction by the therapist's hands is manual technique, not the machine."""
    if "97012" in evidence.scores and HANDS.search(text) and not MACHINE.search(text):
        evidence.scores["97140"] = evidence.scores.get("97140", 0) + evidence.scores.pop("97012")
        evidence.hits.setdefault("97140", []).extend(evidence.hits.get("97012", []))


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
    if not payer.startswith("part_a") and (in_group(text) or block.label == "97150"):
        return "92508" if discipline == "SLP" else "97150"
    if scores.get("97113", 0) >= 8:
        return "97113"
    best = evidence.best()
    if best in ("97760", "97763", "97761"):
        first = "97761" if scores.get("97761", 0) >= scores.get("97760", 0) else "97760"
        if INITIAL.search(text):
            return first
        return "97763" if FOLLOW.search(text) or best == "97763" else first
    stimulated = max(scores.get("97032", 0), scores.get("G0283", 0)) >= 5
    if stimulated and ATTENDED.search(text) and (block.label in (None, "97032", "G0283")):
        return "97032"
    if best == "G0283":
        return "G0283" if payer in CMS or "97014" not in billed else "97014"
    return _self_made(evidence, text)


def _watched(code: str, text: str) -> bool:
    """Feeding or watching a meal, and walking as a way to get somewhere: no treatment is told."""
    if code == "92526":
        return bool(MEAL.search(text)) and not SWALLOW_WORK.search(text)
    return code == "97116" and bool(TRANSPORT.search(text))


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
