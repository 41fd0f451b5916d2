"""Read X12 into frames, piece by piece, so that memory does not grow with the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from everyunit.errors import Unreadable
from everyunit.x12 import kinds
from everyunit.x12.acknowledgements import open_answer, read_acknowledgements
from everyunit.x12.checks import check
from everyunit.x12.chunks import CHUNK, LIMIT, Piece, pieces
from everyunit.x12.claims import read_claims
from everyunit.x12.delimiters import Delimiters
from everyunit.x12.details import read_details
from everyunit.x12.envelope import ENVELOPE, Envelope
from everyunit.x12.files import open_member
from everyunit.x12.found import Found
from everyunit.x12.index import PAD, Segments, last_upto, next_after
from everyunit.x12.loops import Chunk
from everyunit.x12.parties import read_parties
from everyunit.x12.problems import Problems
from everyunit.x12.remits import read_remits
from everyunit.x12.statuses import read_statuses
from everyunit.x12.tables import SEGMENTS, TRANSACTIONS
from everyunit.x12.words import packed

Batch = dict[str, pl.DataFrame]
_ABOVE = {"837": ("20", "22", "23"), "277": ("20", "21", "19")}  # levels that say something of claims below them
_FAULTS = {
    "header": ("isa_short", "The ISA header is cut short, so its separators are not known; ask for the file again."),
    "endless": ("claim_endless", "One claim or segment is larger than 64 MB; its later segments stand alone."),
}


def read_bytes(data: bytes, *, name: str, source_id: str, chunk: int = CHUNK) -> Iterator[Batch]:
    """Batches of frames, keyed by the table names of `x12/tables.py`, from bytes in memory.

    Raises Unreadable where they hold no X12.
    """
    yield from read_stream(io.BytesIO(data), name=name, source_id=source_id, chunk=chunk)


def read_file(path: Path | str, source_id: str, member: str | None = None, chunk: int = CHUNK) -> Iterator[Batch]:
    """The same for a file, or a member of a zip, that is never held whole in memory."""
    name = Path(path).name if member is None else f"{Path(path).name}!{member}"
    with open_member(Path(path), member) as stream:
        yield from read_stream(stream, name=name, source_id=source_id, chunk=chunk)


def read_stream(stream: BinaryIO, *, name: str, source_id: str, chunk: int = CHUNK) -> Iterator[Batch]:
    """The same for an open stream. `chunk` is the number of bytes read at a time; the rows do not depend on it."""
    _keep_memory()
    reader = _Reader(source_id)
    found = False
    for piece in pieces(stream, chunk):
        found = True
        yield from reader.read(piece)
    if not found:
        raise Unreadable(
            "this is no X12: no ISA header stands in it.", place=name, remedy="Ask for the 837 or 835 file."
        )
    yield from reader.finish()


@cache
def _keep_memory() -> None:
    """Memory of one piece serves the next: glibc keeps what is freed up to the largest block that it saw freed.

    Without this each array of a piece is new memory, which the system must empty first: a tenth of the reading time.
    The block itself is never touched, so it costs nothing.
    """
    np.empty(31 << 20, dtype=np.uint8)


class _Reader:
    """What is carried from piece to piece: ordinals, open envelopes, and the loops that a claim needs."""

    def __init__(self, source_id: str) -> None:
        self.source_id = source_id
        self.envelope = Envelope()
        self.segments_before = self.claims_before = 0
        self.replay = b""
        self.marks: Delimiters | None = None
        self.held = b""

    def read(self, piece: Piece) -> Iterator[Batch]:
        """The frames of one piece; an answer that may go on in the next piece waits for it."""
        if piece.delimiters != self.marks:
            yield from self._rest()
            self.replay, self.marks = b"", piece.delimiters
        if self.held:
            piece, self.held = replace(piece, data=self.held + piece.data), b""
        batch = self._whole(piece)
        if batch is not None:
            yield batch

    def _whole(self, piece: Piece) -> Batch | None:
        """The frames of a piece up to an answer that may go on."""
        segments = self._indexed(piece)
        row = -1 if piece.fault else open_answer(segments)
        at = len(piece.data) if row < 0 else int(segments.start[row]) - PAD - len(self.replay)
        if row < 0 or len(piece.data) - at >= LIMIT:
            return self._read(piece, segments)
        segments.forget()
        piece, self.held = replace(piece, data=piece.data[:at]), piece.data[at:]
        segments = self._indexed(piece)
        return self._read(piece, segments) if len(segments) > segments.replayed else None

    def _rest(self) -> Iterator[Batch]:
        """The frames of what waited for more."""
        if self.held and self.marks:
            piece, self.held = Piece(self.held, self.marks), b""
            yield self._read(piece, self._indexed(piece))

    def _indexed(self, piece: Piece) -> Segments:
        return Segments(piece.data, piece.delimiters, self.segments_before + 1, self.replay)

    def _read(self, piece: Piece, segments: Segments) -> Batch:
        problems = Problems(self.source_id)
        if piece.fault:
            problems.one(0, self.segments_before + 1, *_FAULTS[piece.fault])
        transaction, kind = self.envelope.read(segments, problems)
        chunk = Chunk(segments, transaction, kind, problems, self.claims_before)
        found = Found(segments)
        batch = {**read_claims(chunk, found), **read_remits(chunk, found), **read_details(chunk)}
        batch |= {**read_acknowledgements(chunk), **read_statuses(chunk, found)}
        parties = read_parties(chunk, found)
        if parties is not None:
            batch["parties"] = parties
        check(chunk)
        self._outside(chunk)
        left = self._left(chunk)
        if left is not None:
            batch["segments"] = left
        self.segments_before += len(segments) - segments.replayed
        self.claims_before += len(chunk.claim_rows)
        self.replay = self._context(chunk)
        segments.forget()
        return self._finished(batch, problems)

    def finish(self) -> Iterator[Batch]:
        """What waited for more, and what shows only at the end of the file."""
        yield from self._rest()
        problems = Problems(self.source_id)
        self.envelope.finish(self.segments_before, problems)
        yield self._finished({}, problems)

    def _finished(self, batch: Batch, problems: Problems) -> Batch:
        if self.envelope.rows:
            rows: list[dict[str, object]] = [{**row, "source_id": self.source_id} for row in self.envelope.rows]
            columns = {name: [None if row[name] == "" else row[name] for row in rows] for name in TRANSACTIONS.names}
            batch["transactions"] = pl.DataFrame(columns, schema=TRANSACTIONS.schema)
            self.envelope.rows = []
        made = {name: frame for name, frame in batch.items() if len(frame)}
        return {**made, "problems": problems.frame()} if problems else made

    def _outside(self, chunk: Chunk) -> None:
        """The first segment of a run that stands in no transaction."""
        lone = chunk.left & (chunk.kind == kinds.NONE) & (chunk.transaction == 0)
        for tag in (*ENVELOPE, "TA1", "BHT"):
            lone[chunk.segments.rows(tag)] = False
        rows = np.flatnonzero(lone)
        first = rows[np.append(True, np.diff(rows) > 1)[: len(rows)]]
        if len(first):
            said = (
                "Segments stand outside any transaction; an ST before them is missing or the file holds other text."
            )
            chunk.tell(first, "outside_transaction", said)

    def _left(self, chunk: Chunk) -> pl.DataFrame | None:
        """Segments that no other table holds whole."""
        s = chunk.segments
        for tag in ENVELOPE:
            chunk.left[s.rows(tag)] = False
        rows = np.flatnonzero(chunk.left)
        if not len(rows):
            return None
        return chunk.table(SEGMENTS, {**chunk.place(rows), "tag": s.named(rows, 16), "text": s.whole(rows)})

    def _context(self, chunk: Chunk) -> bytes:
        """The loops that are still open for claims to come: provider, subscriber, patient; of a 277 who answers."""
        s = chunk.segments
        open_ = self.envelope.transaction
        levels_above = _ABOVE.get(open_.type) if open_ else None
        if levels_above is None or not len(s):
            return b""
        end = np.array([len(s) - 1])
        begin = int(last_upto(s.rows("ST"), end)[0])
        levels = s.rows("HL")
        levels = levels[levels > begin]
        code = s.word(levels, 3)
        kept, above = [], begin
        for level in levels_above:
            place = int(last_upto(levels[code == packed(level)], end)[0])
            if place > above:
                kept.append(place)
                above = place
        starts = kept or [max(begin, 0)]
        stops = np.sort(np.concatenate([levels, s.rows("CLM"), s.rows("SE")]))
        parts = []
        for start in starts:
            stop = min(int(next_after(stops, np.array([start]))[0]), len(s), start + 200)
            parts.append(s.raw[s.start[start] : s.end[stop - 1] + 1].tobytes())
        return b"".join(parts)
