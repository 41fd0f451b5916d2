"""Performed and billed side by side: counted by the payer's rule and priced, before any verdict."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit import pool, steps, timed, untimed, worth
from everyunit.audit.charges import Charges, Standing, charges_in_force
from everyunit.audit.day import Day
from everyunit.audit.engine import settle
from everyunit.audit.inputs import Inputs
from everyunit.audit.terms import Terms, terms_of
from everyunit.audit.units import allot, code_shelf
from everyunit.frames import polars
from everyunit.rulebook import Book, Practice


def compare(
    inputs: Inputs, practice: Practice, book: Book, standing: Standing | None = None, charges: Charges | None = None
) -> Day:
    """Performed and billed side by side, counted and priced: everything but the verdict.

    `charges` are those in force of the claims in `inputs`, where the caller has them.
    """
    charges = charges or charges_in_force(inputs, standing)
    shelf = shelf_of(inputs, charges, book)
    pairs = steps.pairs(shelf, shelf.filter("occurs")["rank"])
    visits = settle(pool.visits_of(inputs, charges))
    terms = _terms(visits, charges, practice, book, shelf)
    kept = settle(pool.pooled(visits, terms))
    reps = kept.filter(nw.col("visit_key") == nw.col("pool"))
    reps = reps.select("pool", "scope", "cms", "tariff", "claimed", "lane", "service_day", "shut")
    items = pool.items(inputs, charges, kept, shelf, pairs).join(reps, on="pool", how="inner")
    items = settle(untimed.on_its_day(items, _moved(shelf, book)))
    rows = settle(worth.priced(_earned(items, pairs), terms))
    return Day(visits, kept, rows, charges, terms, shelf)


def shelf_of(inputs: Inputs, charges: Charges, book: Book) -> pl.DataFrame:
    """The book's codes and every other code that occurs (known: false), ranked by code. `occurs`: it does."""
    seen = [polars(frame.select("code").unique()) for frame in (inputs.frame("services"), charges.lines)]
    occurring = {code for frame in seen for code in frame["code"].to_list() if code is not None}
    shelf = _ranked(book, tuple(sorted(occurring - book.codes_by_number.keys())))
    return shelf.with_columns(pl.col("code").is_in(sorted(occurring)).alias("occurs"))


@lru_cache(maxsize=8)
def _ranked(book: Book, unknown: tuple[str, ...]) -> pl.DataFrame:
    codes = book.codes()
    strange = pl.DataFrame({"code": unknown}, schema={"code": pl.String})
    shelf = code_shelf(pl.concat([codes, strange], how="diagonal").with_columns(pl.col("timed").fill_null(False)))
    facts = codes.select("code", "ceiling", "label", known=pl.lit(True))
    return shelf.join(facts, on="code", how="left", maintain_order="left").with_columns(
        pl.col("known").fill_null(False),
        pl.col("label").fill_null(""),
        untimed.allowed().alias("allowed"),
        monthly=pl.col("code").is_in(sorted(book.monthly)),
    )


def _moved(shelf: pl.DataFrame, book: Book) -> pl.DataFrame:
    """rank, from_day, to_day, of_day: units of untimed codes that may stand on a day, where tables differ."""
    occurring = shelf.filter("occurs", ~pl.col("timed")).select("code", "rank")
    spans = book.ceilings.join(occurring, on="code").filter(pl.col("ceiling").n_unique().over("code") > 1)
    first = pl.col("from_day") == pl.col("from_day").min().over("code")
    return spans.select(
        "rank", "to_day", from_day=pl.when(first).then(0).otherwise("from_day"), of_day=untimed.allowed()
    )


def _terms(visits: nw.LazyFrame[Any], charges: Charges, practice: Practice, book: Book, shelf: pl.DataFrame) -> Terms:
    kept = visits.filter(nw.col("kept"))
    payers = polars(kept.select("payer_id", "payer_name").unique())
    clinics = polars(kept.select("clinic").unique())["clinic"].to_list()
    days = polars(kept.select("service_day").unique())["service_day"].to_list()
    filing = dict(charges.standing.payers.iter_rows())
    return terms_of(payers, clinics, days, filing, practice, book, shelf)


def _earned(items: nw.LazyFrame[Any], pairs: steps.Pairs) -> nw.LazyFrame[Any]:
    """Adds earned, tie, recorded, the sums of the pool and the verdicts on timed codes."""
    by_time = allot(items.filter(nw.col("timed")), ["pool", "family"], pairs)
    others = items.filter(~nw.col("timed")).with_columns(
        earned=untimed.supported(), tie=nw.lit(False), add_on=nw.lit(False)
    )
    rows = nw.concat([by_time, others.select(by_time.collect_schema().names())], how="vertical")
    return rows.with_columns(recorded=timed.recorded()).with_columns(*timed.sums()).with_columns(**timed.verdicts())
