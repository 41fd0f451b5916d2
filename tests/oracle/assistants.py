"""Who gave which unit: full quarter hours are taken out one by one, then what is left is looked at."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from oracle.facts import Plain, Row, hit

MARKS = {"CQ": "GP", "CO": "GO"}
KINDS = ("assistant_modifier_missing", "assistant_modifier_unneeded", "assistant_modifier_wrong")


def marked_units(units: int, therapist: int, assistant: int, timed: bool) -> int:
    """Units that need CQ or CO by the rule of 2022; minutes together are the therapist's."""
    if assistant == 0:
        return 0
    if not timed:
        return units if 10 * assistant > therapist + assistant else 0
    due, open_units = 0, units
    while therapist >= 15 and open_units:
        therapist, open_units = therapist - 15, open_units - 1
    while assistant >= 15 and open_units:
        assistant, open_units, due = assistant - 15, open_units - 1, due + 1
    if open_units >= 2 and 9 <= therapist <= 14 and 9 <= assistant <= 14:
        return due + 1
    if open_units and therapist < 8 and 10 * assistant > therapist + assistant:
        return due + open_units
    return due


def hits(facts: Plain) -> list[Row]:
    made = []
    for line in facts.billed():
        evaluation = line["code"] in {**facts.trait("evaluation"), **facts.trait("re_evaluation")}
        for mark, discipline in MARKS.items():
            if mark in line["marks"] and (discipline not in line["marks"] or evaluation):
                made.append(hit(line, "assistant_modifier_wrong", risk=line["price"] or 0))
        given = [
            row["by"] for row in facts.services if (row["visit_id"], row["code"]) == (line["visit_id"], line["code"])
        ]
        if evaluation and line["medicare"] and "assistant" in given:
            made.append(hit(line, "assistant_modifier_wrong", risk=line["price"] or 0))
    groups: dict[Any, list[Row]] = {}
    for line in facts.billed():
        if line["medicare"]:
            groups.setdefault((line["visit_id"], line["claim_id"], line["code"]), []).append(line)
    for lines in groups.values():
        made += _counted(facts, lines)
    return made


def _counted(facts: Plain, lines: list[Row]) -> list[Row]:
    """Silent where the record does not say who gave the minutes, or the units are not those that were earned."""
    one = lines[0]
    units, price = sum(line["units"] for line in lines), sum(line["price"] or 0 for line in lines)
    done = [row for row in facts.services if (row["visit_id"], row["code"]) == (one["visit_id"], one["code"])]
    unsaid = not done or any(not row["by"] or row["minutes"] is None for row in done)
    if unsaid or units != one["earned"] or not price or facts.value("assistant_midpoint", one["day"]) is None:
        return []
    assistant = sum(_assistant(row) for row in done)
    bearing = sum(line["units"] for line in lines if {"CQ", "CO"} & set(line["marks"]))
    therapist = sum(row["minutes"] for row in done) - assistant
    due = marked_units(units, therapist, assistant, one["timed"])
    never = one["code"] in {**facts.trait("evaluation"), **facts.trait("re_evaluation")}
    if due == bearing or (due > bearing and never):
        return []
    cut = -Fraction(price * (due - bearing), units) * Fraction(80, 100) * Fraction(15, 100)
    said = hit(min(lines, key=lambda line: line["line"]), KINDS[due < bearing], units=units, earned=units)
    return [said | {"cents": _nearest(cut)}]


def _assistant(row: Row) -> int:
    if row["by"] == "therapist":
        return 0
    return row["minutes"] if row["by"] == "assistant" and not row["assistant"] else row["assistant"]


def _nearest(amount: Fraction) -> int:
    whole = int(abs(amount) + Fraction(1, 2))
    return whole if amount > 0 else -whole
