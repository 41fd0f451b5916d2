"""What one answer of the book looks like, and the span of days it holds for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from everyunit.days import iso, words
from everyunit.errors import BookRefusal


@dataclass(frozen=True)
class Value:
    """One value of the book: what it is, where it stands, and the days it holds for.

    `unit` says what the value counts (cents, minutes, units, rule ...). `checked` is False where nobody has read the
    source again, or where the value is carried outside the days of its source; `note` then says so.
    """

    key: str
    value: Any
    unit: str
    source: str
    checked: bool
    first_day: int
    last_day: int
    note: str = ""

    def holds(self, day: int) -> bool:
        """Whether the value is in force on that day."""
        return self.first_day <= day <= self.last_day

    def as_dict(self) -> dict[str, Any]:
        """The value as plain JSON, days as ISO text."""
        return {
            "key": self.key, "value": self.value, "unit": self.unit, "source": self.source, "checked": self.checked,
            "first_day": iso(self.first_day), "last_day": iso(self.last_day), "note": self.note,
        }  # fmt: skip


def on_day(values: Iterable[Value], day: int, key: str, hint: str = "") -> Value:
    """The value that holds on `day`; BookRefusal with the days the book knows when there is none."""
    known = sorted(values, key=lambda value: value.first_day)
    for value in known:
        if value.holds(day):
            return value
    raise refusal(key, day, known, hint)


def carried(values: Iterable[Value], day: int) -> Value:
    """The value of that day, else the last one known before it (else the first), unchecked and named "as of"."""
    known = sorted(values, key=lambda value: value.first_day)
    for value in known:
        if value.holds(day):
            return value
    earlier = [value for value in known if value.last_day < day]
    nearest = earlier[-1] if earlier else known[0]
    said = f"as of {words(nearest.first_day)}, carried to {words(day)}, unchecked"
    return replace(nearest, checked=False, note=f"{nearest.note}; {said}" if nearest.note else said)


def refusal(key: str, day: int, known: list[Value], hint: str = "") -> BookRefusal:
    """The sentence for a day the book does not know."""
    if not known:
        return BookRefusal(f"The book holds no value for {key}.", remedy=hint)
    span = f"{words(known[0].first_day)} to {words(known[-1].last_day)}"
    remedy = hint or "Ask for a day in that span, or bring the official table of that year."
    return BookRefusal(f"The book does not know {key} on {words(day)}; it knows {span}.", remedy=remedy)


def span_faults(values: Iterable[Value], *, gaps: bool = True) -> list[str]:
    """Sentences on keys with two values on one day, a span that ends before it begins or, with `gaps`, a day between
    two values that has none."""
    by_key: dict[str, list[Value]] = {}
    for value in values:
        by_key.setdefault(value.key, []).append(value)
    faults: list[str] = []
    for key, known in by_key.items():
        known.sort(key=lambda value: value.first_day)
        faults += [f"{key} ends before it begins ({iso(v.first_day)})." for v in known if v.last_day < v.first_day]
        for before, after in pairwise(known):
            if after.first_day <= before.last_day:
                faults.append(f"{key} has two values on {iso(after.first_day)}.")
            elif gaps and after.first_day != before.last_day + 1:
                faults.append(f"{key} has no value on {iso(before.last_day + 1)}.")
    return faults
