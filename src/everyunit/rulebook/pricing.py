"""What a patient's day is expected to be allowed: the plain, exact counterpart of the price frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from everyunit.days import Day, as_day, words
from everyunit.errors import BookRefusal
from everyunit.money import dollars
from everyunit.rulebook.book import Book
from everyunit.rulebook.contracts import Contract, Unit
from everyunit.rulebook.fees import Price


@dataclass(frozen=True)
class Priced:
    """Expected allowed cents of a day: in all, by line in the order given, and the lines of proof."""

    total_cents: int
    by_line: list[int]
    steps: list[str]


def price_day(
    lines: Sequence[tuple[str, int]],
    day: Day,
    mac: str,
    locality: str,
    book: Book,
    fee_table: Mapping[str, int] | None = None,
    contract: Contract | None = None,
) -> Priced:
    """Price the lines (code, units) of one patient, day and payer, all disciplines together.

    Medicare: the unit with the highest practice expense keeps it whole, every other reduced unit keeps half; on equal
    practice expense the line that stands first keeps it. With `fee_table` (code -> cents a unit) nothing is reduced.
    With `contract` the day is priced as agreed, and a rate for the visit stands on the first line that has units.
    `day` is an epoch day, a text as 2026-03-12, or a date. Empty `mac` and `locality` give the national rate. Raises
    BookRefusal for a day, locality or code without a price.
    """
    if contract is not None and contract.visit_cents is not None:
        return _by_visit(lines, contract.visit_cents, contract)
    if contract is None and fee_table is not None:
        return _by_table(lines, fee_table)
    prices: list[Price | Unit] = []
    for code, _ in lines:
        scheduled = partial(book.price, code, day, mac, locality)
        prices.append(scheduled() if contract is None else contract.unit(code, scheduled))
    keeper = _keeper(lines, prices)
    by_line, steps = [], []
    for at, ((code, units), price) in enumerate(zip(lines, prices, strict=True)):
        whole = units if not price.mppr else min(units, 1) if at == keeper else 0
        cents = whole * price.full_cents + (units - whole) * price.reduced_cents
        by_line.append(cents)
        steps.append(_told(code, units, whole, price, cents))
    place = f"{mac} {locality}" if mac else "the national rate"
    whose = "Medicare fee schedule" if contract is None else contract.told()
    steps.append(f"{whose} on {words(as_day(day))}, {place}: {dollars(sum(by_line))}")
    return Priced(sum(by_line), by_line, steps)


def _keeper(lines: Sequence[tuple[str, int]], prices: Sequence[Price | Unit]) -> int:
    """Which line holds the unit that keeps its practice expense; -1 where no unit is reduced."""
    ranks = [
        price.pe_rank if price.mppr and units > 0 else -1 for (_, units), price in zip(lines, prices, strict=True)
    ]
    best = max(ranks, default=-1)
    return ranks.index(best) if best >= 0 else -1


def _told(code: str, units: int, whole: int, price: Price | Unit, cents: int) -> str:
    if not price.mppr or whole == units:
        return f"{code} {units} x {dollars(price.full_cents)} = {dollars(cents)}"
    halved = f"{units - whole} x {dollars(price.reduced_cents)} (practice expense halved)"
    if not whole:
        return f"{code} {halved} = {dollars(cents)}"
    return f"{code} {whole} x {dollars(price.full_cents)} + {halved} = {dollars(cents)}"


def _by_visit(lines: Sequence[tuple[str, int]], cents: int, contract: Contract) -> Priced:
    first = next((at for at, (_, units) in enumerate(lines) if units > 0), -1)
    by_line = [cents if at == first else 0 for at in range(len(lines))]
    steps = [
        f"{code} {units}: {'the rate of the visit, ' if at == first else 'within the rate, '}{dollars(by_line[at])}"
        for at, (code, units) in enumerate(lines)
    ]
    return Priced(sum(by_line), by_line, [*steps, f"{contract.told()}: {dollars(sum(by_line))}"])


def _by_table(lines: Sequence[tuple[str, int]], fee_table: Mapping[str, int]) -> Priced:
    by_line, steps = [], []
    for code, units in lines:
        if code not in fee_table:
            raise BookRefusal(f"The payer's fee table holds no price for {code}.", remedy="Add a row for it.")
        by_line.append(units * fee_table[code])
        steps.append(f"{code} {units} x {dollars(fee_table[code])} = {dollars(by_line[-1])}")
    steps.append(f"The payer's own fee table: {dollars(sum(by_line))}")
    return Priced(sum(by_line), by_line, steps)
