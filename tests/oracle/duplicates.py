"""The same service of a day sent twice, with nothing that tells the two apart."""

from __future__ import annotations

from oracle.facts import Plain, Row, hit

APART = {"76", "77", "59", "XE", "XS", "XP", "XU"}


def hits(facts: Plain) -> list[Row]:
    made = []
    plain = [line for line in facts.billed() if not APART & set(line["marks"])]
    for line in plain:
        alike = [other for other in plain if _same(other) == _same(line)]
        first = min(other["made"] for other in alike)
        if line["made"] > first:
            made.append(hit(line, "duplicate_claim", off=line["units"]))
        elif any(other["made"] == first and other["line"] < line["line"] for other in alike):
            made.append(hit(line, "split_line", risk=line["price"] or 0))
    return made


def _same(line: Row) -> tuple[object, ...]:
    return tuple(line[name] for name in ("patient", "payer", "day", "code", "modifiers"))
