"""What cannot be beside what: days and minutes of a row that contradict each other, and times that no clock shows.

A row whose minutes or days contradict each other is refused. A time is only beside the record, so its cell alone is
left empty, and the receipt says in which rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from everyunit.intake.cells import DAY_MINUTES
from everyunit.intake.receipts import Receipt
from everyunit.intake.shapes import Shape

TIMES = {
    "visits": ("check_in", "check_out", "scheduled_at", "note_signed_at", "charge_entered_at"),
    "services": ("start", "end"),
}
PAUSE = 60  # minutes by which a service over midnight may last longer than what is recorded of it
NAMED = 8  # rows named in a remark
_NO_TIME = r"(?:^|[T ])(?:(?:2[5-9]|[3-9]\d):\d\d|24:(?:0[1-9]|[1-9]\d)|\d{1,2}:[6-9]\d)"
_CLOCK = r"^(?:\d{4}-\d{2}-\d{2}[T ])?(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?$"
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
    """Empties times that cannot be, block by block, and says so once the file is read."""

    def __init__(self, shape: Shape, receipt: Receipt) -> None:
        self._shape, self._receipt = shape, receipt
        self._rows: dict[tuple[str, str], list[int]] = {}

    def settle(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows, with null in place of each time that cannot be."""
        names = [name for name in TIMES.get(self._shape.table, ()) if f"={name}" in frame.columns]
        for name in names:
            wrong = pl.col(f"={name}").str.contains(_NO_TIME).fill_null(False)
            frame = self._emptied(frame, wrong, (name,), f"{name} is no time of a day.", "Write times as 09:05.")
        if self._shape.table == "services" and len(names) == 2:
            minutes = pl.col("=minutes") if "=minutes" in frame.columns else pl.lit(None, dtype=pl.Int64)
            seen = "end is before start, and the minutes do not lead over midnight."
            frame = self._emptied(frame, _backwards(minutes), ("start", "end"), seen, "Mend one of the two times.")
        return frame

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
