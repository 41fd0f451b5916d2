"""A day's units of a timed code, counted up line by line until the ceiling is passed."""

from __future__ import annotations

from typing import Any

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    table = {row["code"]: row for row in facts.book.ceilings.rows(named=True) if row["ceiling"] > 0}
    lines = [line for line in facts.billed() if line["federal"] and line["timed"] and line["code"] in table]
    made = []
    days: dict[Any, list[Row]] = {}
    for line in lines:
        ceiling = table[line["code"]]["ceiling"]
        if table[line["code"]]["indicator"] > 1:
            days.setdefault((line["patient"], line["day"], line["code"]), []).append(line)
        elif line["units"] > ceiling:
            made.append(hit(line, "ceiling_over", off=line["units"] - ceiling, earned=ceiling))
    for (_, _, code), ours in days.items():
        made += _day(ours, table[code]["ceiling"], table[code]["indicator"])
    return made


def _day(lines: list[Row], ceiling: int, indicator: int) -> list[Row]:
    """The visits behind the one in which the ceiling was passed give back all, that one what lies above."""
    whole, so_far, made = sum(line["units"] for line in lines), 0, []
    for visit in sorted({line["visit_id"] for line in lines}):
        ours = [line for line in lines if line["visit_id"] == visit]
        before, so_far = so_far, so_far + sum(line["units"] for line in ours)
        above = so_far - max(ceiling, before)
        supported = indicator == 3 and ours[0]["recorded"] and ours[0]["earned"] >= whole
        if above > 0 and not supported:
            first = min(ours, key=lambda line: line["line"])
            made.append(hit(first, "ceiling_over", off=above, units=whole, earned=ceiling))
    return made
