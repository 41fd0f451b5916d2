"""Evaluated anew within one course: walked day by day from the evaluation before."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    courses: dict[Any, list[Row]] = {}
    for line in facts.billed():
        courses.setdefault((line["patient"], line["discipline"] or line["named"]), []).append(line)
    subjects = set(facts.trait("evaluation").values())
    return [found for lines in courses.values() for subject in subjects for found in _course(facts, lines, subject)]


def _course(facts: Plain, lines: list[Row], subject: str) -> list[Row]:
    kinds = facts.trait("evaluation")
    ours = sorted(lines, key=lambda line: (line["day"], line["line"], line["visit_id"]))
    evaluated: dict[int, Row] = {}
    for line in ours:
        if line["federal"] and kinds.get(line["code"]) == subject:
            evaluated.setdefault(line["day"], line)
    made, before = [], None
    for day, line in evaluated.items():
        gap = facts.value("episode_gap", day)
        if before is not None and gap is not None and _first(line) and _first(line) == _first(before):
            days = sorted({other["day"] for other in lines if before["day"] <= other["day"] <= day})
            if all(later - earlier <= gap for earlier, later in pairwise(days)):
                made.append(hit(line, "evaluation_repeated", risk=line["price"] or 0))
        before = line
    return made


def _first(line: Row) -> str:
    return (line["claim"].get("diagnoses") or "").split(":")[0]
