"""NM1 and N1 with what stands under them: address, birth, specialty; and the check digit of national numbers."""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.x12.columns import Column, Ints, Text, joined
from everyunit.x12.elements import dated
from everyunit.x12.fields import Picked
from everyunit.x12.found import Found
from everyunit.x12.index import next_after
from everyunit.x12.loops import Chunk
from everyunit.x12.tables import PARTIES
from everyunit.x12.words import digit_pairs, packed

_PLAIN = ("entity", "name", "id_qualifier", "identifier")
_PERSON = {"entity_type": 2, "first_name": 4, "middle_name": 5, "suffix": 7}
_LUHN = np.array([2 * tens - 9 * (tens > 4) + ones for tens in range(10) for ones in range(10)])  # of two digits
_BYTE, _LAST_PAIR = np.uint64(255), np.uint64(48)
_OPENING = ("HL", "SBR", "LX", "SV1", "SV2", "SV3", "SVC", "SVD", "CLM", "CLP", "ST", "SE", "PLB")


def read_parties(chunk: Chunk, found: Found) -> pl.DataFrame | None:
    """The table parties of a piece; N3, N4 and DMG are held by the party they stand under."""
    s = chunk.segments
    person, plain = s.fresh("NM1"), s.fresh("N1")
    rows = np.sort(np.concatenate([person, plain])) if len(plain) else person
    if not len(rows):
        return None
    stops = np.sort(np.concatenate([s.rows(tag) for tag in (*_OPENING, "NM1", "N1")]))
    limit = next_after(stops, rows)
    street, city, born, special = (found.between(rows, limit, tag) for tag in ("N3", "N4", "DMG", "PRV"))
    birthday = chunk.told(born.rows, dated(born), "DMG02")
    _check_numbers(chunk, person, 8)
    _check_numbers(chunk, plain, 3)
    for held, width in ((street, 2), (city, 3), (born, 3)):
        _strike(chunk, held.rows[held.place >= 0], width, held.tagged.tag)
    chunk.left[born.rows[birthday.bad]] = True
    return chunk.table(PARTIES, {
        **chunk.place(rows),
        **_names(chunk, rows, person, plain),
        "taxonomy": special.text(3),
        "address": _address(chunk, street),
        "city": city.text(1),
        "state": city.text(2),
        "postal_code": city.text(3),
        "born_day": Ints(birthday.first, birthday.given),
        "sex": born.text(3),
    })  # fmt: skip


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
        return {name: s.text(rows, place) for place, name in enumerate(_PLAIN, 1)}
    only, named = rows, np.ones(len(rows), dtype=bool)
    if len(plain):
        named = s.tag[rows] == packed("NM1")
        only = np.where(named, rows, -1)
    made: dict[str, Column] = {"entity": s.text(rows, 1)}
    made |= {name: s.text(only, number) for name, number in _PERSON.items()}
    for name, number, other in (("name", 3, 2), ("id_qualifier", 8, 3), ("identifier", 9, 4)):
        made[name] = s.read(s.element(rows, np.where(named, number, other) if len(plain) else number))
    return made


def _strike(chunk: Chunk, rows: np.ndarray, width: int, tag: str) -> None:
    """Held whole where no further element stands; text with the parting mark of addresses stays raw."""
    s = chunk.segments
    more = s.count(rows) > width
    if tag == "N3":
        if b";" in s.bytes:
            marks = np.flatnonzero(s.raw == 59)
            more |= np.searchsorted(marks, s.start[rows]) < np.searchsorted(marks, s.end[rows])
        start, end = s.element(rows, 1)
        more |= start == end
    if tag == "DMG":
        more |= (s.word(rows, 1) != packed("D8")) | (s.element(rows, 2)[1] - s.element(rows, 2)[0] != 8)
    chunk.left[rows] = more


def _check_numbers(chunk: Chunk, rows: np.ndarray, number: int) -> None:
    """National provider numbers stand behind the qualifier XX, which is element `number`.

    They have ten digits; the last is a Luhn check over 80840 and the first nine.
    """
    s = chunk.segments
    start, end = s.trimmed(s.element(rows, number + 1))
    head, clean = digit_pairs(s.words, start)
    tail, also = digit_pairs(s.words, end - 8)
    total = _LUHN.take(((tail >> _LAST_PAIR) & _BYTE).view(np.int64), mode="clip")
    for place in range(0, 64, 16):
        total += _LUHN.take(((head >> np.uint64(place)) & _BYTE).view(np.int64), mode="clip")
    wrong = (s.word(rows, number) == packed("XX")) & (end > start)
    wrong &= ~(clean & also & (end - start == 10) & ((total + 24) % 10 == 0))
    message = (
        "The national provider number (NPI) fails its check digit; correct it with the provider's registry entry."
    )
    chunk.tell(rows[wrong], "npi_check", message)
