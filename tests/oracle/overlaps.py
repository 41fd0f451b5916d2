"""Set against set: can the clinician have been one-on-one with another patient, whose care began before?"""

from __future__ import annotations

from oracle.facts import Plain, Row, bare_hit


def hits(facts: Plain) -> list[Row]:
    alone = [row for row in facts.services if _one_on_one(facts, row)]
    alone.sort(key=lambda row: (row["start"], row["end"], row["visit_id"], row["code"]))
    made = []
    for at, row in enumerate(alone):
        others = [other for other in alone[:at] if _place(other) == _place(row)]
        others = [other for other in others if other["patient"] != row["patient"] or _twice(facts, other, row)]
        if any(crowded(row, other) for other in others):
            made.append(bare_hit(row, "therapist_overlap"))
    return made


def crowded(one: Row, two: Row) -> bool:
    """Whether the minutes of two services that share some do not fit into the minutes that either may have had."""
    minutes, others = set(range(one["start"], one["end"])), set(range(two["start"], two["end"]))
    return bool(minutes & others) and own(one) + own(two) > len(minutes | others)


def own(row: Row) -> int:
    span = row["end"] - row["start"]
    if row["minutes"] is None:
        return span
    return min(span, max(0, row["minutes"] - (row["assistant"] if row["by"] == "both" else 0)))


def _place(row: Row) -> tuple[str, int]:
    return row["clinician"], row["day"]


def _one_on_one(facts: Plain, row: Row) -> bool:
    held = facts.book.codes_by_number.get(row["code"])
    own = row["mode"] != "group" and row["by"] != "assistant" and row["clinician"]
    times = row["start"] is not None and row["end"] is not None and row["start"] < row["end"]
    return bool(held and held.one_on_one and own and times)


def _twice(facts: Plain, one: Row, two: Row) -> bool:
    """Two codes of one visit; where an edit parts them at a federal payer, that is said there."""
    if one["visit_id"] != two["visit_id"] or one["code"] == two["code"]:
        return False
    edits = {(row["column_1"], row["column_2"]) for row in facts.book.pairs.rows(named=True)}
    both = ((one["code"], two["code"]), (two["code"], one["code"]))
    return not (two["federal"] and any(pair in edits for pair in both))
