"""Segments that say more about a claim, a line or a transaction: REF, AMT, DTP, DTM, QTY, LQ, CAS, PLB.

A segment whose every element has a column is struck off the list of those kept as raw text.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from everyunit.x12 import kinds
from everyunit.x12.elements import nullable
from everyunit.x12.loops import Chunk
from everyunit.x12.words import packed

WHOLE = {"REF": 3, "AMT": 2, "DTP": 3, "DTM": 2, "QTY": 2, "LQ": 2, "CAS": 19, "PLB": 14}


def _strike(chunk: Chunk, tag: str, rows: np.ndarray, unread: np.ndarray | bool = False) -> None:
    """Mark segments as wholly held by a table, unless an element is unread or one more stands behind."""
    chunk.left[rows] = unread | (chunk.segments.count(rows) > WHOLE[tag])


def read_details(chunk: Chunk) -> dict[str, pl.DataFrame]:
    """The tables of details of a piece."""
    made: dict[str, pl.DataFrame] = {}
    for name, tag, read in (
        ("references", "REF", _references), ("amounts", "AMT", _amounts), ("quantities", "QTY", _quantities),
        ("adjustments", "CAS", _adjustments), ("provider_adjustments", "PLB", _provider_adjustments),
    ):  # fmt: skip
        rows = chunk.segments.fresh(tag)
        if len(rows):
            made[name] = read(chunk, rows)
    made["dates"] = _dates(chunk)
    made["remarks"] = _remarks(chunk)
    return made


def _references(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    s = chunk.segments
    _strike(chunk, "REF", rows)
    texts = {name: s.text(rows, place) for place, name in enumerate(("qualifier", "value", "description"), 1)}
    return pl.DataFrame({**chunk.place(rows), **texts})


def _amounts(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    found = chunk.cents(rows, 2, "AMT02")
    _strike(chunk, "AMT", rows, found.bad | found.rounded)
    return pl.DataFrame({
        **chunk.place(rows), "qualifier": chunk.segments.text(rows, 1), "amount_cents": found.series,
    })  # fmt: skip


def _quantities(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    found = chunk.milli(rows, 2, "QTY02")
    _strike(chunk, "QTY", rows, found.bad | found.rounded)
    return pl.DataFrame({
        **chunk.place(rows), "qualifier": chunk.segments.text(rows, 1), "quantity_milli": found.series,
    })  # fmt: skip


def _dates(chunk: Chunk) -> pl.DataFrame:
    s, parts = chunk.segments, []
    for tag, number in (("DTP", 3), ("DTM", 2)):
        rows = s.fresh(tag)
        if not len(rows):
            continue
        _strike(chunk, tag, rows)
        form = s.word(rows, 2) if tag == "DTP" else np.full(len(rows), packed("D8"))
        dated = (form == packed("D8")) | (form == packed("RD8"))
        found = chunk.days(np.where(dated, rows, -1), number, f"{tag}0{number}")
        parts.append(pl.DataFrame({
            **chunk.place(rows),
            "qualifier": s.text(rows, 1),
            "format": s.text(rows if tag == "DTP" else np.full(len(rows), -1), 2),
            "first_day": nullable(found.first, found.given),
            "last_day": nullable(found.last, found.given),
            "text": s.text(rows, number),
        }))  # fmt: skip
    return pl.concat(parts, how="vertical_relaxed") if parts else pl.DataFrame()


def _remarks(chunk: Chunk) -> pl.DataFrame:
    s, parts = chunk.segments, []
    coded = s.fresh("LQ")
    places: list[tuple[np.ndarray, int, int, pl.Series]] = [(coded, 2, 1, s.text(coded, 1))]
    _strike(chunk, "LQ", coded)
    for tag, numbers in (("MOA", range(3, 8)), ("MIA", (5, 20, 21, 22, 23))):
        rows = s.fresh(tag)
        if len(rows):
            named = pl.Series([tag]).new_from_index(0, len(rows))
            places += [(rows, number, at, named) for at, number in enumerate(numbers, 1)]
    for rows, number, ordinal, named in places:
        found = pl.DataFrame({**chunk.place(rows), "list": named, "code": s.text(rows, number)})
        parts.append(found.drop_nulls("code").with_columns(pl.lit(ordinal, dtype=pl.Int32).alias("ordinal")))
    return pl.concat(parts, how="vertical_relaxed").sort("segment", "ordinal")


def _adjustments(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    s, parts = chunk.segments, []
    count = s.count(rows)
    unread = np.zeros(len(rows), dtype=bool)
    other = _other_payer(chunk)
    for ordinal in range(1, 7):
        behind = count >= 3 * ordinal - 1
        some, first = rows[behind], 3 * ordinal - 1
        amount = chunk.cents(some, first + 1, f"CAS{first + 1:02d}")
        quantity = chunk.milli(some, first + 2, f"CAS{first + 2:02d}")
        unread[behind] |= amount.bad | quantity.bad | amount.rounded | quantity.rounded
        parts.append(pl.DataFrame({
            **chunk.place(some),
            "side": _side(chunk, some),
            "other_payer": other[some],
            "ordinal": np.full(len(some), ordinal),
            "claim_id": chunk.claim_id(some),
            "group_code": s.text(some, 1),
            "reason": s.text(some, first),
            "amount_cents": amount.series,
            "quantity_milli": quantity.series,
        }))  # fmt: skip
    _strike(chunk, "CAS", rows, unread)
    held = pl.concat([part for part in parts if len(part)], how="vertical_relaxed") if parts else pl.DataFrame()
    empty = pl.all_horizontal(pl.col("reason", "amount_cents", "quantity_milli").is_null())
    return held.filter(~empty).sort("segment", "ordinal")


def _side(chunk: Chunk, rows: np.ndarray) -> pl.Series:
    remit = np.append(False, chunk.is_remit)[chunk.claim[rows]]
    remit |= (chunk.claim[rows] == 0) & (chunk.kind[rows] == kinds.REMIT)
    return pl.Series(["837", "835"]).gather(pl.Series(remit.astype(np.uint32)))


def _other_payer(chunk: Chunk) -> np.ndarray:
    """For every row the ordinal of the SBR in its claim, or of the SVD in its line; 0 in an 835."""
    s, size = chunk.segments, len(chunk.segments)
    found = np.zeros(size, dtype=np.int32)
    claims = np.append(0, chunk.claim_rows)[chunk.claim]
    starts = np.append(0, chunk.line_rows)[np.searchsorted(chunk.line_rows, np.arange(size), side="right")]
    for tag, start in (("SBR", claims), ("SVD", np.maximum(starts, claims))):
        mark = np.zeros(size, dtype=bool)
        mark[s.fresh(tag)] = True
        running = np.cumsum(mark, dtype=np.int32)
        on_line = chunk.line > 0
        found = np.where(on_line if tag == "SVD" else ~on_line, running - running[start], found)
    return np.where(chunk.claim > 0, found, 0)


def _provider_adjustments(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    s, parts = chunk.segments, []
    count = s.count(rows)
    period = chunk.days(rows, 2, "PLB02")
    unread = period.bad.copy()
    for ordinal in range(1, 7):
        behind = count >= 2 * ordinal + 1
        some, number = rows[behind], 2 * ordinal + 1
        amount = chunk.cents(some, number + 1, f"PLB{number + 1:02d}")
        reason = s.element(some, number)
        unread[behind] |= amount.bad | amount.rounded | (s.component(reason, 3)[0] < reason[1])
        columns: dict[str, Any] = {
            **chunk.place(some),
            "ordinal": np.full(len(some), ordinal),
            "provider_id": s.text(some, 1),
            "period_day": nullable(period.first[behind], period.given[behind]),
            "reason": s.read(s.component(reason, 1)),
            "reference": s.read(s.component(reason, 2)),
            "amount_cents": amount.series,
        }
        parts.append(pl.DataFrame(columns))
    _strike(chunk, "PLB", rows, unread)
    held = pl.concat(parts, how="vertical_relaxed")
    return held.filter(~pl.all_horizontal(pl.col("reason", "amount_cents").is_null())).sort("segment", "ordinal")
