"""The claim as it was sent, as an enclosure: its diagnoses, and its lines word for word."""

from __future__ import annotations

from typing import Any

from everyunit.days import to_day, words
from everyunit.ledger import Ledger
from everyunit.services.appeal_lines import shown
from everyunit.services.claim_file import ClaimFile
from everyunit.services.resubmit import loops_of

_DIAGNOSES = ("ABK", "ABF", "BK", "BF")


def as_sent(ledger: Ledger, file: ClaimFile) -> dict[str, Any]:
    """`sent` (day), `frequency`, `diagnoses` and `claim_lines` (line, day, code, modifiers, units, charge,
    pointers) as text. Unreadable where the claim cannot be rebuilt."""
    claim = loops_of(ledger, file, {}).claim
    codes = [part for values in claim if values[0] == "HI" for part in values[1:] if part]
    lines: list[dict[str, str]] = []
    for values in claim:
        if values[0] == "LX":
            lines.append({"line": values[1], "day": "", "code": "", "modifiers": "", "units": "", "charge": "",
                          "pointers": ""})  # fmt: skip
        elif values[0] == "SV1" and lines:
            lines[-1] |= _service(values)
        elif values[:2] == ["DTP", "472"] and lines and len(values) > 3:
            lines[-1]["day"] = _span(values[3])
    return {
        "sent": shown(file.sent["created_day"]),
        "frequency": str(file.sent["frequency"] or "1"),
        "diagnoses": [
            f"{n}: {part.split(':')[1]}"
            for n, part in enumerate((p for p in codes if p.split(":")[0] in _DIAGNOSES and ":" in p), start=1)
        ],
        "claim_lines": lines,
    }


def _service(values: list[str]) -> dict[str, str]:
    parts, padded = values[1].split(":"), [*values, *[""] * 8]
    return {
        "code": parts[1] if len(parts) > 1 else "", "modifiers": " ".join(mark for mark in parts[2:6] if mark),
        "units": padded[4], "charge": f"${padded[2]}" if padded[2] else "", "pointers": padded[7].replace(":", " "),
    }  # fmt: skip


def _span(text: str) -> str:
    """`12 March 2026` of a DTP; a span keeps both its days."""
    made = []
    for part in text.split("-"):
        try:
            made.append(words(to_day(part)))
        except ValueError:
            made.append(part)
    return " to ".join(dict.fromkeys(made))
