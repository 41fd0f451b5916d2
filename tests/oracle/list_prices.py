"""Payers pay the lesser of charge and allowed amount: the gap is lost."""

from __future__ import annotations

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    made = []
    for line in facts.billed():
        if line["price"] is not None and 0 < line["charge"] < line["price"]:
            made.append(hit(line, "charge_below_allowed", cents=line["price"] - line["charge"]))
    return made
