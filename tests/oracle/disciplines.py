"""One of GP, GO and GN on every therapy line, and the right one."""

from __future__ import annotations

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    made = []
    bound, apart = facts.trait("bound_to"), facts.trait("not_under")
    therapists = {row["taxonomy"] for row in facts.book.taxonomies.rows(named=True) if row["discipline"]}
    for line in facts.lines:
        held = facts.book.codes_by_number.get(line["code"])
        named = [mark for mark in ("GP", "GO", "GN") if mark in line["marks"]]
        risk = line["price"] or 0
        if not named:
            taxonomy = line["claim"].get("rendering_taxonomy") or ""
            given = taxonomy in therapists or (not taxonomy and line["discipline"] in ("PT", "OT", "SLP"))
            asked = held and (held.therapy_list == "always" or (held.therapy_list == "sometimes" and given))
            if line["medicare"] and line["units"] and asked:
                made.append(hit(line, "discipline_modifier_missing", risk=risk))
            continue
        strange = line["discipline"] in ("PT", "OT", "SLP") and line["discipline"] != line["named"]
        strange = strange or apart.get(line["code"]) == line["named"]
        if len(named) > 1 or strange or bound.get(line["code"], line["named"]) != line["named"]:
            made.append(hit(line, "discipline_modifier_wrong", risk=risk))
    return made
