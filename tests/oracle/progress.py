"""A course walked through day by day, counting from the last report."""

from __future__ import annotations

from typing import Any

from oracle.facts import Plain, Row, hit

WORDS = (
    "progress report", "progress note", "progress summary", "recertification", "reevaluation", "re-evaluation",
    "discharge summary",
)  # fmt: skip


def hits(facts: Plain) -> list[Row]:
    notes = {row["visit_id"]: row["text"].lower() for row in facts.notes if row["text"]}
    if not facts.notes:
        return []
    looked = {**facts.trait("evaluation"), **facts.trait("re_evaluation")}
    courses: dict[Any, dict[int, list[Row]]] = {}
    begun = set()
    for line in facts.billed():
        if line["medicare"]:
            course = courses.setdefault((line["patient"], line["discipline"] or line["named"]), {})
            course.setdefault(line["day"], []).append(line)
            if line["code"] in looked:
                begun.add(line["visit_id"])
    evaluated = {row["visit_id"] for row in facts.services if row["code"] in looked}
    made = []
    for (patient, lane), days in courses.items():
        for visit in facts.visits:  # not charged, yet an evaluation or a report
            ours = (visit["patient"], visit["discipline"]) == (patient, lane) and visit["medicare"]
            text = notes.get(visit["visit_id"], "")
            anew = visit["visit_id"] in evaluated or any(word in text for word in WORDS)
            if ours and not visit["claimed"] and anew:
                days.setdefault(visit["day"], []).append({"visit_id": visit["visit_id"], "anew": True})
        starts = {
            row["start_day"] for row in facts.plans if (row["patient_id"], row["discipline"]) == (patient, lane)
        }
        count, whole = None, True
        for day, lines in sorted(days.items()):
            free = any(line.get("anew") for line in lines)
            lines = [line for line in lines if not line.get("anew")]
            visits = {line["visit_id"] for line in lines}
            reported = any(word in notes.get(visit, "") for visit in visits for word in WORDS)
            if free or reported or day in starts or visits & begun:
                count, whole = 0, True
            elif count is not None:
                count += 1
            whole = whole and visits <= set(notes)
            if whole and count is not None and count == facts.value("progress_report", day):
                risk = sum(line["price"] or 0 for line in lines)
                first = min(lines, key=lambda line: line["visit_id"])
                made.append(hit(first, "progress_report_missing", code="", line=None, units=0, risk=risk))
    return made
