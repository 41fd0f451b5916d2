"""The Medicare price of a day once more, with exact fractions of a dollar and every unit looked at by itself.

Takes decimal texts as the schedule prints them; shares no code with the rule book.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Schedule:
    """What the fee schedule prints for a code and place: relative values, indices, factor, whether reduced."""

    work: str
    expense: str
    malpractice: str
    work_index: str = "1.000"
    expense_index: str = "1.000"
    malpractice_index: str = "1.000"
    factor: str = "0"
    reduced: bool = False


def to_cents(amount: Fraction) -> int:
    """Whole cents, halves up."""
    cents = amount * 100
    below = cents.numerator // cents.denominator
    return below + 1 if cents - below >= Fraction(1, 2) else below


def unit_cents(printed: Schedule, expense_share: Fraction = Fraction(1)) -> int:
    """One unit with that share of its practice expense."""
    work = Fraction(Decimal(printed.work)) * Fraction(Decimal(printed.work_index))
    malpractice = Fraction(Decimal(printed.malpractice)) * Fraction(Decimal(printed.malpractice_index))
    return to_cents((work + malpractice + expense_of(printed) * expense_share) * Fraction(Decimal(printed.factor)))


def expense_of(printed: Schedule) -> Fraction:
    """Practice expense after its index."""
    return Fraction(Decimal(printed.expense)) * Fraction(Decimal(printed.expense_index))


def day_cents(lines: list[tuple[Schedule, int]]) -> list[int]:
    """Cents by line: of all reduced units the one with the highest expense keeps it, first in order among equals."""
    reduced = [
        (at, expense_of(printed))
        for at, (printed, units) in enumerate(lines)
        for _ in range(units)
        if printed.reduced
    ]
    keeper = max(range(len(reduced)), key=lambda n: (reduced[n][1], -n)) if reduced else -1
    cents = [0 if printed.reduced else unit_cents(printed) * units for printed, units in lines]
    for number, (at, _) in enumerate(reduced):
        cents[at] += unit_cents(lines[at][0], Fraction(1) if number == keeper else Fraction(1, 2))
    return cents
