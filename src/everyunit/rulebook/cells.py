"""The one door by which a cell of an official table enters the book: its kind and its range are looked at here.

Only ASCII digits count: Python takes superscripts and other scripts for digits, and the frames do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from everyunit.days import iso, to_day
from everyunit.errors import Unreadable

_AGAIN = "Download the file again, or mend the row if it was edited."
_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)(E[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"(\d+)(?:\.0+)?", re.ASCII)
_DAY = re.compile(r"\d{8}", re.ASCII)
_LONGEST = 40  # marks of a cell that are said again in a message


@dataclass(frozen=True)
class Cells:
    """The cells of one row, by the place that messages name: file and row."""

    sheet: str
    row: int

    def decimal(self, text: str, name: str, places: int, least: str, most: str) -> str:
        """A decimal from `least` to `most` with exactly `places` decimals; an empty cell is zero.

        Raises Unreadable where it is no number or out of that range.
        """
        bare = text.strip() or "0"
        if not _NUMBER.fullmatch(bare):
            raise self.refusal(name, text, "is no number")
        try:
            value = Decimal(bare)
            if not Decimal(least) <= value <= Decimal(most):
                raise self.refusal(name, text, f"is out of range: {least} to {most}")
            return f"{value.quantize(Decimal(1).scaleb(-places)):f}"
        except InvalidOperation:
            raise self.refusal(name, text, "is no number") from None

    def whole(self, text: str, name: str, most: int) -> str:
        """A whole number from 0 to `most`. Raises Unreadable for anything else."""
        match = _WHOLE.fullmatch(text.strip())
        if match is None:
            raise self.refusal(name, text, "is no whole number")
        bare = match.group(1).lstrip("0") or "0"
        if len(bare) > len(str(most)) or int(bare) > most:
            raise self.refusal(name, text, f"is out of range: 0 to {most}")
        return bare

    def one_of(self, text: str, name: str, marks: str) -> str:
        """One of `marks`. Raises Unreadable for anything else."""
        if len(text) != 1 or text not in marks:
            raise self.refusal(name, text, f"is none of {', '.join(marks)}")
        return text

    def day(self, text: str, name: str) -> int:
        """Epoch day of eight digits, 20270101. Raises Unreadable for anything else."""
        if _DAY.fullmatch(text):
            try:
                found = to_day(text)
                iso(found)
            except (ValueError, OverflowError):
                pass
            else:
                return found
        raise self.refusal(name, text, "is no date such as 20270101")

    def refusal(self, name: str, text: str, what: str) -> Unreadable:
        """The sentence for a cell that is not taken."""
        said = text.strip() if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text):,} marks)"
        seen = f"{name} reads {said}, which {what}." if said else f"{name} is empty."
        return Unreadable(seen, place=f"{self.sheet} row {self.row}", remedy=_AGAIN)
