"""Who pays an allowed amount, once more with exact fractions; shares no code with the rule book."""

from __future__ import annotations

from fractions import Fraction


def _whole(amount: Fraction) -> int:
    below = amount.numerator // amount.denominator
    return below + 1 if amount - below >= Fraction(1, 2) else below


def shares(allowed: int, assistant: bool, deductible_left: int = 0) -> tuple[int, int]:
    """Medicare's cents and the patient's, by the law of 2024 to 2026."""
    own = min(allowed, deductible_left)
    rest = Fraction(allowed - own)
    medicare = rest * Fraction(80, 100) * (Fraction(85, 100) if assistant else 1) * Fraction(98, 100)
    return _whole(medicare), own + _whole(rest * Fraction(20, 100))
