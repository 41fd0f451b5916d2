"""Each visit held against each plan of its patient and discipline."""

from __future__ import annotations

from oracle.facts import Plain, Row, hit

DAYS = ("certification_due", "plan_longest", "plan_sent", "episode_gap")


def hits(facts: Plain) -> list[Row]:
    if not facts.plans:
        return []
    lines = [line for line in facts.billed() if line["medicare"]]
    visits: dict[str, list[Row]] = {}
    for line in lines:
        visits.setdefault(line["visit_id"], []).append(line)
    last = max((line["day"] for line in lines), default=0)
    made = []
    for ours in visits.values():
        kind = _missing(facts, ours[0], last)
        if kind:
            risk = sum(line["price"] or 0 for line in ours)
            made.append(hit(ours[0], kind, code="", line=None, units=0, risk=risk))
    return made


def _missing(facts: Plain, visit: Row, last: int) -> str:
    day = visit["day"]
    due, longest, sent, gap = (facts.value(name, day) for name in DAYS)
    if due is None or longest is None:
        return ""
    plans = [
        row
        for row in facts.plans
        if (row["patient_id"], row["discipline"]) == (visit["patient"], visit["discipline"])
    ]
    begun = [row for row in plans if row["start_day"] is not None and row["start_day"] <= day]
    within = [row for row in begun if day <= min(row["end_day"] or day, row["start_day"] + longest - 1)]
    if not within:
        return "plan_expired" if begun else "plan_missing"
    for row in within:
        start = row["start_day"]
        signed = row["certified_day"] is not None and row["certified_day"] <= start + due
        shown = sent is not None and row["sent_day"] is not None and row["sent_day"] <= start + sent
        late = row["certified_day"] is not None and row["certified_day"] > start + due
        if signed or (shown and not _follows(row, plans, longest, gap)) or (last <= start + due and not late):
            return ""
    return "plan_not_certified"


def _follows(row: Row, plans: list[Row], longest: int, gap: int | None) -> bool:
    """Whether the plan before it, of the same patient and discipline, ended so lately that the course goes on."""
    before = [one for one in plans if one["start_day"] is not None and one["start_day"] < row["start_day"]]
    if not before or gap is None:
        return False
    start = max(one["start_day"] for one in before)
    ends = [one["end_day"] for one in before if one["start_day"] == start and one["end_day"] is not None]
    end = start + longest - 1
    return row["start_day"] - (min(max(ends), end) if ends else end) <= gap
