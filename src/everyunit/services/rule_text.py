"""The page of a rule as blocks that a door can show: the little of Markdown that those pages use."""

from __future__ import annotations

import re
from typing import Any

Block = dict[str, Any]
_FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.M | re.S)
_ITEM = re.compile(r"^(?:- |\d+\. )", re.M)


def blocks(text: str) -> list[Block]:
    """Blocks in order, each of a kind: heading, words, item and plain (as it is set) have a `text`, an item of a
    numbered list its `mark` too; a table has a `head` and `rows` of cells."""
    bare = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    made: list[Block] = []
    for at, part in enumerate(_FENCE.split(bare)):
        if at % 2:
            made.append({"kind": "plain", "text": part.rstrip()})
            continue
        for piece in re.split(r"\n\s*\n", _linked(part).strip("\n")):
            made += _piece(piece.strip("\n"))
    return made


def _linked(text: str) -> str:
    """Links as their words, code as its letters."""
    text = re.sub(r"\(\[([^]]+)\]\([^)]+\)\)", r"(see \1)", text)
    return re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", text).replace("`", "")


def _piece(piece: str) -> list[Block]:
    head, _, rest = piece.partition("\n")
    if head.startswith("#"):
        return [{"kind": "heading", "text": head.lstrip("# ")}, *_piece(rest)]
    if head.startswith("|"):
        cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in piece.split("\n")]
        return [{"kind": "table", "head": cells[0], "rows": cells[2:]}]
    if head.startswith("    "):
        return [{"kind": "plain", "text": piece}]
    if found := list(_ITEM.finditer(piece)):
        ends = [*(one.start() for one in found[1:]), len(piece)]
        said = [" ".join(piece[one.end() : end].split()) for one, end in zip(found, ends, strict=True)]
        before = _words(piece[: found[0].start()])
        return before + [
            {"kind": "item", "mark": one.group().strip().replace("-", "•"), "text": text}
            for one, text in zip(found, said, strict=True)
        ]
    return _words(piece)


def _words(piece: str) -> list[Block]:
    text = " ".join(piece.split())
    return [{"kind": "words", "text": text}] if text else []
