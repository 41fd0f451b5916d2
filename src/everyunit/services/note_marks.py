"""A note with what was read in it: stretches of its text, each with what it is; what the words carry and lack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from everyunit.notes import Reading, Span
from everyunit.rulebook import Book
from everyunit.services.note_reading import read_beside

PAYERS = {
    "medicare": "medicare_b", "railroad_medicare": "medicare_b", "medicare_advantage": "medicare_advantage",
    "medicaid": "medicaid", "workers_compensation": "workers_comp",
}  # fmt: skip
CATEGORIES = {
    "clinical_reasoning": "clinical reasoning", "plan_change": "change of the plan",
    "education": "discussion with the patient", "progress": "progress toward goals",
    "reassessment": "reassessment", "next_visit": "plan of coming visits", "coordination": "coordination",
}  # fmt: skip
COUNTED = {
    "counted": "its minutes are counted", "not_counted": "its minutes are not counted",
    "does_not_count": "its minutes do not count", "unknown": "",
}  # fmt: skip
REASONS = {
    "negation": "not done", "history": "done before", "plan": "planned", "home": "done at home",
    "unattended": "unattended", "unskilled": "by an aide or without skill",
}  # fmt: skip
ELEMENTS = {
    "timed_minutes": "timed minutes", "total_time": "total treatment time", "start_stop": "start and stop",
    "skilled_need": "skilled need", "response": "response", "plan": "plan",
}  # fmt: skip
_SHORTEST = 7  # characters; a single short word set aside tells a reader nothing
_WHOLE_NOTE = 200_000  # characters; what comes behind is shown unread


@dataclass(frozen=True)
class Stretch:
    """A piece of the note. `kind` is done, aside, passage or empty; `title` says what it is in words."""

    text: str
    kind: str = ""
    code: str = ""
    title: str = ""
    number: int = 0


@dataclass(frozen=True)
class MarkedNote:
    """The note in stretches, what was done, passages, what the record lacks, and where words and codes disagree."""

    stretches: list[Stretch]
    reading: Reading
    done: list[dict[str, Any]]
    passages: list[dict[str, Any]]
    missing: list[str]
    present: list[str]

    def codes(self) -> list[str]:
        """Every code that the words carry, in the order of the note."""
        return list(dict.fromkeys(code for row in self.done for code in (row["code"], *row["also"])))


def payer_words(book: Book, payer_name: str, filing_code: str = "") -> str:
    """The reader's name of the payer's kind."""
    return PAYERS.get(book.payer_kind(payer_name, filing_code), "commercial")


def mark(text: str, discipline: str, payer: str, billed: Iterable[tuple[str, int]]) -> MarkedNote:
    """Read a note and lay what was found over its text. `payer` is a word of `payer_words`."""
    reading = read_beside(text[:_WHOLE_NOTE], discipline, payer, billed)
    done = [
        {"code": made.code, "also": [code for code in made.supported if code != made.code], "minutes": made.minutes,
         "by": made.by, "sure": made.sure, "why": made.why, "evidence": quoted(text, made.evidence)}
        for made in reading.interventions
    ]  # fmt: skip
    passages = [
        {"category": CATEGORIES.get(told.category, told.category.replace("_", " ")), "counted": COUNTED[told.counted],
         "why": told.why, "words": text[told.start : told.end]}
        for told in reading.passages
    ]  # fmt: skip
    lacking = reading.lacking()
    return MarkedNote(
        _stretches(text, reading), reading, done, passages, [ELEMENTS[name] for name in lacking],
        [words for name, words in ELEMENTS.items() if name not in reading.elements.missing()],
    )  # fmt: skip


def _stretches(text: str, reading: Reading) -> list[Stretch]:
    """The text cut where what was found begins and ends; of two that overlap the first holds its ground."""
    spans = [(made.start, made.end, "done", made.code, _done_title(made)) for made in reading.interventions]
    spans += [(told.start, told.end, "passage", "", _passage_title(told)) for told in reading.passages]
    spans += [
        (
            bare.start,
            bare.end,
            "aside",
            bare.code,
            f"{REASONS.get(bare.reason, bare.reason)}: does not count as done today",
        )
        for bare in reading.set_aside
        if bare.end - bare.start >= _SHORTEST
    ]
    made: list[Stretch] = []
    at = 0
    for number, (start, end, kind, code, title) in enumerate(sorted(spans), start=1):
        if start < at or end <= start:
            continue
        if start > at:
            made.append(Stretch(text[at:start]))
        made.append(Stretch(text[start:end], kind, code, title, number))
        at = end
    return [*made, Stretch(text[at:])] if at < len(text) else made


def _done_title(made: Any) -> str:
    also = [code for code in made.supported if code != made.code]
    minutes = f", {made.minutes} minutes" if made.minutes is not None else ""
    return f"{made.code}{f' (also {chr(44).join(also)})' if also else ''}{minutes}"


def _passage_title(told: Any) -> str:
    counted = COUNTED[told.counted]
    return f"{CATEGORIES.get(told.category, told.category)}{f': {counted}' if counted else ''}"


def quoted(text: str, spans: Iterable[Span], most: int = 160) -> list[str]:
    """The words of spans, cut where they are long."""
    words = [" ".join(text[span.start : span.end].split()) for span in spans]
    shown = (said if len(said) <= most else f"{said[: most - 1]}…" for said in words if said)
    return list(dict.fromkeys(shown))
