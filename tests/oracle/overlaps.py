"""Minute by minute: is the clinician one-on-one with another patient, whose care began before?"""

from __future__ import annotations

from oracle.facts import Plain, Row, bare_hit


def hits(facts: Plain) -> list[Row]:
    alone = [row for row in facts.services if _one_on_one(facts, row)]
    alone.sort(key=lambda row: (row["start"], row["end"], row["visit_id"], row["code"]))
    made = []
    for at, row in enumerate(alone):
        others = [
            other for other in alone[:at] if _place(other) == _place(row) and other["patient"] != row["patient"]
        ]
        minutes = range(row["start"], row["end"])
        if any(other["start"] <= minute < other["end"] for other in others for minute in minutes):
            made.append(bare_hit(row, "therapist_overlap"))
    return made


def _place(row: Row) -> tuple[str, int]:
    return row["clinician"], row["day"]


def _one_on_one(facts: Plain, row: Row) -> bool:
    held = facts.book.codes_by_number.get(row["code"])
    own = row["mode"] != "group" and row["by"] != "assistant" and row["clinician"]
    times = row["start"] is not None and row["end"] is not None and row["start"] < row["end"]
    return bool(held and held.timed and held.one_on_one and own and times)
