"""The book's counting and prices, remembered: a practice meets the same sessions again and again."""

from __future__ import annotations

from everyunit.days import from_day
from everyunit.rulebook.book import Book
from everyunit.rulebook.counting import Counted, count
from everyunit.rulebook.pricing import price_day
from everyunit.sample.market import PayerProfile, fee_table

Lines = tuple[tuple[str, int], ...]


class Law:
    """What the book says about the sessions of a sample; every answer comes from the book itself."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._always = frozenset(code.code for code in book.codes_by_number.values() if code.therapy_list == "always")
        self._pairs = frozenset(map(frozenset, book.pairs.select("column_1", "column_2").iter_rows()))
        self._fees: dict[str, dict[str, int]] = {}
        self._counted: dict[tuple[str, Lines, str], Counted] = {}
        self._priced: dict[tuple[str, Lines, int, str, str], tuple[int, ...]] = {}

    def always(self) -> frozenset[str]:
        """Codes that always stand under a therapy plan of care."""
        return self._always

    def earned(self, rule: str, minutes: Lines, prefer: str = "") -> Counted:
        """Units earned; `prefer` gets the unit where left-overs tie."""
        key = (rule, minutes, prefer)
        if key not in self._counted:
            self._counted[key] = count(rule, list(minutes), self.book, billed={prefer: 99} if prefer else None)
        return self._counted[key]

    def priced(self, payer: PayerProfile, lines: Lines, day: int, mac: str, locality: str) -> tuple[int, ...]:
        """Expected allowed cents of each line of a patient's day."""
        own = not payer.medicare_fees
        year = 0 if own else from_day(day).year
        key = (payer.id if own else "", lines, year, "" if own else mac, "" if own else locality)
        if key not in self._priced:
            if own and payer.id not in self._fees:
                self._fees[payer.id] = fee_table(payer)
            table = self._fees[payer.id] if own else None
            self._priced[key] = tuple(price_day(lines, day, mac, locality, self.book, table).by_line)
        return self._priced[key]

    def parted(self, code: str, others: set[str]) -> bool:
        """Whether a pair edit parts a code from any of the others of its day."""
        return any(frozenset((code, other)) in self._pairs for other in others)

    def ceiling(self, code: str) -> int:
        """Most units of a code on a day, 99 where the book knows none."""
        known = self.book.codes_by_number[code].ceiling
        return 99 if known is None else known

    def timed(self, code: str) -> bool:
        """Whether the code counts by minutes."""
        return self.book.codes_by_number[code].timed
