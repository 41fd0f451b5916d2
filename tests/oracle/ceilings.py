"""A day's units of a timed code, counted up line by line until the ceiling is passed."""

from __future__ import annotations

from typing import Any

from oracle.days import MONTHLY
from oracle.facts import Plain, Row, hit, side

ONCE = ("98979", "98980")  # in a month: the dollars stand with what says so


def hits(facts: Plain) -> list[Row]:
    table = {row["code"]: row for row in facts.book.ceilings.rows(named=True) if row["ceiling"] > 0}
    lines = [line for line in facts.billed() if line["federal"] and line["code"] in table]
    lines = [line for line in lines if line["timed"] or line["code"] in MONTHLY]
    lines = [line for line in lines if line["code"] not in line["limits"][1]]
    made = _agreed(facts)
    days: dict[Any, list[Row]] = {}
    for line in lines:
        ceiling = table[line["code"]]["ceiling"]
        if table[line["code"]]["indicator"] > 1:
            days.setdefault((line["patient"], line["day"], side(line), line["code"]), []).append(line)
        elif line["units"] > ceiling:
            made.append(hit(line, "ceiling_over", off=line["units"] - ceiling, earned=ceiling))
    for (_, _, _, code), ours in days.items():
        made += _day(ours, table[code]["ceiling"], table[code]["indicator"])
    return made


def _agreed(facts: Plain) -> list[Row]:
    """A payer's own limits, unit by unit in the order of the claims: by what a code's or the day's is passed."""
    made = []
    days: dict[Any, list[Row]] = {}
    for line in facts.billed():
        if (line["timed"] or line["code"] in MONTHLY) and (line["limits"][0] or line["limits"][1]):
            days.setdefault((line["patient"], line["day"], line["payer"]), []).append(line)
    for lines in days.values():
        most, ceilings = lines[0]["limits"]
        taken, whole = dict.fromkeys(ceilings, 0), 0
        for line in sorted(lines, key=lambda line: (line["made"], line["line"])):
            off = 0
            for _ in range(line["units"]):
                code_full = line["code"] in ceilings and taken[line["code"]] >= ceilings[line["code"]]
                if code_full or (most and whole >= most and line["timed"]):
                    off += 1
                    if not code_full and line["code"] in ceilings:
                        taken[line["code"]] += 1
                    continue
                whole += line["timed"]
                if line["code"] in ceilings:
                    taken[line["code"]] += 1
            if off:
                cents = 0 if line["code"] in ONCE else None
                made.append(hit(line, "ceiling_over", off=off, earned=line["units"] - off, cents=cents))
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
            cents = 0 if ours[0]["code"] in ONCE else None
            first = min(ours, key=lambda line: line["line"])
            made.append(hit(first, "ceiling_over", off=above, units=whole, earned=ceiling, cents=cents))
    return made
