"""Where skilled time went, by clinic and clinician: face to face, counted, countable, not countable, and the dollars.

Minutes are what the notes tell; dollars are the audit's, both ways. People are measured to be helped: they stand side
by side only where at least five are shown, never in an order of worth; one chosen clinician is always shown. A mix
that moves to better paid codes faster than the words do is told: the difference of the two averages, month by month,
by the same cumulative sum as `mixes`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.audit.documented import LEAST
from everyunit.audit.mixes import LEAST_UNITS, first_alarm
from everyunit.ledger import Ledger
from everyunit.rulebook import Book
from everyunit.services.audit import RULE_OF_NOTES
from everyunit.services.held import held
from everyunit.services.home import open_home
from everyunit.services.note_marks import ELEMENTS
from everyunit.services.note_reviews import OPTIONAL, NoteReviews, note_reviews

BY = ("clinician_npi", "clinic")
SIDE_BY_SIDE = 5  # clinicians; fewer are not compared with one another
MINUTES = ("session_minutes", "counted_minutes", "countable_minutes", "not_countable_minutes")
_QUARTER_HOUR = 15


@dataclass(frozen=True)
class SkilledTime:
    """`clinics`, one row a clinic; `people`, one a clinician and clinic, by number, or none where fewer than five
    would stand side by side (`hidden` says how many); `totals` of all; `missing` counts notes without each element;
    `kinds` counts findings where note, record and claim differ, None where the notes were not read for the audit;
    `alarms`: clinicians whose mix outran their words, with the month.

    Rows have notes, the sums of MINUTES, lacking (notes that lack an element), gain_cents, give_back_cents and
    document_cents.
    """

    clinics: list[dict[str, Any]]
    people: list[dict[str, Any]]
    hidden: int
    totals: dict[str, Any]
    missing: list[tuple[str, int]]
    kinds: list[tuple[str, int]] | None
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
    notes = _beside_record(reviews.notes, open_home(home)).join(whose.select("visit_id", *BY), on="visit_id")
    columns = ("visit_id", "kind", "rule", "way", "cents_at_stake", "at_risk_cents")
    ours = state.findings.select(columns).join(whose.select("visit_id", *BY), on="visit_id")
    people = _rows(notes, ours, BY)
    alone = bool(clinician) or people["clinician_npi"].n_unique() >= SIDE_BY_SIDE
    clinics = _rows(notes, ours, ("clinic",))
    totals = clinics.drop("clinic").sum().row(0, named=True) if clinics.height else {}
    found = ours.filter(pl.col("rule") == RULE_OF_NOTES)
    return SkilledTime(
        clinics.to_dicts(), people.to_dicts() if alone else [], 0 if alone else people.height, totals,
        _missing(notes), _counts(found) if state.notes_read else None, _alarms(reviews, whose), notes.height,
    )  # fmt: skip


def _beside_record(notes: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Countable are only minutes that no service of the record takes up, such as an untimed one."""
    services = ledger.scan("services").group_by("visit_id").agg(spent=pl.col("minutes").sum()).collect()
    left = pl.min_horizontal("countable_minutes", pl.col("session_minutes") - pl.col("spent"))
    open_ = pl.when(pl.col("spent").is_null()).then("countable_minutes").when(left >= LEAST).then(left).otherwise(0)
    both = notes.join(services, on="visit_id", how="left").with_columns(open_=open_)
    taken = pl.col("countable_minutes") - pl.col("open_")
    return both.with_columns(
        not_countable_minutes=pl.col("not_countable_minutes") + taken, countable_minutes="open_"
    ).drop("open_", "spent")


def _rows(notes: pl.DataFrame, findings: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    lacks = pl.col("missing").str.split(":").list.set_difference([OPTIONAL, ""]).list.len() > 0
    sums = notes.group_by(*by).agg(pl.len().alias("notes"), pl.col(*MINUTES).sum(), lacking=lacks.sum())
    return sums.join(_money(findings, by), on=list(by), how="left").fill_null(0).sort(by)


def _money(findings: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """Cents to gain, to give back and to document by clinic or clinician."""
    stake = pl.col("cents_at_stake").fill_null(0)
    return findings.group_by(*by).agg(
        gain_cents=stake.filter(pl.col("way") == "gain").sum(),
        give_back_cents=stake.filter(pl.col("way") == "back").sum(),
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
