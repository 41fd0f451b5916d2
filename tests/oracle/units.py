"""The two counting rules once more, slow and plain: every way of giving out the units is tried and judged.

Shares no code with the rule book. Codes are given with their pool, so that it needs no book either.
"""

from __future__ import annotations

from itertools import product

QUARTER = 15
FIRST_UNIT_ONLY = {"97129": "97130"}
FIRST_PERIOD = {"97545", "97550", "92607", "92626", "96112", "90912", "G0541"}  # the first 2 hours, half hour ...


def pooled_units(total: int) -> int:
    """The manual's table: 8 to 22 minutes are 1 unit, 23 to 37 are 2 and so on."""
    units = 0
    while total >= 8 + QUARTER * units:
        units += 1
    return units


def midpoint_units(minutes: int, length: int) -> int:
    """A unit for every midpoint passed: more than half of the unit's length."""
    units = 0
    while 2 * (minutes - length * units) > length:
        units += 1
    return units


def is_right(minutes: dict[str, int], units: dict[str, int]) -> bool:
    """Whether units are given out as the manual says: the pool's total, each code at least its full fifteens and at
    most one more, and no code with fewer left-over minutes served before one with more."""
    if sum(units.values()) != pooled_units(sum(minutes.values())):
        return False
    extra = {code: units[code] - minutes[code] // QUARTER for code in minutes}
    if any(number not in (0, 1) for number in extra.values()):
        return False
    served = [minutes[code] % QUARTER for code in minutes if extra[code]]
    passed_over = [minutes[code] % QUARTER for code in minutes if not extra[code]]
    return not served or not passed_over or min(served) >= max(passed_over)


def right_pools(minutes: dict[str, int]) -> list[dict[str, int]]:
    """Every right way to give out the units of one pool, by trying all; the first codes served first."""
    choices = [(m // QUARTER + 1, m // QUARTER) for m in minutes.values()]
    tried = (dict(zip(minutes, units, strict=True)) for units in product(*choices))
    return [units for units in tried if is_right(minutes, units)]


def stepped(units: dict[str, int]) -> dict[str, int]:
    """Units as billed: beyond the first unit of a first-unit code they stand on the code for each further one."""
    made = dict(units)
    for first, further in FIRST_UNIT_ONLY.items():
        if made.get(first, 0) > 1:
            made[further] = made.get(further, 0) + made[first] - 1
            made[first] = 1
    return made


def right_answers(
    rule: str, minutes: dict[str, int], pools: dict[str, str], lengths: dict[str, int]
) -> list[dict[str, int]]:
    """All right answers for timed codes, each once: `pools` by code, `lengths` the minutes a unit by code."""
    alone = {
        code: midpoint_units(m, lengths[code]) for code, m in minutes.items() if rule == "ama" or not pools[code]
    }
    alone = {code: min(units, 1) if code in FIRST_PERIOD else units for code, units in alone.items()}
    answers = [alone]
    for pool in sorted({pools[code] for code in minutes if code not in alone}):
        inside = {code: m for code, m in minutes.items() if code not in alone and pools[code] == pool}
        answers = [{**before, **units} for before in answers for units in right_pools(inside)]
    distinct: list[dict[str, int]] = []
    for answer in ({code: units[code] for code in minutes} for units in answers):
        if stepped(answer) not in distinct:
            distinct.append(stepped(answer))
    return distinct


def distance(answer: dict[str, int], billed: dict[str, int]) -> int:
    """How far an answer lies from what was billed, over all codes of either."""
    return sum(abs(answer.get(code, 0) - billed.get(code, 0)) for code in {*answer, *billed})


def nearest(answers: list[dict[str, int]], billed: dict[str, int]) -> dict[str, int]:
    """The right answer nearest to what was billed; among equals the one that serves the first codes."""
    return min(answers, key=lambda answer: distance(answer, billed))
