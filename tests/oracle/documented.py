"""Note, record and claim of a visit side by side: what one of them tells alone."""

from __future__ import annotations

from oracle.days import MONTHLY
from oracle.facts import Plain, Row, bare_hit, hit


def hits(facts: Plain) -> list[Row]:
    made: list[Row] = []
    for visit in sorted(facts.visits, key=lambda row: row["visit_id"]):
        told = [row for row in facts.readings if row["visit_id"] == visit["visit_id"]]
        record = [row for row in facts.services if row["visit_id"] == visit["visit_id"]]
        record = [row | {"minutes": 0} if row["code"] in MONTHLY else row for row in record]
        lines = [row for row in facts.billed() if row["visit_id"] == visit["visit_id"]]
        noted = sum(row["minutes"] for row in told if row["kind"] == "minutes")
        made += _said(visit, [row for row in told if row["kind"] != "minutes"], record, lines, noted)
        made += _minutes(visit, [row for row in told if row["kind"] == "minutes"], record, lines)
    return made


def _said(visit: Row, told: list[Row], record: list[Row], lines: list[Row], noted: int) -> list[Row]:
    made: list[Row] = []
    done = {one["code"] for one in record}
    lacking = any(one["minutes"] is None for one in record)
    unsaid = any(row["kind"] == "missing_minutes" for row in told)
    alone = sum(
        row["minutes"] or 0 for row in told if row["kind"] == "documented_not_billed" and row["code"] not in done
    )
    for row in told:
        on = [line for line in lines if line["code"] == row["code"]]
        kept = (any(line["recorded"] for line in on) or not (record or unsaid)) and not lacking
        kind = row["kind"]
        others = set((row.get("instead") or "").split(":"))
        if kind in ("unsupported_code", "better_supported_code") and on and kept:
            if kind == "better_supported_code" and others & done:
                continue
            made.append(_on(visit, row["code"], on, "note_code_" + kind.split("_")[0]))
        elif kind == "missing_minutes" and on and not record:
            made.append(_on(visit, row["code"], on, "note_minutes_missing"))
        elif kind == "documented_not_billed" and not on and visit["claimed"]:
            known = {one["code"] for one in [*record, *lines]}
            if row["code"] not in known and not known & others:
                made.append(_bare(visit, row["code"], "note_not_billed"))
        elif kind == "units_not_supported" and not record:
            made.append(_on(visit, row["code"], on, "note_units_differ", risk=0))
        elif kind == "uncounted_skilled_time" and not lacking:
            untimed = sum(one["minutes"] for one in record if not one["timed"])
            spent = sum(one["minutes"] for one in record)
            left = min(row["minutes"], row["session"] - spent - alone, row["session"] - noted - untimed)
            if left >= 8:
                made.append(_bare(visit, "", "note_time_uncounted"))
    return made


def _minutes(visit: Row, told: list[Row], record: list[Row], lines: list[Row]) -> list[Row]:
    noted = {row["code"]: row["minutes"] for row in told}
    timed = [row for row in record if row["timed"]]
    if any(row["minutes"] is None or row["mode"] == "group" for row in timed):
        return []
    held: dict[str, int] = {}
    for row in timed:
        held[row["code"]] = held.get(row["code"], 0) + row["minutes"]
    if set(noted) != set(held):
        return []
    whole = (sum(noted.values()) + 7) // 15 != (sum(held.values()) + 7) // 15
    made = []
    for code, minutes in noted.items():
        if minutes != held[code] and (whole or (minutes + 7) // 15 != (held[code] + 7) // 15):
            on = [line for line in lines if line["code"] == code]
            made.append(_on(visit, code, on, "note_minutes_differ"))
    return made


def _on(visit: Row, code: str, lines: list[Row], kind: str, risk: int | None = None) -> Row:
    """On the lowest line of the code with all of its units and dollars, or on none."""
    if not lines:
        return _bare(visit, code, kind)
    cents = sum(line["price"] or 0 for line in lines) if risk is None else risk
    first = min(lines, key=lambda line: line["line"])
    return hit(first, kind, units=sum(line["units"] for line in lines), risk=cents)


def _bare(visit: Row, code: str, kind: str) -> Row:
    return bare_hit({"visit_id": visit["visit_id"], "code": code}, kind)
