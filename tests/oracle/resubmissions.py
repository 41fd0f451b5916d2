"""Claims that correct another one: what they must name, and who takes none."""

from __future__ import annotations

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    visits: dict[str, list[Row]] = {}
    for line in facts.billed():
        if line["claim"]["frequency"] in ("7", "8"):
            visits.setdefault(line["visit_id"], []).append(line)
    made = []
    for lines in visits.values():
        more = {"code": "", "units": 0, "risk": sum(line["price"] or 0 for line in lines)}
        first = min(lines, key=lambda line: line["line"])
        if not first["claim"].get("original_reference") and not first["medicare"]:
            made.append(hit(first, "reference_missing", **more))
        if first["medicare"]:
            made.append(hit(first, "replacement_to_medicare", **more))
    return made
