"""Prices of lines once more, read straight from the collected figures (rvu, gpci, conversion_factor), which the book
was made from: exact fractions, one unit at a time. Shares no code and no data file with the rule book."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts"
UNPAID = ("B", "N", "I")  # bundled, not covered, another code: on the schedule at nothing
REDUCED = "5"  # mult_proc_indicator: half the practice expense of every unit but one
Line = tuple[str, int, tuple[str, ...]]  # code, units, modifiers
Cents = tuple[int, int, int]  # allowed, Medicare's part, the patient's part


def _table(name: str) -> list[dict[str, str]]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def whole(amount: Fraction) -> int:
    """Whole cents, halves up."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


class Figures:
    """The three tables, by year, code and place."""

    def __init__(self) -> None:
        self.values = {(row["code"], row["year"]): row for row in _table("rvu")}
        self.places = {(row["year"], row["mac"], row["locality_number"]): row for row in _table("gpci")}
        self.factors = [row for row in _table("conversion_factor") if not row["status"].startswith("PROPOSED")]

    def factor(self, day: str) -> Fraction:
        """The conversion factor of that day."""
        (row,) = [row for row in self.factors if row["from"] <= day <= row["to"]]
        return Fraction(row["non_qp"])

    def unit(self, code: str, day: str, mac: str, locality: str, share: Fraction) -> Fraction:
        """Cents of one unit with that share of its practice expense, not rounded; without a place no index."""
        row = self.values[code, day[:4]]
        place = self.places[day[:4], mac, locality] if mac else {}
        work, expense, malpractice = (
            Fraction(row[value]) * Fraction(place.get(index, "1"))
            for value, index in (("work_rvu", "work_gpci"), ("nonfac_pe_rvu", "pe_gpci"), ("mp_rvu", "mp_gpci"))
        )
        return (work + expense * share + malpractice) * self.factor(day) * 100

    def priced(self, code: str, day: str) -> bool | None:
        """Whether the schedule pays the code; None where it has no national price."""
        row = self.values[code, day[:4]]
        if row["status_indicator"] in UNPAID:
            return False
        return True if Fraction(row["total_nonfac_rvu"] or "0") else None

    def day(self, day: str, mac: str, locality: str, lines: list[Line]) -> list[Cents | None]:
        """Cents of each line of one patient's day; None where a line has no price."""
        held = [(at, code) for at, (code, units, _) in enumerate(lines) for _ in range(units)]
        expense = [
            (Fraction(self.values[code, day[:4]]["nonfac_pe_rvu"]), -number)
            for number, (_, code) in enumerate(held)
            if self.priced(code, day) and self.values[code, day[:4]]["mult_proc_indicator"] == REDUCED
        ]
        keeper = -max(expense)[1] if expense else -1
        allowed = [0] * len(lines)
        for number, (at, code) in enumerate(held):
            if self.priced(code, day):
                cut = self.values[code, day[:4]]["mult_proc_indicator"] == REDUCED and number != keeper
                allowed[at] += whole(self.unit(code, day, mac, locality, Fraction(1, 2) if cut else Fraction(1)))
        return [
            None if self.priced(code, day) is None else _shared(cents, {"CQ", "CO"} & set(marks) != set())
            for (code, _, marks), cents in zip(lines, allowed, strict=True)
        ]


def _shared(allowed: int, assistant: bool) -> Cents:
    """80 percent, of that 85 with an assistant, less 2 percent; the patient bears a fifth."""
    medicare = Fraction(allowed) * Fraction(80, 100) * Fraction(85 if assistant else 100, 100) * Fraction(98, 100)
    return allowed, whole(medicare), whole(Fraction(allowed) * Fraction(20, 100))
