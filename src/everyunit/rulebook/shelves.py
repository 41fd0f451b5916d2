"""The shelves of the book: codes, ceilings, relative values, localities, factors and the texts of the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from everyunit.errors import Unreadable
from everyunit.rulebook.loading import Folder, Row
from everyunit.rulebook.values import Value, span_faults

CARRIED = ("pairs.", "indicators.", "denials.", "claim_statuses.", "corrections.", "waits.")
POOLS = ("therapy", "behaviour", "")


@dataclass(frozen=True)
class Code:
    """One procedure code. `minutes_per_unit` is 0 for an untimed code; `ceiling` is the last known one."""

    code: str
    label: str
    timed: bool
    minutes_per_unit: int
    pool: str
    step_to: str
    one_on_one: bool
    ceiling: int | None
    mppr: bool
    once_a_day: bool
    source: str
    checked: bool
    first_day: int
    last_day: int
    therapy_list: str
    disciplines: str

    @property
    def first_only(self) -> bool:
        """Whether a timed code stands for the first period of a day, and no unit of it moves to another code."""
        return self.timed and self.once_a_day and not self.step_to


@dataclass
class Shelves:
    """Everything the book read: codes, the dated values of the small files by key, and the rows of the big tables."""

    codes: dict[str, Code] = field(default_factory=dict)
    values: dict[str, list[Value]] = field(default_factory=dict)
    proposed: dict[str, list[Value]] = field(default_factory=dict)
    relative: list[Row] = field(default_factory=list)
    localities: list[Row] = field(default_factory=list)
    factors: list[Row] = field(default_factory=list)
    words: dict[str, list[str]] = field(default_factory=dict)  # payer key -> words its name may hold
    filing: dict[str, str] = field(default_factory=dict)  # claim filing code -> payer key
    pairs: list[Row] = field(default_factory=list)
    traits: list[Row] = field(default_factory=list)
    taxonomies: list[Row] = field(default_factory=list)
    ceilings: list[Row] = field(default_factory=list)
    indicators: dict[str, str] = field(default_factory=dict)  # code -> what its ceiling counts
    unpaid: list[str] = field(default_factory=list)  # status letters of codes Medicare never pays by themselves

    def add(self, key: str, row: Row, value: Any, unit: str) -> None:
        """Put one dated value on the shelf."""
        self.values.setdefault(key, []).append(valued(key, row, value, unit))


def valued(key: str, row: Row, value: Any, unit: str) -> Value:
    """A value of the book out of a complete row."""
    return Value(key, value, unit, row.source, row.checked, row.first_day, row.last_day, row.text("note"))


def read(folder: Folder) -> Shelves:
    """All shelves of a data folder. Raises Unreadable where a row is not complete."""
    shelf = Shelves()
    shelf.relative = folder.table("relative_values.csv")
    shelf.localities = folder.table("localities.csv")
    _factors(folder, shelf)
    for row in folder.table("ceilings.csv"):
        shelf.add(f"codes.{row.need('code')}.ceiling", row, row.whole("ceiling"), "units a day")
    for row in folder.table("codes.csv"):
        code = _code(row, shelf)
        if code.code in shelf.codes:
            raise Unreadable(f"{code.code} stands twice.", place=row.place)
        shelf.codes[code.code] = code
    for name, row in folder.entries("counting.toml", "counting"):
        shelf.add(f"counting.{name}", row, row.need("says"), "rule")
    for file, section in (("counting.toml", "steps"), ("counting.toml", "untimed"), ("pricing.toml", "statuses")):
        for name, row in folder.entries(file, section):
            shelf.add(f"{section}.{name}", row, row.need("says"), "rule")
            if section == "statuses" and not row.flag("paid"):
                shelf.unpaid.append(name)
    for name, row in folder.entries("pricing.toml", "reductions"):
        shelf.add(f"reductions.{name}", row, row.whole("percent_of_practice_expense"), "percent of practice expense")
    _payers(folder, shelf)
    return shelf


def _factors(folder: Folder, shelf: Shelves) -> None:
    for _, row in folder.entries("conversion_factor.toml", "conversion"):
        shelf.factors.append(row)
        shelf.add("conversion_factor", row, row.need("dollars"), "dollars for one relative value unit")
    for _, row in folder.entries("conversion_factor.toml", "proposed"):
        made = valued("conversion_factor", row, row.need("dollars"), "dollars for one relative value unit")
        shelf.proposed.setdefault("conversion_factor", []).append(made)


def _payers(folder: Folder, shelf: Shelves) -> None:
    for section in ("payers", "fallback"):
        for name, row in folder.entries("payers.toml", section):
            key = f"payers.{name}"
            if row.need("rule") not in ("cms", "ama"):
                raise Unreadable("rule must be cms or ama.", place=row.place)
            shelf.add(key, row, row.need("rule"), "counting rule")
            shelf.words[name] = [str(word) for word in row.fields.get("words", [])]
    for name, row in folder.entries("payers.toml", "filing"):
        shelf.filing[name] = row.need("payer")
        shelf.add(f"filing.{name}", row, row.need("payer"), "payer")


def _code(row: Row, shelf: Shelves) -> Code:
    ceilings = shelf.values.get(f"codes.{row.need('code')}.ceiling", [])
    timed, pool = row.flag("timed"), row.text("pool")
    if pool not in POOLS or (pool and not timed):
        raise Unreadable(f"{pool} is no pool for this code.", place=row.place)
    return Code(
        row.need("code"), row.need("label"), timed, row.whole("minutes_per_unit") if timed else 0, pool,
        row.text("step_to"), row.flag("one_on_one"), ceilings[-1].value if ceilings else None, row.flag("mppr"),
        row.flag("once_a_day"), row.source, row.checked, row.first_day, row.last_day, row.text("therapy_list"),
        row.text("disciplines"),
    )  # fmt: skip


def codes_frame(shelf: Shelves) -> pl.DataFrame:
    """The codes as a frame, one row a code; minutes_per_unit is null for untimed codes."""
    schema: dict[str, Any] = {
        "code": pl.String, "label": pl.String, "timed": pl.Boolean, "minutes_per_unit": pl.Int64, "pool": pl.String,
        "step_to": pl.String, "one_on_one": pl.Boolean, "ceiling": pl.Int64, "mppr": pl.Boolean,
        "once_a_day": pl.Boolean, "source": pl.String, "checked": pl.Boolean, "first_day": pl.Int32,
        "last_day": pl.Int32, "therapy_list": pl.String, "disciplines": pl.String,
    }  # fmt: skip
    frame = pl.DataFrame([vars(code) for code in shelf.codes.values()], schema=schema)
    return frame.with_columns(pl.when("timed").then("minutes_per_unit").alias("minutes_per_unit"))


def _numbers(shelf: Shelves) -> None:
    """Read every number of the big tables once, so that a spoiled one is refused at loading and not later."""
    for rows, places in ((shelf.relative, 2), (shelf.localities, 3)):
        for row in rows:
            for name in ("work", "practice_expense", "malpractice"):
                row.scaled(name, places)
    for row in shelf.factors:
        row.scaled("dollars", 4)


def faults(shelf: Shelves) -> list[str]:
    """What is wrong with the spans and references of the book: overlaps everywhere, gaps where nothing is carried."""
    found: list[str] = []
    _numbers(shelf)
    for key, values in shelf.values.items():
        found += span_faults(values, gaps=not key.endswith(".ceiling") and not key.startswith(CARRIED))
    found += span_faults(valued(f"relative_values.{row.need('code')}", row, "", "") for row in shelf.relative)
    named = ((f"gpci.{row.need('mac')}.{row.need('locality')}", row) for row in shelf.localities)
    found += span_faults(valued(key, row, "", "") for key, row in named)
    for code in shelf.codes.values():
        if code.step_to and code.step_to not in shelf.codes:
            found.append(f"codes.{code.code} steps to {code.step_to}, which the book lacks.")
    for filing, payer in shelf.filing.items():
        if f"payers.{payer}" not in shelf.values:
            found.append(f"filing.{filing} names the payer {payer}, which the book lacks.")
    return found
