"""Money is whole cents. Rounding has this one door."""

from __future__ import annotations

import re
from typing import TypeVar

LONGEST = 15  # digits before the point; more would not fit a whole number of cents
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_AMOUNT = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?")

Number = TypeVar("Number")


def to_cents(text: str) -> int:
    """Exact cents of a decimal amount such as `12`, `12.5`, `-0.07` or `$1,204.50`.

    Raises ValueError when the text is no amount, holds a fraction of a cent, or a comma that does not part thousands:
    `12,50` is not guessed at.
    """
    bare = text.strip().replace("$", "")
    if "," in bare and not _THOUSANDS.fullmatch(bare):
        raise ValueError("a comma parts thousands only, as in 1,250.00; write cents behind a point, as in 12.50")
    bare = bare.replace(",", "")
    match = _AMOUNT.fullmatch(bare) if bare.isascii() else None
    if not match or not (match.group(2) or match.group(3)):
        raise ValueError("an amount reads 12, 12.5 or 12.50")
    if len(match.group(2)) > LONGEST:
        raise ValueError("an amount has at most 15 digits")
    sign, whole, fraction = match.group(1), match.group(2) or "0", match.group(3) or ""
    if fraction[2:].strip("0"):
        raise ValueError("an amount has no fraction of a cent")
    cents = int(whole) * 100 + int((fraction + "00")[:2])
    return -cents if sign == "-" else cents


def half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest whole number, halves away from zero. `denominator` > 0."""
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -half_up(-numerator, denominator)


def dollars(cents: int, *, sign: bool = False) -> str:
    """`$1,204.50`, `-$3.00`; with `sign` a gain reads `+$3.00`."""
    mark = "-" if cents < 0 else ("+" if sign and cents > 0 else "")
    return f"{mark}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
