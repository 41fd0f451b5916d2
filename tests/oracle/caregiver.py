"""The first unit of caregiver training passes the midpoint of its half hour."""

from __future__ import annotations

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    made = []
    for line in facts.billed():
        least = facts.value("caregiver_first", line["day"])
        if line["code"] == "97550" and least is not None and 0 < line["minutes"] < least:
            made.append(hit(line, "caregiver_minutes", off=line["units"]))
    return made
