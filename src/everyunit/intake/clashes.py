"""What cannot be beside what: days and minutes of a row that contradict each other, and times that no clock shows.

A row whose minutes or days contradict each other is refused. A time is only beside the record: where it can be read
it is brought to one form, else its cell alone is left empty, and the receipt says in which rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from everyunit.intake.cells import DAY_MINUTES
from everyunit.intake.clocks import REMEDY, SOUND, clock, stamp
from everyunit.intake.receipts import Receipt
from everyunit.intake.shapes import Shape

TIMES = {
    "visits": ("check_in", "check_out", "scheduled_at", "note_signed_at", "charge_entered_at"),
    "services": ("start", "end"),
}
PAUSE = 60  # minutes by which a service over midnight may last longer than what is recorded of it
NAMED = 8  # rows named in a remark
_MEND = "Mend one of the two times."
_CLOCK = r"^(?:\d{4}-\d{2}-\d{2}T)?(\d{2}):(\d{2})"
_DATED = r"^(\d{4}-\d{2}-\d{2})[T ]"


@dataclass(frozen=True)
class Clash:
    """Two columns that contradict each other where `test` holds; `heading` is the one that is named."""

    heading: str
    beside: str
    message: str
    remedy: str
    shown: bool = False

    @property
    def test(self) -> pl.Expr:
        """Whether a row contradicts itself."""
        one, other = (pl.col(f"={_column(name)}") for name in (self.heading, self.beside))
        return ((one < other) if self.heading == "end" else (one > other)).fill_null(False)


def _column(heading: str) -> str:
    return f"{heading}_day" if heading in ("start", "end") else heading


_DAYS = (Clash("end", "start", "is before start", "Mend one of the two days and import the file again."),)
_MINUTES = tuple(
    Clash(name, "minutes", "is more than the minutes of the service", "Mend one of the two numbers.", shown=True)
    for name in ("assistant_minutes", "joint_minutes")
)
_CLASHES = {"plans": _DAYS, "authorizations": _DAYS, "services": _MINUTES}


def clashes(shape: Shape, headings: list[str]) -> list[Clash]:
    """The contradictions that rows of this shape, with these headings, can hold."""
    return [one for one in _CLASHES.get(shape.table, ()) if {one.heading, one.beside} <= set(headings)]


class Times:
    """Brings times to one form and empties those that cannot be, block by block; says so once the file is read."""

    def __init__(self, shape: Shape, receipt: Receipt) -> None:
        self._shape, self._receipt = shape, receipt
        self._rows: dict[tuple[str, str], list[int]] = {}

    def settle(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows, with each time in the one form and null in place of what is none or contradicts another."""
        names = [name for name in TIMES.get(self._shape.table, ()) if f"={name}" in frame.columns]
        for name in names:
            frame = self._formed(frame, name)
        if self._shape.table == "services" and len(names) == 2:
            minutes = pl.col("=minutes") if "=minutes" in frame.columns else pl.lit(None, dtype=pl.Int64)
            seen = "end is before start, and the minutes do not lead over midnight."
            frame = self._emptied(frame, _backwards(minutes), ("start", "end"), seen, _MEND)
        if {"check_in", "check_out"} <= set(names):
            seen = "check_out is before check_in."
            frame = self._emptied(frame, _left_early(), ("check_in", "check_out"), seen, _MEND)
        return frame

    def _formed(self, frame: pl.DataFrame, name: str) -> pl.DataFrame:
        """The rows with one column of times in the one form; what is none is left empty and told."""
        odd = ~pl.col(f"={name}").str.contains(SOUND)
        if not frame.select(odd.any()).item():
            return frame
        read = stamp if name.endswith("_at") else clock  # when a charge was entered is often known by the day
        made = frame.with_columns(pl.when(odd).then(read(pl.col(f"={name}"))).otherwise(f"={name}").alias("#made"))
        lost = pl.col(f"={name}").is_not_null() & pl.col("#made").is_null()
        made = self._emptied(made, lost, (name,), f"{name} is no time of a day.", REMEDY)
        return made.with_columns(pl.col("#made").alias(f"={name}")).drop("#made")

    def _emptied(
        self, frame: pl.DataFrame, wrong: pl.Expr, names: tuple[str, ...], seen: str, remedy: str
    ) -> pl.DataFrame:
        rows = frame.filter(wrong)["row"].to_list()
        if not rows:
            return frame
        self._rows.setdefault((seen, remedy), []).extend(rows)
        frame = frame.with_columns(wrong.alias("#wrong"))
        kept = (pl.when(~pl.col("#wrong")).then(f"={name}").alias(f"={name}") for name in names)
        return frame.with_columns(*kept).drop("#wrong")

    def close(self) -> None:
        """Say on the receipt what was left empty, and in which rows."""
        for (seen, remedy), rows in self._rows.items():
            more = f" and {len(rows) - NAMED:,} more" if len(rows) > NAMED else ""
            place = f"file row {', '.join(map(str, rows[:NAMED]))}{more}"
            self._receipt.problem(place, f"{seen} That is left empty; the rest of the row is in.", remedy)


def _left_early() -> pl.Expr:
    """Whether a patient left before coming: by the days where both have one, else by the clock of one day."""
    came, left = (_minute(pl.col(f"={name}")) for name in ("check_in", "check_out"))
    first, last = (pl.col(f"={name}").str.extract(_DATED) for name in ("check_in", "check_out"))
    same = (first == last).fill_null(True)
    return (pl.when(same).then(left < came).otherwise(last < first)).fill_null(False)


def _backwards(minutes: pl.Expr) -> pl.Expr:
    """Whether a service ends before it starts. Without days it may lead over midnight, if its minutes fill that."""
    start, end = (_minute(pl.col(f"={name}")) for name in ("start", "end"))
    first, last = (pl.col(f"={name}").str.extract(_DATED) for name in ("start", "end"))
    dated = first.is_not_null() & last.is_not_null()
    over = end + DAY_MINUTES - start
    fits = over.is_between(minutes, minutes + PAUSE).fill_null(False)
    bare = (end < start) & ~fits
    full = (last < first) | ((last == first) & (end < start))
    return pl.when(dated).then(full).otherwise(bare).fill_null(False)


def _minute(text: pl.Expr) -> pl.Expr:
    """Minutes after midnight, null where it is no such time."""
    hours, minutes = (text.str.extract(_CLOCK, at).cast(pl.Int64, strict=False) for at in (1, 2))
    return hours * 60 + minutes
