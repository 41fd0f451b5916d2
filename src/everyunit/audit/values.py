"""What each visit earned and was charged, and what was left unjudged."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit import worth
from everyunit.audit.day import MEDICARE, Day
from everyunit.audit.engine import collect, settle
from everyunit.audit.inputs import VISIT_VALUES
from everyunit.audit.pool import REFUSED, UNCOUNTED
from everyunit.frames import conform, polars
from everyunit.rulebook import Book

_AMOUNT = "thresholds.kx_pt_slp"


def values_of(day: Day, has_claims: bool) -> pl.DataFrame:
    """One row a visit in the columns of VISIT_VALUES; payments are left null for the caller to fill."""
    who = nw.coalesce(nw.col("by_visit"), nw.col("on_visit"))
    charged_to = nw.coalesce(nw.col("on_visit"), nw.col("by_visit"))
    rows = day.rows.with_columns(earner=who, charged_to=charged_to)
    lists = (
        rows.filter(nw.col("billed") > 0)
        .group_by("charged_to")
        .agg(nw.col("list_cents").sum().alias("list_charge_cents"))
    )
    parts = [
        worth.by_visit(rows, "earned", "earner", "earned_cents"),
        worth.by_visit(rows, "billed", "charged_to", "charged_cents"),
        lists.select("list_charge_cents", visit_key="charged_to"),
    ]
    made = day.visits
    pools = rows.group_by("pool").agg(nw.col("blocked").max(), nw.col("any_record").max())
    place = day.kept.select("visit_key", "pool", "shut").join(pools, on="pool", how="left").drop("pool")
    for part in (place, *parts):
        made = made.join(part, on="visit_key", how="left")
    return conform(_settled(collect(made, ["visit_id"]), has_claims), VISIT_VALUES)


def _settled(frame: pl.DataFrame, has_claims: bool) -> pl.DataFrame:
    kept, claimed = pl.col("kept"), pl.col("claimed")
    recorded = pl.col("any_record").fill_null(0) == 1
    blocked = pl.col("blocked").fill_null(0) > 0
    shut = pl.col("shut").fill_null(0)
    why = (
        pl.when(~kept).then(pl.lit("not kept"))
        .when(shut == UNCOUNTED).then(pl.lit("no counting rule for that day"))
        .when(shut == REFUSED).then(pl.lit("refused rows"))
        .when(~recorded).then(pl.lit("no services on record"))
        .when(blocked).then(pl.lit("minutes missing or no whole units"))
        .when(~claimed & pl.lit(not has_claims)).then(pl.lit("no claims brought"))
        .when(~claimed).then(pl.lit("no claim"))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    earned = pl.when(recorded & ~blocked & kept & (shut == 0)).then(pl.col("earned_cents"))
    return frame.with_columns(
        why.alias("why_not"),
        (why == "").alias("judged"),
        earned.alias("earned_cents"),
        pl.when(claimed).then("charged_cents").otherwise(0).alias("charged_cents"),
        pl.col("list_charge_cents").fill_null(0),
        pl.when(pl.col("claim_id").fill_null("") == "")
        .then("claim_in_force")
        .otherwise("claim_id")
        .alias("claim_id"),
    )


def counts_of(day: Day, book: Book) -> dict[str, int]:
    """What was not judged and why: claims without a visit, days outside the book, codes it does not know."""
    winners = day.charges.winners
    seen = day.visits.filter(nw.col("kept")).select("root", "service_day").unique()
    loose = settle(winners.join(seen, on=["root", "service_day"], how="anti"))
    missed = day.visits.filter(~nw.col("kept")).select("root", "service_day").unique()
    stray = loose.join(missed, on=["root", "service_day"], how="anti")
    unkept = loose.join(missed, on=["root", "service_day"], how="inner")
    outside = day.kept.filter(nw.col("tariff") < 0)
    unknown = day.rows.filter(~nw.col("known"))
    national = day.kept.filter((nw.col("place") == 0) & (nw.col("fee_table") < 0))
    undeclared = {terms.id or terms.name for terms in day.terms.named if not terms.declared}
    return {
        "claim_days_without_a_kept_visit": _rows(stray),
        "claims_that_charge_visits_not_kept": _rows(unkept),
        "claims_set_aside_as_sent_again": day.charges.resent,
        "replacements_whose_original_is_not_known": day.charges.standing.orphans,
        "visits_on_days_outside_the_book": _rows(outside),
        "medicare_visits_on_days_without_a_kx_amount": _rows(_without_amount(day, book)),
        "services_and_lines_with_codes_the_book_does_not_know": _rows(unknown),
        "visits_priced_at_the_national_rate": _rows(national),
        "payers_without_terms_of_their_own": len(undeclared),
    }


def _without_amount(day: Day, book: Book) -> nw.LazyFrame[Any]:
    """Kept visits of Medicare on days that have fees and no KX amount: the book waits for the year's notice."""
    dated = polars(day.kept.filter(nw.col("tariff") >= 0).select("service_day").unique())["service_day"].to_list()
    bare = [one for one in dated if not any(value.holds(one) for value in book.shelf.values[_AMOUNT])]
    filing = dict(day.charges.standing.payers.iter_rows())
    ours = [
        number for number, terms in enumerate(day.terms.named)
        if book.payer_kind(terms.name, filing.get(terms.id, "")) in MEDICARE
    ]  # fmt: skip
    return day.kept.filter(nw.col("service_day").is_in(bare), nw.col("payer_no").is_in(ours))


def together_of(day: Day) -> pl.DataFrame:
    """visit_id, first_id of the kept visits that share patient, day and payer with another."""
    several = day.kept.filter(nw.col("visit_key") > nw.col("scope")).select("scope").unique()
    shared = day.kept.join(several, on="scope", how="inner").select("visit_id", "scope")
    firsts = day.kept.select(scope="visit_key", first_id="visit_id")
    return collect(shared.join(firsts, on="scope", how="inner").select("visit_id", "first_id"), ["visit_id"])


def _rows(frame: nw.LazyFrame[Any]) -> int:
    return int(polars(frame.select(nw.len().alias("rows")))["rows"][0])
