"""Codes that a place, a group, a device or whose hands it was decides, whatever the exercise."""

from __future__ import annotations

import re

from everyunit.notes.block import Block
from everyunit.notes.groups import in_group
from everyunit.notes.parsed import Parsed
from everyunit.notes.weigh import Weighed

CMS = ("medicare", "medicare_b", "medicare_advantage", "medicaid", "tricare", "cms")
FOLLOW = re.compile(
    r"""follow[- ]?up|\bf/u\b|(?:visit|fitting|session)\s\#?[2-9]|(?:orthosis|splint|orthotic|brace|prosthe\w+)\scheck
    |adjust|re-?mold|modif|flared|replaced|recheck|revis|subsequent|worn|week\s[2-9]\s""",
    re.IGNORECASE | re.VERBOSE,
)
INITIAL = re.compile(
    r"\b(?:initial|first|fabricat|prelim|issued|1st)|\bnew\s(?:\w+\s){0,2}(?:splint|orthos|orthotic|brace|prosthe|insert|AFO)",
    re.IGNORECASE,
)
LATER_FITTING = re.compile(
    r"\b(?:[2-9]|second|third|fourth)(?:nd|rd|th)?\s(?:splint|orthosis|orthotic|brace|fitting)\s?"
    r"(?:appt|appointment|visit|check|fitting|session)",
    re.IGNORECASE,
)
ATTENDED = re.compile(
    r"""(?<!un)attended|constant(?!\s(?:current|voltage|pain|ache))|hand[- ]?held|hand\sswitch
    |trigger(?!\s?(?:points?|pts?))|probe|motor\spoint
    |therapist\s(?:controlled|adjust|held|holding)
    |adjust(?:ing|ed)\s(?:the\s)?(?:ramp|intensity|current|amplitude)
    |ramp(?:ing|ed)\s(?:the\s)?(?:current|intensity|amplitude)
    |at\s(?:the\s)?(?:bed)?side\s(?:throughout|all\sthe)|each\scontraction|with\severy\scontraction
    |(?:therapist|PTA?|OT|clinician|I)\s(?:stayed|remained|stood|sat)\s(?:at|by|beside|with|next|alongside)
    |ramp(?:ed|ing)\s(?:it\s)?(?:up\s)?(?:with|on|at)\s(?:each|every)
    |home\s(?:tens|unit|nmes)|\bFES\b|manually\scontrolled|1:1|one[- ]on[- ]one
    |held\sthe\s(?:remote|switch|trigger)|fired\b|stayed\swith|hands\son\s(?:all|through)""",
    re.IGNORECASE | re.VERBOSE,
)
LEFT_ALONE = re.compile(
    r"\bleft\s(?:alone|running|to\srun|unattended|on\s)|call\s(?:bell|light|button)|\btimer\b|\bbuzzer\b|\bbell\b|stepped\s(?:out|away)"
    r"|\bran\son\s(?:its|their)\sown|\bcame\sback|\breturned\s(?:to|at)\s|\bchecked\s(?:on|at|every|once|twice|x\s?\d|q\s?\d)|out\sof\s(?:the\s)?room|\bunattended"
    r"|(?:next|another|other)\s(?:pt|patient)\b|\bwhile\s(?:the\s)?(?:PT|OT|therapist)\s(?:was|saw|wrote|treated|charted|worked)",
    re.IGNORECASE,
)
MEAL = re.compile(
    r"\b(?:fed|feeding|ate|eats|consumed|watched|observed|monitored|supervised|assisted|finished|drank|kept an eye"
    r"|sat (?:by|with|beside))\b",
    re.IGNORECASE,
)
SWALLOW_WORK = re.compile(
    r"""\bcue|strateg|train|trial|technique|tuck|effortful|maneuver|compensat|instruct|educat|modif|analy|exercise|swallow
    |pacing|upgrade|sensory|stimul|posture|head\sturn|\bVC|prompt""",
    re.IGNORECASE | re.VERBOSE,
)
TRANSPORT = re.compile(
    r"\b(?:observed|walk(?:ed|s|ing)?|amb\w*|escorted|accompanied)\s(?:\S+\s){0,8}?(?:to|from|into)\s(?:the\s|a\s|his\s|her\s)?"
    r"(?:gym|clinic|dept|department|room|car\b|lobby|dining|waiting|toilet|bathroom|restroom|treatment|mat\b|table|plinth|parking)"
    r"|\bgait\sobserved|\bobserved\s(?:gait|walking|ambulat)",
    re.IGNORECASE,
)
LAND = re.compile(
    r"land[- ]based|then (?:on )?land|\bland (?:ex|tx|1:1|session|portion|program)|\bdry\b"
    r"|out of (?:the )?(?:pool|water)|\bgym\b",
    re.IGNORECASE,
)
IN_WATER = re.compile(
    r"(?-i:\bPTA?|\bOTA?|[Tt]herapist|\bI)\s(?:was\s|stayed\s)?in\s(?:the\s)?(?:water|pool)\s(?:with|w/)",
    re.IGNORECASE,
)
NO_POOL = re.compile(
    r"\bon (?:dry )?land (?:today|only|since|because|as|while)\b"
    r"|\bpool (?:is |was |area )?(?:closed|down|shut|unavailable|being)\b"
    r"|\bno pool\b|\binstead of (?:the )?(?:pool|water)\b",
    re.IGNORECASE,
)
HANDS = re.compile(r"by hand|manual|hands[- ]on|therapist[- ]applied|PT[- ]applied|towel|belt", re.IGNORECASE)
MACHINE = re.compile(r"mechanical|mech\b|unit\b|table\b|machine|saunders|\d\s?(?:#|lbs?|kg)", re.IGNORECASE)
SELF = re.compile(r"\bself[- ]", re.IGNORECASE)
THERAPIST = re.compile(r"therapist|manual|PT[- ]applied", re.IGNORECASE)
SELF_CARE, REPOSITIONED = 3.0, 6.0
WALKED = ("97116", "97112")
PLACE, DEVICE, LEAD, WITHOUT_WALK, WALKS = 8.0, 5.0, 2.0, 0.4, 5.0
MANY_MUSCLES, NAMED_EARLY, PARTS = 3, 40, 2
MUSCLE = re.compile(
    r"(?:glut\w*\s(?:max|med|min)\w*|glut(?:s|e|es|eals?)?\b|piriformis|tfl|ql\b|quadratus|vastus\s\w+|rectus\s\w+|quads?\b|hamstrings?|adductors?"
    r"|gastroc\w*|soleus|tib\w*\s(?:ant|post)\w*|perone\w+|fibularis|(?:upper|mid\w*|lower)\strap\w*|\but\b|traps?\b|trapezius|levator|rhomboids?"
    r"|infraspinatus|supraspinatus|subscap\w*|teres\s?\w*|deltoid|pec\w*|lat(?:s|issimus)?\b|biceps|triceps|brachi\w+|extensor\s?\w*|flexor\s?\w*"
    r"|multifid\w+|paraspinals?|erector\w*|splenius|suboccipitals?|scm\b|scalenes?|masseter|temporalis|pterygoids?|iliopsoas|psoas|iliacus|calf)",
    re.IGNORECASE,
)
WORK_PROGRAM = re.compile(r"\bwork[- ](?:hardening|conditioning)", re.IGNORECASE)
WORK = {"97545": 120, "97546": 60}
WORKED = frozenset(["97530", "97110", "97112", "97116", "97537"])
EVALUATIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "PT": {"97161": ("97161", "97162", "97163"), "97164": ("97164",)},
    "OT": {"97161": ("97165", "97166", "97167"), "97164": ("97168",)},
    "SLP": {"97161": ("92523", "92521", "92522", "92524", "92610")},
}


def pool(parsed: Parsed) -> int | None:
    """Where a sentence without minutes of its own puts the session into the water; none where no one does."""
    if not any(("97113", PLACE) in entry.weights for hit in parsed.hits for entry in hit.entries):
        return None
    joined = IN_WATER.search(parsed.text)
    for sentence in parsed.sentences:
        if NO_POOL.search(parsed.text, sentence.start, sentence.end):
            continue
        own = any(sentence.start <= amount.start < sentence.end for amount in parsed.times)
        dry = LAND.search(parsed.text, sentence.start, sentence.end)
        if sentence.section not in ("done", "open") or (own and not joined) or dry:
            continue
        done, _ = parsed.split(sentence, sentence.start, sentence.end)
        if any(("97113", PLACE) in entry.weights for hit in done for entry in hit.entries):
            return sentence.start
    return None


def fixed_code(
    block: Block, evidence: Weighed, parsed: Parsed, payer: str, billed: dict[str, int], pool_from: int | None
) -> str | None:
    """The code that is settled before purposes are weighed; none where they decide.

    Several patients at once are a group, water is 97113, an orthosis after its first day is 97763, stimulation with
    the therapist at it is 97032 and without is G0283 (97014 where a payer other than Medicare is billed so).
    """
    level_walk(block, evidence)
    text, scores, best = parsed.text[block.start : block.end], evidence.scores, evidence.best()
    if not payer.startswith("part_a") and (in_group(text, parsed.text) or block.label == "97150"):
        return "92508" if parsed.discipline == "SLP" else "97150"
    for code in ("97161", "97164", "92523", "92610"):
        named = evidence.hits.get(code, ())
        if any(hit.start - block.start < NAMED_EARLY for hit in named[:1]) or len(named) >= PARTS:
            return code
    if WORK.keys() & billed.keys() and best in WORKED and WORK_PROGRAM.search(parsed.text):
        return next(code for code in WORK if code in billed)
    if "97113" in scores and NO_POOL.search(text):
        del scores["97113"]
    wet = pool_from is not None and pool_from < block.start and not LAND.search(text)
    if scores.get("97113", 0) >= PLACE or wet:
        return "97113"
    if scores.get("95992", 0) >= REPOSITIONED:
        return "95992"
    if best in ("97760", "97763", "97761"):
        return _orthosis(scores, best, text, bool(LATER_FITTING.search(parsed.text)), billed)
    stimulated = max(scores.get("97032", 0), scores.get("G0283", 0)) >= DEVICE
    if (
        stimulated
        and ATTENDED.search(text)
        and not LEFT_ALONE.search(text)
        and block.label in (None, "97032", "G0283")
    ):
        return "97032"
    if best == "20560":
        return "20561" if len({found.group().lower() for found in MUSCLE.finditer(text)}) >= MANY_MUSCLES else best
    if best == "G0283":
        return "G0283" if payer in CMS or "97014" not in billed else "97014"
    if best == "97140" and SELF.search(text) and not THERAPIST.search(text, 12):
        return "97535" if scores.get("97535", 0) >= SELF_CARE else "97110"
    return None


def _orthosis(scores: dict[str, float], best: str, text: str, later: bool, billed: dict[str, int]) -> str:
    """The first fitting or a later one, by what is said; where nothing is said, the one billed."""
    first = "97761" if scores.get("97761", 0) > scores.get("97760", 0) else "97760"
    if INITIAL.search(text) and not later:
        return first
    later = later or bool(FOLLOW.search(text)) or best == "97763"
    return "97763" if later or ("97763" in billed and first not in billed) else first


def by_hand(evidence: Weighed, text: str) -> None:
    """Traction by the therapist's hands is manual technique, not the machine."""
    if "97012" in evidence.scores and HANDS.search(text) and not MACHINE.search(text):
        evidence.scores["97140"] = evidence.scores.get("97140", 0) + evidence.scores.pop("97012")
        evidence.hits.setdefault("97140", []).extend(evidence.hits.get("97012", []))


def level_passive(block: Block, evidence: Weighed) -> None:
    """Stretching by the therapist's hands is carried by 97110 and 97140 alike."""
    if any(entry.weights[1:] == (("97140", 3.0),) for hit in block.hits for entry in hit.entries):
        both = max(evidence.scores.get("97110", 0), evidence.scores.get("97140", 0))
        evidence.scores["97110"] = evidence.scores["97140"] = both


def level_gait(block: Block, evidence: Weighed) -> None:
    """Aims of gait without a step are none; cues for weight shift while the patient walks are about the walk."""
    if evidence.scores.keys().isdisjoint(WALKED):
        return
    on_foot = any(entry.code == "97116" and entry.kind != "aim" for hit in block.hits for entry in hit.entries)
    if not on_foot and "97116" in evidence.scores:
        evidence.scores["97116"] *= WITHOUT_WALK
    walked = any(entry.code == "97116" and entry.kind == "do" for hit in block.hits[:2] for entry in hit.entries)
    balanced = any({entry.kind for entry in hit.entries if entry.code == "97112"} == {"do"} for hit in block.hits)
    pattern = any(entry.code == "97116" and entry.kind == "aim" for hit in block.hits for entry in hit.entries)
    if balanced and not pattern and evidence.scores.get("97116", 0) > evidence.scores.get("97112", 0):
        evidence.scores["97116"] = evidence.scores["97112"]
    if walked and not balanced and "97112" in evidence.scores and "97110" not in evidence.purposes:
        evidence.scores["97116"] = max(evidence.scores.get("97116", 0), evidence.scores["97112"] + LEAD)


def level_walk(block: Block, evidence: Weighed) -> None:
    """Walking that is coached is gait, whatever limb it is done on."""
    scores = evidence.scores
    on_foot = [h for h in block.hits[:3] if any(e.code == "97116" and e.kind in ("do", "label") for e in h.entries)]
    if on_foot and scores.get("97116", 0) >= WALKS and ("97116" in evidence.purposes or block.label == "97116"):
        for code in ("97761", "97763"):
            if code in scores:
                scores[code] = min(scores[code], scores["97116"] * WITHOUT_WALK)


def only_watched(code: str, text: str) -> bool:
    """Feeding or watching a meal, and walking as a way to get somewhere: no treatment is told."""
    if code == "92526":
        return bool(MEAL.search(text)) and not SWALLOW_WORK.search(text)
    return code == "97116" and bool(TRANSPORT.search(text))


def evaluation_level(code: str, discipline: str, billed: dict[str, int]) -> str:
    """The evaluation code of the discipline, at the level billed: words rarely settle the level.

    A speech evaluation of which only the word is written is the one billed.
    """
    levels = EVALUATIONS.get(discipline, {}).get(code)
    return code if levels is None else next((held for held in levels if held in billed), levels[0])
