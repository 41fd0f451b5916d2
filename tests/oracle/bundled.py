"""Codes that Medicare never pays by themselves or does not take, by their status on the day."""

from __future__ import annotations

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    made = []
    prices = facts.book.prices().filter(mac="").rows(named=True)
    instead, refused = facts.trait("instead"), facts.trait("refused")
    for line in facts.billed():
        status = {row["status"] for row in prices if row["code"] == line["code"]}
        unpaid = status & {"B", "N", "I"} or line["code"] in refused
        if not line["medicare"] or "GY" in line["marks"] or not unpaid:
            continue
        if "I" in status and line["code"] in instead:
            made.append(hit(line, "invalid_for_payer", risk=line["price"] or 0))
        else:
            made.append(hit(line, "never_paid"))
    return made
