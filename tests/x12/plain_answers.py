"""A slow, plain reader of acknowledgements and claim statuses: one segment after the other, no arrays."""

from __future__ import annotations

import io
from decimal import Decimal, InvalidOperation

from everyunit.x12.chunks import pieces

EDGES = ("ST", "SE", "GS", "GE", "ISA", "IEA")
LEVELS = {"20": "payer", "21": "receiver", "19": "provider", "22": "claim", "23": "claim", "PT": "claim"}


def split(data: bytes):
    """Every segment as (elements padded to 25, mark of components)."""
    for piece in pieces(io.BytesIO(data)):
        marks = piece.delimiters
        for text in piece.data.decode().split(chr(marks.terminator)):
            text = text.strip("\x00\x1a \t\r\n")
            if text:
                values = [value.strip() for value in text.split(chr(marks.element))]
                yield values + [""] * (25 - len(values)), chr(marks.component) if marks.component > 0 else "\0"


def cents(text: str) -> int | None:
    try:
        return int(Decimal(text) * 100)
    except InvalidOperation:
        return None


def whole(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def some(*values: str) -> str | None:
    return ":".join(value for value in values if value) or None


def acknowledgements(data: bytes) -> list[tuple]:
    """(level, status, function, version, type, control number, group control, codes) in the order of the file."""
    rows: list[list] = []
    group: list[str] = [""] * 25
    open_group = open_one = None
    for value, _ in split(data):
        tag = value[0]
        if tag == "TA1":
            rows.append(["interchange", value[4] or None, None, None, None, value[1] or None, None, some(value[5])])
        elif tag in EDGES:
            open_group = open_one = None
            group = [""] * 25
        elif tag == "AK1":
            group = value
            rows.append(
                ["group", None, value[1] or None, value[3] or None, None, value[2] or None, value[2] or None, None]
            )
            open_group, open_one = rows[-1], None
        elif tag == "AK2":
            version = value[3] or group[3] or None
            rows.append(
                [
                    "transaction",
                    None,
                    group[1] or None,
                    version,
                    value[1] or None,
                    value[2] or None,
                    group[2] or None,
                    None,
                ]
            )
            open_one = rows[-1]
        elif tag in ("IK5", "AK5") and open_one is not None:
            open_one[1], open_one[7] = value[1] or None, some(*value[2:7])
            open_one = None
        elif tag == "AK9":
            open_one = None
            if open_group is None:
                continue
            open_group[1], open_group[7] = value[1] or None, some(*value[5:10])
            open_group = None
    return [tuple(row) for row in rows]


def errors(data: bytes) -> list[tuple]:
    """(level, tag, place, loop, element, code, claim) in the order of the file."""
    rows: list[list] = []
    block: list[list] = []
    above: list[str] = [""] * 25
    closed = False
    for value, mark in split(data):
        tag = value[0]
        if tag in ("AK2", *EDGES):
            block, above = [], [""] * 25
        if tag in ("IK3", "AK3"):
            block = []
        closed = (closed or tag in ("IK5", "AK5", "AK9")) and tag not in ("IK3", "AK3", "AK2", *EDGES)
        if tag in ("IK3", "AK3"):
            above = value
            rows.append(
                ["segment", value[1] or None, whole(value[2]), value[3] or None, None, value[4] or None, None]
            )
            block.append(rows[-1])
        elif tag in ("IK4", "AK4"):
            rows.append(
                [
                    "element",
                    above[1] or None,
                    whole(above[2]),
                    above[3] or None,
                    value[1] or None,
                    value[3] or None,
                    None,
                ]
            )
            rows[-1][6] = block[0][6] if block else None
            block.append(rows[-1])
        elif tag == "CTX" and not closed and value[1].split(mark)[0] == "CLM01":
            for row in block:
                row[6] = row[6] or value[1].split(mark)[1]
    return [tuple(row) for row in rows]


def statuses(data: bytes) -> list[tuple]:
    """(level, claim, trace, category, status, entity, cents, payer and house number, payer) by STC and part."""
    rows: list[dict] = []
    type_ = level = ""
    payer: dict = {}
    claim: dict = {}
    for value, mark in split(data):
        tag = value[0]
        if tag in EDGES:
            type_, payer, level, claim = (value[1] if tag == "ST" else ""), {}, "", {}
        if type_ != "277":
            continue
        if tag == "HL":
            level, claim = LEVELS.get(value[3], ""), {}
            payer = {} if level == "payer" else payer
        elif tag == "NM1" and value[1] == "PR" and level == "payer":
            payer.setdefault("id", value[9] or None)
        elif tag == "TRN":
            claim = {"trace": value[2] or None}
        elif tag == "SVC":
            claim["line"] = True
        elif tag == "REF" and not claim.get("line"):
            claim.setdefault(value[1], value[2] or None)
        elif tag == "STC":
            for number in (1, 10, 11):
                if number == 1 or value[number]:
                    part = [*value[number].split(mark), "", "", ""]
                    deep = "line" if claim.get("line") and level == "claim" else level
                    rows.append({"claim": claim, "level": deep, "part": part, "cents": cents(value[4]), "pr": payer})
    made = []
    for row in rows:
        held, deep = row["claim"], row["level"] in ("claim", "line")
        number = (held.get("EJ") or held.get("trace")) if deep else None
        controls = (held.get("1K"), held.get("D9")) if deep else (None, None)
        texts = (row["level"] or None, number, held.get("trace"), *(part or None for part in row["part"][:3]))
        made.append((*texts, row["cents"], *controls, row["pr"].get("id")))
    return made
