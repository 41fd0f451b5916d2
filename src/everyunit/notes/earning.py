"""Units that the day's minutes earn, by the payer's rule; for a payer whose rule is open, by both."""

from __future__ import annotations

from everyunit.notes.codes import is_timed
from everyunit.notes.reading import Intervention
from everyunit.rulebook import Book, Counted, count

POOLED = ("medicare", "medicaid", "tricare")


def minutes_by_code(done: list[Intervention]) -> dict[str, int]:
    """Minutes of each timed code, summed over its blocks; a block without minutes adds none."""
    summed: dict[str, int] = {}
    for made in done:
        if is_timed(made.code):
            summed[made.code] = summed.get(made.code, 0) + (made.minutes or 0)
    return summed


def answers(minutes: dict[str, int], billed: dict[str, int], payer: str) -> list[Counted]:
    """What these minutes earn by each rule that may hold for the payer; `billed` are timed units by code."""
    rules = ("cms",) if payer.startswith(POOLED) else ("cms", "ama")
    book, pairs = Book.load(), list(minutes.items())
    return [count(rule, pairs, book, billed=billed) for rule in rules]


def earns(code: str, done: list[Intervention], billed: dict[str, int], payer: str) -> bool:
    """Whether a timed code has a unit of its own among the day's minutes, by every rule that may hold."""
    units = {held: number for held, number in billed.items() if is_timed(held)}
    return all(one.units.get(code, 0) > 0 for one in answers(minutes_by_code(done), units, payer))
