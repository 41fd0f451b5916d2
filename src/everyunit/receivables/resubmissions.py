"""Whether a claim may go out again, and how: as new, as a replacement (frequency 7) or as a void (8).

What was rejected was never decided, so there is nothing to replace; what was decided and is sent as new comes back as
a duplicate (CARC 18). Which payer takes replacements stands in the book (`Book.correction`).
"""

from __future__ import annotations

from dataclasses import dataclass

from everyunit.days import iso
from everyunit.rulebook.corrections import Correction

CORRECTED, VOID, NEW = "corrected", "void", "new"
FREQUENCY = {CORRECTED: "7", VOID: "8", NEW: "1"}
UNPROCESSABLE = "MA130"  # the remit says that the claim was not processed and takes no appeal


@dataclass(frozen=True)
class Standing:
    """Where a claim stands: `answer` of receivables/answers.py with its day (epoch), what the last remit said.

    `reversed`: the last word of the payer took its decision back. `remarks` are remark codes of that decision.
    `late`: nobody answered for longer than the book waits.
    """

    claim_id: str
    answer: str
    answered_day: int | None
    sent_day: int | None
    payer: str
    payer_control: str
    remarks: frozenset[str] = frozenset()
    reversed: bool = False
    late: bool = False


def refusal(wanted: str, standing: Standing, taken: Correction) -> str:
    """Why the claim may not go out as `wanted` (corrected, void or new) and what to do instead; empty: it may."""
    if standing.answer == "adjudicated" and not standing.reversed:
        return _decided(wanted, standing, taken)
    if wanted == NEW:
        return _held(standing)
    if standing.reversed:
        return f"{standing.payer} took its decision back, so nothing is left to correct. Send it as a new claim."
    if standing.answer == "rejected":
        return "It was rejected and never adjudicated, so there is nothing to correct. Send it as a new claim."
    return f"{standing.payer} has not decided it yet, and a correction names a decision. Wait for the remittance."


def _decided(wanted: str, standing: Standing, taken: Correction) -> str:
    unprocessable = UNPROCESSABLE in standing.remarks
    if wanted == NEW:
        if unprocessable:
            return ""
        way = taken.instead or "Send it as a corrected claim, or appeal."
        day = f" on {iso(standing.answered_day)}" if standing.answered_day is not None else ""
        return f"{standing.payer} decided it{day}; sent as new it would come back as a duplicate (CARC 18). {way}"
    takes = taken.replacement if wanted == CORRECTED else taken.void
    if not takes:
        what = "replacement claim (frequency 7)" if wanted == CORRECTED else "void (frequency 8)"
        way = "The remit calls it unprocessable (MA130): send it as a new claim." if unprocessable else taken.instead
        return f"{standing.payer} takes no {what} ({taken.source}). {way}"
    if not standing.payer_control:
        return "The remittance bears no number of the payer's (CLP07), which a correction must name. Ask for it."
    return ""


def _held(standing: Standing) -> str:
    """A claim that the payer holds undecided would be a duplicate."""
    if standing.answer == "rejected" or standing.reversed or (standing.answer == "unanswered" and standing.late):
        return ""
    since = f" on {iso(standing.sent_day)}" if standing.sent_day is not None else ""
    if standing.answer == "accepted":
        return f"{standing.payer} holds the claim sent{since}; a second one is a duplicate. Wait for its decision."
    return (
        f"It was sent{since}, and its answer may still come; a second one is a duplicate. Ask for its status first."
    )
