"""Text files as a practice's programs write them: any usual encoding and line end, in blocks of whole rows."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator

from everyunit.x12.files import Opener

BLOCK = 16 << 20
FIRST_LINE = 64 << 10  # a heading longer than this is none
_BOMS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def encoding_of(head: bytes) -> str:
    """`utf-8`, or the form of UTF-16 that the first bytes show. What is not UTF-8 later is read as Windows Latin."""
    for mark, name in _BOMS.items():
        if head.startswith(mark):
            return name
    even, odd = head[0:2000:2], head[1:2000:2]
    if odd and odd.count(0) > len(odd) * 0.6 and even.count(0) == 0:
        return "utf-16-le"
    if even and even.count(0) > len(even) * 0.6 and odd.count(0) == 0:
        return "utf-16-be"
    return "utf-8"


def blocks(opener: Opener, say: Callable[[str], None]) -> Iterator[bytes]:
    """The file as UTF-8 in blocks that end with a row, line ends as \\n; `say` is told what had to be bent."""
    rest = b""
    for piece in _pieces(opener, say):
        rest += piece
        cut = _last_row(rest)
        if cut:
            yield _utf8(rest[:cut], say)
            rest = rest[cut:]
    if rest:
        yield _utf8(rest, say)


def _pieces(opener: Opener, say: Callable[[str], None]) -> Iterator[bytes]:
    with opener() as stream:
        first = stream.read(BLOCK)
        name = encoding_of(first)
        bare_cr = name == "utf-8" and b"\r" in first and b"\n" not in first
        if name != "utf-8":
            say("The file is UTF-16.")
        decoder = codecs.getincrementaldecoder(name)(errors="replace")
        piece = first.removeprefix(codecs.BOM_UTF8)
        while piece:
            if name != "utf-8":
                piece = decoder.decode(piece).replace("\ufeff", "").encode()
            yield piece.replace(b"\r", b"\n") if bare_cr else piece
            piece = stream.read(BLOCK)


def _utf8(block: bytes, say: Callable[[str], None]) -> bytes:
    try:
        block.decode()
        return block
    except UnicodeDecodeError:
        say("Some text is not UTF-8; it was read as Latin letters.")
        return block.decode("cp1252", errors="replace").encode()


def _last_row(block: bytes) -> int:
    """Where the last whole row ends: a line end that stands in no quotes; 0 where there is none yet."""
    cut = block.rfind(b"\n") + 1
    if len(block) > 4 * BLOCK:
        return cut
    while cut and block.count(b'"', 0, cut) % 2:
        quote = block.rfind(b'"', 0, cut)
        cut = block.rfind(b"\n", 0, quote) + 1
    return cut
