"""Amounts, quantities and days out of bytes, a whole column at once; what is odd goes the slow, exact way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

import numpy as np

from everyunit.money import half_up
from everyunit.x12.columns import Ints
from everyunit.x12.fields import Fields, Picked, Places, Span, Tagged
from everyunit.x12.index import Segments
from everyunit.x12.words import decimals, digit_pairs, gathered

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

    @classmethod
    def none(cls, size: int) -> Numbers:
        """Nothing given in so many rows."""
        no = np.zeros(size, dtype=bool)
        return cls(np.zeros(size, dtype=np.int64), no, no, no)

    def of(self, places: slice | np.ndarray) -> Numbers:
        """Some of them, by their places."""
        if isinstance(places, slice):
            return Numbers(self.value[places], self.given[places], self.bad[places], self.rounded[places])
        parts = (self.value, self.given, self.bad, self.rounded)
        return Numbers(*(part.take(places, mode="wrap") for part in parts))


def amounts(segments: Segments, rows: np.ndarray, number: int | np.ndarray, places: int) -> Numbers:
    """An element of these rows as numbers; read once where the same rows are asked for again."""
    if not isinstance(number, int):
        return numbers(segments, segments.element(rows, number), places)
    return field_amounts(segments.fields(rows), number, places)


def field_amounts(fields: Fields, number: int, places: int) -> Numbers:
    """An element as numbers, read once for all segments of the tag."""
    if fields.whole is not None:
        return field_amounts(fields.whole, number, places).of(fields.cut)
    held = fields.kept.get((number, places))
    if held is None:
        span = fields.span(number)
        none = number > fields.most
        held = Numbers.none(len(fields.rows)) if none else numbers(fields.segments, span, places)
        fields.kept[(number, places)] = held
    return cast(Numbers, held)


def picked_amounts(picked: Picked, number: int, places: int) -> Numbers:
    """An element of picked segments as numbers."""
    return field_amounts(picked.tagged, number, places).of(picked.place)


def numbers(segments: Places, span: Span, places: int) -> Numbers:
    """Decimals as whole numbers of 10**-places (2 for cents, 3 for thousandths); halves round away from zero."""
    start, end = span
    length = end - start
    value, clean, bare = decimals(gathered(segments.words, end - 8), length, places)
    filled = length > 0
    bare &= length == 1
    given = clean & filled
    given &= ~bare
    made = Numbers(value, given, filled & ~given, np.zeros(len(start), dtype=bool))
    if made.bad.any():
        _signed(made, segments, span, places)
        _mend(made, segments, span, places)
    return made


def _signed(made: Numbers, segments: Places, span: Span, places: int) -> None:
    """Read again what begins with a sign."""
    rows = np.flatnonzero(made.bad)
    head = segments.raw[span[0][rows]]
    rows, minus = rows[(head == 45) | (head == 43)], head[(head == 45) | (head == 43)] == 45
    end, width = span[1][rows], span[1][rows] - span[0][rows] - 1
    value, clean, bare = decimals(segments.words[end - 8], width, places)
    clean &= (width > 1) | ((width == 1) & ~bare)
    made.value[rows[clean]] = np.where(minus, -value, value)[clean]
    made.given[rows[clean]], made.bad[rows[clean]] = True, False


def _mend(made: Numbers, segments: Places, span: Span, places: int) -> None:
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


def _calendar() -> tuple[np.ndarray, np.ndarray]:
    """Epoch day before the first of every month and how many days it has; a year takes 16 places, months from 1."""
    months = np.arange(f"{_FIRST_YEAR}-01", f"{_LAST_YEAR}-01", dtype="datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    count = (months + 1).astype("datetime64[D]").astype(np.int64) - first
    place = np.arange(len(months)) // 12 * 16 + np.arange(len(months)) % 12 + 1
    before, held = np.zeros((2, (_LAST_YEAR - _FIRST_YEAR) * 16), dtype=np.int64)
    before[place], held[place] = first - 1, count
    return before, held


_BEFORE, _HELD = _calendar()
_BYTE = np.uint64(255)


def _day(segments: Places, start: np.ndarray) -> np.ndarray:
    """Epoch day of the eight digits that begin here, a mark where they are no day."""
    pair, clean = digit_pairs(segments.words, start)
    year, month, day = (((pair >> np.uint64(shift)) & _BYTE).view(np.int64) for shift in (16, 32, 48))
    year += (pair & _BYTE).view(np.int64) * 100
    year -= _FIRST_YEAR
    year *= 16
    year += np.minimum(month, 15)
    sound = day <= _HELD.take(year, mode="clip")  # no month has the places 0 and 15, where a wrong year is clipped to
    sound &= clean
    sound &= day > 0
    return np.where(sound, _BEFORE.take(year, mode="clip") + day, _NO_DAY)


@dataclass
class Days:
    """Two columns of epoch days (`last` equals `first` unless a range stands there) and what could not be read."""

    first: np.ndarray
    last: np.ndarray
    given: np.ndarray
    bad: np.ndarray

    @property
    def columns(self) -> tuple[Ints, Ints]:
        """First and last days, null where none is given."""
        return Ints(self.first, self.given), Ints(self.last, self.given)

    @classmethod
    def both(cls, one: Days, other: Days) -> Days:
        """One column below the other."""
        pairs = ((one.first, other.first), (one.last, other.last), (one.given, other.given), (one.bad, other.bad))
        return cls(*(np.concatenate(pair) for pair in pairs))

    def of(self, places: slice | np.ndarray) -> Days:
        """Some of them, by their places."""
        parts = (self.first, self.last, self.given, self.bad)
        if isinstance(places, slice):
            return Days(*(part[places] for part in parts))
        first, given = (part.take(places, mode="wrap") for part in (self.first, self.given))
        last = first if self.last is self.first else self.last.take(places, mode="wrap")
        return Days(first, last, given, self.bad.take(places, mode="wrap"))

    def only(self, some: np.ndarray) -> Days:
        """Nothing given and nothing bad but in some rows."""
        return self if some.all() else Days(self.first, self.last, self.given & some, self.bad & some)


def days(segments: Places, span: Span) -> Days:
    """Days of `20240131`, `20240131-20240202` or `202401311530`."""
    start, end = segments.trimmed(span)
    length = end - start
    first = _day(segments, start)
    if not (length == 8).all():
        first[(length != 8) & (length != 12) & (length != 14) & (length != 17)] = _NO_DAY
    last, given = first, first != _NO_DAY
    long = np.flatnonzero(length == 17)
    if len(long):
        last = first.copy()
        ranged = segments.raw[start[long] + 8] == 45
        last[long] = np.where(ranged, _day(segments, end[long] - 8), _NO_DAY)
        given &= last != _NO_DAY
    return Days(first, last, given, (length > 0) & ~given)


def tag_days(tagged: Tagged) -> Days:
    """Days of all segments of a tag (element 3 of DTP, 2 of DTM and DMG), read once; the last stands for none."""
    held = tagged.kept.get(("days",))
    if held is None:
        held = tagged.kept["days",] = days(tagged.segments, tagged.span(3 if tagged.tag == "DTP" else 2))
    return cast(Days, held)


def dated(picked: Picked) -> Days:
    """Days of picked DTP, DTM or DMG segments."""
    return tag_days(picked.tagged).of(picked.place)
