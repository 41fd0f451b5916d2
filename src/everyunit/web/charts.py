"""Pictures of owed money and of weeks to come, as whole-number shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LEFT, RIGHT, TOP, FLOOR = 20, 1080, 40, 250
WIDTH = 1000  # of a bar in a table


@dataclass(frozen=True)
class Column:
    """One upright bar with its words."""

    name: str
    cents: int
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        """Where its words stand."""
        return self.x + self.width // 2


def columns(amounts: Sequence[tuple[str, int]]) -> list[Column]:
    """Bars side by side, zero based, the largest as high as there is room."""
    largest = max((cents for _, cents in amounts), default=0)
    step = (RIGHT - LEFT) // max(len(amounts), 1)
    made = []
    for at, (name, cents) in enumerate(amounts):
        height = _scaled(cents, largest, FLOOR - TOP)
        made.append(Column(name, cents, LEFT + at * step, FLOOR - height, step - step // 4, height))
    return made


def bars(rows: Sequence[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The rows with `width`: their share of the largest, in thousandths."""
    largest = max((row[name] or 0 for row in rows), default=0)
    return [{**row, "width": _scaled(row[name] or 0, largest, WIDTH)} for row in rows]


@dataclass(frozen=True)
class Weeks:
    """A band from low to high, a line of what is expected, and a dot for each week that came; with words at both
    ends. `floor` is zero dollars."""

    band: str
    line: str
    dots: tuple[tuple[int, int, int], ...]
    marks: tuple[tuple[int, int], ...]
    top_cents: int
    floor: int = FLOOR
    top: int = TOP
    left: int = LEFT
    right: int = RIGHT


def weeks(rows: Sequence[dict[str, Any]]) -> Weeks:
    """The picture of a forecast, of rows in the columns of its table (actual_cents may be None)."""
    largest = max(max(row["high_cents"], row["actual_cents"] or 0) for row in rows)
    step = (RIGHT - LEFT) // (len(rows) - 1)
    places = [LEFT + at * step for at in range(len(rows))]

    def height(cents: int) -> int:
        return FLOOR - _scaled(cents, largest, FLOOR - TOP)

    upper = [f"{x} {height(row['high_cents'])}" for x, row in zip(places, rows, strict=True)]
    lower = [f"{x} {height(row['low_cents'])}" for x, row in zip(places, rows, strict=True)]
    middle = [f"{x} {height(row['expected_cents'])}" for x, row in zip(places, rows, strict=True)]
    dots = tuple(
        (x, height(row["actual_cents"]), row["actual_cents"])
        for x, row in zip(places, rows, strict=True)
        if row["actual_cents"] is not None
    )
    marks = tuple((x, row["first_day"]) for x, row in zip(places, rows, strict=True))[::4]
    return Weeks("M" + "L".join([*upper, *reversed(lower)]) + "Z", "M" + "L".join(middle), dots, marks, largest)


@dataclass(frozen=True)
class Told:
    """A dot of the reliability picture: foretold to the right, observed upward, larger for more cases."""

    x: int
    y: int
    radius: int
    row: dict[str, Any]


SIDE = 300  # of the picture of chances, for nothing to certain


def told(rows: Sequence[dict[str, Any]]) -> list[Told]:
    """Chances foretold against what came of them, of rows in the columns of RELIABILITY."""
    most = max((row["items"] for row in rows), default=1)
    return [
        Told(
            LEFT + row["chance_bp"] * SIDE // 10_000, TOP + SIDE - row["observed_bp"] * SIDE // 10_000,
            5 + _scaled(row["items"], most, 9), row,
        )
        for row in rows
    ]  # fmt: skip


def _scaled(amount: int, largest: int, room: int) -> int:
    """At least a hair where there is anything."""
    if amount <= 0 or largest <= 0:
        return 0
    return max(1, (amount * room + largest // 2) // largest)
