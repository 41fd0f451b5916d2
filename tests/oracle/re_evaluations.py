"""A re-evaluation soon after the last look at the same condition."""

from __future__ import annotations

from typing import Any

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    again = facts.trait("re_evaluation")
    looked = {**facts.trait("evaluation"), **again}
    courses: dict[Any, dict[int, Row]] = {}
    for line in sorted(facts.billed(), key=lambda line: (line["day"], line["line"], line["visit_id"])):
        if line["federal"] and line["code"] in looked:
            lane = line["discipline"] or line["named"]
            courses.setdefault((line["patient"], lane), {}).setdefault(line["day"], line)
    made = []
    for days in courses.values():
        before: Row | None = None
        for day, line in days.items():
            gap = facts.value("re_evaluation_gap", day)
            same = before is not None and _first(line) and _first(line) == _first(before)
            soon = before is not None and gap is not None and day - before["day"] < gap
            if line["code"] in again and same and soon:
                made.append(hit(line, "re_evaluation_frequent", risk=line["price"] or 0))
            before = line
    return made


def _first(line: Row) -> str:
    return (line["claim"].get("diagnoses") or "").split(":")[0]
