"""Sending one claim again: which ways are open, and the file or letter itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from everyunit.errors import EveryUnitError, UsageError
from everyunit.receivables.resubmissions import CORRECTED, VOID
from everyunit.services.appeal import appeal
from everyunit.services.claim_file import claim_files
from everyunit.services.explain import shared_ledger
from everyunit.services.home import open_home
from everyunit.services.letter import pdf
from everyunit.services.refund import REFUND, refund
from everyunit.services.resubmit import resubmit
from everyunit.services.sent_twice import repeats
from everyunit.services.unit_changes import UnitChanges, unit_changes

CLAIMS = ("corrected", "void", "new")
WAYS = (*CLAIMS, REFUND, "appeal")
FORM = "form"


@dataclass(frozen=True)
class Way:
    """One way: whether it is open, when it must be there, and words on it (why not, or what to know)."""

    name: str
    open: bool
    deadline: str
    words: list[str]


def ways_open(home: str | Path, number: str, day: int) -> list[Way]:
    """Every way for a claim (CLM01), on an epoch day; a way that is not taken says why and what is."""
    return [_way(home, number, name, day) for name in WAYS]


def kind_of(home: str | Path, number: str) -> str:
    """The kind of payer of a claim (CLM01), by the book; empty where no such claim was sent."""
    try:
        return claim_files(open_home(home), [number])[number].kind
    except UsageError:
        return ""


def _way(home: str | Path, number: str, name: str, day: int) -> Way:
    try:
        _once(home, number, name)
        if name == "appeal":
            letter = appeal(home, number, day)
            return Way(letter.name, True, letter.deadline or "", letter.notes)
        if name == REFUND:
            return Way(name, True, "", refund(home, number, day).notes)
        asked = _asked(home, number, name)
        row = resubmit(home, [number], name, day, each=asked.each()).written[0]
    except EveryUnitError as error:
        return Way(name, False, "", [error.sentence().removeprefix(f"No claim was written. {number}: ")])
    return Way(name, True, row["deadline"] or "", [*asked.words(), *([row["word"]] if row["word"] else [])])


def _once(home: str | Path, number: str, way: str) -> None:
    """Refuses a correction or void beside the void of the claim that repeats it: both would give back everything."""
    if way not in (CORRECTED, VOID, REFUND):
        return
    other = repeats(shared_ledger(home), number)
    if other == number and way == CORRECTED:
        raise UsageError(f"Claim {number} repeats another: void it, and correct neither.")
    if other and other != number:
        said = f"Claim {other} repeats it, and is the one to void; to give back both would give back everything."
        raise UsageError(said, remedy="Look at what is left to mend once that one is void.")


def _asked(home: str | Path, number: str, way: str) -> UnitChanges:
    """A correction says what the audit's findings of units ask; the other ways send the claim as it was."""
    return unit_changes(home, [number]) if way == CORRECTED else UnitChanges()


def claim_again(home: str | Path, number: str, way: str, day: int) -> bytes:
    """The 837P of one claim, corrected as the audit's findings of units ask, void or new.

    Raises UsageError where the payer does not take it so, or a correction would change nothing.
    """
    _once(home, number, way)
    return resubmit(home, [number], way, day, each=_asked(home, number, way).each()).data


def refund_pdf(home: str | Path, number: str, day: int) -> bytes:
    """The letter that gives money back as PDF. Raises UsageError where there is nothing to give back so."""
    _once(home, number, REFUND)
    made = refund(home, number, day)
    return pdf(made.template, made.letter)


def appeal_pdf(home: str | Path, number: str, day: int, template: str = "appeal") -> bytes:
    """The letter (`appeal`) or form (`appeal_form`) as PDF. Raises UsageError where the claim takes no appeal."""
    return pdf(template, appeal(home, number, day).letter)
