"""What is owed and open in a home, as of a day: worked out once for each set of files and day, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from everyunit.days import as_day
from everyunit.ledger import Ledger
from everyunit.receivables.aging import collected_by_claim, days_to_pay, owed
from everyunit.receivables.answers import Exchanged, answers, turned_back
from everyunit.receivables.billed import TABLES, billed
from everyunit.receivables.buckets import CENTS, chosen, in_buckets, sorted_reasons
from everyunit.receivables.credits import credits, patient_credits, sooner
from everyunit.receivables.denials import denials
from everyunit.receivables.flow import Flow, flow
from everyunit.receivables.grain import at_grain
from everyunit.receivables.statements import people, statements
from everyunit.receivables.strays import with_strays
from everyunit.receivables.turns import decisions
from everyunit.receivables.underpaid import paid_off
from everyunit.receivables.worth import queue, reliability
from everyunit.rulebook import Book
from everyunit.services.home import open_home
from everyunit.services.inputs import practice_of
from everyunit.services.kept import PACKAGE, kept, version_of
from everyunit.services.receivables import remitted_of
from everyunit.services.today import latest_day

NAMES = (
    "told", "denials", "paid_off", "cases", "queue", "reliability", "owed", "credits", "days_to_pay", "sent", "cash",
    "statements",
)  # fmt: skip


@dataclass(frozen=True)
class Owed:
    """What is kept, by name (NAMES), as of an epoch day. `told` has one row: the sums of all buckets in cents,
    `last_service_day` (of claims sent), `split_day` (of the reliability), `strays` (decisions on claims not in
    force), `unsent` (claims that only remittances tell of)."""

    folder: Path
    as_of: int
    state: str

    def read(self, name: str) -> pl.DataFrame:
        """One of NAMES."""
        return pl.read_parquet(self.folder / f"{name}.parquet")

    def flow(self) -> Flow:
        """What was sent and what came of it."""
        return Flow(self.read("sent"), self.read("cash"))


def owed_of(home: str | Path, on: str = "") -> Owed:
    """Denials, shortfalls, ages and flows of a home at the end of the day `on` (2026-03-12; empty: the latest day of
    any file taken in). UsageError where there is no ledger, or `on` is no date."""
    ledger = open_home(home)
    day = as_day(on) if on else latest_day(ledger) or 0
    until = day if on else None
    folder, version = ledger.derived(f"owed/{day}" if on else "owed"), _version()
    kept(folder, version, NAMES, lambda: _made(ledger, day, until))
    return Owed(folder, day, f"{ledger.fingerprint()} {version} {day}")


def _made(ledger: Ledger, as_of: int, until: int | None) -> Mapping[str, pl.DataFrame]:
    book = Book.load()
    practice = practice_of(ledger)
    charges = billed({name: ledger.scan(name) for name in TABLES}, practice, book, until)
    remitted = remitted_of(ledger)
    charges = with_strays(charges, remitted, ledger.scan("claims"), book, until)
    made = decisions(remitted, charges, until)
    marked = sorted_reasons(made.adjustments, book.reasons)
    best = chosen(made, marked)
    units = at_grain(charges, made, in_buckets(charges, made, best))
    refused = denials(units, made, best, marked, book)
    lines, cases = paid_off(units, best)
    trusted, split = reliability(refused, as_of, book)
    known = flow(charges, made)
    collected = collected_by_claim(ledger.scan("visits"), charges.aliases)
    whose = people(ledger.scan("visits"), _sent_until(ledger, until), charges, collected)
    stated = statements(units, made, best, marked, whose, book.patient_rules(units["kind"].to_list()))
    told = units.select(pl.col("charge_cents").sum(), pl.col(CENTS).sum(), claims=pl.col("root_no").n_unique())
    unsent = charges.lines.filter(pl.col("sent") == 0)["root_no"].n_unique()
    told = told.with_columns(
        strays=pl.lit(made.strays), unsent=pl.lit(unsent), split_day=pl.lit(split, pl.Int64),
        whole=pl.lit(made.whole.height),
        last_service_day=pl.lit(charges.lines.filter(pl.col("sent") > 0)["service_day"].max(), pl.Int64),
    )  # fmt: skip
    return {
        "told": told,
        "denials": refused,
        "paid_off": lines,
        "cases": cases,
        "queue": queue(refused, cases, as_of, book),
        "reliability": trusted,
        "owed": owed(units, refused, lines, collected, as_of, _rejected(ledger, as_of)),
        "credits": sooner(
            credits(units, made, best, lines, as_of, book),
            patient_credits(stated, as_of, practice.patient_refund_days),
        ),
        "days_to_pay": days_to_pay(charges, made, as_of),
        "sent": known.sent,
        "cash": known.cash,
        "statements": stated,
    }  # fmt: skip


def _sent_until(ledger: Ledger, until: int | None) -> pl.LazyFrame:
    """Claims sent up to the end of a day (None: all)."""
    if until is None:
        return ledger.scan("claims")
    made = ledger.scan("transactions").filter(pl.col("created_day").fill_null(0) <= until)
    return ledger.scan("claims").join(made, on=["source_id", "transaction"], how="semi")


def _rejected(ledger: Ledger, as_of: int) -> list[str]:
    """Claims turned back by the answer to their file or to themselves, and never decided since."""
    held = (ledger.scan(name).select(pl.len()).collect().item() for name in ("acknowledgements", "claim_statuses"))
    if not any(held):
        return []
    book = Book.load()
    frames = {name: ledger.scan(name) for name in Exchanged.names()}
    frames["claims"] = turned_back(Exchanged.of(frames), book.claim_statuses)
    found = answers(Exchanged.of(frames), book.claim_statuses, book.waits, as_of)
    back = found.filter((pl.col("answer") == "rejected") & (pl.col("sequence") == "P"))
    return back["claim_id"].to_list()


def _version() -> str:
    files = [*PACKAGE.glob("receivables/*.py"), *PACKAGE.glob("audit/*.py"), Path(__file__)]
    return version_of(files)
