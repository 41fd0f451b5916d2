"""NM1 and N1 with what stands under them: address, birth, specialty; and the check digit of national numbers."""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.x12.columns import Column, Ints
from everyunit.x12.elements import dated
from everyunit.x12.fields import Picked, Scope
from everyunit.x12.found import Found
from everyunit.x12.loops import Chunk, filled
from everyunit.x12.tables import PARTIES
from everyunit.x12.tags import CODES
from everyunit.x12.texts import Text, joined
from everyunit.x12.words import digit_pairs, packed

_NAMED = {"entity": 1, "name": 3, "id_qualifier": 8, "identifier": 9}
_PLAIN = ("entity", "name", "id_qualifier", "identifier")
_PERSON = {"entity_type": 2, "first_name": 4, "middle_name": 5, "suffix": 7}
_LUHN = np.array([2 * tens - 9 * (tens > 4) + ones for tens in range(10) for ones in range(10)])  # of two digits
_BYTE, _LAST_PAIR = np.uint64(255), np.uint64(48)
_OPENING = ("HL", "SBR", "LX", "SV1", "SV2", "SV3", "SVC", "SVD", "CLM", "CLP", "ST", "SE", "PLB")
_MARKS = np.zeros(256, dtype=np.uint8)  # by the code of a tag: 2 opens a party, 1 ends it
_MARKS[[CODES[tag] for tag in _OPENING]] = 1
_MARKS[[CODES["NM1"], CODES["N1"]]] = 2


def read_parties(chunk: Chunk, found: Found) -> pl.DataFrame | None:
    """The table parties of a piece; N3, N4 and DMG are held by the party they stand under."""
    s = chunk.segments
    person, plain = s.fresh("NM1"), s.fresh("N1")
    if not len(person) and not len(plain):
        return None
    rows, under = _under(chunk)
    street, city, born, special = (found.first(under, tag) for tag in ("N3", "N4", "DMG", "PRV"))
    birthday = chunk.told(born.rows, dated(born), "DMG02")
    _check_numbers(chunk, person, 8)
    _check_numbers(chunk, plain, 3)
    for held, width in ((street, 2), (city, 3), (born, 3)):
        _strike(chunk, held, width)
    chunk.left[born.rows[birthday.bad]] = True
    return chunk.table(PARTIES, {
        **chunk.place(rows),
        **_names(chunk, rows, person, plain),
        "taxonomy": special.column(3),
        "address": _address(chunk, street),
        "city": city.column(1),
        "state": city.column(2),
        "postal_code": city.column(3),
        "born_day": Ints(birthday.first, birthday.given),
        "sex": born.column(3),
    })  # fmt: skip


def _under(chunk: Chunk) -> tuple[np.ndarray, Scope]:
    """Rows of all parties that were not read before, and what stands under each of them."""
    s = chunk.segments
    kind = _MARKS.take(s.code)
    marks = np.flatnonzero(kind > 0)
    party = np.flatnonzero(kind.take(marks) > 1)
    rows = marks.take(party)
    old = int(np.searchsorted(rows, s.replayed))
    owner = np.full(len(marks), -1)
    owner[party[old:]] = np.arange(len(rows) - old)
    return rows[old:], Scope(filled(marks, owner, len(s)), len(rows) - old)


def _address(chunk: Chunk, street: Picked) -> Text | None:
    s = chunk.segments
    one, two = street.text(1), street.text(2)
    if one is None or two is None or not (two.end > two.start).any():
        return one
    size = len(street.place)
    start, end = (np.stack(pair, axis=1).ravel() for pair in ((one.start, two.start), (one.end, two.end)))
    return joined(Text(s.raw, s.words, start, end), np.repeat(np.arange(size), 2), size, ";")


def _names(chunk: Chunk, rows: np.ndarray, person: np.ndarray, plain: np.ndarray) -> dict[str, Column]:
    """Name and identifier; an N1 has them in other places than an NM1."""
    s = chunk.segments
    prefix = s.element(person, 6)
    chunk.left[person] = (s.count(person) > 9) | (prefix[1] > prefix[0])
    chunk.left[plain] = s.count(plain) > 4
    if not len(person):
        return {name: s.column(plain, number) for number, name in enumerate(_PLAIN, 1)}
    if not len(plain):
        return {name: s.column(person, number) for name, number in {**_PERSON, **_NAMED}.items()}
    one, other = s.tagged("NM1"), s.tagged("N1")
    named = s.code.take(rows) == CODES["NM1"]
    persons, others = np.full(len(rows), -1), np.full(len(rows), -1)
    persons[named] = np.arange(len(one.rows) - 1 - len(person), len(one.rows) - 1)
    others[~named] = np.arange(len(other.rows) - 1 - len(plain), len(other.rows) - 1)
    made: dict[str, Column] = {name: one.pick(persons).column(number) for name, number in _PERSON.items()}
    every = np.where(named, persons, others + len(one.rows))
    for number, name in enumerate(_PLAIN, 1):
        text, second = one.text(_NAMED[name]), other.text(number)
        if text is None or second is None:
            made[name] = (
                one.pick(persons).column(_NAMED[name]) if second is None else other.pick(others).column(number)
            )
        else:
            made[name] = text.above(second).taken(every)
    return made


def _strike(chunk: Chunk, held: Picked, width: int) -> None:
    """Held whole where no further element stands; text with the parting mark of addresses stays raw."""
    s, tagged = chunk.segments, held.tagged
    place = held.place[held.place >= 0]
    rows = tagged.rows.take(place)
    more = tagged.count.take(place) > width
    if tagged.tag == "N3":
        if b";" in s.bytes:
            marks = np.flatnonzero(s.raw == 59)
            more |= np.searchsorted(marks, s.start[rows]) < np.searchsorted(marks, s.end[rows])
        start, end = tagged.span(1)
        more |= (start == end).take(place)
    if tagged.tag == "DMG":
        start, end = tagged.span(2)
        more |= ((tagged.word(1) != packed("D8")) | (end - start != 8)).take(place)
    chunk.left[rows] = more


def _check_numbers(chunk: Chunk, rows: np.ndarray, number: int) -> None:
    """National provider numbers stand behind the qualifier XX, which is element `number`.

    They have ten digits; the last is a Luhn check over 80840 and the first nine.
    """
    s = chunk.segments
    start, end = s.trimmed(s.element(rows, number + 1))
    some = np.flatnonzero((s.word(rows, number) == packed("XX")) & (end > start))
    start, end = start.take(some), end.take(some)
    head, clean = digit_pairs(s.words, start)
    tail, also = digit_pairs(s.words, end - 8)
    total = _LUHN.take(((tail >> _LAST_PAIR) & _BYTE).view(np.int64), mode="clip")
    for place in range(0, 64, 16):
        total += _LUHN.take(((head >> np.uint64(place)) & _BYTE).view(np.int64), mode="clip")
    wrong = some[~(clean & also & (end - start == 10) & ((total + 24) % 10 == 0))]
    message = (
        "The national provider number (NPI) fails its check digit; correct it with the provider's registry entry."
    )
    chunk.tell(rows[wrong], "npi_check", message)
