"""Asking a payer again: the letter that a claim, a denial, a finding or an underpayment calls for."""

from __future__ import annotations

from pathlib import Path

from everyunit.services.appeal import Appeal, NothingRefused, appeal
from everyunit.services.appeals_sent import Act, keep_case, keep_sent
from everyunit.services.dispute import dispute, short_lines


def keep(home: str | Path, made: Appeal, by: str, day: int, first: Act | None = None) -> None:
    """Write down that a letter or form went out on an epoch day; `first` is done before, and where that fails nothing
    is. UsageError for an empty name of who sent it, and for what is kept of that day."""
    if made.case_id:
        keep_case(home, made.case_id, made.parts, made.name, by, day, first)
    else:
        keep_sent(home, made.claim_id, made.name, by, day, made.line, first)


def letter_for(home: str | Path, named: str, day: int, payer_id: str = "", form: bool = False) -> Appeal:
    """The letter for a claim (CLM01), a denial, a finding, a case of underpayment or one line paid short
    (CLAIM:LINE), dated `day` (epoch day).

    A claim with refused lines is appealed; its lines paid short have a letter of their own, and the notes say so.
    With `form` the request is a form with its enclosures. Raises UsageError where there is nothing to ask for.
    """
    short = short_lines(home, named)
    by_claim = short.height > 0 and named in short["claim_id"]
    if short.height and not by_claim:
        return dispute(home, named, day, form)
    try:
        made = appeal(home, named, day, payer_id, form)
    except NothingRefused:
        if not by_claim:
            raise
        return dispute(home, named, day, form)
    if by_claim:
        cases = short["case_id"].unique(maintain_order=True).to_list()
        made.notes.append(f"Lines of it were paid short too. A letter of their own: everyunit appeal {cases[0]}")
    return made
