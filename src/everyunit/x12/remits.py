"""835: payments, the claims they decide, and the lines of those."""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.x12 import kinds
from everyunit.x12.claims import whole
from everyunit.x12.codes import procedure
from everyunit.x12.columns import Column, Ints
from everyunit.x12.elements import Days, dated, days, picked_amounts
from everyunit.x12.fields import Picked, extremes
from everyunit.x12.found import Found
from everyunit.x12.index import next_after
from everyunit.x12.loops import Chunk
from everyunit.x12.tables import REMIT_CLAIMS, REMIT_LINES, REMITS
from everyunit.x12.texts import Text, either, joined
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
    payment, trace = found.between(rows, end, "BPR"), found.between(rows, end, "TRN")
    payer, payee = found.between(rows, end, "N1", "PR"), found.between(rows, end, "N1", "PE")
    national = s.word(payee.rows, 3) == packed("XX")
    other = either(found.between(rows, end, "REF", "2U").text(2), trace.text(3))
    amount = chunk.told_cents(payment.rows, 2, picked_amounts(payment, 2, 2), "BPR02")
    return chunk.table(REMITS, {
        **chunk.place(rows, line=False),
        "handling": payment.column(1),
        "amount_cents": amount.column,
        "credit_debit": payment.column(3),
        "method": payment.column(4),
        "paid_day": days(s, payment.span(16)).columns[0],
        "trace": trace.column(2),
        "origin": trace.column(3),
        "payer_id": either(payer.text(4), other),
        "payer_name": payer.column(2),
        "payee_name": payee.column(2),
        "payee_npi": payee.tagged.pick(np.where(national, payee.place, -1)).column(4),
        "produced_day": dated(found.between(rows, end, "DTM", "405")).columns[0],
    })  # fmt: skip


def _claims(chunk: Chunk, found: Found) -> pl.DataFrame:
    s, rows = chunk.segments, chunk.remit_rows

    def first(tag: str, *qualifiers: str) -> Picked:
        return chunk.decided(found.first(chunk.in_head, tag, *qualifiers))

    first_day, last_day = _claim_days(chunk, found)
    columns: dict[str, Column] = {
        **chunk.place(rows, line=False),
        "claim_id": s.column(rows, 1),
        "status": s.column(rows, 2),
        "charge_cents": chunk.cents(rows, 3, "CLP03").column,
        "paid_cents": chunk.cents(rows, 4, "CLP04").column,
        "patient_cents": chunk.cents(rows, 5, "CLP05").column,
        "filing_code": s.column(rows, 6),
        "payer_control": s.column(rows, 7),
        "place_of_service": s.column(rows, 8),
        "frequency": s.column(rows, 9),
        "member_id": either(first("NM1", "IL").text(9), first("NM1", "QC").text(9)),
        "rendering_npi": first("NM1", "82").column(9),
        "remarks": _claim_remarks(chunk, found),
        "first_day": first_day,
        "last_day": last_day,
        "lines": chunk.line_count if chunk.is_remit.all() else chunk.line_count[chunk.is_remit],
    }
    return chunk.table(REMIT_CLAIMS, columns)


def _claim_remarks(chunk: Chunk, found: Found) -> Text | None:
    """Remark codes of MOA (elements 3 to 7) and MIA (5 and 20 to 23), parted by a colon."""
    s = chunk.segments
    if not s.held("MOA") and not s.held("MIA"):
        return None
    out, inpatient = (chunk.decided(found.first(chunk.in_claim, tag)).rows for tag in ("MOA", "MIA"))
    each = np.stack([out] * 5 + [inpatient] * 5, axis=1).ravel()
    number = np.tile([3, 4, 5, 6, 7, 5, 20, 21, 22, 23], len(out))
    return joined(s.read(s.element(each, number)), np.repeat(np.arange(len(out)), 10), len(out))


def _line_days(chunk: Chunk, found: Found) -> Days:
    """First and last day of each line (a remittance's or not) as written on it."""
    one = dated(found.first(chunk.in_line, "DTM", "472", "150"))
    to = found.first(chunk.in_line, "DTM", "151")
    if not to.found:
        return one
    until = dated(to)
    return Days(one.first, np.where(until.given, until.first, one.last), one.given, one.bad)


def _stated(chunk: Chunk, found: Found) -> tuple[Days, Days]:
    """DTM*232 and DTM*233 of each claim."""
    return (
        dated(found.first(chunk.in_head, "DTM", "232")),
        dated(found.first(chunk.in_head, "DTM", "233")),
    )


def _claim_days(chunk: Chunk, found: Found) -> tuple[Ints, Ints]:
    """DTM*232 and DTM*233 of each claim of an 835, else the earliest and latest day of its lines."""
    (stated, until), line = _stated(chunk, found), _line_days(chunk, found)
    owner = chunk.owner(chunk.line_rows)
    some = line.given & (owner >= 0)
    if not some.all():
        owner, line = owner[some], line.of(np.flatnonzero(some))
    low, high, lined = extremes(owner, line.first, line.last, len(chunk.claim_rows))
    first = np.where(stated.given, stated.first, low)
    last = np.where(until.given, until.first, np.where(lined, high, stated.first))
    known = stated.given | lined
    mine = chunk.is_remit
    return Ints(first[mine], known[mine]), Ints(last[mine], (until.given | known)[mine])


def _service_days(chunk: Chunk, found: Found, rows: np.ndarray, mine: np.ndarray | None) -> tuple[Ints, Ints]:
    """The days of each line, else those of its claim."""
    line = _line_days(chunk, found)
    line = line if mine is None else line.of(mine)
    if line.given.all():
        return line.columns
    claim = np.where(chunk.claim[rows] > 0, chunk.owner(rows), len(chunk.claim_rows))
    none = Days(*(np.zeros(1, dtype=kind) for kind in (np.int64, np.int64, bool, bool)))
    above, until = (Days.both(days_, none).of(claim) for days_ in _stated(chunk, found))
    claim_last = np.where(until.given, until.first, above.first)
    given = line.given | above.given
    first = np.where(line.given, line.first, above.first)
    return Ints(first, given), Ints(np.where(line.given, line.last, claim_last), given)


def _lines(chunk: Chunk, found: Found, rows: np.ndarray) -> pl.DataFrame:
    s = chunk.segments
    mine = None if chunk.line_is_remit.all() else np.flatnonzero(chunk.line_is_remit)

    def first(tag: str, *qualifiers: str) -> Picked:
        picked = found.first(chunk.in_line, tag, *qualifiers)
        return picked if mine is None else picked.at(mine)

    first_day, last_day = _service_days(chunk, found, rows, mine)
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
        "revenue_code": s.column(rows, 4),
        "units": whole(milli, units.given | absent),
        "units_milli": Ints(milli, units.given | absent),
        "submitted_code": submitted["code"],
        "submitted_modifiers": submitted["modifiers"],
        "submitted_units_milli": chunk.milli(rows, 7, "SVC07").column,
        "service_day": first_day,
        "last_day": last_day,
        "control_number": first("REF", "6R").column(2),
        "rendering_npi": first("REF", "HPI").column(2),
        "allowed_cents": chunk.picked_cents(first("AMT", "B6"), 2),
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
