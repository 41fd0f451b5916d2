"""TA1, 999 and 997: whether an interchange, a group or a transaction was taken, and what was wrong with it."""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.x12.answer_tables import ACKNOWLEDGEMENT_ERRORS, ACKNOWLEDGEMENTS
from everyunit.x12.chunks import CUT_AT
from everyunit.x12.columns import Column, Ints
from everyunit.x12.envelope import ENVELOPE, header_day
from everyunit.x12.index import Segments, first_in, last_upto, next_after
from everyunit.x12.loops import Chunk
from everyunit.x12.texts import Text, either, joined, texts
from everyunit.x12.words import packed

_LEVELS = [b"interchange", b"group", b"transaction"]
_STATES = np.array([packed(state) for state in "AEPRMWX"], dtype=np.uint64)
_HELD = {"TA1": 5, "AK1": 3, "AK2": 3, "IK5": 6, "AK5": 6, "AK9": 9, "IK3": 4, "AK3": 4, "IK4": 4, "AK4": 4}
_OPENING = ("AK1", "AK2", "IK3", "AK3")
_COMPOSITE = ("IK4", "AK4")


def read_acknowledgements(chunk: Chunk) -> dict[str, pl.DataFrame]:
    """The tables acknowledgements and acknowledgement_errors of a piece."""
    s = chunk.segments
    answered, groups, files = s.fresh("AK2"), s.fresh("AK1"), s.fresh("TA1")
    made: dict[str, pl.DataFrame] = {}
    if len(answered) or len(groups) or len(files):
        made["acknowledgements"] = _answers(chunk, np.sort(np.concatenate([files, groups, answered])))
    faults = np.sort(np.concatenate([s.fresh(tag) for tag in ("IK3", "AK3", "IK4", "AK4")]))
    if len(faults):
        made["acknowledgement_errors"] = _faults(chunk, faults)
    return made


def open_answer(s: Segments) -> int:
    """Where the loop begins in which an answer stands that may go on, for no envelope segment follows it; else -1."""
    rows = [s.fresh(tag) for tag in _OPENING]
    if not any(map(len, rows)):
        return -1
    edge = max([int(found[-1]) for tag in ENVELOPE if len(found := s.rows(tag))], default=-1)
    behind = [found[found > edge] for found in rows]
    first = min([int(found[0]) for found in behind if len(found)], default=-1)
    if first < 0:
        return -1
    return max([s.replayed, *(int(last_upto(s.fresh(tag), np.array([first]))[0]) for tag in CUT_AT)])


def _rows(chunk: Chunk, *tags: str) -> np.ndarray:
    return np.sort(np.concatenate([chunk.segments.rows(tag) for tag in tags]))


def _strike(chunk: Chunk, rows: np.ndarray) -> None:
    """These segments are held by their table, unless more elements stand in them than it has columns for."""
    s = chunk.segments
    for tag, width in _HELD.items():
        some = rows[s.tag[rows] == packed(tag)]
        chunk.left[some] = s.count(some) > width


def _either(chunk: Chunk, rows: np.ndarray, *numbers: tuple[np.ndarray, int]) -> Text:
    """For each row an element whose place depends on the level; 0 gives nothing."""
    number = np.select([mask for mask, _ in numbers], [place for _, place in numbers], 99)
    s = chunk.segments
    return s.read(s.element(rows, number))


def _answers(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    s = chunk.segments
    tag = s.tag[rows]
    file, group, one = (tag == packed(name) for name in ("TA1", "AK1", "AK2"))
    stops = _rows(chunk, "AK1", "AK2", "AK9", *ENVELOPE)
    end = np.minimum(next_after(stops, rows), len(s))
    closing = first_in(_rows(chunk, "IK5", "AK5"), rows, end)
    whole = np.minimum(next_after(_rows(chunk, "AK1", *ENVELOPE), rows), len(s))
    closing = np.where(group, first_in(s.rows("AK9"), rows, whole), np.where(one, closing, rows))
    opened = np.where(file, -1, last_upto(s.rows("AK1"), rows))
    opened = np.where(opened < last_upto(_rows(chunk, *ENVELOPE), rows), -1, opened)
    status = _either(chunk, closing, (file, 4), (group | one, 1))
    _check(chunk, rows, closing, np.where(file, 4, 1))
    _strike(chunk, np.concatenate([rows, closing[closing >= 0]]))
    day, given = _sent_day(chunk, rows, file)
    counts = np.where(group, closing, -1)
    return chunk.table(ACKNOWLEDGEMENTS, {
        **chunk.place(rows, line=False),
        "level": texts(_LEVELS).taken(group + 2 * one),
        "status": status,
        "function": s.text(opened, 1),
        "version": either(s.text(np.where(one, rows, -1), 3), s.text(opened, 3)),
        "type": s.text(np.where(one, rows, -1), 1),
        "control_number": _either(chunk, rows, (file, 1), (group | one, 2)),
        "group_control": s.text(opened, 2),
        "codes": _codes(chunk, rows, closing, file, group),
        "sent_day": Ints(day, given),
        "sent_time": s.text(np.where(file, rows, -1), 3),
        **{name: _count(chunk, counts, 2 + place) for place, name in enumerate(("declared", "received", "accepted"))},
    })  # fmt: skip


def _check(chunk: Chunk, rows: np.ndarray, closing: np.ndarray, number: np.ndarray) -> None:
    """An answer without an end says nothing; an answer that is no code of the list says nothing either."""
    said = "The answer has no end (IK5, AK5 or AK9), so it says neither yes nor no; ask for the file again."
    chunk.tell(rows[closing < 0], "acknowledgement_open", said)
    s = chunk.segments
    start, end = s.element(closing, number)
    word = s.words[start] & np.where(end - start == 1, np.uint64(255), np.uint64(0))
    wrong = (closing >= 0) & ~np.isin(word, _STATES)
    said = "The answer is no code of the list (A, E, P, R, M, W, X); ask the sender what was meant."
    chunk.tell(rows[wrong], "acknowledgement_status", said)


def _count(chunk: Chunk, rows: np.ndarray, number: int) -> Column:
    """AK902 to AK904 as whole numbers."""
    found = chunk.milli(rows, number, "AK9{}")
    odd = rows[found.bad | found.rounded | (found.value % 1000 != 0)]
    chunk.left[odd[odd >= 0]] = True
    return Ints(found.value // 1000, found.given)


def _codes(chunk: Chunk, rows: np.ndarray, closing: np.ndarray, file: np.ndarray, group: np.ndarray) -> Text:
    s, size = chunk.segments, len(rows)
    first = np.select([file, group], [5, 5], 2)
    each = np.repeat(closing, 5)
    number = np.repeat(first, 5) + np.tile(np.arange(5), size)
    number[np.repeat(file, 5) & (number > 5)] = 99
    return joined(s.read(s.element(each, number)), np.repeat(np.arange(size), 5), size)


def _sent_day(chunk: Chunk, rows: np.ndarray, file: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """TA102, which has two digits for the year; there are few of them."""
    s = chunk.segments
    pairs = zip(rows.tolist(), file.tolist(), strict=True)
    found = [header_day(s.values(row, 2)[1]) if whole else None for row, whole in pairs]
    given = np.array([day is not None for day in found], dtype=bool)
    return np.array([day or 0 for day in found], dtype=np.int64), given


def _faults(chunk: Chunk, rows: np.ndarray) -> pl.DataFrame:
    s = chunk.segments
    _strike(chunk, rows)
    element = np.isin(s.tag[rows], [packed(tag) for tag in _COMPOSITE])
    above = last_upto(_rows(chunk, "IK3", "AK3"), rows)
    answer = last_upto(s.rows("AK2"), rows)
    opened = last_upto(_rows(chunk, *ENVELOPE), rows)
    above, answer = (np.where(found < opened, -1, found) for found in (above, answer))
    above = np.where(above < answer, -1, above)
    blocks = rows[~element]
    place, at = chunk.milli(blocks, 2, "IK302"), np.searchsorted(blocks, above)
    value, given = (np.append(found, 0)[np.where(above < 0, len(blocks), at)] for found in (place.value, place.given))
    chunk.left[blocks] |= place.bad | place.rounded | (place.value % 1000 != 0)
    return chunk.table(ACKNOWLEDGEMENT_ERRORS, {
        **chunk.place(rows, line=False),
        "answer": Ints(answer + s.shift, answer >= 0),
        "level": texts([b"segment", b"element"]).taken(element.astype(np.int64)),
        "tag": s.text(above, 1),
        "place": Ints(value // 1000, given.astype(bool)),
        "loop": s.text(above, 3),
        "element": s.text(np.where(element, rows, -1), 1),
        "reference": s.text(np.where(element, rows, -1), 2),
        "code": _either(chunk, rows, (element, 3), (~element, 4)),
        "value": s.text(np.where(element, rows, -1), 4),
        "claim_id": _claim(chunk, rows, above),
    })  # fmt: skip


def _claim(chunk: Chunk, rows: np.ndarray, above: np.ndarray) -> Text | None:
    """CLM01 of a CTX that stands under the same segment at fault, as CLM01:number."""
    s = chunk.segments
    context = s.rows("CTX")
    if not len(context):
        return None
    part = s.components(s.element(context, 1))
    name = part(1)
    word = s.words[name[0]] & np.where(name[1] - name[0] == 5, np.uint64((1 << 40) - 1), np.uint64(0))
    named = context[word == packed("CLM01")]
    start = np.where(above < 0, rows, above)
    stops = _rows(chunk, "IK3", "AK3", "IK5", "AK5", "AK2", "AK9", *ENVELOPE)
    at = first_in(named, start, np.minimum(next_after(stops, start), len(s)))
    span = s.components(s.element(at, 1))(2)
    return s.read(span)
