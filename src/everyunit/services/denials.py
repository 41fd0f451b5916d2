"""Denials and underpayments as work: what to do first, for whom, by when, and what may be dropped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.days import iso
from everyunit.receivables.worth import settled
from everyunit.rulebook import Book
from everyunit.services.open_items import OpenItems, open_items

Row = dict[str, Any]
DAYS = ("service_day", "first_day", "last_day", "deadline_day", "resent_day", "worked_day", "settled_day",
        "first_paid_day", "last_paid_day", "paid_day", "asked_day", "due_day", "noticed_day", "sent_day")  # fmt: skip
FILTERS = ("payer_id", "owner_role", "cause", "advice")


@dataclass(frozen=True)
class Denials:
    """`queue` in the order of work, each item with `cause_cases`: settled cases of its cause, of any payer; where
    that is 0 the chance is the survey's, which `survey` words. `totals` and `by` (cause, owner_role, payer_id,
    state) in cents; `cases` of what a payer pays off; `reliability` of the chances. Days are epoch days."""

    as_of: int
    totals: Row
    queue: list[Row]
    denials: list[Row]
    by: dict[str, list[Row]]
    cases: list[Row]
    credits: list[Row]
    reliability: list[Row]
    split_day: int | None
    survey: str

    def as_dict(self) -> Row:
        """For machines: days as 2026-03-12."""
        named = {name: getattr(self, name) for name in ("totals", "by")}
        lists = ("queue", "denials", "cases", "credits", "reliability")
        split = None if self.split_day is None else iso(self.split_day)
        told = {name: [with_days(row) for row in getattr(self, name)] for name in lists}
        for row in told["queue"]:
            row["work_minutes"] = row.pop("minutes")
        return {"as_of": iso(self.as_of), **named, "reliability_split_day": split, "survey": self.survey, **told}


def denials(home: str | Path, on: str = "", **narrow: str) -> Denials:
    """Denials of a home as of a day. `narrow` keeps the queue to one payer_id, owner_role, cause or advice."""
    held, book = open_items(home, on), Book.load()
    kept, every, listed = held.kept, held.denials, _taught(held, book)
    waiting = every.filter(pl.col("state") == "waiting").with_columns(advice=pl.lit(""))
    for name, value in narrow.items():
        if value:
            listed, waiting = listed.filter(pl.col(name) == value), waiting.filter(pl.col(name) == value)
    cases = held.cases
    split = kept.read("told")["split_day"].item()
    return Denials(
        as_of=kept.as_of,
        totals=_totals(held, every, listed, cases) | _parts(listed, waiting),
        queue=listed.to_dicts(),
        denials=every.to_dicts(),
        by={name: _by(every, name) for name in ("cause", "owner_role", "payer_id", "state")},
        cases=cases.to_dicts(),
        credits=kept.read("credits").to_dicts(),
        reliability=kept.read("reliability").to_dicts(),
        split_day=split,
        survey=_survey(book),
    )


def _taught(held: OpenItems, book: Book) -> pl.DataFrame:
    """The queue with `cause_cases`."""
    cases = settled(held.history, held.kept.as_of, book).group_by("cause").agg(pl.len().alias("cause_cases"))
    joined = held.queue.join(cases, on="cause", how="left", maintain_order="left")
    return _named(joined, held.lines).with_columns(pl.col("cause_cases").fill_null(0))


def _named(listed: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The queue, a case of one claim under the number of that claim."""
    alone = lines.group_by(pl.col("case_id").alias("item_id")).agg(
        pl.col("claim_id").first().alias("number"), pl.col("claim_id").n_unique().alias("claims")
    ).filter(pl.col("claims") == 1).drop("claims")  # fmt: skip
    met = listed.join(alone, on="item_id", how="left", maintain_order="left")
    short = pl.col("direction") == "underpaid"
    return met.with_columns(
        claim_id=pl.when(short).then(pl.coalesce("number", "claim_id")).otherwise("claim_id")
    ).drop("number")


def _survey(book: Book) -> str:
    """What the book says of the chance before the practice has cases, and where it stands."""
    value = book.shelf.values["work.prior_overturned"][-1]
    return f"{value.value} of 100 ({value.source}{'' if value.checked else '; not checked at its source'})"


def _parts(listed: pl.DataFrame, waiting: pl.DataFrame) -> Row:
    """What is open (denials and shortfalls), and its parts, which add up to it: each with a count and what is at
    risk. Items without a price count as nothing in cents; `unpriced` says how many there are."""
    parts = {name: listed.filter(pl.col("advice") == name) for name in ("work", "drop", "late")}
    parts["waiting"] = waiting
    items = {f"{name}_items": rows.height for name, rows in parts.items()}
    cents = {f"{name}_at_risk_cents": _sum(rows, "at_risk_cents") for name, rows in parts.items()}
    return items | cents | {
        "whole_items": sum(items.values()), "whole_at_risk_cents": sum(cents.values()),
        "short_items": listed.filter(pl.col("direction") == "underpaid").height,
        "unpriced": sum(int(rows["at_risk_cents"].null_count()) for rows in parts.values()),
    }  # fmt: skip


def _totals(held: OpenItems, every: pl.DataFrame, listed: pl.DataFrame, cases: pl.DataFrame) -> Row:
    told = held.kept.read("told").row(0, named=True)
    work = listed.filter(pl.col("advice") == "work")
    drop = listed.filter(pl.col("advice") == "drop")
    off = cases.group_by("direction").agg(pl.col("off_cents").sum(), pl.col("claims").sum())
    by_way = {row["direction"]: row for row in off.to_dicts()}
    still = every.filter(pl.col("state").is_in(["open", "waiting"]))
    return {
        "claims": told["claims"], "decisions_on_claims_not_in_force": told["strays"],
        "claims_not_brought": told["unsent"],
        "claims_read_as_a_whole": told["whole"],
        "buckets": {name: cents for name, cents in told.items() if name.endswith("_cents")},
        "open": still.height, "at_risk_cents": _sum(still, "at_risk_cents"),
        "overturned": every.filter(pl.col("state") == "overturned").height,
        "recovered_cents": _sum(every, "recovered_cents"),
        "preventable_cents": _sum(still.filter("preventable"), "at_risk_cents"),
        "listed": listed.height, "to_work": work.height, "expected_cents": _sum(work, "expected_cents"),
        "work_minutes": _sum(work, "minutes"),
        "to_drop": drop.height, "dropped_cents": _sum(drop, "expected_cents"),
        "saved_cents": _sum(drop, "cost_cents"),
        "late": listed.filter(pl.col("advice") == "late").height,
        "written_off_cents": int(held.owed["written_off_cents"].sum()),
        "underpaid_cents": -int(by_way.get("underpaid", {}).get("off_cents", 0)),
        "overpaid_cents": int(by_way.get("overpaid", {}).get("off_cents", 0)),
    }  # fmt: skip


def _by(every: pl.DataFrame, name: str) -> list[Row]:
    rows = every if name == "state" else every.filter(pl.col("state").is_in(["open", "waiting"]))
    sums = rows.group_by(name).agg(
        pl.len().alias("items"), pl.col("at_risk_cents").sum(), pl.col("denied_cents").sum()
    )
    return sums.sort("at_risk_cents", "items", name, descending=[True, True, False]).to_dicts()


def _sum(rows: pl.DataFrame, name: str) -> int:
    return int(rows[name].fill_null(0).sum())


def with_days(row: Row) -> Row:
    """A row whose epoch days are dates in text."""
    return {name: iso(value) if name in DAYS and value is not None else value for name, value in row.items()}
