"""The layout of a note: sections and sentences, whatever the template."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files


def _kinds() -> dict[str, str]:
    text = (files("everyunit.notes") / "data" / "sections.toml").read_text(encoding="utf-8")
    named: dict[str, str] = tomllib.loads(text)["section"]
    return {" ".join(name.split()): kind for kind, names in named.items() for name in names.split(";")}


KINDS = _kinds()
STARTS = (("stg", "goal"), ("ltg", "goal"), ("poc", "agreed"), ("approved interventions", "agreed"))
ONE_LINE = ("goal", "agreed", "past", "fact")
HEADS = (
    r"^[ \t•*#>\-=_\[]*(?P<line>[A-Za-z][A-Za-z'/& ]{0,34}?)(?P<digit>\s?#?\d)?"
    r"(?P<note>\([^()\n]{0,40}\))?[ \t]*(?P<stop>[:)\]](?!\d)|-(?=\s)|[-=_* ]*$)"
    r"|(?<=\s)(?P<one>[SOAP]):(?=\s|$)"
    r"|(?<=[.;)!?\"] )(?P<more>[A-Z][A-Za-z/& ]{1,30}?)(?:\s?#?\d)?(?: ?\([^()\n]{0,40}\))?:(?!\d)"
)
HEAD = re.compile(HEADS, re.MULTILINE)
WIDE = "   "  # a heading may follow a wide gap
HEAD_WIDE = re.compile(HEADS + r"|(?<=[ \t]{3})(?P<wide>[A-Z][A-Za-z/ ]{2,24}?):(?!\d)", re.MULTILINE)
CLOSING = re.compile(r"(?:electronically signed|e-?signed|signed\b|-+\s*end of|co-?signed|page \d)", re.IGNORECASE)
ENDS = re.compile(r"[.!?][\"')\]]?(?=\s)|\n")
SHORT = re.compile(
    r"(?:\b(?:approx|vs|incl|dr|mr|mrs|ms|gr|st|flex|lb|lbs|dept|e\.g|i\.e|a\.m|p\.m|pt|cont|w|prox|dist|sup|inf"
    r"|ant|post)"
    r"|(?<!\bmin)(?<!\bmod)(?<!\bmax)\s[A-Z])\.$",
    re.IGNORECASE,
)
CERTIFIED = re.compile(
    r"cert(?:ified|ification)?\b[^\n]*\d{1,2}/\d{1,2}\S{0,5}\s?(?:-|–|to)\s?\d{1,2}/\d{1,2}", re.IGNORECASE
)
TIME = re.compile(r"\beval|min(?:ute)?s?\s?[:=]|\d\s?-?(?:min|')|\dx\s?\d", re.IGNORECASE)
DATA = re.compile(r"[^\n]{0,160}?(?:\d{1,2}/\d{1,2}|\d{1,3}\s?%)")
AHEAD = re.compile(r"[^\n]{0,200}?(?:\bwill\b|\bby \d|\bwithin\b|\bweeks\b)", re.IGNORECASE)
BRACKET = re.compile(r"\s*\(\s*\d{1,3}\s*(?:m|')")
COPIED = re.compile(
    r"\b(?:copied|carried|copy|pulled|brought|pasted)[ -]?(?:from|fwd|forward|over|in from)"
    r"(?!\s(?:the\s|his\s|her\s)?(?:class|recess|lunch|gym|bed|waiting|lobby|room|home|play))|\bprior note\b"
    r"|\bcarry[ -]?(?:from|fwd|forward)"
    r"|\bauto-? ?(?:carr(?:y|ied)|fill(?:ed)?|populated?|pull(?:ed)?|import(?:ed)?|cop(?:y|ied))\b",
    re.IGNORECASE,
)
COPIED_PARTS = ("copied", "carried", "copy", "carry", "pulled", "brought", "pasted", "prior note", "auto")
TODAY = re.compile(r"\btoday|\bthis (?:visit|date|session)\b|\bcurrent\b", re.IGNORECASE)
WRAPPED, FOLD, OPENING = 60, 110, 30


@dataclass(slots=True)
class Sentence:
    """A stretch of the note and its section: said, done, judged, planned, goal, agreed, past, taught or open.

    `head` is true where a section's own heading stands directly before it.
    """

    start: int
    end: int
    section: str
    line: int
    fresh: bool


def section_of(head: str) -> str | None:
    """The section that a heading names; none where it names something else."""
    name = " ".join(re.sub(r"[^a-z ]", " ", head.lower().replace("'", "")).split())
    if name in KINDS:
        return KINDS[name]
    return next((kind for start, kind in STARTS if name.startswith(start)), None)


def sections(text: str) -> list[tuple[int, int, str]]:
    """The note cut at its headings: (start after the heading, end, section), in order and without overlap."""
    cuts: list[tuple[int, int, str]] = []
    for match in (HEAD_WIDE if WIDE in text else HEAD).finditer(text):
        kind = _kind(match, text)
        if kind:
            cuts.append((match.start(), match.end(), kind))
    found: list[tuple[int, int, str]] = []
    if not cuts or cuts[0][0] > 0:
        found.append((0, cuts[0][0] if cuts else len(text), "open"))
    if (
        cuts
        and found
        and any(kind in ("said", "done") for _, _, kind in cuts)
        and not TIME.search(text, 0, cuts[0][0])
    ):
        found[0] = (*found[0][:2], "fact")
    for number, (_, start, kind) in enumerate(cuts):
        end = cuts[number + 1][0] if number + 1 < len(cuts) else len(text)
        found += _lines(text, start, end, kind)
    return found


def _kind(match: re.Match[str], text: str) -> str | None:
    one = match.group("one")
    if one:
        return KINDS[one.lower()]
    found = match.groupdict()
    head = found["line"] or found.get("wide") or found["more"] or ""
    kind = section_of(head)
    if kind is None:
        return None
    if kind == "goal" and _digit(match) and _has_data(text, match.end()):
        return "done"
    stop = match.group("stop")
    if match.group("line") and len(head.strip()) == 1 and stop not in (":", ")", "-"):
        return None
    if stop == "" and text[match.end() : match.end() + 1] not in ("", "\n"):
        return None
    return kind


def _has_data(text: str, place: int) -> bool:
    return bool(DATA.match(text, place)) and not AHEAD.match(text, place)


def _digit(match: re.Match[str]) -> bool:
    """Whether a heading is numbered: Goal 1 with figures behind it tells today's data, not the goal."""
    return any(letter.isdigit() for letter in match.group())


def _lines(text: str, start: int, end: int, kind: str) -> list[tuple[int, int, str]]:
    """Goals, plans of care and earlier notes written on the heading's own line end with that line."""
    if kind in ONE_LINE:
        stop = text.find("\n", start, end)
        if stop > 0 and text[start:stop].strip():
            return [(start, stop, kind), (stop, end, "open")]
    return [(start, end, kind)]


def sentences(text: str) -> list[Sentence]:
    """Every sentence or line of a note in order; one pass over the text."""
    found: list[Sentence] = []
    line = 0
    folded = max(map(len, text.split("\n")), default=0) <= FOLD
    for start, end, kind in sections(text):
        at, fresh = start, True
        for match in ENDS.finditer(text, start, end):
            if match.group() == "\n":
                if folded and _wrapped(text, match.start(), at):
                    continue
            elif BRACKET.match(text, match.end()) or SHORT.search(text, max(at, match.end() - 12), match.end()):
                continue
            _add(found, text, at, match.end(), kind, line, fresh)
            line += match.group() == "\n"
            at, fresh = match.end(), False
        _add(found, text, at, end, kind, line, fresh)
    _mark_copied(found, text)
    return found


def _mark_copied(found: list[Sentence], text: str) -> None:
    """What stands under a line that says it was copied is an earlier day's, until today or a heading is named."""
    small = text.lower()
    if not any(part in small for part in COPIED_PARTS):
        return
    copied = False
    for sentence in found:
        opening = sentence.end if sentence.end - sentence.start < WRAPPED else sentence.start + OPENING
        if COPIED.search(text, sentence.start, opening):
            copied = True
        elif copied and (sentence.fresh or TODAY.search(text, sentence.start, sentence.end)):
            copied = False
        if copied:
            sentence.section = "past"


def _wrapped(text: str, place: int, start: int) -> bool:
    """Whether a line end is only where a long line was folded."""
    following = text[place + 1 : place + 2]
    before = text.rfind("\n", 0, place)
    return following.islower() and place - before > WRAPPED and text[place - 1 : place] not in ".:;" and place > start


def _add(found: list[Sentence], text: str, start: int, end: int, kind: str, line: int, fresh: bool) -> None:
    piece = text[start:end]
    bare = piece.strip()
    if bare:
        start += len(piece) - len(piece.lstrip())
        section = "closing" if CLOSING.match(bare) else "agreed" if CERTIFIED.match(bare) else kind
        found.append(Sentence(start, start + len(bare), section, line, fresh))
