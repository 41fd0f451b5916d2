"""The balances of an 835 once more, slow and plain: one segment after the other, sums in Python."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any


def segments(data: bytes) -> list[list[str]]:
    """Every segment of every interchange of a file, as its elements."""
    made = []
    for part in re.split(r"(?=ISA[^A-Za-z0-9 ]\d\d[^A-Za-z0-9 ])", data.decode("latin-1")):
        if not part.startswith("ISA"):
            continue
        mark, place = part[3], -1
        for _ in range(16):
            place = part.find(mark, place + 1)
        end = "\n" if part[place + 2 : place + 4] == "\r\n" else part[place + 2]
        made += [segment.strip().split(mark) for segment in part.split(end) if segment.strip()]
    return made


def cents(text: str) -> int | None:
    """Cents of an element; 0 where it is empty, None where it is no amount."""
    if not text.strip():
        return 0
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", text.strip()):
        return None
    try:
        return int((Decimal(text.strip()) * 100).to_integral_value(ROUND_HALF_UP))
    except (InvalidOperation, ValueError, OverflowError):
        return None


def _plus(values: list[int | None]) -> int | None:
    return None if None in values else sum(values)  # type: ignore[arg-type]


def _off(given: int | None, taken: int | None, paid: int | None) -> int | None:
    return None if given is None or taken is None or paid is None else paid - given + taken


def balances(data: bytes) -> list[tuple[str, int | None]]:
    """(level, cents off) of every line, claim and payment, sorted; None where an amount cannot be read."""
    remits: list[dict[str, Any]] = []
    open_remit: dict[str, Any] | None = None
    claim: dict[str, Any] | None = None
    line: dict[str, Any] | None = None
    for raw in segments(data):
        tag, value = raw[0].strip(), [*raw, *[""] * 20]
        if tag in ("ISA", "GS", "ST", "SE", "GE", "IEA"):
            open_remit = claim = line = None
        if tag == "ST" and value[1] == "835":
            open_remit = {"paid": None, "claims": [], "taken": []}
            remits.append(open_remit)
        if open_remit is None:
            continue
        if tag == "BPR" and open_remit["paid"] is None and value[2].strip():
            paid = cents(value[2])
            open_remit["paid"] = -paid if paid is not None and value[3] == "D" else paid
        elif tag == "CLP":
            claim = {"given": cents(value[3]), "paid": cents(value[4]), "taken": [], "lines": []}
            line = None
            open_remit["claims"].append(claim)
        elif tag == "SVC" and claim is not None:
            line = {"given": cents(value[2]), "paid": cents(value[3]), "taken": []}
            claim["lines"].append(line)
        elif tag == "CAS" and claim is not None:
            found = [cents(value[n]) for n in range(3, 20, 3)]
            claim["taken"] += found
            if line is not None:
                line["taken"] += found
        elif tag == "PLB":
            open_remit["taken"] += [cents(value[n]) for n in range(4, 15, 2)]
    made = []
    for remit in remits:
        given = _plus([one["paid"] for one in remit["claims"]])
        made.append(("remit", _off(given, _plus(remit["taken"]), remit["paid"])))
        for one in remit["claims"]:
            made.append(("claim", _off(one["given"], _plus(one["taken"]), one["paid"])))
            made += [("line", _off(x["given"], _plus(x["taken"]), x["paid"])) for x in one["lines"]]
    return sorted(made, key=str)
