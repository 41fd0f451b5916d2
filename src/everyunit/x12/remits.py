"""835: payments, the claims they decide, and the lines of those."""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.x12 import kinds
from everyunit.x12.claims import Found, whole
from everyunit.x12.codes import procedure
from everyunit.x12.columns import Column, Ints, Text, either, joined
from everyunit.x12.elements import dated, days
from everyunit.x12.index import first_in, next_after
from everyunit.x12.loops import Chunk
from everyunit.x12.tables import REMIT_CLAIMS, REMIT_LINES, REMITS
from everyunit.x12.words import packed


def read_remits(chunk: Chunk, found: Found) -> dict[str, pl.DataFrame]:
    """The tables remits, remit_claims and remit_lines of a piece."""
    made: dict[str, pl.DataFrame] = {}
    s = chunk.segments
    opened = s.fresh("ST")
    opened = opened[chunk.kind[opened] == kinds.REMIT]
    lines = chunk.remit_lines
    if len(opened):
        made["remits"] = _remits(chunk, found, opened)
    if chunk.is_remit.any():
        made["remit_claims"] = _claims(chunk, found)
    if len(lines):
        made["remit_lines"] = _lines(chunk, found, lines)
    return made


def _remits(chunk: Chunk, found: Found, rows: np.ndarray) -> pl.DataFrame:
    s = chunk.segments
    end = np.minimum(next_after(chunk.bounds, rows), len(s))
    named = s.rows("N1")
    entity = s.word(named, 1)
    payment, trace = first_in(s.rows("BPR"), rows, end), first_in(s.rows("TRN"), rows, end)
    payer = first_in(named[entity == packed("PR")], rows, end)
    payee = first_in(named[entity == packed("PE")], rows, end)
    national = s.word(payee, 3) == packed("XX")
    produced = dated(s, "DTM", first_in(found.rows("DTM", "405"), rows, end))
    paid = days(s, s.element(payment, 16))
    other = either(s.text(first_in(found.rows("REF", "2U"), rows, end), 2), s.text(trace, 3))
    return chunk.table(REMITS, {
        **chunk.place(rows, line=False),
        "handling": s.text(payment, 1),
        "amount_cents": chunk.cents(payment, 2, "BPR02").column,
        "credit_debit": s.text(payment, 3),
        "method": s.text(payment, 4),
        "paid_day": Ints(paid.first, paid.given),
        "trace": s.text(trace, 2),
        "origin": s.text(trace, 3),
        "payer_id": either(s.text(payer, 4), other),
        "payer_name": s.text(payer, 2),
        "payee_name": s.text(payee, 2),
        "payee_npi": s.text(np.where(national, payee, -1), 4),
        "produced_day": Ints(produced.first, produced.given),
    })  # fmt: skip


def _claims(chunk: Chunk, found: Found) -> pl.DataFrame:
    s, rows, end = chunk.segments, chunk.remit_rows, chunk.claim_end[chunk.is_remit]
    body = first_in(chunk.line_rows, rows, end)
    body = np.where(body < 0, end, body)
    member = first_in(found.rows("NM1", "IL"), rows, body)
    patient = first_in(found.rows("NM1", "QC"), rows, body)
    first, last = _claim_days(chunk, found, rows, body, end)
    columns: dict[str, Column] = {
        **chunk.place(rows, line=False),
        "claim_id": s.text(rows, 1),
        "status": s.text(rows, 2),
        "charge_cents": chunk.cents(rows, 3, "CLP03").column,
        "paid_cents": chunk.cents(rows, 4, "CLP04").column,
        "patient_cents": chunk.cents(rows, 5, "CLP05").column,
        "filing_code": s.text(rows, 6),
        "payer_control": s.text(rows, 7),
        "place_of_service": s.text(rows, 8),
        "frequency": s.text(rows, 9),
        "member_id": either(s.text(member, 9), s.text(patient, 9)),
        "rendering_npi": s.text(first_in(found.rows("NM1", "82"), rows, body), 9),
        "remarks": _claim_remarks(chunk, rows, end),
        "first_day": first,
        "last_day": last,
        "lines": np.searchsorted(chunk.line_rows, end) - np.searchsorted(chunk.line_rows, rows),
    }
    return chunk.table(REMIT_CLAIMS, columns)


def _claim_remarks(chunk: Chunk, rows: np.ndarray, end: np.ndarray) -> Text | None:
    """Remark codes of MOA (elements 3 to 7) and MIA (5 and 20 to 23), parted by a colon."""
    s = chunk.segments
    out, inpatient = first_in(s.rows("MOA"), rows, end), first_in(s.rows("MIA"), rows, end)
    if not ((out >= 0) | (inpatient >= 0)).any():
        return None
    each = np.stack([out] * 5 + [inpatient] * 5, axis=1).ravel()
    number = np.tile([3, 4, 5, 6, 7, 5, 20, 21, 22, 23], len(rows))
    return joined(s.read(s.element(each, number)), np.repeat(np.arange(len(rows)), 10), len(rows))


def _line_days(chunk: Chunk, found: Found, rows: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, ...]:
    """First and last day of each line as written on it, and whether there is one."""
    s = chunk.segments
    one = dated(s, "DTM", first_in(found.rows("DTM", "472", "150"), rows, end))
    to = dated(s, "DTM", first_in(found.rows("DTM", "151"), rows, end))
    return one.first, np.where(to.given, to.first, one.last), one.given


def _claim_days(chunk: Chunk, found: Found, rows: np.ndarray, body: np.ndarray, end: np.ndarray) -> tuple[Ints, Ints]:
    """DTM*232 and DTM*233 of each claim, else the earliest and latest day of its lines."""
    s = chunk.segments
    stated = dated(s, "DTM", first_in(found.rows("DTM", "232"), rows, body))
    until = dated(s, "DTM", first_in(found.rows("DTM", "233"), rows, body))
    lines, line_end = chunk.line_rows, chunk.line_end
    one, two, given = _line_days(chunk, found, lines, line_end)
    given = given & (chunk.claim[lines] > 0)
    low = np.full(len(chunk.claim_rows), 2**31 - 1)
    high = np.full(len(chunk.claim_rows), -(2**31))
    owner = chunk.owner(lines)[given]
    np.minimum.at(low, owner, one[given])
    np.maximum.at(high, owner, two[given])
    low, high = low[chunk.is_remit], high[chunk.is_remit]
    lined = high > -(2**31)
    first = np.where(stated.given, stated.first, low)
    last = np.where(until.given, until.first, np.where(lined, high, stated.first))
    known = stated.given | lined
    return Ints(first, known), Ints(last, until.given | known)


def _lines(chunk: Chunk, found: Found, rows: np.ndarray) -> pl.DataFrame:
    s = chunk.segments
    end = chunk.line_end[np.searchsorted(chunk.line_rows, rows)]
    first, last, given = _line_days(chunk, found, rows, end)
    claim = chunk.claim_row[rows]
    body = first_in(chunk.line_rows, np.maximum(claim, 0), rows + 1)
    above = dated(s, "DTM", np.where(claim < 0, -1, first_in(found.rows("DTM", "232"), np.maximum(claim, 0), body)))
    until = dated(s, "DTM", np.where(claim < 0, -1, first_in(found.rows("DTM", "233"), np.maximum(claim, 0), body)))
    claim_last = np.where(until.given, until.first, above.first)
    code, submitted = procedure(s, s.element(rows, 1)), procedure(s, s.element(rows, 6))
    units = chunk.milli(rows, 5, "SVC05")
    absent = ~units.given & ~units.bad
    milli = np.where(absent, 1000, units.value)
    columns: dict[str, Column] = {
        **chunk.place(rows),
        "claim_id": chunk.claim_id(rows),
        "qualifier": code["qualifier"],
        "code": code["code"],
        "modifiers": code["modifiers"],
        "description": code["description"],
        "charge_cents": chunk.cents(rows, 2, "SVC02").column,
        "paid_cents": chunk.cents(rows, 3, "SVC03").column,
        "revenue_code": s.text(rows, 4),
        "units": whole(milli, units.given | absent),
        "units_milli": Ints(milli, units.given | absent),
        "submitted_code": submitted["code"],
        "submitted_modifiers": submitted["modifiers"],
        "submitted_units_milli": chunk.milli(rows, 7, "SVC07").column,
        "service_day": Ints(np.where(given, first, above.first), given | above.given),
        "last_day": Ints(np.where(given, last, claim_last), given | above.given),
        "control_number": s.text(first_in(found.rows("REF", "6R"), rows, end), 2),
        "rendering_npi": s.text(first_in(found.rows("REF", "HPI"), rows, end), 2),
        "allowed_cents": chunk.cents(first_in(found.rows("AMT", "B6"), rows, end), 2, "").column,
        "remarks": _remarks(chunk, rows),
    }
    return chunk.table(REMIT_LINES, columns)


def _remarks(chunk: Chunk, rows: np.ndarray) -> Text | None:
    """Remark codes of LQ*HE under each line, parted by a colon."""
    s = chunk.segments
    coded = s.fresh("LQ")
    coded = coded[(s.word(coded, 1) == packed("HE")) & (chunk.claim[coded] > 0) & (chunk.line[coded] > 0)]
    if not len(coded):
        return None
    owner = np.searchsorted(chunk.line_rows, coded, side="right") - 1
    found = joined(s.read(s.element(coded, 2)), owner, len(chunk.line_rows))
    place = np.searchsorted(chunk.line_rows, rows)
    return Text(found.raw, found.words, found.start[place], found.end[place])
