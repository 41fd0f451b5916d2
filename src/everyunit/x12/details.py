"""Segments that say more about a claim, a line or a transaction: REF, AMT, DTP, DTM, QTY, LQ, CAS, PLB.

A segment whose every element has a column is struck off the list of those kept as raw text.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.x12 import kinds
from everyunit.x12 import tables as t
from everyunit.x12.columns import Column, Ints
from everyunit.x12.elements import Days, tag_days
from everyunit.x12.loops import Chunk
from everyunit.x12.texts import Text, texts
from everyunit.x12.words import packed

_SIDES = texts([b"837", b"835"])
WHOLE = {"REF": 3, "AMT": 2, "DTP": 3, "DTM": 2, "QTY": 2, "LQ": 2, "CAS": 19, "PLB": 14}


def _strike(chunk: Chunk, tag: str, rows: np.ndarray, unread: np.ndarray | bool = False) -> None:
    """Mark segments as wholly held by a table, unless an element is unread or one more stands behind."""
    chunk.left[rows] = unread | (chunk.segments.count(rows) > WHOLE[tag])


def read_details(chunk: Chunk) -> dict[str, pl.DataFrame]:
    """The tables of details of a piece."""
    made: dict[str, pl.DataFrame] = {}
    for name, tags, read in (
        ("references", ("REF",), _references), ("amounts", ("AMT",), _amounts), ("quantities", ("QTY",), _quantities),
        ("adjustments", ("CAS",), _adjustments), ("provider_adjustments", ("PLB",), _provider_adjustments),
        ("dates", ("DTP", "DTM"), _dates), ("remarks", ("LQ", "MOA", "MIA"), _remarks),
    ):  # fmt: skip
        parts = [chunk.segments.fresh(tag) for tag in tags]
        rows = parts[0] if len(tags) == 1 else np.concatenate(parts)
        if len(rows):
            made[name] = read(chunk, rows)
    return made


def _references(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    s = chunk.segments
    _strike(chunk, "REF", rows)
    held = {name: s.column(rows, place) for place, name in enumerate(("qualifier", "value", "description"), 1)}
    return chunk.table(t.REFERENCES, {**chunk.place(rows), **held})


def _amounts(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    found = chunk.cents(rows, 2, "AMT02")
    _strike(chunk, "AMT", rows, found.bad | found.rounded)
    qualifier = chunk.segments.column(rows, 1)
    return chunk.table(t.AMOUNTS, {**chunk.place(rows), "qualifier": qualifier, "amount_cents": found.column})


def _quantities(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    found = chunk.milli(rows, 2, "QTY02")
    _strike(chunk, "QTY", rows, found.bad | found.rounded)
    qualifier = chunk.segments.column(rows, 1)
    return chunk.table(t.QUANTITIES, {**chunk.place(rows), "qualifier": qualifier, "quantity_milli": found.column})


def _dates(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    s = chunk.segments
    sent, decided = s.fresh("DTP"), s.fresh("DTM")
    for tag, some in (("DTP", sent), ("DTM", decided)):
        _strike(chunk, tag, some)
    form = s.word(sent, 2)
    written = _days_of(chunk, "DTP", sent).only((form == packed("D8")) | (form == packed("RD8")))
    found = chunk.told(sent, written, "DTP03") if len(sent) else None
    if len(decided):
        other = chunk.told(decided, _days_of(chunk, "DTM", decided), "DTM02")
        found = other if found is None else Days.both(found, other)
    assert found is not None
    number: int | np.ndarray = 3 if not len(decided) else 2
    stated = rows
    if len(decided):
        stated = np.append(sent, np.full(len(decided), -1))
        number = np.repeat([3, 2], [len(sent), len(decided)]) if len(sent) else 2
    return chunk.table(t.DATES, {
        **chunk.place(rows),
        "qualifier": s.column(rows, 1),
        "format": s.text(stated, 2) if len(sent) else None,
        "first_day": Ints(found.first, found.given),
        "last_day": Ints(found.last, found.given),
        "text": s.read(s.element(rows, number)),
    })  # fmt: skip


def _days_of(chunk: Chunk, tag: str, fresh: np.ndarray) -> Days:
    """Days of the segments of a tag that were not read before."""
    held = chunk.segments.fields(fresh)
    return tag_days(chunk.segments.tagged(tag)).of(held.cut)


def _remarks(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    s = chunk.segments
    coded = s.fresh("LQ")
    _strike(chunk, "LQ", coded)
    places = [coded]
    numbers, ordinals = [np.full(len(coded), 2)], [np.full(len(coded), 1)]
    for tag, elements in (("MOA", np.arange(3, 8)), ("MIA", np.array([5, 20, 21, 22, 23]))):
        some = s.fresh(tag)
        places.append(np.repeat(some, 5))
        numbers.append(np.tile(elements, len(some)))
        ordinals.append(np.tile(np.arange(1, 6), len(some)))
    rows, number, ordinal = np.concatenate(places), np.concatenate(numbers), np.concatenate(ordinals)
    if len(rows) > len(coded):
        order = np.argsort(rows, kind="stable")
        rows, number, ordinal = rows[order], number[order], ordinal[order]
    code = s.read(s.element(rows, number))
    filled = code.end > code.start
    rows, ordinal = rows[filled], ordinal[filled]
    listed, tag_ = s.read(s.element(rows, 1)), s.tags(rows)
    own = s.tag[rows] == packed("LQ")
    start, end = np.where(own, listed.start, tag_.start), np.where(own, listed.end, tag_.end)
    code = Text(s.raw, s.words, code.start[filled], code.end[filled])
    return chunk.table(t.REMARKS, {
        **chunk.place(rows), "ordinal": ordinal, "list": Text(s.raw, s.words, start, end), "code": code,
    })  # fmt: skip


def _repeated(rows: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each row so many times (at most six), and 1, 2, 3 ... within each."""
    times = np.minimum(times, 6)
    if len(times) and (times == 1).all():
        return rows, np.ones(len(rows), dtype=np.int64)
    first = np.cumsum(times) - times
    return np.repeat(rows, times), np.arange(int(times.sum())) - np.repeat(first, times) + 1


def _adjustments(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    s = chunk.segments
    each, ordinal = _repeated(rows, (s.count(rows) + 1) // 3)
    first: int | np.ndarray = 2 if len(each) == len(rows) and (ordinal == 1).all() else 3 * ordinal - 1
    amount, quantity = chunk.cents(each, first + 1, "CAS{}"), chunk.milli(each, first + 2, "CAS{}")
    reason = s.read(s.element(each, first))
    odd = np.zeros(len(s), dtype=bool)
    odd[each[amount.bad | quantity.bad | amount.rounded | quantity.rounded]] = True
    _strike(chunk, "CAS", rows, odd[rows])
    held = (reason.end > reason.start) | amount.given | quantity.given
    if not held.all():
        each, ordinal = each[held], ordinal[held]
        reason = Text(s.raw, s.words, reason.start[held], reason.end[held])
    return chunk.table(t.ADJUSTMENTS, {
        **chunk.place(each),
        "side": _side(chunk, each),
        "other_payer": _other_payer(chunk, each),
        "ordinal": ordinal,
        "claim_id": chunk.claim_id(each),
        "group_code": s.column(each, 1),
        "reason": reason,
        "amount_cents": Ints(amount.value[held], amount.given[held]),
        "quantity_milli": Ints(quantity.value[held], quantity.given[held]),
    })  # fmt: skip


def _side(chunk: Chunk, rows: np.ndarray) -> Column:
    remit = np.append(False, chunk.is_remit)[chunk.claim[rows]]
    remit |= (chunk.claim[rows] == 0) & (chunk.kind[rows] == kinds.REMIT)
    return _SIDES.taken(remit.astype(np.int64))


def _other_payer(chunk: Chunk, rows: np.ndarray) -> np.ndarray:
    """For every row the ordinal of the SBR in its claim, or of the SVD in its line; 0 in an 835."""
    s = chunk.segments
    sbr, svd = s.fresh("SBR"), s.fresh("SVD")
    if not len(sbr) and not len(svd):
        return np.zeros(len(rows), dtype=np.int32)
    claims = np.append(0, chunk.claim_rows)[chunk.claim[rows]]
    starts = np.append(0, chunk.line_rows)[np.searchsorted(chunk.line_rows, rows, side="right")]
    lines = np.maximum(starts, claims)

    def since(marks: np.ndarray, start: np.ndarray) -> np.ndarray:
        return np.searchsorted(marks, rows, side="right") - np.searchsorted(marks, start, side="right")

    found = np.where(chunk.line[rows] > 0, since(svd, lines), since(sbr, claims))
    return np.where(chunk.claim[rows] > 0, found, 0)


def _provider_adjustments(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    s = chunk.segments
    period = chunk.days(rows, 2, "PLB02")
    times = np.clip((s.count(rows) - 1) // 2, 0, 6)
    each, ordinal = _repeated(rows, times)
    above = np.repeat(np.arange(len(rows)), times)
    number = 2 * ordinal + 1
    amount = chunk.cents(each, number + 1, "PLB{}")
    span = s.element(each, number)
    part = s.components(span)
    reason, reference = s.read(part(1)), s.read(part(2))
    odd = np.zeros(len(s), dtype=bool)
    held = (reason.end > reason.start) | amount.given
    alone = (reference.end > reference.start) & ~held
    odd[each[amount.bad | amount.rounded | alone | (part(3)[0] < span[1])]] = True
    written = s.trimmed(s.element(rows, 2))
    timed = period.given & (written[1] - written[0] != 8)
    bare = np.bincount(above[held], minlength=len(rows)) == 0
    _strike(chunk, "PLB", rows, period.bad | timed | bare | odd[rows])
    each, above = each[held], above[held]
    return chunk.table(t.PROVIDER_ADJUSTMENTS, {
        **chunk.place(each),
        "ordinal": ordinal[held],
        "provider_id": s.column(each, 1),
        "period_day": Ints(period.first[above], period.given[above]),
        "reason": Text(s.raw, s.words, reason.start[held], reason.end[held]),
        "reference": Text(s.raw, s.words, reference.start[held], reference.end[held]),
        "amount_cents": Ints(amount.value[held], amount.given[held]),
    })  # fmt: skip
