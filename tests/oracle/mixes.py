"""A clinician's own figures once more: sums in dictionaries, exact fractions where the alarm has a spread."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from oracle.facts import Plain, Row

BASE, LEAST, UNITS, QUARTER_UNITS = 6, 8, 60, 150


def hits(facts: Plain) -> list[Row]:
    """Rows of kind, clinician, discipline, day (the last of the quarter or month looked at)."""
    prices = _prices(facts)
    quarters: dict[Any, list[int]] = {}
    months: dict[Any, list[int]] = {}
    judged: dict[Any, Row] = {}
    for line in facts.billed():
        if not line["timed"] or not line["clinician"]:
            continue
        who, day = (line["clinician"], line["discipline"]), date(1970, 1, 1) + timedelta(days=line["day"])
        known = line["recorded"] and line["minutes"] > 0
        key = (who, line["day"], line["visit_id"], line["code"])
        first = key not in judged
        judged.setdefault(key, line)
        quarter = quarters.setdefault((who, day.year, (day.month - 1) // 3), [0, 0, 0])
        quarter[0] += line["units"] if known else 0
        quarter[1] += line["minutes"] if known and first else 0
        quarter[2] = max(quarter[2], line["day"])
        if line["code"] in prices:
            month = months.setdefault((who, day.year, day.month), [0, 0, 0])
            month[0] += line["units"]
            month[1] += line["units"] * prices[line["code"]]
            month[2] = max(month[2], line["day"])
    return sorted([*_low(facts, quarters), *_drift(months)], key=lambda row: tuple(row.values()))


def _prices(facts: Plain) -> dict[str, int]:
    rows = [row for row in facts.book.prices().rows(named=True) if not row["mac"] and not row["locality"]]
    return {row["code"]: row["reduced_cents"] for row in sorted(rows, key=lambda row: row["first_day"])}


def _low(facts: Plain, quarters: dict[Any, list[int]]) -> list[Row]:
    wide = {key: sums for key, sums in quarters.items() if sums[0] >= QUARTER_UNITS}
    last = max((sums[2] for sums in wide.values()), default=0)
    least = facts.value("minutes_a_unit", last) or 0
    return [_row("minutes_per_unit_low", key[0], sums[2]) for key, sums in wide.items() if sums[1] < sums[0] * least]


def _drift(months: dict[Any, list[int]]) -> list[Row]:
    made = []
    for who in {key[0] for key in months}:
        held = [months[key] for key in sorted(months) if key[0] == who and months[key][0] >= UNITS]
        at = alarm([Fraction(sums[1], sums[0]) for sums in held])
        if at is not None:
            made.append(_row("mix_drift", who, held[at][2]))
    return made


def alarm(values: list[Fraction]) -> int | None:
    """The first month whose upward sum of (value - mean) / spread - 1/2 passes 8, by the first six months."""
    if len(values) < LEAST:
        return None
    mean = sum(values[:BASE], Fraction(0)) / BASE
    moves = [abs(values[at + 1] - values[at]) for at in range(BASE - 1)]
    spread = max(sum(moves, Fraction(0)) / (BASE - 1) / Fraction("1.128"), mean / 100)
    high = Fraction(0)
    for at in range(BASE, len(values)):
        high = max(Fraction(0), high + (values[at] - mean) / spread - Fraction(1, 2))
        if high > 8:
            return at
    return None


def _row(kind: str, who: tuple[str, str], day: int) -> Row:
    return {"kind": kind, "clinician": who[0], "discipline": who[1], "day": day}
