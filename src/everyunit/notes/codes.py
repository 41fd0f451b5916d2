"""What the book says of a code: counted by minutes, or one unit a session."""

from __future__ import annotations

from functools import cache

from everyunit.rulebook import Book


@cache
def is_timed(code: str) -> bool:
    """Whether the book counts this code by minutes; a code that the book does not know is not timed."""
    known = Book.load().codes_by_number.get(code)
    return bool(known and known.timed)


@cache
def is_untimed(code: str) -> bool:
    """Whether the book knows this code as one unit a session."""
    known = Book.load().codes_by_number.get(code)
    return bool(known and not known.timed)
