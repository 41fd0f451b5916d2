"""Who pays an allowed amount: the patient's deductible and coinsurance, and what Medicare pays after its cuts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from everyunit.days import Day, as_day
from everyunit.money import dollars, half_up
from everyunit.rulebook.book import Book

ASSISTANT = ("CQ", "CO")


@dataclass(frozen=True)
class Shares:
    """Cents that Medicare pays and cents the patient owes, and the steps that lead there."""

    payer_cents: int
    patient_cents: int
    steps: list[str]


def medicare_shares(
    allowed_cents: int, modifiers: tuple[str, ...], day: Day, book: Book, deductible_left_cents: int = 0
) -> Shares:
    """Medicare's payment and the patient's share of one line, each rounded once, halves up.

    The deductible that is still open comes first and is the patient's. Of the rest the patient pays the coinsurance;
    Medicare pays the other part, less the assistant's cut where the line bears CQ or CO, less sequestration. Raises
    BookRefusal for a day the book does not know.
    """
    day = as_day(day)
    coinsurance, cut = _percent("coinsurance", day, book), _percent("sequestration", day, book)
    assistant = _percent("assistant_factor", day, book) if set(modifiers) & set(ASSISTANT) else 100
    open_part = min(max(deductible_left_cents, 0), max(allowed_cents, 0))
    rest = allowed_cents - open_part
    paid = half_up(rest * (100 - coinsurance) * assistant * (100 - cut), 100**3)
    patient = open_part + half_up(rest * coinsurance, 100)
    steps = [f"deductible {dollars(open_part)}"] if open_part else []
    factor = f" x {assistant} %" if assistant != 100 else ""
    steps.append(f"Medicare {dollars(rest)} x {100 - coinsurance} %{factor} x {100 - cut} % = {dollars(paid)}")
    steps.append(f"patient {coinsurance} % of {dollars(rest)} = {dollars(patient - open_part)}")
    return Shares(paid, patient, steps)


@lru_cache(maxsize=10_000)
def _percent(name: str, day: int, book: Book) -> int:
    return int(book.value(f"thresholds.{name}", day).value)
