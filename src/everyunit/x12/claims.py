"""837 professional, institutional and dental: claims, their lines, other payers and how those decided."""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.x12 import kinds
from everyunit.x12.codes import listed, procedure
from everyunit.x12.columns import Column, Ints, Text, joined, texts
from everyunit.x12.elements import dated
from everyunit.x12.index import Span, first_in, last_upto, next_after
from everyunit.x12.loops import Chunk
from everyunit.x12.tables import CLAIM_LINES, CLAIMS, LINE_ADJUDICATIONS, OTHER_PAYERS
from everyunit.x12.words import LENGTH_MASK, packed

_DIAGNOSIS = ("ABK", "ABF", "ABJ", "APR", "ABN", "BK", "BF", "BJ", "PR", "BN")
_LONG_AGO, _FAR_OFF = -(2**31), 2**31 - 1


class Found:
    """Rows of segments by tag and first element, so that a claim's providers and numbers are found by range."""

    def __init__(self, chunk: Chunk) -> None:
        self.segments = chunk.segments
        self._words = {
            tag: self.segments.word(self.segments.rows(tag), 1) for tag in ("NM1", "REF", "DTP", "DTM", "AMT")
        }

    def rows(self, tag: str, *qualifiers: str) -> np.ndarray:
        """Rows of a tag whose first element is one of these."""
        words = self._words[tag]
        match = np.zeros(len(words), dtype=bool)
        for qualifier in qualifiers:
            match |= words == packed(qualifier)
        return self.segments.rows(tag)[match]


def read_claims(chunk: Chunk, found: Found) -> dict[str, pl.DataFrame]:
    """The tables claims, claim_lines, other_payers and line_adjudications of a piece."""
    made: dict[str, pl.DataFrame] = {}
    lines = chunk.sent_lines
    claims = chunk.sent_rows
    if len(claims):
        made["claims"] = _claims(chunk, found, claims)
        if chunk.segments.held("SBR"):
            made["other_payers"] = _other_payers(chunk, found)
    if len(lines):
        made["claim_lines"] = _lines(chunk, found, lines)
        if chunk.segments.held("SVD"):
            made["line_adjudications"] = _decided(chunk, found)
    return made


def _kind(chunk: Chunk, rows: np.ndarray, first_line: np.ndarray) -> Text:
    """Kind of each claim or line: by the version, else by its service segments, else professional."""
    kind = chunk.kind[rows]
    number = np.where((kind >= kinds.PROFESSIONAL) & (kind <= kinds.DENTAL), kind, 0)
    tag = np.where(first_line >= 0, chunk.segments.tag[first_line], 0)
    for code, name in ((kinds.PROFESSIONAL, "SV1"), (kinds.INSTITUTIONAL, "SV2"), (kinds.DENTAL, "SV3")):
        number = np.where((number == 0) & (tag == packed(name)), code, number)
    return texts([b"837P", b"837P", b"837I", b"837D"], number)


def _scopes(chunk: Chunk, claims: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the billing provider's loop and the subscriber's loop of each claim begin."""
    segments = chunk.segments
    levels = segments.rows("HL")
    level = segments.word(levels, 3)
    opened = np.maximum(last_upto(segments.rows("ST"), claims), 0)
    billing = np.maximum(last_upto(levels[level == packed("20")], claims), opened)
    return billing, np.maximum(last_upto(levels[level == packed("22")], claims), billing)


def _claims(chunk: Chunk, found: Found, rows: np.ndarray) -> pl.DataFrame:
    s, end = chunk.segments, chunk.claim_end[~chunk.is_remit]
    body = first_in(np.sort(np.concatenate([s.rows("LX"), chunk.line_rows])), rows, end)
    body = np.where(body < 0, end, body)
    other = first_in(s.rows("SBR"), rows, body)
    own_end = np.where(other < 0, body, other)
    billing, subscriber = _scopes(chunk, rows)
    place = s.components(s.element(rows, 5))
    sbr = first_in(s.rows("SBR"), subscriber, rows)
    payer = first_in(found.rows("NM1", "PR"), subscriber, rows)
    member = first_in(found.rows("NM1", "IL"), subscriber, rows)
    biller = first_in(found.rows("NM1", "85"), billing, rows)
    rendering = first_in(found.rows("NM1", "82"), rows, own_end)
    referring = first_in(found.rows("NM1", "DN"), rows, own_end)
    referring = np.where(referring < 0, first_in(found.rows("NM1", "P3"), rows, own_end), referring)
    lines = np.searchsorted(chunk.line_rows, end) - np.searchsorted(chunk.line_rows, rows)
    first, last = _span_of_days(chunk, found)
    taxonomy = first_in(s.rows("PRV"), billing, np.where(biller < 0, billing, np.minimum(rows, biller + 8)))
    columns: dict[str, Column] = {
        **chunk.place(rows, line=False),
        "kind": _kind(chunk, rows, first_in(chunk.line_rows, rows, end)),
        "claim_id": s.text(rows, 1),
        "charge_cents": chunk.cents(rows, 2, "CLM02").column,
        "place_of_service": s.read(place(1)),
        "frequency": s.read(place(3)),
        "sequence": s.text(sbr, 1),
        "group_number": s.text(sbr, 3),
        "filing_code": s.text(sbr, 9),
        "payer_id": s.text(payer, 9),
        "payer_name": s.text(payer, 3),
        "member_id": s.text(member, 9),
        "billing_npi": s.text(biller, 9),
        "billing_tax_id": s.text(
            first_in(found.rows("REF", "EI", "SY"), np.where(biller < 0, rows, biller), rows), 2
        ),
        "billing_taxonomy": s.text(taxonomy, 3),
        "rendering_npi": s.text(rendering, 9),
        "rendering_taxonomy": s.text(_following(chunk, "PRV", rendering), 3),
        "referring_npi": s.text(referring, 9),
        "facility_npi": s.text(first_in(found.rows("NM1", "77", "FA"), rows, own_end), 9),
        "prior_authorization": s.text(first_in(found.rows("REF", "G1"), rows, own_end), 2),
        "original_reference": s.text(first_in(found.rows("REF", "F8"), rows, own_end), 2),
        "diagnoses": _diagnoses(chunk),
        "first_day": first,
        "last_day": last,
        "lines": lines,
    }
    return chunk.table(CLAIMS, columns)


def _following(chunk: Chunk, tag: str, party: np.ndarray) -> np.ndarray:
    """The first segment of a tag between a party and the next party; -1 where there is none."""
    s = chunk.segments
    limit = np.minimum(next_after(s.rows("NM1"), party), next_after(chunk.bounds, party))
    return np.where(party < 0, -1, first_in(s.rows(tag), party, limit))


def _span_of_days(chunk: Chunk, found: Found) -> tuple[Ints, Ints]:
    """First and last day of service of each sent claim, from the claim and its lines."""
    rows = found.rows("DTP", "472", "434")
    rows = rows[chunk.claim[rows] > 0]
    day = dated(chunk.segments, "DTP", rows)
    first = np.full(len(chunk.claim_rows), _FAR_OFF)
    last = np.full(len(chunk.claim_rows), _LONG_AGO)
    owner = chunk.owner(rows)[day.given]
    np.minimum.at(first, owner, day.first[day.given])
    np.maximum.at(last, owner, day.last[day.given])
    sent = ~chunk.is_remit
    given = last[sent] > _LONG_AGO
    return Ints(first[sent], given), Ints(last[sent], given)


def _diagnoses(chunk: Chunk) -> Text | None:
    """Diagnosis codes of each sent claim in the order of its HI segments."""
    s = chunk.segments
    rows = s.rows("HI")
    rows = rows[chunk.claim[rows] > 0]
    if not len(rows):
        return None
    count = np.clip(s.count(rows), 0, 12)
    each = np.repeat(rows, count)
    number = np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count) + 1
    part = s.components(s.element(each, number))
    start, end = part(1)
    width = end - start
    word = s.words[start] & LENGTH_MASK.take(width, mode="clip")
    kept = np.zeros(len(each), dtype=bool)
    for name in _DIAGNOSIS:
        kept |= word == packed(name)
    kept &= width < 4
    code = part(2)
    held = s.read((code[0][kept], code[1][kept]))
    found = joined(held, chunk.owner(each[kept]), len(chunk.claim_rows))
    sent = ~chunk.is_remit
    return found if sent.all() else Text(found.raw, found.words, found.start[sent], found.end[sent])


def _line_columns(chunk: Chunk, rows: np.ndarray) -> dict[str, Column]:
    """Code, charge, quantity and place of SV1, SV2 and SV3, whose elements stand in different places."""
    s, tag = chunk.segments, chunk.segments.tag[rows]
    institutional, dental = tag == packed("SV2"), tag == packed("SV3")
    alike = not institutional.any() and not dental.any()

    def numbers_of(first: int, second: int, third: int) -> int | np.ndarray:
        return first if alike else np.where(institutional, second, np.where(dental, third, first))

    spans: dict[str, Span] = {}
    # element numbers of SV1, SV2, SV3; 99 is an element that never stands
    for name, numbers in {
        "code": (1, 2, 1), "revenue": (99, 1, 99), "basis": (3, 4, 99), "place": (5, 99, 3), "pointers": (7, 99, 11),
    }.items():  # fmt: skip
        spans[name] = s.element(rows, numbers_of(*numbers))
    milli = chunk.milli(rows, numbers_of(4, 5, 6), "The line quantity")
    return {
        **procedure(s, spans["code"]),
        "charge_cents": chunk.cents(rows, numbers_of(2, 3, 2), "The line charge").column,
        "units": whole(milli.value, milli.given),
        "units_milli": milli.column,
        "basis": s.read(spans["basis"]),
        "revenue_code": s.read(spans["revenue"]),
        "place_of_service": s.read(spans["place"]),
        "pointers": listed(s, spans["pointers"]),
    }


def _lines(chunk: Chunk, found: Found, rows: np.ndarray) -> pl.DataFrame:
    s = chunk.segments
    end = chunk.line_end[np.searchsorted(chunk.line_rows, rows)]
    claim = chunk.claim_row[rows]
    start = np.maximum(claim, 0)
    body = np.where(
        claim < 0, rows, first_in(np.sort(np.concatenate([s.rows("LX"), chunk.line_rows])), start, rows + 1)
    )
    stated = first_in(found.rows("DTP", "472"), rows, end)
    stated = np.where(stated < 0, first_in(found.rows("DTP", "472", "434"), start, body), stated)
    rendering = first_in(found.rows("NM1", "82"), rows, end)
    other = first_in(s.rows("SBR"), start, body)
    above = first_in(found.rows("NM1", "82"), start, np.where(other < 0, body, other))
    header = last_upto(s.rows("LX"), rows)
    previous = np.append(-1, chunk.line_rows)[np.searchsorted(chunk.line_rows, rows)]
    header = np.where(header > np.maximum(previous, claim), header, -1)
    day = dated(s, "DTP", stated)
    columns: dict[str, Column] = {
        **chunk.place(rows),
        "kind": _kind(chunk, rows, rows),
        "claim_id": chunk.claim_id(rows),
        "number": s.text(header, 1),
        **_line_columns(chunk, rows),
        "service_day": Ints(day.first, day.given),
        "last_day": Ints(day.last, day.given),
        "control_number": s.text(first_in(found.rows("REF", "6R"), rows, end), 2),
        "prior_authorization": s.text(first_in(found.rows("REF", "G1"), rows, end), 2),
        "rendering_npi": s.text(np.where((rendering < 0) & (claim >= 0), above, rendering), 9),
    }
    return chunk.table(CLAIM_LINES, columns)


def whole(milli: np.ndarray, given: np.ndarray) -> Ints:
    """Units where the quantity is whole."""
    units = milli // 1000
    return Ints(units, given & (units * 1000 == milli))


def _ordinals(owner: np.ndarray) -> np.ndarray:
    """1, 2, 3 ... within each run of equal owners."""
    if not len(owner):
        return owner
    fresh = np.append(True, owner[1:] != owner[:-1])
    place = np.arange(len(owner))
    return place - np.maximum.accumulate(np.where(fresh, place, 0)) + 1


def _other_payers(chunk: Chunk, found: Found) -> pl.DataFrame:
    s = chunk.segments
    rows = s.fresh("SBR")
    rows = rows[(chunk.claim[rows] > 0) & (chunk.line[rows] == 0)]
    stops = np.sort(np.concatenate([chunk.bounds, s.rows("SBR"), s.rows("LX"), chunk.line_rows]))
    end = next_after(stops, rows)
    payer = first_in(found.rows("NM1", "PR"), rows, end)
    return chunk.table(OTHER_PAYERS, {
        **chunk.place(rows, line=False),
        "ordinal": _ordinals(chunk.claim[rows]),
        "sequence": s.text(rows, 1),
        "filing_code": s.text(rows, 9),
        "payer_id": s.text(payer, 9),
        "payer_name": s.text(payer, 3),
        "paid_cents": chunk.cents(first_in(found.rows("AMT", "D"), rows, end), 2, "").column,
    })  # fmt: skip


def _decided(chunk: Chunk, found: Found) -> pl.DataFrame:
    s = chunk.segments
    rows = s.fresh("SVD")
    end = next_after(np.sort(np.concatenate([chunk.bounds, rows, chunk.line_rows, s.rows("LX")])), rows)
    code = procedure(s, s.element(rows, 3))
    day = dated(s, "DTP", first_in(found.rows("DTP", "573"), rows, end))
    return chunk.table(LINE_ADJUDICATIONS, {
        **chunk.place(rows),
        "ordinal": _ordinals(chunk.claim[rows].astype(np.int64) * 2**20 + chunk.line[rows]),
        "payer_id": s.text(rows, 1),
        "paid_cents": chunk.cents(rows, 2, "SVD02").column,
        "code": code["code"],
        "modifiers": code["modifiers"],
        "units_milli": chunk.milli(rows, 5, "SVD05").column,
        "paid_day": Ints(day.first, day.given),
    })  # fmt: skip
