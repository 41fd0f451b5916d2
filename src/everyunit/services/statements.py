"""Statement lines: what each patient owes after the payers answered, and whether the practice may ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.days import iso
from everyunit.errors import UsageError
from everyunit.frames import polars
from everyunit.measures.gates import with_way
from everyunit.receivables.given_back import HELD, held_back
from everyunit.receivables.statements import ASKED, STATEMENTS
from everyunit.services.audit import audit
from everyunit.services.open_items import open_items
from everyunit.services.plain_csv import plain_csv

Row = dict[str, Any]
DAYS = ("service_day", "decided_day")
SHOWN = ("deductible", "coinsurance", "copay", "other", "refused", "collected", "ahead", "owed")


@dataclass(frozen=True)
class Statements:
    """`lines` (STATEMENTS) of one patient or of all, `patients` (patient_id, lines, visits, owed_cents, oldest_day),
    the largest balance first; `totals` in cents. Days are epoch days. No names: the numbers of visits.csv."""

    as_of: int
    lines: pl.DataFrame
    patients: list[Row]
    totals: Row

    def as_dict(self) -> Row:
        """For machines: days as 2026-03-12."""
        patients = [{**row, "oldest_day": _iso(row["oldest_day"])} for row in self.patients]
        lines = [{**row, **{name: _iso(row[name]) for name in DAYS}} for row in self.lines.to_dicts()]
        return {"as_of": iso(self.as_of), "totals": self.totals, "patients": patients, "lines": lines}

    def as_csv(self) -> bytes:
        """The lines as a table for a statement program: amounts in dollars with a point, days as 2026-03-12."""
        return plain_csv(STATEMENTS.names, self.lines.iter_rows(named=True))


def statements(home: str | Path, on: str = "", patient: str = "") -> Statements:
    """The statement lines of a home as of a day, held where the audit asks units of the line back (the home is judged
    where it was not). UsageError where there is no ledger, or no line of that patient."""
    held = open_items(home, on)
    kept, lines = held.kept, held.statements
    if patient:
        lines = lines.filter(pl.col("patient_id") == patient)
        if lines.is_empty():
            raise UsageError(
                "No line of that patient is open.", remedy="Give the patient's number as it stands in visits.csv."
            )
    asked = held_back(lines, _given_back(home))
    waits = int(lines["owed_cents"].sum()) - int(asked["owed_cents"].sum())
    held_lines = asked.filter(pl.col("asked") == HELD).height
    totals = _totals(asked) | {"held_cents": waits, "held_lines": held_lines}
    return Statements(kept.as_of, asked, _patients(asked), totals)


def _given_back(home: str | Path) -> pl.DataFrame:
    return with_way(audit(home).findings).pipe(polars).filter(pl.col("way") == "back")


def _patients(lines: pl.DataFrame) -> list[Row]:
    due = lines.filter(pl.col("owed_cents") > 0)
    sums = due.group_by("patient_id").agg(
        pl.len().alias("lines"), pl.col("claim_id").n_unique().alias("visits"), pl.col("owed_cents").sum(),
        pl.col("service_day").min().alias("oldest_day"),
    )  # fmt: skip
    return sums.sort("owed_cents", "patient_id", descending=[True, False]).to_dicts()


def _totals(lines: pl.DataFrame) -> Row:
    share = pl.sum_horizontal(f"{name}_cents" for name in ("deductible", "coinsurance", "copay", "other"))
    left = pl.max_horizontal(0, share - pl.col("collected_cents"))
    held = {
        f"{asked}_cents": int(lines.filter(pl.col("asked") == asked).select(left.sum()).item())
        for asked in ASKED if asked != "patient"
    }  # fmt: skip
    sums = {f"{name}_cents": int(lines[f"{name}_cents"].sum()) for name in SHOWN}
    may = lines.filter(pl.col("refused_asked") == "patient")["refused_cents"].sum()
    due = lines.filter(pl.col("owed_cents") > 0)
    return {
        "patients": due["patient_id"].n_unique(), "lines": due.height, **sums, **held,
        "refused_may_be_asked_cents": int(may),
    }  # fmt: skip


def _iso(day: int | None) -> str | None:
    return None if day is None else iso(day)
