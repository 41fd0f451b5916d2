"""What a payer authorized, used up visit by visit in the order of their days."""

from __future__ import annotations

import re
from string import ascii_uppercase, digits

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    made = []
    in_order = sorted(facts.authorizations, key=lambda row: (row["start_day"], row["number"]))
    visits: dict[str, list[tuple[Row, Row | None]]] = {}
    strange: dict[str, list[Row]] = {}
    for line in facts.billed():
        held = [row for row in in_order if _whose(row) == (line["patient"], line["payer"], line["discipline"])]
        covering = [row for row in held if row["start_day"] <= line["day"] <= row["end_day"]]
        said = _signs(line["authorization"])
        if said and covering and said not in [_signs(row["number"]) for row in held]:
            strange.setdefault(line["visit_id"], []).append(line)
        held = [row for row in held if said in ("", _signs(row["number"]))]
        covering = [row for row in covering if row in held]
        if held:
            visits.setdefault(line["visit_id"], []).append((line, covering[0] if covering else None))
    for lines in visits.values():
        bare = [line for line, row in lines if row and not _signs(line["authorization"])]
        if bare:
            made.append(_visit(bare, "authorization_missing"))
        if all(row is None for _, row in lines):
            made.append(_visit([line for line, _ in lines], "authorization_expired"))
        made += [
            hit(line, "authorization_code", risk=line["price"] or 0)
            for line, row in lines
            if row and row["codes"] and line["code"] not in re.split("[ ,;:]+", row["codes"])
        ]
    made += [_visit(lines, "authorization_missing") for lines in strange.values()]
    return made + _exceeded(visits)


def _signs(number: str) -> str:
    return "".join(sign for sign in number.upper() if sign in ascii_uppercase + digits)


def _whose(row: Row) -> tuple[str, str, str]:
    return row["patient_id"], row["payer_id"], row["discipline"]


def _exceeded(visits: dict[str, list[tuple[Row, Row | None]]]) -> list[Row]:
    made: list[Row] = []
    days: dict[str, set[int]] = {}
    used: dict[str, int] = {}
    for lines in sorted(visits.values(), key=lambda lines: (lines[0][0]["day"], lines[0][0]["visit_id"])):
        by_number: dict[str, tuple[Row, list[Row]]] = {}
        for line, row in lines:
            if row:
                by_number.setdefault(row["number"], (row, []))[1].append(line)
        passed: list[Row] = []
        for number, (row, ours) in by_number.items():
            days.setdefault(number, set()).add(ours[0]["day"])
            used[number] = used.get(number, 0) + sum(line["units"] for line in ours)
            many = row["visits"] is not None and len(days[number]) > row["visits"]
            if many or (row["units"] is not None and used[number] > row["units"]):
                passed += ours
        if passed:
            units = sum(line["units"] for line in passed)
            made.append(_visit(passed, "authorization_exceeded") | {"line": None, "units": units})
    return made


def _visit(lines: list[Row], kind: str) -> Row:
    risk = sum(line["price"] or 0 for line in lines)
    return hit(min(lines, key=lambda line: line["line"]), kind, code="", units=0, risk=risk)
