"""Receivables by age: who owes what is really owed, where it waits, what may have to go back, how payers pay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.days import iso
from everyunit.frames import polars
from everyunit.measures.gates import with_way
from everyunit.receivables.aging import AGES, GATES, by_age
from everyunit.receivables.credits import CREDITS, PATIENT
from everyunit.rulebook import Book
from everyunit.services.denials import with_days
from everyunit.services.home import open_home
from everyunit.services.inputs import practice_of
from everyunit.services.open_items import open_items
from everyunit.services.plain_csv import plain_csv

__all__ = ["AGES", "CLOCK_WORDS", "Aging", "aging"]
Row = dict[str, Any]
CLOCK_WORDS = {
    "law": "60 days, 42 CFR 401.305",
    "guide": "the contract says by when; 60 days as a guide",
    "practice": "by practice.toml (patient_refund_days)",
    "state": "the state's law says by when; patient_refund_days of practice.toml would date it",
}


@dataclass(frozen=True)
class Aging:
    """Owed cents by payer, clinic and gate and by age, as of an epoch day; `claims` are the rows behind it,
    `written_off` what was written off by payer and gate, `credits` what may have to go back, to payers and patients.

    What patients owe stands apart in `patient`: payments of patients beyond the visits are in no file.
    `findings_back_cents` is what the audit's findings give back, beside the credits (None: not judged).
    `charge_less_paid_cents` is the figure that this one is not. `refund_days` are the practice's own for patients'
    credits (0: not told); `clock_checked` says whether the 60 days of payers' credits were seen at their source.
    """

    as_of: int
    totals: Row
    by_gate: list[Row]
    by_payer: list[Row]
    by_clinic: list[Row]
    patient: list[Row]
    credits: list[Row]
    days_to_pay: list[Row]
    claims: pl.DataFrame
    written_off: list[Row]
    refund_days: int
    clock_checked: bool

    def as_dict(self, claims: bool = True) -> Row:
        """For machines: days as 2026-03-12."""
        names = ("totals", "by_gate", "by_payer", "by_clinic", "patient", "days_to_pay", "written_off")
        made: Row = {"as_of": iso(self.as_of)} | {name: getattr(self, name) for name in names}
        for name in ("by_gate", "by_payer", "by_clinic", "patient"):
            made[name] = [_suffixed(row) for row in made[name]]
        made["patient_refund_days"], made["clock_checked"] = self.refund_days or None, self.clock_checked
        made["credits"] = [with_days(row) for row in self.credits]
        return made | ({"claims": [with_days(row) for row in self.claims.to_dicts()]} if claims else {})

    def credits_csv(self) -> bytes:
        """The credits with their clocks as a table: patients' numbers, no names."""
        return plain_csv(CREDITS.names, self.credits)


def aging(home: str | Path, on: str = "", *, payer_id: str = "", clinic: str = "") -> Aging:
    """The receivables of a home as of a day, of one payer or clinic where named."""
    held = open_items(home, on)
    kept, rows = held.kept, held.owed
    credits = kept.read("credits")
    for name, value in (("payer_id", payer_id), ("clinic", clinic)):
        if value:
            rows, credits = rows.filter(pl.col(name) == value), credits.filter(pl.col(name) == value)
    patients = credits.filter(pl.col("kind") == PATIENT)
    written = rows.filter(pl.col("written_off_cents") > 0)
    rows = rows.filter((pl.col("owed_cents") != 0) | pl.col("owed_cents").is_null())
    payers = rows.filter(pl.col("gate") != "patient")
    told = kept.read("told").row(0, named=True)
    old = payers.filter(pl.col("age").is_in(AGES[3:]))["owed_cents"].fill_null(0).sum()
    owed_cents = int(payers["owed_cents"].fill_null(0).sum())
    totals: dict[str, int | None] = {
        "owed_cents": owed_cents, "claims": payers["claim_id"].n_unique(), "over_90_cents": int(old),
        "unpriced": int(payers["owed_cents"].null_count()),
        "patient_cents": int(rows.filter(pl.col("gate") == "patient")["owed_cents"].fill_null(0).sum()),
        "written_off_cents": int(written["written_off_cents"].sum()),
        "credit_cents": int(credits["credit_cents"].sum()), "credits": credits.height,
        "patient_credit_cents": int(patients["credit_cents"].sum()), "patient_credits": patients.height,
        "open_charge_cents": int(payers["open_charge_cents"].sum()), **_to_give_back(home, payer_id, clinic),
    }  # fmt: skip
    unpaid = told["charge_cents"] - told["primary_paid_cents"] - told["secondary_paid_cents"]
    totals["charge_less_paid_cents"] = None if payer_id or clinic else unpaid
    gates = {row["gate"]: row for row in by_age(payers, "gate")}
    patient = by_age(rows.filter(pl.col("gate") == "patient"), "gate")
    ordered = [gates[gate] for gate in GATES if gate in gates]
    return Aging(
        kept.as_of, totals, ordered, _named(payers), by_age(payers, "clinic"), patient, credits.to_dicts(),
        kept.read("days_to_pay").to_dicts(), rows, _written(written),
        practice_of(open_home(home)).patient_refund_days, _clock_checked(),
    )  # fmt: skip


def _suffixed(row: Row) -> Row:
    """Cents of an age under a name for machines: 0-30 as age_0_30_cents."""
    return {f"age_{re.sub('[- ]', '_', name)}_cents" if name in AGES else name: row[name] for name in row}


def _to_give_back(home: str | Path, payer_id: str, clinic: str) -> dict[str, int | None]:
    """Cents and number of the audit's findings to give back, which are no credits; None where it was not judged."""
    path = open_home(home).derived() / "findings.parquet"
    if not path.is_file():
        return {"findings_back_cents": None, "findings_back": None}
    rows = with_way(pl.scan_parquet(path)).to_native().filter(pl.col("way") == "back")
    for name, value in (("payer_id", payer_id), ("clinic", clinic)):
        rows = rows.filter(pl.col(name) == value) if value else rows
    sums = rows.select(-pl.col("cents_at_stake").fill_null(0).sum(), number=pl.len())
    cents, number = sums.pipe(polars).row(0)
    return {"findings_back_cents": int(cents), "findings_back": int(number)}


def _clock_checked() -> bool:
    """Whether the 60 days were seen at their source."""
    return bool(Book.load().shelf.values["thresholds.overpayment"][-1].checked)


def _written(rows: pl.DataFrame) -> list[Row]:
    """Cents written off by payer and gate, the largest first."""
    sums = rows.group_by("payer_id", "gate").agg(
        pl.col("payer_name").first(), pl.len().alias("claims"), pl.col("written_off_cents").sum()
    )
    return sums.sort("written_off_cents", "payer_id", "gate", descending=[True, False, False]).to_dicts()


def _named(rows: pl.DataFrame) -> list[Row]:
    names = dict(rows.select("payer_id", "payer_name").unique("payer_id").iter_rows())
    return [{**row, "payer_name": names[row["payer_id"]]} for row in by_age(rows, "payer_id")]
