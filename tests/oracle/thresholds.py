"""A patient's year at Medicare added up line by line."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    years: dict[Any, list[Row]] = {}
    for line in facts.billed():
        if line["medicare"]:
            year = (date(1970, 1, 1) + timedelta(days=line["day"])).year
            occupational = (line["named"] or line["discipline"]) == "OT"
            years.setdefault((line["patient"], occupational, year), []).append(line)
    return [found for (_, occupational, _), lines in years.items() for found in _year(facts, lines, occupational)]


def _year(facts: Plain, lines: list[Row], occupational: bool) -> list[Row]:
    made, after = [], 0
    lane = "ot" if occupational else "pt_slp"
    noted = {row["visit_id"] for row in facts.notes}
    bare = bool(noted) and any(line["visit_id"] not in noted for line in lines)
    for line in sorted(lines, key=lambda line: (line["day"], line["made"], line["line"])):
        before, after = after, after + (line["price"] or 0)
        limit, review = facts.value(f"kx_{lane}", line["day"]), facts.value(f"review_{lane}", line["day"])
        far = facts.value("kx_far_below", line["day"])
        if limit is None or review is None or far is None:
            continue
        if "KX" not in line["marks"] and after > limit and line["price"] != 0:
            made.append(hit(line, "kx_missing", risk=line["price"] or 0))
        if "KX" in line["marks"] and 100 * after < far * limit:
            made.append(hit(line, "kx_unneeded"))
        if before <= review < after and bare:
            made.append(hit(line, "review_threshold", code=""))
    return made
