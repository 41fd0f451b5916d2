"""Minute by minute: does the clinician lead a group while being one-on-one?"""

from __future__ import annotations

from oracle.facts import Plain, Row, bare_hit
from oracle.overlaps import crowded


def hits(facts: Plain) -> list[Row]:
    own = [row for row in facts.services if row["claimed"] and row["clinician"] and row["by"] != "assistant"]
    own = [row for row in own if row["start"] is not None and row["end"] is not None and row["start"] < row["end"]]
    made = []
    for row in own:
        held = facts.book.codes_by_number.get(row["code"])
        if row["mode"] == "group" or not (held and held.one_on_one):
            continue
        for group in own:
            same = (group["clinician"], group["day"]) == (row["clinician"], row["day"])
            by_pairs = group["patient"] == row["patient"] and row["federal"]
            shared = crowded(row, group)
            if group["mode"] == "group" and same and not by_pairs and shared:
                made.append(bare_hit(row, "group_overlaps_one_on_one"))
    return made
