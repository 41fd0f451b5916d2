"""A clinician's day from first check-in to last check-out; a patient's day in units."""

from __future__ import annotations

from typing import Any

from oracle.facts import Plain, Row, bare_hit, hit


def hits(facts: Plain) -> list[Row]:
    return [*_clinicians(facts), *_patients(facts)]


def _clinicians(facts: Plain) -> list[Row]:
    days: dict[Any, list[Row]] = {}
    for visit in facts.visits:
        if visit["clinician"]:
            days.setdefault((visit["clinician"], visit["day"]), []).append(visit)
    made = []
    for (clinician, day), visits in days.items():
        times = [visit[name] for visit in visits for name in ("check_in", "check_out")]
        if None in times:
            continue
        first, last = min(visit["check_in"] for visit in visits), max(visit["check_out"] for visit in visits)
        given = sum(row["minutes"] or 0 for row in facts.services if _given(facts, row, clinician, day))
        if last > first and given > last - first:
            row = {"visit_id": "", "code": "", "clinician": clinician, "day": day}
            made.append(bare_hit(row, "therapist_day_over"))
    return made


def _given(facts: Plain, row: Row, clinician: str, day: int) -> bool:
    held = facts.book.codes_by_number.get(row["code"])
    mine = (row["clinician"], row["day"]) == (clinician, day)
    return mine and bool(held and held.one_on_one) and row["mode"] != "group" and row["by"] == "therapist"


def _patients(facts: Plain) -> list[Row]:
    days: dict[Any, dict[str, list[Row]]] = {}
    for line in facts.billed():
        if line["timed"]:
            days.setdefault((line["patient"], line["day"]), {}).setdefault(line["visit_id"], []).append(line)
    made = []
    for (_, day), visits in days.items():
        units = {name: sum(line["units"] for line in lines) for name, lines in visits.items()}
        most = facts.value("units_a_day", day)
        if most is not None and sum(units.values()) > most:
            name = min(units, key=lambda name: (-units[name], name))
            made.append(hit(visits[name][0], "units_a_day_high", code="", line=None, units=0))
    return made
