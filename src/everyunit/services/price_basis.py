"""What a price rests on: relative values, indices and factor of a unit, and what nobody checked at its source."""

from __future__ import annotations

from functools import lru_cache

from everyunit.errors import BookRefusal
from everyunit.rulebook import Book

SHARES = ("thresholds.coinsurance", "thresholds.sequestration")


@lru_cache(maxsize=100_000)
def basis(book: Book, code: str, day: int, mac: str, locality: str) -> str:
    """Relative values x indices x factor of a unit, as printed."""
    values, factor = book.value(f"relative_values.{code}", day).value, book.value("conversion_factor", day).value
    if not mac:
        return f"{code}: ({values['work']} + {values['practice_expense']} + {values['malpractice']}) x {factor}"
    index = book.value(f"gpci.{mac}.{locality}", day).value
    names = ("work", "practice_expense", "malpractice")
    return f"{code}: ({' + '.join(f'{values[name]} x {index[name]}' for name in names)}) x {factor}"


@lru_cache(maxsize=100_000)
def doubts_of(book: Book, code: str, day: int, mac: str, locality: str, shares: tuple[str, ...]) -> tuple[str, ...]:
    """What a price and its shares rest on that nobody checked at its source, in words."""
    keys = (f"relative_values.{code}", "conversion_factor", *((f"gpci.{mac}.{locality}",) if mac else ()), *shares)
    unsure = [value for value in (book.value(key, day) for key in keys) if not value.checked]
    carried = [value.note.rpartition("; ")[2] if "carried" in value.note else "not checked" for value in unsure]
    return tuple(f"{value.key} {why} ({value.source})" for value, why in zip(unsure, carried, strict=True))


@lru_cache(maxsize=1_000)
def own_shares(day: int, book: Book) -> str:
    """Why nothing is kept back and no share is told of a payer that is not Medicare."""
    source = book.value("thresholds.sequestration", day).source
    return f"sequestration is Medicare's own and not taken here ({source}); the patient's share is the plan's"


@lru_cache(maxsize=200_000)
def no_price(book: Book, code: str, day: int, mac: str, locality: str) -> str:
    """Why the schedule holds no price of a code that day; empty where it does."""
    try:
        book.price(code, day, mac, locality)
    except BookRefusal as error:
        return error.sentence()
    return ""
