"""The labelled notes of `cases/*.toml` as rows of the form of gold_dev.jsonl.

A note carries its labels within it, in braces: `{97110 20: words}` is an intervention (codes joined by "/" are all
right, then its minutes or "-", then unskilled or unattended), `{education-: words}` a passage of assessment and
management whose minutes are counted (+), not counted (-) or not said, `{no plan: words}` a distractor and why. A
label so stands on its words exactly once, and the spans are counted after the braces are gone.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from everyunit.days import as_day
from everyunit.errors import EveryUnitError
from everyunit.rulebook import Book

CASES = Path(__file__).resolve().parent / "cases"
ON = as_day(date(2026, 6, 1))
PASSAGES = (
    "clinical_reasoning", "plan_change", "education", "progress", "next_visit", "reassessment", "coordination",
)  # fmt: skip
DISTRACTORS = (
    "goal", "history", "poc", "plan", "hep", "rest", "negation", "untimed", "not_f2f", "declined", "unskilled",
    "unattended", "caregiver_only", "copied", "other_patient",
)  # fmt: skip
ELEMENTS = {
    "timed": "timed_minutes", "total": "total_time", "clock": "start_stop", "skill": "skilled_need",
    "response": "response", "plan": "plan",
}  # fmt: skip
COUNTED = {"+": True, "-": False, "": None}
LABEL = re.compile(r"\{([^{}:]+): ")
INTERVENTION = re.compile(r"([0-9A-Z/]+) (\d+|-)( unskilled)?( unattended)?")
PASSAGE = re.compile(r"([a-z_]+)([+-]?)(?: (\d+))?")
FINDINGS = (
    ("better_supported_code", r"(?P<code>\w{5}) better as (?P<supported>[\w ]+), (?P<direction>over|under|lateral)"),
    ("unsupported_code", r"(?P<code>\w{5}) unsupported"),
    ("missing_minutes", r"(?P<code>\w{5}) without minutes"),
    ("documented_not_billed", r"(?P<code>\w{5}) not billed"),
    ("uncounted_skilled_time", r"(?P<minutes>\d+) minutes uncounted"),
    (
        "units_not_supported",
        r"(?P<code>\w{5}|ALL) units (?P<billed_units>\d+) billed, (?P<supported_units>\d+) supported",
    ),
    ("units_not_supported", r"(?P<code>\w{5}|ALL) units not supported"),
)


class CaseFault(ValueError):
    """A case that cannot be read; its text says which and what."""


def unmarked(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The note without its labels, and each label as (start, end, label). Raises CaseFault for open braces."""
    plain, found, open_labels, at = [], [], [], 0
    length = 0
    while at < len(marked):
        label = LABEL.match(marked, at)
        if label:
            open_labels.append((length, label[1]))
            at = label.end()
        elif marked[at] == "}":
            if not open_labels:
                raise CaseFault(f"a brace closes that none opened, after {''.join(plain)[-40:]!r}")
            start, words = open_labels.pop()
            found.append((start, length, words))
            at += 1
        elif marked[at] == "{":
            raise CaseFault(f"a brace without a label: {marked[at : at + 40]!r}")
        else:
            plain.append(marked[at])
            length += 1
            at += 1
    if open_labels:
        raise CaseFault(f"a brace stays open: {open_labels[-1][1]!r}")
    return "".join(plain), sorted(found)


def is_timed(code: str) -> bool:
    """Whether the book counts the code by minutes. Raises CaseFault for a code that the book lacks."""
    try:
        held = Book.load().value(f"codes.{code}", ON).value
    except EveryUnitError as missing:
        raise CaseFault(f"the book has no code {code}") from missing
    return bool(held["timed"])


def intervention(note: str, start: int, end: int, said: re.Match) -> dict:
    """One intervention row."""
    codes, minutes = said[1].split("/"), None if said[2] == "-" else int(said[2])
    timed = [is_timed(code) for code in codes]
    return {
        "evidence": note[start:end], "start": start, "end": end, "code": codes[0], "acceptable": codes,
        "minutes": minutes, "timed": timed[0], "skilled": not said[3],
        "attended": not said[4],
    }  # fmt: skip


def labelled(note: str, spans: list[tuple[int, int, str]]) -> dict[str, list[dict]]:
    """The rows of interventions, passages and distractors that the labels say."""
    rows: dict[str, list[dict]] = {"interventions": [], "assessment_management": [], "distractors": []}
    for start, end, words in spans:
        if note[start:end].strip() != note[start:end] or start == end:
            raise CaseFault(f"a label on bare space at its edge: {words}: {note[start:end]!r}")
        place = {"evidence": note[start:end], "start": start, "end": end}
        if words.startswith("no ") and words[3:] in DISTRACTORS:
            rows["distractors"].append({**place, "kind": words[3:]})
        elif said := INTERVENTION.fullmatch(words):
            rows["interventions"].append(intervention(note, start, end, said))
        elif (said := PASSAGE.fullmatch(words)) and said[1] in PASSAGES:
            minutes = int(said[3]) if said[3] else None
            rows["assessment_management"].append(
                {**place, "category": said[1], "counted": COUNTED[said[2]], "minutes": minutes}
            )
        else:
            raise CaseFault(f"no such label: {words!r}")
    return rows


def finding(words: str, rows: dict[str, list[dict]]) -> dict:
    """One expected finding, with the words of the note that carry it."""
    for kind, form in FINDINGS:
        said = re.fullmatch(form, words)
        if not said:
            continue
        held = said.groupdict()
        supported = held["supported"].split(" or ") if held.get("supported") else []
        made = {
            "type": kind, "code": held.get("code"), "supported": supported, "direction": held.get("direction"),
            "minutes": int(held["minutes"]) if held.get("minutes") else None, "evidence": None, "why": words,
        }  # fmt: skip
        if "billed_units" in held:
            made["billed_units"], made["supported_units"] = int(held["billed_units"]), int(held["supported_units"])
            made["direction"] = "over" if made["billed_units"] > made["supported_units"] else "under"
        carriers = [row for row in rows["interventions"] if set(row["acceptable"]) & {*supported, made["code"]}]
        made["evidence"] = carriers[0]["evidence"] if carriers else None
        return made
    raise CaseFault(f"no such finding: {words!r}")


def billed(words: str) -> list[dict]:
    """`97110-CQ x2, 97140` as rows of code, units and modifiers."""
    made = []
    for part in filter(None, (one.strip() for one in words.split(","))):
        code, _, units = part.partition(" x")
        code, *modifiers = code.split("-")
        is_timed(code)
        made.append({"code": code, "units": int(units or 1), "modifiers": modifiers})
    return made


def row_of(case: dict) -> dict:
    """A case as a row of the gold set. Raises CaseFault with the case's name."""
    try:
        note, spans = unmarked(case["note"].strip("\n"))
        rows = labelled(note, spans)
        setting, payer, provider, layout = case["where"].split(", ")
        found = [finding(words, rows) for words in case.get("findings", [])]
        told = case["record"].split()
        if unknown := set(told) - set(ELEMENTS):
            raise CaseFault(f"no such part of the record: {sorted(unknown)}")
        row = {
            "id": case["id"], "discipline": case["id"].split("-")[0].upper(), "setting": setting, "payer": payer,
            "provider": provider, "layout": layout, "note": note, "billed": billed(case.get("billed", "")), **rows,
        }  # fmt: skip
    except (CaseFault, KeyError, ValueError) as fault:
        raise CaseFault(f"{case.get('id', 'a case without an id')}: {fault}") from fault
    minutes: dict[str, int] = {}
    for one in rows["interventions"]:
        if one["timed"] and one["skilled"] and one["minutes"]:
            minutes[one["code"]] = minutes.get(one["code"], 0) + one["minutes"]
    row["code_minutes"] = minutes
    row["elements"] = {full: short in told for short, full in ELEMENTS.items()}
    row["expected_findings"], row["nothing_to_suggest"] = found, not found
    row["must_not_suggest"] = case.get("never", "").split()
    row["tags"], row["why"] = case.get("tags", "").split(), case["why"]
    row["source"], row["split"] = ["guidance"], "kept_aside" if int(case["id"].split("-")[1]) % 2 == 0 else "open"
    return row


@cache
def _set_of(stem: str) -> str:
    return next((f"{name}_" for name in ("fresh", "later", "blind") if name in stem), "")


def load(half: str) -> tuple[dict, ...]:
    """The rows of one half: `open` to look at, `kept_aside` for the blind figures; `fresh_open` and
    `fresh_kept_aside` are those of a second set, in further wording by other writers, `later_open` and
    `later_kept_aside` those of a third, `blind_kept_aside` (it has no open half) a fourth.
    """
    rows: list[dict] = []
    for file in sorted(CASES.glob("*.toml")):
        if half == _set_of(file.stem) + ("kept_aside" if file.stem.startswith("kept_aside") else "open"):
            rows += [row_of(case) for case in tomllib.loads(file.read_text("utf-8"))["case"]]
    return tuple(rows)
