"""What a correction changes in a claim that is written again: a value of a line, a line left out, the authorization.

Nothing is worked out: who corrects a claim says what it shall read. The sum of the claim follows its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from everyunit.errors import UsageError
from everyunit.money import to_cents
from everyunit.x12.rebuild import Loops
from everyunit.x12.writer import amount, clean

FIELDS = ("code", "modifiers", "units", "charge", "pointers")
CLAIM_FIELDS = ("authorization",)
_SETTING = re.compile(r"(?:(\d{1,2})\.)?([a-z]+)=(.*)")
_DIAGNOSES = ("ABK", "ABF", "BK:", "BF:")
_Claim = list[list[str]]


def changed(loops: Loops, settings: Iterable[str], without: Iterable[int] = ()) -> Loops:
    """The loops with `settings` such as 2.modifiers=GP:KX, 2.units=1, 2.charge=80, 2.code=97530, 2.pointers=1:2 or
    authorization=A12345, and `without` the lines of these numbers. UsageError where one does not fit the claim."""
    settings, without = tuple(settings), tuple(without)
    if not settings and not without:
        return loops
    claim = [list(values) for values in loops.claim]
    for setting in settings:
        match = _SETTING.fullmatch(setting.strip())
        number, field, value = match.groups() if match else ("", "", "")
        if field not in (FIELDS if number else CLAIM_FIELDS):
            raise _unfit(f"{setting} is no change", "Write it as 2.modifiers=GP:KX or authorization=NUMBER.")
        if number:
            _set_line(claim, int(number), field, value.strip().upper())
        else:
            _set_authorization(claim, value.strip())
    for number in sorted(set(without), reverse=True):
        start, stop = _line(claim, number)
        del claim[start:stop]
    _renumber(claim)
    return loops._replace(claim=tuple(claim))


def charged(loops: Loops) -> int | None:
    """CLM02 in cents; None where it is no plain amount."""
    try:
        return to_cents(loops.claim[0][2])
    except (ValueError, IndexError):
        return None


def _starts(claim: _Claim) -> list[int]:
    return [place for place, values in enumerate(claim) if values[0] == "LX"]


def _line(claim: _Claim, number: int) -> tuple[int, int]:
    """Where a line begins and ends. Another payer's decision on it would no longer fit, so such a line stays."""
    starts = _starts(claim)
    if not 1 <= number <= len(starts):
        raise _unfit(f"line {number} is not on the claim", f"Its lines are 1 to {len(starts)}.")
    start, stop = starts[number - 1], [*starts, len(claim)][number]
    if any(values[0] == "SVD" for values in claim[start:stop]):
        raise _unfit(f"line {number} carries another payer's decision", "Correct the claim to that payer first.")
    return start, stop


def _set_line(claim: _Claim, number: int, field: str, value: str) -> None:
    start, stop = _line(claim, number)
    service = next((values for values in claim[start:stop] if values[0] == "SV1"), None)
    if service is None:
        raise _unfit(f"line {number} has no professional service", "Correct it in the billing software.")
    service.extend([""] * (8 - len(service)))
    parts = service[1].split(":")
    if field == "code":
        parts[1] = _fit(r"[A-Z0-9]{5}", value, "a code has five characters")
    elif field == "modifiers":
        marks = [_fit(r"[A-Z0-9]{2}", mark, "a modifier has two characters") for mark in value.split(":") if mark]
        if len(marks) > 4:
            raise _unfit(f"{value} are too many modifiers", "A line takes four.")
        parts[2:6] = [*marks, *[""] * (4 - len(marks))] if len(parts) > 6 else marks
    elif field == "units":
        service[4] = _fit(r"[1-9]\d{0,3}", value, "units are a whole number")
    elif field == "charge":
        service[2] = _charge(value)
    else:
        service[7] = _fit(r"\d{1,2}(:\d{1,2}){0,3}", value, "pointers read 1:2")
        held = sum(len(values) - 1 for values in claim if values[0] == "HI" and values[1][:3] in _DIAGNOSES)
        if not all(1 <= int(pointer) <= held for pointer in value.split(":")):
            raise _unfit(f"{value} points beside the diagnoses", f"The claim has {held}.")
    service[1] = ":".join(parts)


def _charge(value: str) -> str:
    try:
        cents = to_cents(value)
    except ValueError:
        raise _unfit(f"{value} is no charge", "Write it as 80 or 80.50.") from None
    if cents < 0:
        raise _unfit(f"{value} is below zero", "A charge is not negative.")
    return amount(cents)


def _set_authorization(claim: _Claim, value: str) -> None:
    number = clean(value)
    if not number or len(number) > 50:
        raise _unfit("the authorization number is empty or too long", "Write it as authorization=NUMBER.")
    if number != " ".join(value.upper().split()):
        raise _unfit("the authorization number holds a mark that X12 cannot carry", "Write it as the payer gave it.")
    first = [*_starts(claim), len(claim)][0]
    held = next((values for values in claim[:first] if values[:2] == ["REF", "G1"]), None)
    if held is not None:
        held[2:] = [number]
        return
    at = next(
        n for n, values in enumerate([*claim, ["LX"]]) if values[0] not in ("CLM", "DTP", "PWK", "CN1", "AMT", "REF")
    )
    claim.insert(at, ["REF", "G1", number])


def _renumber(claim: _Claim) -> None:
    """Lines count from 1, and CLM02 is their sum."""
    starts = _starts(claim)
    if not starts:
        raise _unfit("no line would be left", "Send a void instead.")
    for number, place in enumerate(starts, 1):
        claim[place][1] = str(number)
    try:
        cents = sum(to_cents(values[2] or "0") for values in claim if values[0] == "SV1")
    except ValueError:
        raise _unfit("the charge of a line is no plain amount", "Set the charge of that line too.") from None
    claim[0][2] = amount(cents)


def _fit(pattern: str, value: str, words: str) -> str:
    if not re.fullmatch(pattern, value):
        raise _unfit(f"{value} does not fit", f"{words[0].upper()}{words[1:]}.")
    return value


def _unfit(seen: str, remedy: str) -> UsageError:
    return UsageError(f"The change cannot be made: {seen}.", remedy=remedy)
