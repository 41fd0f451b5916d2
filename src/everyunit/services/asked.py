"""What a reader asks to see: a period, a place, a kind. Cuts frames of findings and of visits alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import polars as pl

from everyunit.days import EPOCH
from everyunit.measures.gates import GATE_OF_DIRECTION

_MONTH = re.compile(r"(\d{4})-(\d{2})")
WAYS = ("gain", "back", "mend", "document")
SORTS = ("dollars", "day", "visit")


@dataclass(frozen=True)
class Asked:
    """One reader's filters. Empty means all. Months read 2026-03; `kinds` are any of; `words` is searched."""

    first_month: str = ""
    last_month: str = ""
    clinic: str = ""
    payer: str = ""
    clinician: str = ""
    kinds: tuple[str, ...] = ()
    direction: str = ""
    gate: str = ""
    way: str = ""
    gap: str = ""
    words: str = ""
    sort: str = "dollars"

    @property
    def first_day(self) -> int | None:
        """First epoch day of the period, None where it is open."""
        return month_days(self.first_month)[0] if self.first_month else None

    @property
    def last_day(self) -> int | None:
        """Last epoch day of the period, None where it is open."""
        return month_days(self.last_month)[1] if self.last_month else None


def month_days(month: str) -> tuple[int, int]:
    """First and last epoch day of `2026-03`. Raises ValueError when the text is no month."""
    match = _MONTH.fullmatch(month)
    if not match:
        raise ValueError("a month reads 2026-03")
    year, number = int(match.group(1)), int(match.group(2))
    first = (date(year, number, 1) - EPOCH).days
    after = date(year + number // 12, number % 12 + 1, 1)
    return first, (after - EPOCH).days - 1


def in_period(day: str, asked: Asked) -> list[pl.Expr]:
    """Conditions on a column of epoch days."""
    made = []
    if asked.first_day is not None:
        made.append(pl.col(day) >= asked.first_day)
    if asked.last_day is not None:
        made.append(pl.col(day) <= asked.last_day)
    return made


def cut_visits(frame: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """The visits of the period, clinic, payer and clinician asked for."""
    return _cut(frame, [*in_period("service_day", asked), *_places(asked)])


def cut_findings(frame: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """The findings that every filter lets through, in the order asked for."""
    tests = [*in_period("service_day", asked), *_places(asked)]
    if asked.kinds:
        tests.append(pl.col("kind").is_in(list(asked.kinds)))
    if asked.direction:
        tests.append(pl.col("direction") == asked.direction)
    if asked.gate:
        directions = [name for name, gate in GATE_OF_DIRECTION.items() if gate == asked.gate]
        tests.append(pl.col("direction").is_in(directions))
    if asked.way:
        tests.append(pl.col("way") == asked.way)
    if asked.words:
        tests.append(_search(asked.words, ("visit_id", "claim_id", "finding_id", "code")))
    return order(_cut(frame, tests), asked.sort)


def order(frame: pl.DataFrame, sort: str) -> pl.DataFrame:
    """Findings by dollars (either way), newest day, or visit; equal ones stay as they stand: by visit, code, kind."""
    size = pl.max_horizontal(pl.col("cents_at_stake").fill_null(0).abs(), pl.col("at_risk_cents").fill_null(0))
    by = {"day": pl.col("service_day"), "visit": None}.get(sort, size)
    if by is None:
        return frame
    return frame.sort(by, descending=True, nulls_last=True, maintain_order=True)


def _places(asked: Asked) -> list[pl.Expr]:
    wanted = {"clinic": asked.clinic, "payer_id": asked.payer, "clinician_npi": asked.clinician}
    return [pl.col(column) == value for column, value in wanted.items() if value]


def _search(words: str, columns: tuple[str, ...]) -> pl.Expr:
    sought = words.strip().lower()
    return pl.any_horizontal(
        pl.col(column).fill_null("").str.to_lowercase().str.contains(sought, literal=True) for column in columns
    )


def _cut(frame: pl.DataFrame, tests: list[pl.Expr]) -> pl.DataFrame:
    return frame.filter(pl.all_horizontal(tests)) if tests else frame
