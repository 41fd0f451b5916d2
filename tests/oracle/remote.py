"""Device codes once in thirty days, management once in a calendar month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    kinds = facts.trait("remote")
    made = []
    device: dict[str, int] = {}
    monthly: set[Any] = set()
    for line in sorted(facts.billed(), key=lambda line: (line["day"], line["code"], line["line"], line["visit_id"])):
        kind, patient, day = kinds.get(line["code"], ""), line["patient"], line["day"]
        month = (date(1970, 1, 1) + timedelta(days=day)).timetuple()[:2]
        again = False
        if kind in ("full", "short"):
            again = patient in device and day - device[patient] < 30
            device[patient] = day
        elif kind in ("management", "short_management"):
            again = (patient, month) in monthly
            monthly.add((patient, month))
        if again:
            made.append(hit(line, "remote_repeated", off=line["units"], earned=0))
    return made
