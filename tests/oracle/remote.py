"""Device codes once in thirty days, management once in a month; and what days and minutes reach, both ways."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from oracle.facts import Plain, Row, bare_hit, hit, side

FULL = {"98984": "98976", "98985": "98977", "98986": "98978"}
SHORT = {full: short for short, full in FULL.items()}
FIRST, FURTHER = ("98980", "98979"), "98981"


def hits(facts: Plain) -> list[Row]:
    lines = sorted(facts.billed(), key=lambda line: (line["day"], line["code"], line["line"], line["visit_id"]))
    made, again = [], []
    device: dict[str, int] = {}
    monthly: set[Any] = set()
    for line in lines:
        code, patient, day = line["code"], line["patient"], line["day"]
        soon = False
        if code in FULL or code in SHORT:
            soon = patient in device and day - device[patient] < 30
            device[patient] = day
        elif code in FIRST:
            soon = (patient, _month(day)) in monthly
            monthly.add((patient, _month(day)))
        if soon:
            again.append(line)
            made.append(hit(line, "remote_repeated", off=line["units"], earned=0))
        elif code in FIRST and line["units"] > 1:
            made.append(hit(line, "remote_repeated", off=line["units"] - 1, earned=1))
    standing = [line for line in lines if not any(line is one for one in again)]
    owners = {row["patient"] for row in (*facts.lines, *facts.services)}
    for patient in sorted(owners):
        mine = [line for line in standing if line["patient"] == patient]
        done = [row for row in facts.services if row["patient"] == patient]
        for month in sorted({_month(row["day"]) for row in (*mine, *done)}):
            made += _of_month(
                facts,
                [line for line in mine if _month(line["day"]) == month],
                [row for row in done if _month(row["day"]) == month],
            )
        made += _of_devices(facts, mine, done, [line for line in lines if line["patient"] == patient])
    return made


def _month(day: int) -> tuple[int, int]:
    on = date(1970, 1, 1) + timedelta(days=day)
    return on.year, on.month


def _of_month(facts: Plain, lines: list[Row], done: list[Row]) -> list[Row]:
    """One patient's calendar month."""
    first = [line for line in lines if line["code"] in FIRST]
    further = [line for line in lines if line["code"] == FURTHER]
    record = [row for row in done if row["code"] in (*FIRST, FURTHER)]
    if not record:
        return [
            hit(line, "remote_not_recorded", risk=line["price"] or 0, earned=0)
            for line in (*first, *further)
            if line["unrecorded"]
        ]
    last = max(record, key=lambda row: (row["day"], row["visit_id"]))
    needed = facts.value("remote_full_management", last["day"])
    if needed is None:
        return []
    mute = all(row["contact"] == "no" for row in record)
    made = []
    judged = all(row["minutes"] is not None for row in record)
    if judged:
        minutes = sum(row["minutes"] for row in record)
        little = facts.value("remote_short_management", last["day"])
        fits, reached = "", 0
        if minutes >= needed:
            fits = "98980"
            while minutes >= needed + 20 * (reached + 1):
                reached += 1
        elif little is not None and minutes >= little:
            fits = "98979"
        for line in first:
            made += _first(facts, line, fits, mute)
        made += _more(facts, first, further, last, reached, mute)
        if fits and not first and not mute:
            made.append(_absent(facts, last, fits, 1))
    if mute:
        over = {(row["made"], row["line"]) for row in made if row["kind"] == "remote_minutes_over"}
        left = [line for line in first if (line["made"], line["line"]) not in over]
        made += [hit(line, "remote_contact_missing", risk=line["price"] or 0) for line in left]
    return made


def _first(facts: Plain, line: Row, fits: str, mute: bool) -> list[Row]:
    if line["code"] == fits:
        return []
    if (line["code"], fits) == ("98979", "98980"):
        return [] if mute else [_wrong(facts, line, "remote_minutes_under", 1, fits, 0)]
    return [_wrong(facts, line, "remote_minutes_over", 1, "" if mute else fits, 0)]


def _wrong(facts: Plain, line: Row, kind: str, less: int, other: str, right: int, above: int = 0) -> Row:
    """`above`: units whose dollars stand with the ceiling of the day."""
    cents = facts.change(line["visit_id"], {line["code"]: max(0, less - above)}, {other: 1} if other else {})
    return hit(line, kind, off=less, earned=right, cents=cents, blind=cents is None)


def _above(facts: Plain, line: Row, further: list[Row]) -> int:
    """Units of a line that the day's ceiling takes off, counted in the order of visits, claims and lines."""
    day = [one for one in further if one["day"] == line["day"] and side(one) == side(line)]
    whole, so_far = sum(one["units"] for one in day), 0
    ceiling = facts.book.codes_by_number[FURTHER].ceiling
    if not line["federal"] or (line["recorded"] and line["earned"] >= whole):
        return 0
    for one in sorted(day, key=lambda one: (one["visit_id"], one["claim_id"], one["line"])):
        so_far += one["units"]
        if one is line:
            return max(0, min(line["units"], so_far - ceiling))
    return 0


def _more(facts: Plain, first: list[Row], further: list[Row], last: Row, reached: int, mute: bool) -> list[Row]:
    """The further code, in the order of its lines, as far as the minutes reach."""
    made, left = [], reached
    for line in further:
        kept = min(line["units"], left)
        left -= kept
        if line["units"] > kept:
            made.append(
                _wrong(
                    facts, line, "remote_minutes_over", line["units"] - kept, "", kept, _above(facts, line, further)
                )
            )
    if left and not mute:
        if further:
            line = further[-1]
            cents = facts.change(line["visit_id"], {}, {FURTHER: left})
            made.append(
                hit(line, "remote_minutes_under", off=-left, earned=reached, cents=cents, blind=cents is None)
            )
        else:
            made.append(_absent(facts, first[0] if first else last, FURTHER, left))
    return made


def _absent(facts: Plain, row: Row, code: str, units: int) -> Row:
    cents = facts.change(row["visit_id"], {}, {code: units})
    return bare_hit(row | {"code": code}, "remote_not_billed") | {
        "off": -units, "earned": units, "cents": cents, "blind": cents is None,
    }  # fmt: skip


def _of_devices(facts: Plain, lines: list[Row], done: list[Row], sent: list[Row]) -> list[Row]:
    """One patient's devices."""
    held: dict[tuple[int, str], int] = {}
    where: dict[tuple[int, str], str] = {}
    for row in done:
        family = FULL.get(row["code"], row["code"])
        if family in SHORT and row["data_days"] is not None:
            key = (row["day"], family)
            held[key] = max(held.get(key, 0), row["data_days"])
    fits = {key: _fitting(facts, *key, days) for key, days in held.items()}
    made = []
    for line in lines:
        key = (line["day"], FULL.get(line["code"], line["code"]))
        if key not in held or fits[key] is None or fits[key] == line["code"]:
            continue
        lifted = fits[key] == key[1]
        kind = "remote_days_under" if lifted else "remote_days_over"
        made.append(_wrong(facts, line, kind, line["units"], fits[key], 0))
    for row in done:
        key = (row["day"], FULL.get(row["code"], row["code"]))
        if key in held and row["data_days"] == held[key]:
            where[key] = min(where.get(key, row["visit_id"]), row["visit_id"])
    devices = [line["day"] for line in sent if line["code"] in FULL or line["code"] in SHORT]
    for (day, family), days in held.items():
        rivals = [(other, on, kin) for (on, kin), other in held.items() if fits[on, kin] and abs(on - day) < 30]
        if fits[day, family] and max(rivals) == (days, day, family) and all(abs(on - day) >= 30 for on in devices):
            visit = next(row for row in done if row["visit_id"] == where[day, family])
            made.append(_absent(facts, visit, fits[day, family], 1))
    return made


def _fitting(facts: Plain, day: int, family: str, days: int) -> str | None:
    """The code that so many days reach; None on a day that the book does not know."""
    full, few = facts.value("remote_full", day), facts.value("remote_short", day)
    if full is None:
        return None
    if days >= full:
        return family
    return SHORT[family] if few is not None and days >= few else ""
