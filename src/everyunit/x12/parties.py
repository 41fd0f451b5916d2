"""NM1 and N1 with what stands under them: address, birth, specialty; and the check digit of national numbers."""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.x12.elements import nullable
from everyunit.x12.index import first_in, next_after
from everyunit.x12.loops import Chunk
from everyunit.x12.words import digits, packed

_NAMED = ("entity", "entity_type", "name", "first_name", "middle_name")
_OPENING = ("HL", "SBR", "LX", "SV1", "SV2", "SV3", "SVC", "SVD", "CLM", "CLP", "ST", "SE", "PLB")


def read_parties(chunk: Chunk) -> pl.DataFrame:
    """The table parties of a piece; N3, N4 and DMG are held by the party they stand under."""
    s = chunk.segments
    person, plain = s.fresh("NM1"), s.fresh("N1")
    parts = [_names(chunk, rows, tag) for tag, rows in (("NM1", person), ("N1", plain)) if len(rows)]
    if not parts:
        return pl.DataFrame()
    rows = np.concatenate([person, plain])
    stops = np.sort(np.concatenate([s.rows(tag) for tag in (*_OPENING, "NM1", "N1")]))
    limit = next_after(stops, rows)
    street, city = (first_in(s.fresh(tag), rows, limit) for tag in ("N3", "N4"))
    born = first_in(s.fresh("DMG"), rows, limit)
    birthday = chunk.days(born, 2, "DMG02")
    national = (s.word(rows, 8) == packed("XX")) & (np.arange(len(rows)) < len(person))
    national |= (s.word(rows, 3) == packed("XX")) & (np.arange(len(rows)) >= len(person))
    _check_numbers(chunk, rows[national])
    for tag, held, width in (("N3", street, 2), ("N4", city, 3), ("DMG", born, 3)):
        _strike(chunk, held[held >= 0], width, tag)
    lines = pl.DataFrame({"one": s.text(street, 1), "two": s.text(street, 2)})
    under = pl.DataFrame({
        "taxonomy": s.text(first_in(s.fresh("PRV"), rows, limit), 3),
        "address": lines.select(pl.concat_str("one", "two", separator=";", ignore_nulls=True)).to_series(),
        "city": s.text(city, 1),
        "state": s.text(city, 2),
        "postal_code": s.text(city, 3),
        "born_day": nullable(birthday.first, birthday.given),
        "sex": s.text(born, 3),
    }).with_columns(pl.when(pl.col("address") != "").then("address").alias("address"))  # fmt: skip
    return pl.concat([pl.concat(parts, how="diagonal_relaxed"), under], how="horizontal").sort("segment")


def _names(chunk: Chunk, rows: np.ndarray, tag: str) -> pl.DataFrame:
    s = chunk.segments
    if tag == "NM1":
        texts = {name: s.text(rows, place) for place, name in enumerate(_NAMED, 1)}
        texts |= {"suffix": s.text(rows, 7), "id_qualifier": s.text(rows, 8), "identifier": s.text(rows, 9)}
        prefix = s.element(rows, 6)
        chunk.left[rows] = (s.count(rows) > 9) | (prefix[1] > prefix[0])
    else:
        names = ("entity", "name", "id_qualifier", "identifier")
        texts = {name: s.text(rows, place) for place, name in enumerate(names, 1)}
        chunk.left[rows] = s.count(rows) > 4
    return pl.DataFrame({**chunk.place(rows), **texts})


def _strike(chunk: Chunk, rows: np.ndarray, width: int, tag: str) -> None:
    """Held whole where no further element stands; text with the parting mark of addresses stays raw."""
    s = chunk.segments
    more = s.count(rows) > width
    if tag == "N3":
        more |= np.asarray(s.whole(rows).str.contains(";", literal=True).fill_null(False).to_numpy())
        start, end = s.element(rows, 1)
        more |= start == end
    if tag == "DMG":
        more |= (s.word(rows, 1) != packed("D8")) | (s.element(rows, 2)[1] - s.element(rows, 2)[0] != 8)
    chunk.left[rows] = more


def _check_numbers(chunk: Chunk, rows: np.ndarray) -> None:
    """National provider numbers have ten digits; the last is a Luhn check over 80840 and the first nine."""
    s = chunk.segments
    number = np.where(s.tag[rows] == packed("NM1"), 9, 4)
    start, end = s.trimmed(s.element(rows, number))
    head, clean = digits(s.words, np.minimum(start + 8, np.maximum(end, 16)), np.minimum(end - start, 8))
    tail, also = digits(s.words, np.maximum(end, 16), np.clip(end - start - 8, 0, 8))
    sound = clean & also & (end - start == 10)
    value = head * 100 + tail
    total = np.full(len(rows), 24)
    for place in range(10):
        digit = value // 10**place % 10
        doubled = digit * 2
        total += np.where(place % 2 == 1, doubled - 9 * (doubled > 9), digit)
    wrong = (end > start) & ~(sound & (total % 10 == 0))
    message = (
        "The national provider number (NPI) fails its check digit; correct it with the provider's registry entry."
    )
    chunk.tell(rows[wrong], "npi_check", message)
