"""Days from the visit to the first making of its claim, against the payer's time to file."""

from __future__ import annotations

from datetime import date, timedelta

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
            limit = _of_book(facts, first["kind"], first["day"])
        if limit is not None and late > max(limit, SURELY_IN_TIME):
            risk = sum(line["price"] or 0 for line in lines)
            made.append(hit(first, "filing_late", code="", line=None, units=0, risk=risk))
    return made


def _of_book(facts: Plain, kind: str, day: int) -> int | None:
    """Medicare takes a claim until the close of the same date of the next year; 29 February has none."""
    if kind != "medicare" or facts.value("filing_medicare", day) is None:
        return facts.value(f"filing_{kind}", day)
    first = date(1970, 1, 1) + timedelta(days=day)
    last = date(first.year + 1, first.month, min(first.day, 28) if first.month == 2 else first.day)
    return (last - first).days
