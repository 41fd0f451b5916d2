"""Care over a video link, line by line."""

from __future__ import annotations

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    made = []
    touched = facts.trait("hands_on")
    for line in facts.billed():
        away = line["place"] in ("02", "10")
        marked = bool({"95", "93"} & set(line["marks"]))
        if not line["medicare"] or not (away or marked):
            continue
        if line["code"] in touched:
            made.append(hit(line, "telehealth_hands_on", off=line["units"], earned=0))
        elif not away and line["claim"].get("kind") == "837P":
            made.append(hit(line, "telehealth_place", risk=line["price"] or 0))
    return made
