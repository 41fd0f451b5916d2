"""The four separators of an interchange, read from its ISA header, wherever that stands and however long it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

_FIXED = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_HEAD_LIMIT = 400  # an ISA is 106 bytes; one with padded or cut elements stays well below this
_AFTER = re.compile(rb"[\r\n\t ]*(?:GS|TA1|IEA|ST|ISA)[^A-Za-z0-9]")
_SHORT = 4096
_BARE = re.compile(  # a group or transaction that stands at the beginning, up to the first segment of its body
    rb"(?:\xef\xbb\xbf)?[\s\0]*((?:GS([^\w\s])[A-Z]{2}\2(?s:.{8,400}?)(?<=[^A-Z0-9]))?"
    rb"ST([^\w\s])\d{3}\3\w{1,12}(?:\3\w*)?(\r?\n|[^\w\s])\s*[A-Z][A-Z0-9]{1,2}\3)"
)
_IS, _SA = (int.from_bytes(pair, "little") for pair in (b"IS", b"SA"))
_BLANK = b" \t\r\n\0"


@dataclass(frozen=True)
class Delimiters:
    """Separators as byte values; `component` and `repetition` are -1 where the header names none."""

    element: int
    component: int
    terminator: int
    repetition: int = -1

    @property
    def noise(self) -> bytes:
        """Line ends that are no separator here and may be dropped."""
        return bytes(byte for byte in b"\r\n" if byte not in (self.terminator, self.element, self.component))


def is_header(data: bytes, at: int) -> bool:
    """Whether an ISA header (perhaps cut short) begins at this byte."""
    if data[at : at + 3] != b"ISA" or len(data) < at + 5:
        return False
    mark = data[at + 3 : at + 4]
    if mark.isalnum() or mark in (b" ", b"\r", b"\n", b"\0") or mark[0] > 127:
        return False
    seen = data[at + 3 : at + _HEAD_LIMIT].count(mark)
    return seen >= 16 or (data[at + 6 : at + 7] == mark and seen >= 2)


def find_header(data: bytes, start: int = 0) -> int:
    """Where the first ISA header begins at or after `start`; -1 where there is none."""
    if len(data) - start < _SHORT:
        at = data.find(b"ISA", start)
        while at >= 0 and not is_header(data, at):
            at = data.find(b"ISA", at + 1)
        return at
    for at in _named(data, start):
        if is_header(data, at):
            return at
    return -1


def _named(data: bytes, start: int) -> list[int]:
    """Every place of the letters ISA; for long data this way is several times faster than to find it in turn."""
    size = (len(data) - start) // 2
    raw = np.frombuffer(data, dtype=np.uint8)
    pairs = np.frombuffer(data, dtype="<u2", count=size, offset=start)
    even = np.flatnonzero(pairs[: (len(data) - start - 1) // 2] == _IS) * 2 + start
    odd = np.flatnonzero(pairs[1:] == _SA) * 2 + 1 + start
    found = np.append(even[raw[even + 2] == 65], odd[raw[odd] == 73])
    places: list[int] = np.sort(found).tolist()
    return places


def read_bare(data: bytes) -> tuple[int, Delimiters] | None:
    """Where a file without ISA begins with a group (GS) or transaction (ST), and its separators; None elsewhere.

    They are taken from the ST segment, the component separator from the first procedure code, else a colon.
    """
    match = _BARE.match(data)
    if match is None:
        return None
    mark, end = match[3], match[4][-1]
    coded = re.search(re.escape(mark) + rb"HC([^\w\s" + re.escape(mark + match[4]) + rb"])", data)
    component = coded[1][0] if coded else 58
    return match.start(1), Delimiters(mark[0], component, end)


def looks_like_x12(head: bytes) -> bool:
    """Whether the first bytes of a file hold an ISA header (a BOM or other junk before it is allowed).

    A file that begins with a group or transaction and has no ISA is X12 too.
    """
    return find_header(head) >= 0 or read_bare(head) is not None


def read_header(data: bytes, at: int) -> Delimiters | None:
    """Separators of the ISA at this byte, found by counting its elements; None where it is cut short."""
    mark = data[at + 3 : at + 4]
    place = at + 3
    starts = [place]
    for _ in range(15):
        place = data.find(mark, place + 1, at + _HEAD_LIMIT)
        if place < 0:
            return None
        starts.append(place)
    repetition = data[starts[10] + 1] if starts[11] - starts[10] == 2 else -1
    component, terminator = _last_two(data[place + 1 : place + 24])
    if terminator < 0:
        return None
    return (
        Delimiters(mark[0], component, terminator, -1 if chr(repetition).isalnum() else repetition)
        if (repetition >= 0)
        else Delimiters(mark[0], component, terminator)
    )


def _last_two(rest: bytes) -> tuple[int, int]:
    """Component separator and terminator from the bytes behind the sixteenth element separator."""
    for component_length in (1, 0):
        after = rest[component_length + 1 :]
        if len(rest) > component_length and _AFTER.match(after):
            return (rest[0] if component_length else -1), _line_end(rest, component_length)
    if len(rest) < 2:
        return -1, -1
    return rest[0], _line_end(rest, 1)


def _line_end(rest: bytes, at: int) -> int:
    """The terminator at this place; of CR LF it is the LF (a CR beside it is dropped as noise)."""
    return rest[at + 1] if rest[at : at + 2] == b"\r\n" else rest[at]


def is_fixed(data: bytes, at: int) -> bool:
    """Whether the ISA at this byte has its separators at the places of the standard 106 byte header."""
    mark = data[at + 3 : at + 4]
    return len(data) >= at + 106 and all(data[at + place : at + place + 1] == mark for place in _FIXED)


def begins_segment(data: bytes, at: int, terminator: int) -> bool:
    """Whether the byte follows a segment terminator, blanks and line ends apart."""
    low = max(0, at - 64)
    before = data[low:at]
    bare = before.rstrip(bytes(byte for byte in _BLANK if byte != terminator))
    return (not bare and low == 0) or bare[-1:] == bytes([terminator])
