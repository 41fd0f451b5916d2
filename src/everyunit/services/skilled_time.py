"""Where skilled time went, by clinician and clinic: face to face, counted, countable, not countable, and the dollars.

Minutes are what the notes tell; dollars are the audit's, both ways. A mix that moves to better paid codes faster than
the words do is told: the difference of the two averages, month by month, by the same cumulative sum as `mixes`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.audit.mixes import LEAST_UNITS, first_alarm
from everyunit.rulebook import Book
from everyunit.services.held import held
from everyunit.services.note_marks import ELEMENTS
from everyunit.services.note_reviews import NoteReviews, note_reviews

BY = ("clinician_npi", "clinic")

MINUTES = ("session_minutes", "counted_minutes", "countable_minutes", "not_countable_minutes")
_QUARTER_HOUR = 15


@dataclass(frozen=True)
class SkilledTime:
    """`rows`, one a clinician and clinic; `totals` of all; `missing` counts notes without each element; `kinds`
    counts disagreements of note and claim; `alarms`: clinicians whose mix outran their words, with the month."""

    rows: list[dict[str, Any]]
    totals: dict[str, Any]
    missing: list[tuple[str, int]]
    kinds: list[tuple[str, int]]
    alarms: list[dict[str, Any]]
    notes: int


def skilled_time(
    home: str | Path, clinic: str = "", clinician: str = "", say: Callable[[str], None] | None = None,
    patient: bool = True,
) -> SkilledTime:  # fmt: skip
    """The ledger of skilled time. Raises UsageError as `note_reviews` does, NotJudged where there is no audit."""
    state, reviews = held(home), note_reviews(home, say, patient)
    whose = reviews.whose.with_columns(pl.col(name).fill_null("") for name in BY)
    if clinic:
        whose = whose.filter(pl.col("clinic") == clinic)
    if clinician:
        whose = whose.filter(pl.col("clinician_npi") == clinician)
    notes = reviews.notes.join(whose.select("visit_id", *BY), on="visit_id")
    sums = notes.group_by(*BY).agg(pl.len().alias("notes"), pl.col(*MINUTES).sum())
    money = _money(state.findings, whose)
    found = reviews.findings.join(whose.select("visit_id", *BY), on="visit_id")
    differ = found.group_by(*BY).agg(pl.len().alias("differ"))
    rows = sums.join(money, on=list(BY), how="left").join(differ, on=list(BY), how="left").fill_null(0)
    rows = rows.sort("countable_minutes", "session_minutes", descending=True)
    totals = rows.drop(BY).sum().row(0, named=True) if rows.height else {}
    return SkilledTime(
        rows.to_dicts(), totals, _missing(notes), _counts(found), _alarms(reviews, whose), notes.height
    )


def _money(findings: pl.DataFrame, whose: pl.DataFrame) -> pl.DataFrame:
    """Cents to gain, to give back and to document by clinician and clinic."""
    ours = findings.select("visit_id", "way", "cents_at_stake", "at_risk_cents").join(
        whose.select("visit_id", *BY), on="visit_id"
    )
    stake = pl.col("cents_at_stake").fill_null(0)
    return ours.group_by(*BY).agg(
        gain_cents=stake.filter(pl.col("way") == "gain").sum(),
        back_cents=stake.filter(pl.col("way") == "back").sum(),
        document_cents=pl.col("at_risk_cents").fill_null(0).filter(pl.col("way") == "document").sum(),
    )


def _missing(notes: pl.DataFrame) -> list[tuple[str, int]]:
    counts = notes.select(pl.col("missing").str.split(":").list.explode().alias("name")).group_by("name").len()
    held_ = dict(counts.iter_rows())
    return [(words, held_.get(name, 0)) for name, words in ELEMENTS.items()]


def _counts(found: pl.DataFrame) -> list[tuple[str, int]]:
    return [(kind, number) for kind, number in found.group_by("kind").len().sort("len", descending=True).iter_rows()]


def _alarms(reviews: NoteReviews, whose: pl.DataFrame) -> list[dict[str, Any]]:
    """Clinicians whose billed mix rose against the mix that their words carry, with the month it stands out."""
    prices = Book.load().prices().filter((pl.col("mac") == "") & (pl.col("locality") == ""))
    latest = prices.sort("first_day").unique("code", keep="last").select("code", price="reduced_cents")
    timed = Book.load().codes().filter("timed").select("code")
    rows = reviews.codes.join(latest, on="code").join(timed, on="code", how="semi")
    rows = rows.join(whose.select("visit_id", "service_day", "clinician_npi", "discipline"), on="visit_id")
    month = pl.col("service_day").cast(pl.Int32).cast(pl.Date).dt.truncate("1mo")
    units, words = pl.col("billed_units"), pl.col("minutes").fill_null(0)
    months = rows.group_by("clinician_npi", "discipline", month=month).agg(
        units=units.sum(), billed=(units * pl.col("price")).sum(), minutes=words.sum(),
        said=(words * pl.col("price")).sum(),
    ).filter((pl.col("units") >= LEAST_UNITS) & (pl.col("minutes") >= LEAST_UNITS * _QUARTER_HOUR // 2))  # fmt: skip
    made = []
    for (npi, discipline), part in months.sort("month").group_by("clinician_npi", "discipline", maintain_order=True):
        figures = part.rows(named=True)
        apart = [row["billed"] / row["units"] - row["said"] / row["minutes"] for row in figures]
        level = sum(row["said"] / row["minutes"] for row in figures) / max(len(figures), 1)
        at = first_alarm([level + difference for difference in apart])
        if at is not None:
            made.append(
                {"clinician_npi": npi, "discipline": discipline, "month": figures[at]["month"].isoformat()[:7]}
            )
    return sorted(made, key=lambda row: (row["month"], row["clinician_npi"]))
