"""The same book with the fees of one year standing on the days of another: for asking what would have been."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import polars as pl

from everyunit.days import as_day, from_day
from everyunit.errors import UsageError
from everyunit.rulebook.book import Book


class FeesMoved(Book):
    """A book whose fee schedule on the days of `on_year` is that of `fees_year`, date by date; it has no other fees.

    Raises UsageError where the book has no fees of `fees_year`.
    """

    def __init__(self, book: Book, fees_year: int, on_year: int) -> None:
        super().__init__(book.folder)
        self.fees_year, self.on_year = fees_year, on_year
        if self._prices.is_empty():
            raise UsageError(f"The book holds no fees of {fees_year}.", remedy="Take a year that `book check` knows.")

    @cached_property
    def _prices(self) -> pl.DataFrame:
        prices = super()._prices
        first, last = as_day(date(self.fees_year, 1, 1)), as_day(date(self.fees_year, 12, 31))
        inside = prices.filter((pl.col("first_day") <= last) & (pl.col("last_day") >= first))
        clipped = inside.with_columns(pl.max_horizontal("first_day", first), pl.min_horizontal("last_day", last))
        ends = pl.concat([clipped["first_day"], clipped["last_day"]]).unique().to_list()
        moved = {day: self._there(day) for day in ends}
        return clipped.with_columns(
            pl.col("first_day", "last_day").replace_strict(moved, default=None, return_dtype=pl.Int32)
        )

    def _there(self, day: int) -> int:
        there = from_day(day)
        if (there.month, there.day) == (2, 29):
            there = date(there.year, 2, 28)
        return as_day(there.replace(year=self.on_year))
