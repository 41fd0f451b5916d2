"""Cut a stream into pieces of whole segments that begin where a claim or a transaction begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from everyunit.x12.delimiters import Delimiters, begins_segment, find_header, is_fixed, read_bare, read_header

CHUNK = 3 << 20
LIMIT = 64 << 20
CUT_AT = ("CLP", "CLM", "HL", "ST", "INS", "ISA")
_NEAR = 64 << 10  # looked through first, for tags that do not stand in a file at all
_HEADER_ROOM = 512


@dataclass(frozen=True)
class Piece:
    """Bytes of whole segments under one set of separators. `fault` says what is wrong with the piece itself."""

    data: bytes
    delimiters: Delimiters
    fault: str = ""


def pieces(stream: BinaryIO, size: int = CHUNK) -> Iterator[Piece]:
    """All pieces of a stream, in order; nothing at all where it holds no ISA header and begins with no GS or ST."""
    held, ended = stream.read(max(size, 1 << 16)), False
    bare = read_bare(held)
    at = find_header(held) if bare is None else bare[0]
    if at < 0:
        return
    held = held[at:]
    marks = read_header(held, 0) if bare is None else bare[1]
    if marks is None:
        yield Piece(held, Delimiters(held[3], -1, 0x7E), "header")
        return
    while held:
        switch = _switch(held, marks, ended)
        if switch > 0:
            yield _clean(held[:switch], marks)
            held = held[switch:]
            marks = read_header(held, 0) or marks
            continue
        cut = len(held) if ended else _cut(held, marks, size)
        if cut:
            yield _clean(held[:cut], marks, "endless" if not ended and cut == len(held) else "")
            held = held[cut:]
        if not ended:
            more = stream.read(max(size, len(held)))
            ended = not more
            held += more


def _switch(held: bytes, marks: Delimiters, ended: bool) -> int:
    """Where an interchange with other separators begins, or one that follows an unfinished segment; else 0."""
    at = find_header(held, 1)
    while at > 0:
        if not ended and len(held) - at < _HEADER_ROOM:
            return 0
        own = begins_segment(held, at, marks.terminator)
        other = read_header(held, at)
        if other is not None and (other != marks if own else is_fixed(held, at)):
            return at
        at = find_header(held, at + 1)
    return 0


def _cut(held: bytes, marks: Delimiters, size: int) -> int:
    """The last place where a claim, loop or transaction begins; 0 where more must be read first."""
    limit = max(LIMIT, size)
    end = len(held) - _HEADER_ROOM if len(held) > 2 * _HEADER_ROOM else len(held)
    best = _last_of_all(held, marks, max(end - _NEAR, 0), end) or _last_of_all(held, marks, 0, end)
    if best or len(held) < limit:
        return best
    return held.rfind(bytes([marks.terminator])) + 1 or len(held)


def _last_of_all(held: bytes, marks: Delimiters, low: int, high: int) -> int:
    """The last place between two bounds where a piece may begin; 0 where there is none."""
    best = 0
    for tag in CUT_AT:
        found = _last_segment(held, tag.encode() + bytes([marks.element]), marks.terminator, max(best, low), high)
        best = max(best, found)
    return best


def _last_segment(held: bytes, opening: bytes, terminator: int, low: int, high: int) -> int:
    """Last place between two bounds where a segment opens with these bytes; 0 where there is none."""
    at = held.rfind(opening, low + 1, high)
    while at > 0 and not begins_segment(held, at, terminator):
        at = held.rfind(opening, low + 1, at)
    return max(at, 0)


def _clean(data: bytes, marks: Delimiters, fault: str = "") -> Piece:
    """The piece as UTF-8, without line ends that separate nothing, its last segment terminated."""
    for byte in marks.noise:
        if byte in data:
            data = data.translate(None, bytes([byte]))
    if not data.isascii():
        data = _as_utf8(data, bytes([marks.terminator]))
    if data and data[-1] != marks.terminator:
        data += bytes([marks.terminator])
    return Piece(data, marks, fault)


def _as_utf8(data: bytes, terminator: bytes) -> bytes:
    """Segments that are no UTF-8 are taken as Latin-1; each on its own, so that cuts do not matter."""
    try:
        data.decode()
        return data
    except UnicodeDecodeError:
        return terminator.join(_segment_utf8(part) for part in data.split(terminator))


def _segment_utf8(part: bytes) -> bytes:
    try:
        part.decode()
        return part
    except UnicodeDecodeError:
        return part.decode("latin-1").encode()
