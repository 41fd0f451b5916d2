"""The proof of a finding: the count of the day and its price with and without the change, line by line."""

from __future__ import annotations

from typing import Any

from everyunit.audit.terms import counted_on
from everyunit.errors import BookRefusal
from everyunit.rulebook import Book, Counted, count, price_day
from everyunit.services.record import DayFacts

Line = tuple[str, int]
COUNTED = (
    "units_over", "units_under", "units_misallocated", "not_billed", "not_recorded", "untimed_repeated",
    "minutes_missing", "visit_not_billed",
)  # fmt: skip
BY_PERIOD = ("remote_minutes_over", "remote_days_over")  # another code may stand in its place
BY_SHARE = ("assistant_modifier_missing", "assistant_modifier_unneeded")  # worth a part of the payer's share


def count_of(facts: DayFacts) -> dict[str, Any]:
    """rule, minutes, earned, tied, steps of the visit's pool, and the day priced as billed and as earned."""
    counted, minutes, missing, steps = _counted(facts)
    earned = counted.units if counted else {}
    billed = [(row["code"], row["units"]) for row in facts.day_lines()]
    terms = facts.terms
    return {
        "rule": {"name": terms.rule, "source": terms.source, "declared": terms.declared, "checked": terms.checked},
        "minutes": [{"code": code, "minutes": amount} for code, amount in minutes],
        "minutes_total": sum(amount for _, amount in minutes),
        "minutes_missing": missing,
        "earned": earned,
        "tied": list(counted.tied) if counted else [],
        "steps": steps,
        "as_billed": _price(facts, billed),
        "as_earned": _price(facts, _swapped(facts, earned)),
    }


def change_of(facts: DayFacts, finding: dict[str, Any]) -> dict[str, Any]:
    """The day priced as billed (`without`) and with the change the finding asks for (`with`), and `cents` between.

    For a finding of documentation the change is the day without the line that depends on it. A check that changes no
    unit has no `with`: its `cents` are the finding's own, what depends on it is a line's share of the day.
    """
    counted, *_ = _counted(facts)
    earned = counted.units if counted else {}
    kind, code = finding["kind"], finding["code"]
    billed = [(row["code"], row["units"]) for row in facts.day_lines()]
    other = kind in (*BY_SHARE, *BY_PERIOD) or finding["direction"] != "over" or not finding["cents_at_stake"]
    if kind not in COUNTED and other:
        return {"without": _price(facts, billed), "with": None, "cents": finding["cents_at_stake"]}
    if kind == "visit_not_billed":
        changed = billed + [(name, units) for name, units in earned.items() if units]
    elif kind not in COUNTED:
        left = finding["earned_units"]
        if left is None:  # the finding's own units come off; the same code may stand on another claim of the day
            left = max(facts.billed().get(code, 0) - finding["billed_units"], 0)
        changed = _swapped(facts, {code: left}, only=code)
    elif kind == "units_misallocated":
        changed = _swapped(facts, earned, timed_only=True)
    else:
        target = 0 if finding["direction"] == "document" else finding["earned_units"]
        if kind == "not_recorded":  # what was billed beyond the day's limit is given back anyway
            billed = _swapped(
                facts,
                {code: min(_limit(code, facts.day, finding["billed_units"]), finding["billed_units"])},
                only=code,
            )
        changed = _swapped(facts, {code: target}, only=code)
    made = {"without": _price(facts, billed), "with": _price(facts, changed)}
    totals = [made[name]["total_cents"] for name in ("with", "without")]
    return {**made, "cents": totals[0] - totals[1] if None not in totals else None}


def _limit(code: str, day: int, billed: int) -> int:
    book = Book.load()
    held = book.codes_by_number.get(code)
    if held is None or held.timed:
        return billed
    return max(1, int(book.value(f"codes.{code}.ceiling", day).value)) if held.ceiling else 1


def _counted(facts: DayFacts) -> tuple[Counted | None, list[Line], list[str], list[str]]:
    book = Book.load()
    if not counted_on(facts.day, book):
        return None, [], [], ["The book holds no counting rule for that day: the units are not counted."]
    minutes: dict[str, int] = {}
    missing, unknown, longer = [], [], []
    grouped: dict[str, int] = {}
    for row in facts.performed():
        code = row["code"]
        held = book.codes_by_number.get(code)
        if held is None:
            unknown.append(code)
        elif code in book.monthly or row["data_days"] is not None:
            longer.append(code)
        elif held.timed and row["mode"] == "group":
            minutes.setdefault(code, 0)
            grouped[code] = grouped.get(code, 0) + (row["minutes"] or 0)
        elif held.timed and row["minutes"] is None:
            missing.append(code)
        else:
            minutes[code] = minutes.get(code, 0) + (row["minutes"] or 0)
    steps = [f"{code} is not in the book: it is not counted." for code in sorted(set(unknown))]
    steps += [f"{amount or 'The'} minutes in group do not count for {code}." for code, amount in grouped.items()]
    steps += [
        f"{code} stands without minutes: the timed units of the day are not counted." for code in sorted(set(missing))
    ]
    steps += [f"{code} stands for a longer period: this day earns none by itself." for code in sorted(set(longer))]
    shown = {code: amount for code, amount in minutes.items() if book.codes_by_number[code].timed}
    if missing:
        minutes = {code: amount for code, amount in minutes.items() if not book.codes_by_number[code].timed}
    counted = count(facts.terms.rule, list(minutes.items()), book, billed=facts.billed())
    timed = [(code, amount) for code, amount in shown.items() if amount or code not in grouped]
    return counted, timed, sorted(set(missing)), counted.steps + steps


def _swapped(facts: DayFacts, units: dict[str, int], timed_only: bool = False, only: str = "") -> list[Line]:
    """The lines of the day with the units of the visit's pool as given; codes without a line come last.

    Codes with no record keep their units unless they are the one named by `only`.
    """
    known = Book.load().codes_by_number
    billed = facts.billed()
    left = dict(units)
    made: list[Line] = []
    for row in facts.day_lines():
        code = row["code"]
        fixed = timed_only and not (code in known and known[code].timed)
        if code not in billed or code not in units or fixed or (only and code != only):
            made.append((code, row["units"]))
        elif code in left:
            made.append((code, left.pop(code)))
    made = [(code, number) for code, number in made if number]
    fresh = {code: number for code, number in left.items() if number and code not in billed}
    if timed_only:
        fresh = {code: number for code, number in fresh.items() if code in known and known[code].timed}
    return made + sorted(fresh.items())


def _price(facts: DayFacts, lines: list[Line]) -> dict[str, Any]:
    """Total and steps; a code without a price is named and left out, for it stands on both sides of a change."""
    table = facts.terms.fees if isinstance(facts.terms.fees, dict) else None
    agreed = facts.terms.contract_on(facts.day)
    book, refused, kept = Book.load(), [], []
    for line in lines:
        try:
            price_day([line], facts.day, *facts.place, book, table, agreed)
            kept.append(line)
        except BookRefusal as refusal:
            refused.append(refusal.sentence())
    if not kept and refused:
        return {"total_cents": None, "steps": refused}
    priced = price_day(kept, facts.day, *facts.place, book, table, agreed)
    return {"total_cents": priced.total_cents, "steps": priced.steps + refused}
