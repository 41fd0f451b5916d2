"""Days from the visit to the first making of its claim, against the payer's time to file."""

from __future__ import annotations

from oracle.facts import Plain, Row, hit

SURELY_IN_TIME = 14


def hits(facts: Plain) -> list[Row]:
    visits: dict[str, list[Row]] = {}
    for line in facts.billed():
        visits.setdefault(line["visit_id"], []).append(line)
    made = []
    for lines in visits.values():
        first = lines[0]
        late = first["sent"] - first["day"]
        limit = first["filing_days"] or None
        if limit is None and first["kind"] != "any_other":
            limit = facts.value(f"filing_{first['kind']}", first["day"])
        if limit is not None and late > max(limit, SURELY_IN_TIME):
            risk = sum(line["price"] or 0 for line in lines)
            made.append(hit(first, "filing_late", code="", line=None, units=0, risk=risk))
    return made
