"""Every two lines of a patient's day held against the edits, one by one."""

from __future__ import annotations

from oracle.facts import Plain, Row, hit, side

SEPARATE = {"59", "XE", "XS", "XP", "XU"}


def hits(facts: Plain) -> list[Row]:
    edits = {
        (row.need("column_1"), row.need("column_2")): row.need("indicator")
        for row in facts.book.shelf.pairs
        if row.flag("active")
    }
    lines = [line for line in facts.billed() if line["federal"]]
    made = []
    for two in lines:
        day = [line for line in lines if _provider(line) == _provider(two)]
        for code in {line["code"] for line in day}:
            indicator = edits.get((code, two["code"]))
            if indicator is not None:
                ones = [line for line in day if line["code"] == code]
                marked = any(SEPARATE & set(line["marks"]) for line in [two, *ones])
                made += _judged(facts, two, code, indicator, marked)
    return made


def _provider(line: Row) -> tuple[str, int, str]:
    return line["patient"], line["day"], side(line)


def _judged(facts: Plain, two: Row, one: str, indicator: str, marked: bool) -> list[Row]:
    apart = _apart(facts, two, one)
    if indicator == "0":
        return [hit(two, "pair_never", off=two["units"])]
    if marked:
        return [hit(two, "pair_modifier_unsupported", off=two["units"])] if apart is False else []
    if apart:
        return [hit(two, "pair_modifier_missing", risk=two["price"] or 0)]
    return [hit(two, "pair_bundled", off=two["units"])]


def _apart(facts: Plain, two: Row, one: str) -> bool | None:
    """Whether the times of both codes never meet; None where they are not on record for every service of the two."""

    def _timed(row: Row) -> bool:
        return row["start"] is not None and row["end"] is not None and row["start"] < row["end"]

    held = [row for row in facts.services if (row["patient"], row["day"]) == (two["patient"], two["day"])]
    ours = [[row for row in held if row["code"] == code] for code in (one, two["code"])]
    if not all(ours) or not all(_timed(row) for rows in ours for row in rows):
        return None
    taken = {minute for row in ours[0] for minute in range(row["start"], row["end"])}
    return not any(minute in taken for row in ours[1] for minute in range(row["start"], row["end"]))
