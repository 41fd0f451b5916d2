"""837 professional, institutional and dental: claims, their lines, other payers and how those decided."""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.x12 import kinds
from everyunit.x12.codes import listed, procedure
from everyunit.x12.columns import Column, Ints
from everyunit.x12.elements import dated, tag_days
from everyunit.x12.fields import Picked, Scope, Span, extremes
from everyunit.x12.found import Found
from everyunit.x12.index import last_upto, next_after
from everyunit.x12.loops import Chunk, merged
from everyunit.x12.tables import CLAIM_LINES, CLAIMS, LINE_ADJUDICATIONS, OTHER_PAYERS
from everyunit.x12.tags import Lexicon
from everyunit.x12.texts import Same, Text, joined, texts
from everyunit.x12.words import LENGTH_MASK, packed

_DIAGNOSIS = Lexicon(("ABK", "ABF", "ABJ", "APR", "ABN", "BK", "BF", "BJ", "PR", "BN"))


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


def _kind(chunk: Chunk, rows: np.ndarray, first_line: np.ndarray) -> Column:
    """Kind of each claim or line: by the version, else by its service segments, else professional."""
    kind = chunk.kind.take(rows)
    if int(kind.min()) == int(kind.max()) and kinds.PROFESSIONAL <= kind[0] <= kinds.DENTAL:
        return Same(kinds.KINDS[kind[0]])
    number = np.where((kind >= kinds.PROFESSIONAL) & (kind <= kinds.DENTAL), kind, 0)
    tag = np.where(first_line >= 0, chunk.segments.tag[first_line], 0)
    for code, name in ((kinds.PROFESSIONAL, "SV1"), (kinds.INSTITUTIONAL, "SV2"), (kinds.DENTAL, "SV3")):
        number = np.where((number == 0) & (tag == packed(name)), code, number)
    return texts([b"837P", b"837P", b"837I", b"837D"]).taken(number)


def _scopes(chunk: Chunk, claims: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the billing provider's loop and the subscriber's loop of each claim begin."""
    segments = chunk.segments
    levels = segments.rows("HL")
    level = segments.word(levels, 3)
    opened = np.maximum(last_upto(segments.rows("ST"), claims), 0)
    billing = np.maximum(last_upto(levels[level == packed("20")], claims), opened)
    return billing, np.maximum(last_upto(levels[level == packed("22")], claims), billing)


def _own(chunk: Chunk, found: Found) -> Scope:
    """Segments by the claim that they tell of as a whole: before its first line and its first other payer."""
    other = found.first(chunk.in_head, "SBR")
    limit = np.where(other.place < 0, chunk.claim_body, other.rows) if other.found else chunk.claim_body
    return Scope(chunk.in_head.owner, chunk.in_head.size, limit)


def _claims(chunk: Chunk, found: Found, rows: np.ndarray) -> pl.DataFrame:
    s, own = chunk.segments, _own(chunk, found)
    billing, subscriber = _scopes(chunk, rows)
    place = s.components(s.element(rows, 5))
    sbr = found.between(subscriber, rows, "SBR")
    payer = found.between(subscriber, rows, "NM1", "PR")
    biller = found.between(billing, rows, "NM1", "85")
    biller_row = biller.rows

    def first(tag: str, *qualifiers: str) -> Picked:
        return chunk.sent(found.first(own, tag, *qualifiers))

    rendering = first("NM1", "82")
    tax_id = found.between(np.where(biller_row < 0, rows, biller_row), rows, "REF", "EI", "SY")
    near = np.where(biller_row < 0, billing, np.minimum(rows, biller_row + 8))
    first_day, last_day = _span_of_days(chunk, found)
    sent = ~chunk.is_remit
    columns: dict[str, Column] = {
        **chunk.place(rows, line=False),
        "kind": _kind(chunk, rows, chunk.first_line[sent]),
        "claim_id": s.column(rows, 1),
        "charge_cents": chunk.cents(rows, 2, "CLM02").column,
        "place_of_service": s.read(place(1)),
        "frequency": s.read(place(3)),
        "sequence": sbr.column(1),
        "group_number": sbr.column(3),
        "filing_code": sbr.column(9),
        "payer_id": payer.column(9),
        "payer_name": payer.column(3),
        "member_id": found.between(subscriber, rows, "NM1", "IL").column(9),
        "billing_npi": biller.column(9),
        "billing_tax_id": tax_id.column(2),
        "billing_taxonomy": found.between(billing, near, "PRV").column(3),
        "rendering_npi": rendering.column(9),
        "rendering_taxonomy": _following(chunk, found, rendering.rows).column(3),
        "referring_npi": first("NM1", "DN").otherwise(first("NM1", "P3")).column(9),
        "facility_npi": first("NM1", "77", "FA").column(9),
        "prior_authorization": first("REF", "G1").column(2),
        "original_reference": first("REF", "F8").column(2),
        "diagnoses": _diagnoses(chunk),
        "first_day": first_day,
        "last_day": last_day,
        "lines": chunk.line_count[sent],
    }
    return chunk.table(CLAIMS, columns)


def _following(chunk: Chunk, found: Found, party: np.ndarray) -> Picked:
    """The specialty (PRV) between a party and the next party."""
    limit = np.minimum(next_after(chunk.segments.rows("NM1"), party), next_after(chunk.bounds, party))
    return found.between(party, np.where(party < 0, -1, limit), "PRV")


def _span_of_days(chunk: Chunk, found: Found) -> tuple[Ints, Ints]:
    """First and last day of service of each sent claim, from the claim and its lines."""
    places = found.places("DTP", "472", "434")
    owner = chunk.owner(chunk.segments.rows("DTP").take(places))
    day = tag_days(chunk.segments.tagged("DTP")).of(places)
    some = day.given & (owner >= 0)
    if not some.all():
        owner, day = owner[some], day.of(np.flatnonzero(some))
    first, last, known = extremes(owner, day.first, day.last, len(chunk.claim_rows))
    sent = ~chunk.is_remit
    return Ints(first[sent], known[sent]), Ints(last[sent], known[sent])


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
    kept = (_DIAGNOSIS.numbers(word) > 0) & (width < 4)
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
    claim = chunk.owner(rows)
    mine = np.flatnonzero(~chunk.line_is_remit) if chunk.line_is_remit.any() else None

    def first(tag: str, *qualifiers: str) -> Picked:
        picked = found.first(chunk.in_line, tag, *qualifiers)
        return picked if mine is None else picked.at(mine)

    above = found.first(chunk.in_head, "DTP", "472", "434").at(claim)
    stated = dated(first("DTP", "472").otherwise(above))
    rendering = first("NM1", "82").otherwise(found.first(_own(chunk, found), "NM1", "82").at(claim))
    first_day, last_day = stated.columns
    columns: dict[str, Column] = {
        **chunk.place(rows),
        "kind": _kind(chunk, rows, rows),
        "claim_id": chunk.claim_id(rows),
        "number": _header(chunk, rows).column(1),
        **_line_columns(chunk, rows),
        "service_day": first_day,
        "last_day": last_day,
        "control_number": first("REF", "6R").column(2),
        "prior_authorization": first("REF", "G1").column(2),
        "rendering_npi": rendering.column(9),
    }
    return chunk.table(CLAIM_LINES, columns)


def _header(chunk: Chunk, rows: np.ndarray) -> Picked:
    """The LX of each line: the last before it that stands behind the line before and in the same claim."""
    tagged = chunk.segments.tagged("LX")
    place = np.searchsorted(tagged.rows[:-1], rows, side="right") - 1
    previous = np.append(chunk.line_rows, -1).take(chunk.line_index.take(rows) - 1, mode="wrap")
    opened = np.append(chunk.claim_rows, -1).take(chunk.claim.take(rows) - 1, mode="wrap")
    own = tagged.rows.take(place, mode="wrap") > np.maximum(previous, opened)
    return tagged.pick(np.where(own, place, -1))


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
    end = next_after(merged([chunk.bounds, s.rows("SBR"), s.rows("LX"), chunk.line_rows]), rows)
    payer = found.between(rows, end, "NM1", "PR")
    return chunk.table(OTHER_PAYERS, {
        **chunk.place(rows, line=False),
        "ordinal": _ordinals(chunk.claim[rows]),
        "sequence": s.column(rows, 1),
        "filing_code": s.column(rows, 9),
        "payer_id": payer.column(9),
        "payer_name": payer.column(3),
        "paid_cents": chunk.picked_cents(found.between(rows, end, "AMT", "D"), 2),
    })  # fmt: skip


def _decided(chunk: Chunk, found: Found) -> pl.DataFrame:
    s = chunk.segments
    rows = s.fresh("SVD")
    end = next_after(merged([chunk.bounds, rows, chunk.line_rows, s.rows("LX")]), rows)
    code = procedure(s, s.element(rows, 3))
    return chunk.table(LINE_ADJUDICATIONS, {
        **chunk.place(rows),
        "ordinal": _ordinals(chunk.claim[rows].astype(np.int64) * 2**20 + chunk.line[rows]),
        "payer_id": s.column(rows, 1),
        "paid_cents": chunk.cents(rows, 2, "SVD02").column,
        "code": code["code"],
        "modifiers": code["modifiers"],
        "units_milli": chunk.milli(rows, 5, "SVD05").column,
        "paid_day": dated(found.between(rows, end, "DTP", "573")).columns[0],
    })  # fmt: skip
