"""An add-on is paid only beside its base, on the same day of the same patient."""

from __future__ import annotations

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    made = []
    base_of = facts.trait("base")
    for line in facts.billed():
        base = base_of.get(line["code"])
        same_day = [other for other in facts.billed() if _day(other) == _day(line)]
        if base and all(other["code"] != base for other in same_day):
            made.append(hit(line, "add_on_without_base", off=line["units"]))
    return made


def _day(line: Row) -> tuple[str, int]:
    return line["patient"], line["day"]
