"""Claims that were sent before, written again: as they are, or as a replacement or void of what the payer decided."""

from __future__ import annotations

import io
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from everyunit.x12.rebuild import Loops, checked
from everyunit.x12.writer import END, Interchange, clean, day8, segment

NEW, REPLACEMENT, VOID = "1", "7", "8"
_BEFORE_REFERENCES = ("CLM", "DTP", "PWK", "CN1", "AMT", "REF")


class Again(NamedTuple):
    """One claim to write: its loops as sent, its frequency (1, 7, 8), and the payer's number of what it corrects."""

    loops: Loops
    frequency: str
    reference: str


def written(
    claims: Iterable[Again], *, version: str, sender: str, receiver: str, day: int, control: int
) -> bytes:  # fmt: skip
    """One interchange of 837P with these claims, a transaction for each submitter and billing provider.

    `day` (epoch day) and `control` date and number it. Unreadable where an element cannot be written.
    """
    out = io.BytesIO()
    file = Interchange(
        out, function="HC", version=version, sender=sender, receiver=receiver, day=day, control=control
    )
    ordered = sorted(claims, key=_above)
    for number, (_, group) in enumerate(groupby(ordered, key=_above), 1):
        parts = _transaction(list(group), day, f"{control}-{number}")
        file.add("837", END.join(parts) + END, len(parts))
    file.close()
    return out.getvalue()


def _above(one: Again) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the claims of one transaction share: submitter and receiver, billing provider."""
    header = tuple(_text(values) for values in one.loops.header if values[0] != "BHT")
    return header, tuple(_text(values) for values in one.loops.biller[1:])


def _transaction(claims: list[Again], day: int, reference: str) -> list[str]:
    header, biller = _above(claims[0])
    begin = segment("BHT", "0019", "00", clean(reference), day8(day), "0600", "CH")
    parts = [begin, *header, segment("HL", "1", "", "20", "1"), *biller]
    level = 1
    for one in claims:
        level += 1
        dependent = bool(one.loops.patient)
        parts.append(segment("HL", str(level), "1", "22", "1" if dependent else "0"))
        parts += [_text(values) for values in one.loops.subscriber[1:]]
        if dependent:
            level += 1
            parts.append(segment("HL", str(level), str(level - 1), "23", "0"))
            parts += [_text(values) for values in one.loops.patient[1:]]
        parts += [_text(values) for values in amended(one)]
    return parts


def amended(one: Again) -> list[list[str]]:
    """The claim's own segments with its frequency and, on a correction alone, the payer's number (REF*F8)."""
    made = [list(values) for values in one.loops.claim if values[:2] != ["REF", "F8"]]
    place = (made[0][5] + "::").split(":")
    made[0][5] = ":".join((place[0], place[1], one.frequency))
    if one.frequency != NEW and one.reference:
        at = next(n for n, values in enumerate([*made, ["LX"]]) if values[0] not in _BEFORE_REFERENCES)
        made.insert(at, ["REF", "F8", clean(one.reference)])
    return made


def _text(values: list[str]) -> str:
    return segment(*checked(values))
