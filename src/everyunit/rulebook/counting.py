"""Timed minutes to units, by the two rules, with the proof line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from everyunit.days import Day, as_day
from everyunit.errors import UsageError
from everyunit.rulebook.book import Book
from everyunit.rulebook.shelves import Code
from everyunit.rulebook.values import Value, on_day

UNIT = 15
HALF = 7  # a left-over of 8 minutes, one more than this, earns a unit
POOL_NAMES = {"therapy": "Medicare pools the day", "behaviour": "The behaviour codes pool among themselves"}


@dataclass(frozen=True)
class Counted:
    """Units each code earned (codes in input order, zero included), and how.

    `total` counts untimed services too, `timed_total` leaves them out. `tied` holds the codes with equal left-over
    minutes of which only some could get a unit and where that choice changes the answer; any choice among them is
    right. `steps` are the lines of proof.
    """

    units: dict[str, int]
    total: int
    tied: tuple[str, ...]
    steps: list[str]
    timed_total: int


@dataclass
class _Work:
    units: dict[str, int]
    tied: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)


def count(
    rule: str,
    minutes: Sequence[tuple[str, int]],
    book: Book,
    day: Day | None = None,
    billed: Mapping[str, int] | None = None,
) -> Counted:
    """Units earned by `rule` (cms or ama) from the minutes of one patient, day, payer and discipline.

    Minutes of one code given twice are summed. Untimed codes count 1, their minutes never pool. Equal left-overs go
    where they come nearest to `billed`, then to the code that stands first. With a `day` (epoch day, 2026-03-12 or a
    date), a code the book does not know on that day is refused (BookRefusal). Raises UsageError for an unknown rule
    or code and for minutes below 0.
    """
    if rule not in ("cms", "ama"):
        raise UsageError(f"{rule} is no counting rule.", remedy="Take cms (pooled day) or ama (each code alone).")
    summed = _summed(minutes)
    on = None if day is None else as_day(day)
    known = {code: _known(code, book, on) for code in summed}
    work = _Work(dict.fromkeys(summed, 0))
    timed = [known[code] for code in summed if known[code].timed]
    pooled = [code for code in timed if code.pool] if rule == "cms" else []
    for pool in ("therapy", "behaviour"):
        _pool(pool, [code for code in pooled if code.pool == pool], summed, work, billed or {})
    for code in timed:
        if code not in pooled:
            _alone(code, summed[code.code], work)
    for code in timed:
        _step(code, work)
    timed_total = sum(work.units.values())
    for code in (code for code in known.values() if not code.timed):
        work.units[code.code] = 1
        work.steps.append(f"{code.code} is untimed: 1 unit, its minutes do not pool")
    return Counted(work.units, sum(work.units.values()), tuple(work.tied), work.steps, timed_total)


def _summed(minutes: Sequence[tuple[str, int]]) -> dict[str, int]:
    summed: dict[str, int] = {}
    for code, amount in minutes:
        if amount < 0:
            raise UsageError(f"{code} has {amount} minutes.", remedy="Minutes are 0 or more.")
        summed[code] = summed.get(code, 0) + amount
    return summed


def _known(code: str, book: Book, day: int | None) -> Code:
    found = book.codes_by_number.get(code)
    if found is None:
        raise UsageError(
            f"{code} is not in the book.", remedy="`everyunit book keys codes` lists the codes it knows."
        )
    if day is not None and not found.first_day <= day <= found.last_day:
        span = Value(f"codes.{code}", None, "", found.source, found.checked, found.first_day, found.last_day)
        on_day([span], day, f"codes.{code}")
    return found


def _pool(pool: str, codes: list[Code], minutes: dict[str, int], work: _Work, billed: Mapping[str, int]) -> None:
    """Full fifteens to each code, the units that remain to the largest left-over minutes."""
    if not codes:
        return
    total = sum(minutes[code.code] for code in codes)
    earned = (total + HALF) // UNIT
    for code in codes:
        work.units[code.code] = minutes[code.code] // UNIT
    remaining = earned - sum(work.units[code.code] for code in codes)
    work.steps.append(f"{POOL_NAMES[pool]}: {total} min -> {_units(earned)}")
    fifteens = _listed(codes, {code.code: work.units[code.code] for code in codes})
    work.steps.append(f"Full fifteens {fifteens}, {'none' if remaining == 0 else remaining} left")
    if remaining == 0:
        return
    left = {code.code: minutes[code.code] % UNIT for code in codes}
    work.steps.append(f"Left-over minutes {_listed(codes, left)}")
    edge = sorted(left.values(), reverse=True)[remaining - 1]
    sure = [code for code in codes if left[code.code] > edge]
    level = [code for code in codes if left[code.code] == edge]
    for code in sure:
        work.units[code.code] += 1
    chosen = _choose(level, remaining - len(sure), _stepped(codes, work.units), work, billed)
    for name in chosen:
        work.units[name] += 1
    names = [code.code for code in codes if code in sure or code.code in chosen]
    work.steps.append(f"Largest left-over: {', '.join(names)} +1")


def _stepped(codes: list[Code], units: dict[str, int]) -> dict[str, int]:
    """The units as they would be billed, units beyond a first-unit code moved to the code it steps to."""
    made = dict(units)
    for code in codes:
        if code.step_to and made[code.code] > 1:
            made[code.step_to] = made.get(code.step_to, 0) + made[code.code] - 1
            made[code.code] = 1
    return made


def _choose(level: list[Code], seats: int, seen: dict[str, int], work: _Work, billed: Mapping[str, int]) -> list[str]:
    """Which codes of equal left-overs get the units that remain; a real choice is noted in `tied`."""
    names = [code.code for code in level]
    if seats >= len(level):
        return names
    # A further unit of a first-unit code is billed as the code it steps to: both may lead to the same answer.
    lands = {c.code: c.step_to if c.step_to and work.units[c.code] >= 1 else c.code for c in level}
    waiting, chosen = list(names), []
    for _ in range(seats):
        best = next((n for n in waiting if seen.get(lands[n], 0) < billed.get(lands[n], 0)), waiting[0])
        seen[lands[best]] = seen.get(lands[best], 0) + 1
        waiting.remove(best)
        chosen.append(best)
    if len(set(lands.values())) > 1:
        work.tied.extend(names)
        why = "nearest to what was billed" if billed else "the first in order"
        work.steps.append(
            f"Equal left-overs {', '.join(names)}: any choice is right; taken {', '.join(chosen)}, {why}"
        )
    return chosen


def _alone(code: Code, minutes: int, work: _Work) -> None:
    """A code by its own midpoint: a unit is earned once more than half of it has passed. A code that stands for the
    first period earns no second one; further time is recorded on the code for further time."""
    length = code.minutes_per_unit
    earned = (minutes + (length - 1) // 2) // length
    if code.first_only and earned > 1:
        work.units[code.code] = 1
        work.steps.append(f"{code.code} stands for the first {length} min of the day: once, of {minutes} min")
        return
    work.units[code.code] = earned
    work.steps.append(f"{code.code} alone: {minutes} min of {length} each -> {_units(earned)}")


def _step(code: Code, work: _Work) -> None:
    """Units beyond the first move to the code that stands for each further one."""
    further = work.units[code.code] - 1
    if code.step_to and further > 0:
        work.units[code.code] = 1
        work.units[code.step_to] = work.units.get(code.step_to, 0) + further
        work.steps.append(f"{code.code} is the first unit only: {further} further billed as {code.step_to}")


def _listed(codes: list[Code], numbers: dict[str, int]) -> str:
    return ", ".join(f"{code.code} {numbers[code.code]}" for code in codes)


def _units(number: int) -> str:
    return f"{number} unit" if number == 1 else f"{number} units"
