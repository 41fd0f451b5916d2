"""Amounts, quantities and days out of bytes, a whole column at once; what is odd goes the slow, exact way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

import numpy as np

from everyunit.money import half_up
from everyunit.x12.columns import Ints
from everyunit.x12.index import Segments, Span
from everyunit.x12.words import decimals, digits

_NUMBER = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?")
_FIRST_YEAR, _LAST_YEAR = 1850, 2150
_NO_DAY = -(2**31)


@dataclass
class Numbers:
    """A column of whole numbers: `given` where a readable value stands, `bad` where something else stands."""

    value: np.ndarray
    given: np.ndarray
    bad: np.ndarray
    rounded: np.ndarray

    @property
    def column(self) -> Ints:
        """The values, null where none is given."""
        return Ints(self.value, self.given)


def amounts(segments: Segments, rows: np.ndarray, number: int | np.ndarray, places: int) -> Numbers:
    """An element of these rows as numbers; read once where the same rows are asked for again."""
    if not isinstance(number, int):
        return numbers(segments, segments.element(rows, number), places)
    key = (id(rows), number, places)
    held = segments.kept.get(key)
    if held is None:
        # the rows are kept too, so that their id is not given to others
        held = segments.kept[key] = (numbers(segments, segments.element(rows, number), places), rows)
    return cast(tuple[Numbers, np.ndarray], held)[0]


def numbers(segments: Segments, span: Span, places: int) -> Numbers:
    """Decimals as whole numbers of 10**-places (2 for cents, 3 for thousandths); halves round away from zero."""
    start, end = span
    length = end - start
    filled = length > 0
    head = segments.raw.take(start, mode="clip")
    minus = filled & (head == 45)
    width = length - (minus | (filled & (head == 43)))
    value, clean, bare = decimals(segments.words[end - 8], width, places)
    given = filled & clean & (width > bare)
    if minus.any():
        value = np.where(minus, -value, value)
    made = Numbers(value, given, filled & ~given, np.zeros(len(start), dtype=bool))
    if made.bad.any():
        _mend(made, segments, span, places)
    return made


def _mend(made: Numbers, segments: Segments, span: Span, places: int) -> None:
    """Read again, one by one, what the fast way could not: long numbers, blanks, more decimals."""
    for row in np.flatnonzero(made.bad):
        text = segments.raw[span[0][row] : min(span[1][row], span[0][row] + 64)].tobytes()
        found = exact(text.decode("utf-8", "replace").strip(), places)
        if not text.strip():
            made.bad[row] = False
        if found is not None:
            made.value[row], made.rounded[row] = found
            made.given[row], made.bad[row] = True, False


def exact(text: str, places: int) -> tuple[int, bool] | None:
    """A decimal text in units of 10**-places and whether it had to be rounded; None where it is no number."""
    match = _NUMBER.fullmatch(text) if text.isascii() else None
    if not match or not (match[2] or match[3]) or len(match[2].lstrip("0")) > 14:
        return None
    fraction = (match[3] or "") or "0"
    scaled = int(match[2] or 0) * 10 ** len(fraction) + int(fraction)
    value = half_up(scaled * 10**places, 10 ** len(fraction))
    return (-value if match[1] == "-" else value), bool(fraction[places:].strip("0"))


def _calendar() -> np.ndarray:
    """Epoch day of every (year, month, day), months counted as 16 and days as 32 places; else a mark for no day."""
    table = np.full(((_LAST_YEAR - _FIRST_YEAR) * 16 + 16) * 32, _NO_DAY, dtype=np.int32)
    every = np.arange(f"{_FIRST_YEAR}-01-01", f"{_LAST_YEAR}-01-01", dtype="datetime64[D]")
    month = every.astype("datetime64[M]")
    year = every.astype("datetime64[Y]")
    place = (year.astype(np.int64) + 1970 - _FIRST_YEAR) * 16 + (month - year).astype(np.int64) + 1
    table[place * 32 + (every - month).astype(np.int64) + 1] = every.astype(np.int64)
    return table


_DAYS = _calendar()


def _day(packed: np.ndarray, clean: np.ndarray) -> np.ndarray:
    year, month, day = packed // 10000, packed // 100 % 100, packed % 100
    sound = clean & (year >= _FIRST_YEAR) & (year < _LAST_YEAR) & (month < 13) & (day < 32)
    return _DAYS[np.where(sound, ((year - _FIRST_YEAR) * 16 + month) * 32 + day, 0)]


@dataclass
class Days:
    """Two columns of epoch days (`last` equals `first` unless a range stands there) and what could not be read."""

    first: np.ndarray
    last: np.ndarray
    given: np.ndarray
    bad: np.ndarray

    @classmethod
    def both(cls, one: Days, other: Days) -> Days:
        """One column below the other."""
        pairs = ((one.first, other.first), (one.last, other.last), (one.given, other.given), (one.bad, other.bad))
        return cls(*(np.concatenate(pair) for pair in pairs))


def days(segments: Segments, span: Span) -> Days:
    """Days of `20240131`, `20240131-20240202` or `202401311530`."""
    start, end = segments.trimmed(span)
    length = end - start
    eight = np.minimum(start + 8, np.maximum(end, start))
    value, clean = digits(segments.words, np.maximum(eight, 8), eight - start)
    first = _day(value, clean & np.isin(length, (8, 12, 14, 17)))
    ranged = (length == 17) & (segments.raw[start + np.where(length == 17, 8, 0)] == 45)
    value, clean = digits(segments.words, np.maximum(end, 8), np.where(ranged, 8, 0))
    last = np.where(ranged, _day(value, clean), first)
    given = (first != _NO_DAY) & (last != _NO_DAY) & ((length != 17) | ranged)
    return Days(first, last, given, (length > 0) & ~given)


def dated(segments: Segments, tag: str, rows: np.ndarray) -> Days:
    """Days of these DTP or DTM segments (row -1: none); all of the piece are read at once, the first time."""
    held = segments.kept.get((tag,))
    if held is None:
        every = segments.rows(tag)
        found = days(segments, segments.element(every, 3 if tag == "DTP" else 2))
        place = np.full(len(segments) + 1, len(every), dtype=np.int32)
        place[every] = np.arange(len(every), dtype=np.int32)
        none = np.array([_NO_DAY], dtype=np.int32), np.array([False])
        found = Days.both(found, Days(none[0], none[0], none[1], none[1]))
        held = segments.kept[(tag,)] = (place, found)
    place, every_day = cast(tuple[np.ndarray, Days], held)
    at = place[rows]
    return Days(every_day.first[at], every_day.last[at], every_day.given[at], every_day.bad[at])
