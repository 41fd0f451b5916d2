"""277: what became of claims before they were decided. An STC holds one to three statuses."""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.x12 import kinds
from everyunit.x12.answer_tables import CLAIM_STATUSES
from everyunit.x12.codes import procedure
from everyunit.x12.columns import Column, Ints
from everyunit.x12.elements import dated
from everyunit.x12.envelope import ENVELOPE
from everyunit.x12.found import Found
from everyunit.x12.index import Segments, first_in, last_upto, next_after
from everyunit.x12.loops import Chunk
from everyunit.x12.texts import Text, either, texts
from everyunit.x12.words import packed

LEVELS = [b"", b"payer", b"receiver", b"provider", b"claim", b"line"]
_CODES = {"20": 1, "21": 2, "19": 3, "22": 4, "23": 4, "PT": 4}
_PLACES = np.array([1, 10, 11])
_SERIES = np.frombuffer(b"ADEFPR", dtype=np.uint8)  # first letters of the published category codes

TAKEN = ("A", "E", "P")  # answers to an interchange, group or transaction that was taken in, wholly or partly
REJECTED = ("A3", "A4", "A6", "A7", "A8", "D0")  # categories of a claim that will not be decided as it stands


def refused() -> pl.Expr:
    """Whether any of the categories of a group of statuses turns the claim back before it is decided."""
    return pl.col("category").is_in(REJECTED).any().alias("rejected")


def read_statuses(chunk: Chunk, found: Found) -> dict[str, pl.DataFrame]:
    """The table claim_statuses of a piece."""
    s = chunk.segments
    rows = s.fresh("STC")
    rows = rows[chunk.kind[rows] == kinds.STATUS]
    if not len(rows):
        return {}
    each, ordinal, parts = _repeated(s, rows)
    scope = _Scope(chunk, found, each)
    amount, day = chunk.cents(rows, 4, "STC04"), chunk.days(rows, 2, "STC02")
    place = np.searchsorted(rows, each)
    _check(chunk, each, parts)
    _strike(chunk, rows, amount.bad | amount.rounded | day.bad)
    return {"claim_statuses": chunk.table(CLAIM_STATUSES, {
        **chunk.place(each, line=False),
        "ordinal": ordinal,
        **dict(zip(("category", "status", "entity"), parts, strict=True)),
        "action": s.text(each, 3),
        "amount_cents": Ints(amount.value[place], amount.given[place]),
        "status_day": Ints(day.first[place], day.given[place]),
        **scope.columns(),
    })}  # fmt: skip


def _repeated(s: Segments, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple[Text, Text, Text]]:
    """Each STC once for each status it holds, its ordinal, and the three parts of it; the first always stands."""
    every, place = np.repeat(rows, 3), np.tile(np.arange(3), len(rows))
    span = s.element(every, _PLACES[place])
    held = (span[1] > span[0]) | (place == 0)
    part = s.components((span[0][held], span[1][held]))
    one, two, three = (s.read(part(number)) for number in (1, 2, 3))
    return every[held], place[held] + 1, (one, two, three)


def _check(chunk: Chunk, rows: np.ndarray, parts: tuple[Text, Text, Text]) -> None:
    """A category is a letter of the published list and what follows it."""
    category = parts[0]
    known = (category.end > category.start) & np.isin(category.raw[category.start], _SERIES)
    said = "The category of a status is no code of the published list; ask the sender what was meant."
    chunk.tell(np.unique(rows[~known]), "status_category", said)


def _strike(chunk: Chunk, rows: np.ndarray, unread: np.ndarray) -> None:
    """Held whole where it has four elements at most and no fourth part in its status."""
    s = chunk.segments
    span = s.element(rows, 1)
    more = s.components(span)(4)
    chunk.left[rows] = unread | (s.count(rows) > 4) | (more[1] > more[0])


class _Scope:
    """What stands around a status: the levels above, its claim (from the TRN on) and its line (from the SVC on)."""

    def __init__(self, chunk: Chunk, found: Found, rows: np.ndarray) -> None:
        self.chunk, self.found, self.rows = chunk, found, rows
        s = self.segments = chunk.segments
        levels = s.rows("HL")
        code = s.word(levels, 3)
        edges = [s.rows(tag) for tag in ENVELOPE]
        self.levels = np.sort(np.concatenate([levels, *edges]))
        floor = np.maximum(last_upto(np.sort(np.concatenate(edges)), rows), 0)
        self.level = np.maximum(last_upto(levels, rows), floor)
        self.upper = {name: last_upto(levels[code == packed(name)], rows) for name in ("20", "21", "19")}
        self.upper = {name: np.where(place < floor, -1, place) for name, place in self.upper.items()}
        traced = last_upto(s.rows("TRN"), rows)
        self.trace = np.where(traced < self.level, -1, traced)
        self.claim = np.where(self.trace < 0, self.level, self.trace)
        served = last_upto(s.rows("SVC"), rows)
        self.line = np.where(served < self.claim, -1, served)
        self.stops = np.sort(np.concatenate([self.levels, s.rows("TRN")]))
        word = s.word(self.level, 3)
        self.kind = np.zeros(len(rows), dtype=np.int64)
        for name, number in _CODES.items():
            self.kind[word == packed(name)] = number
        self.deep = self.kind == 4
        self.kind[self.deep & (self.line >= 0)] = 5

    def _end(self, start: np.ndarray, *tags: str) -> np.ndarray:
        """Where a scope ends: before the next claim, level or, where asked, line."""
        stops = np.sort(np.concatenate([self.stops, *[self.segments.rows(tag) for tag in tags]]))
        end: np.ndarray = np.minimum(next_after(stops, start), len(self.segments))
        return end

    def _first(self, tag: str, qualifier: str, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        found = first_in(self.found.rows(tag, qualifier), np.maximum(start, 0), end)
        return np.where(start < 0, -1, found)

    def _text(self, tag: str, qualifier: str, number: int, start: np.ndarray, end: np.ndarray) -> Text | None:
        return self.segments.text(self._first(tag, qualifier, start, end), number)

    def columns(self) -> dict[str, Column]:
        """The columns of the place of a status."""
        s = self.segments
        here = np.where(self.deep, self.claim, -1)
        end = self._end(self.claim, "SVC")
        below = np.minimum(next_after(np.sort(np.concatenate([self.stops, s.rows("SVC")])), self.line), len(s))
        day = dated(self.found.between(np.maximum(here, 0), np.where(here < 0, -1, end), "DTP", "472"))
        person = np.where(self.deep, self.level, -1)
        own = np.minimum(next_after(self.levels, self.level), len(s))
        code = procedure(s, s.element(self.line, 1))
        payer, provider = self.upper["20"], self.upper["19"]
        payer_end, provider_end = (np.minimum(next_after(self.levels, place), len(s)) for place in (payer, provider))
        trace = s.text(self.trace, 2)
        return {
            "level": texts(LEVELS).taken(self.kind),
            "claim_id": either(self._text("REF", "EJ", 2, here, end), s.text(np.where(self.deep, self.trace, -1), 2)),
            "trace": trace,
            "payer_control": self._text("REF", "1K", 2, here, end),
            "house_control": self._text("REF", "D9", 2, here, end),
            "line_control": either(
                self._text("REF", "FJ", 2, self.line, below), self._text("REF", "6R", 2, self.line, below)
            ),
            "code": code["code"],
            "modifiers": code["modifiers"],
            "line_cents": self.chunk.cents(self.line, 2, "").column,
            "first_day": Ints(day.first, day.given),
            "last_day": Ints(day.last, day.given),
            "payer_id": self._text("NM1", "PR", 9, payer, payer_end),
            "payer_name": self._text("NM1", "PR", 3, payer, payer_end),
            "provider_npi": either(
                self._text("NM1", "85", 9, provider, provider_end), self._text("NM1", "1P", 9, provider, provider_end)
            ),
            "member_id": either(
                self._text("NM1", "IL", 9, person, own), self._text("NM1", "QC", 9, person, own)
            ),
        }  # fmt: skip
