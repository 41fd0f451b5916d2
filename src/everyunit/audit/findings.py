"""Verdicts as rows: whose they are, what they say, what they are worth, and a name that stays."""

from __future__ import annotations

import hashlib

import narwhals as nw
import polars as pl

from everyunit.audit import wording
from everyunit.audit.day import Day
from everyunit.audit.engine import bring
from everyunit.audit.inputs import FINDINGS
from everyunit.audit.pool import IN_GROUP
from everyunit.days import iso, words
from everyunit.frames import conform, polars
from everyunit.rulebook import Book, PayerTerms, Practice
from everyunit.rulebook.filing import filing_limit
from everyunit.rulebook.uses import unchecked

_NAMED = ("named", "claim_says", "claim_day")
FEDERAL = ("MA", "MB", "MC", "CH", "VA", "OF", "TV")  # Medicare, Medicaid, TRICARE, veterans, other federal
AT_RISK = ("not_recorded", "minutes_missing")


def findings_of(
    day: Day, codes: pl.DataFrame, missed: pl.DataFrame | None, book: Book, practice: Practice, sent: bool = True,
    reaches: int | None = None,
) -> pl.DataFrame:  # fmt: skip
    """All findings in the columns of FINDINGS, sorted by visit, code and kind; `sent`: the claims have gone out."""
    parts = [_of_codes(day, codes)]
    if missed is not None:
        parts.append(_of_visits(missed))
    rows = pl.concat(parts, how="diagonal")
    rows = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in _NAMED if name not in rows.columns)
    if rows.is_empty():
        return FINDINGS.empty()
    rows = _with_visits(day, rows)
    rows = _with_filing(day, _with_kinds(_with_terms(day, rows), book), book, practice, reaches)
    alone = [code for code, held in book.codes_by_number.items() if held.timed and not held.pool]
    rows = rows.with_columns(alone=pl.col("code").is_in(alone), further=_further(book))
    rows = wording.told(_with_claims(day, _with_minutes(day, rows)), sent)
    rows = rows.with_columns(pl.col("checked") & ~unchecked(book.shelf))
    names = [
        hashlib.sha256("\n".join(key).encode()).hexdigest()[:16]
        for key in rows.select("visit_id", "code", "kind").iter_rows()
    ]
    dates = {number: iso(number) for number in rows["service_day"].unique()}
    rows = rows.with_columns(
        pl.Series("finding_id", names, pl.String),
        pl.col("service_day").replace_strict(dates, return_dtype=pl.String).alias("date_of_service"),
    )
    return conform(rows, FINDINGS).sort("visit_id", "code", "kind")


def _further(book: Book) -> pl.Expr:
    """The code for time beyond the first period, where the count does not step to it by itself."""
    bases = book.traits.filter(pl.col("trait") == "base")
    held = {base: code for code, base in bases.select("code", "value").rows()}
    own = {code: held[code] for code, known in book.codes_by_number.items() if code in held and not known.step_to}
    own = {code: more for code, more in own.items() if book.codes_by_number[code].timed}
    return pl.col("code").replace_strict(own, default=None, return_dtype=pl.String)


def _of_codes(day: Day, codes: pl.DataFrame) -> pl.DataFrame:
    rows = codes.join(day.shelf.select("rank", "code", "label"), on="rank", how="left")
    gains = (pl.col("target") > pl.col("billed")) & (pl.col("kind") == "units_misallocated")
    heir = pl.col("code").filter(gains).min().over("pool")
    bears = pl.when(gains & (pl.col("code") == heir)).then("pool_cents").otherwise(0)
    at_risk = pl.col("kind").is_in(AT_RISK)
    given_back = pl.col("cents").filter(pl.col("kind") == "untimed_repeated").first().over("pool", "rank")
    cents = pl.when(at_risk).then(0).when(pl.col("kind") == "units_misallocated").then(bears).otherwise("cents")
    return rows.with_columns(
        pl.lit(False).alias("unknown"),
        cents.alias("cents_at_stake"),
        pl.when(at_risk).then(given_back.fill_null(0) - pl.col("cents")).otherwise(0).alias("at_risk_cents"),
        pl.col("billed").alias("billed_units"),
        pl.when(at_risk & (pl.col("kind") == "minutes_missing")).then(None)
        .when(pl.col("kind") == "untimed_repeated").then("target")
        .otherwise("earned").alias("earned_units"),
        pl.when(pl.col("billed") > 0).then("line").alias("line"),
    )  # fmt: skip


def _of_visits(missed: pl.DataFrame) -> pl.DataFrame:
    shut = pl.col("shut") > 0
    return missed.select(
        (pl.col("unknown").fill_null(0) > 0).alias("unknown"),
        "pool", "blocked", "any_record", "visit_key", "shut", "named", "claim_says", "claim_day",
        pl.lit("visit_not_billed").alias("kind"), pl.lit("").alias("code"), pl.lit("").alias("label"),
        pl.lit(0, pl.Int64).alias("billed_units"),
        pl.when(~shut).then(pl.col("earned").fill_null(0)).alias("earned_units"),
        pl.when(shut).then(None).when(pl.col("earned").fill_null(0) == 0).then(0)
        .otherwise("cents").alias("cents_at_stake"),
        pl.lit(0, pl.Int64).alias("at_risk_cents"),
    )  # fmt: skip


def _with_visits(day: Day, rows: pl.DataFrame) -> pl.DataFrame:
    """Names the visit whose claim bills the code (of several the one that recorded it), else the recorder."""
    if "on_visit" not in rows.columns:
        rows = rows.with_columns(on_visit=pl.lit(None, pl.Int64), by_visit=pl.lit(None, pl.Int64))
    keys = pl.concat([rows["on_visit"], rows["by_visit"], rows["visit_key"]] if "visit_key" in rows.columns
                     else [rows["on_visit"], rows["by_visit"]]).drop_nulls().unique()  # fmt: skip
    wanted = bring(pl.DataFrame({"visit_key": keys}, schema={"visit_key": pl.Int64}), day.kept)
    facts = polars(day.kept.join(wanted, on="visit_key", how="inner").select(
        "visit_key", "visit_id", "service_day", "clinic", "clinician_npi", "payer_id", "payer_name", "discipline",
        "claim_id", "claim_in_force", "root", "payer_no", "tariff", "place", "fee_table",
    ))  # fmt: skip
    claim = facts.select("visit_key", "root")
    rows = rows.join(claim.rename({"visit_key": "on_visit", "root": "on_root"}), on="on_visit", how="left")
    rows = rows.join(claim.rename({"visit_key": "by_visit", "root": "by_root"}), on="by_visit", how="left")
    recorder = (pl.col("by_root") == pl.col("on_root")).fill_null(False)
    chosen = pl.when(recorder | pl.col("on_visit").is_null()).then("by_visit").otherwise("on_visit")
    if "visit_key" in rows.columns:
        chosen = pl.coalesce("visit_key", chosen)
    rows = rows.with_columns(chosen.alias("visit_key")).drop("service_day", "tariff", strict=False)
    named = rows.join(facts.drop("root"), on="visit_key", how="left")
    return named.with_columns(pl.coalesce("claim_in_force", "claim_id").fill_null("").alias("claim_id"))


def _with_terms(day: Day, rows: pl.DataFrame) -> pl.DataFrame:
    filing = dict(day.charges.standing.payers.iter_rows())
    said = [
        (number, terms.rule, terms.declared, terms.source, terms.checked, is_federal(terms, filing.get(terms.id, "")))
        for number, terms in enumerate(day.terms.named)
    ]
    schema = {
        "payer_no": pl.Int64, "counting": pl.String, "declared": pl.Boolean, "terms_source": pl.String,
        "terms_checked": pl.Boolean, "federal": pl.Boolean,
    }  # fmt: skip
    return rows.join(pl.DataFrame(said, schema=schema, orient="row"), on="payer_no", how="left")


def is_federal(terms: PayerTerms, filing_code: str) -> bool:
    """By the claim filing code (SBR09) where claims state one, else a payer that counts and pays as Medicare does."""
    if filing_code:
        return filing_code in FEDERAL
    return terms.rule == "cms" and terms.fees == "medicare" and not terms.contracts


def _with_kinds(rows: pl.DataFrame, book: Book) -> pl.DataFrame:
    kinds = [
        (kind.kind, kind.direction, kind.owner_role, kind.rule, kind.source, kind.checked)
        for kind in book.kinds().values()
    ]
    columns = ["kind", "direction", "owner_role", "rule", "kind_source", "kind_checked"]
    return rows.join(pl.DataFrame(kinds, schema=columns, orient="row"), on="kind", how="left")


def _with_filing(day: Day, rows: pl.DataFrame, book: Book, practice: Practice, reaches: int | None) -> pl.DataFrame:
    """Adds file_by: the last day on which the payer takes the claim of a visit not billed, in words, where known; and
    file_past: the last day of the files, in words, where that limit had passed by then."""
    filing = dict(day.charges.standing.payers.iter_rows())
    missed = rows.filter(pl.col("kind") == "visit_not_billed")
    made, past = {}, {}
    for number, service_day in missed.select("payer_no", "service_day").unique().rows():
        terms = day.terms.named[number]
        kind = book.payer_kind(terms.name, filing.get(terms.id, ""))
        limit = filing_limit(terms.id, kind, service_day, book, practice)[0]
        made[f"{number} {service_day}"] = words(service_day + limit) if limit else None
        over = limit and reaches is not None and service_day + limit < reaches
        past[f"{number} {service_day}"] = words(reaches) if over and reaches is not None else None
    key = pl.format("{} {}", "payer_no", "service_day")
    return rows.with_columns(
        key.replace_strict(told, default=None, return_dtype=pl.String).alias(name)
        for name, told in (("file_by", made), ("file_past", past))
    )


def _with_minutes(day: Day, rows: pl.DataFrame) -> pl.DataFrame:
    """Adds pool_minutes (97110 33, 97140 4), pool_total and, for misallocated days, right_units and billed_text."""
    wanted = bring(rows.select("pool").unique(), day.rows)
    held = day.rows.join(wanted, on="pool", how="inner").filter(nw.col("timed"))
    seen = polars(held.select("pool", "rank", "minutes", "grouped", "earned", "billed", "performed", "recorded"))
    group = pl.col("grouped") > 0
    seen = seen.join(day.shelf.select("rank", "code"), on="rank").sort("pool", "rank")

    def listed(number: str, which: pl.Expr) -> pl.Expr:
        return pl.format("{} {}", "code", pl.col(number)).filter(which).str.join(", ")

    texts = seen.group_by("pool", maintain_order=True).agg(
        listed("minutes", (pl.col("performed") == 1) & ~(group & (pl.col("minutes") == 0))).alias("pool_minutes"),
        pl.when(pl.col("grouped") % IN_GROUP > 0)
        .then(pl.format(" {} minutes in group do not count for {}.", pl.col("grouped") % IN_GROUP, "code"))
        .otherwise(pl.format(" Minutes in group do not count for {}.", "code"))
        .filter(group)
        .str.join("")
        .alias("pool_grouped"),
        pl.col("minutes").sum().alias("pool_total"),
        listed("earned", pl.col("recorded") & (pl.col("earned") > 0)).alias("right_units"),
        listed("billed", pl.col("recorded") & (pl.col("billed") > 0)).alias("billed_text"),
    )
    return rows.join(texts, on="pool", how="left")


def _with_claims(day: Day, rows: pl.DataFrame) -> pl.DataFrame:
    """Adds pool_claims: the claims in force that charge the pool, in words, where there are several."""
    wanted = bring(rows.select("pool").unique(), day.kept)
    held = day.kept.filter(nw.col("claimed")).join(wanted, on="pool", how="inner")
    claims = polars(held.select("pool", "claim_in_force").unique()).sort("pool", "claim_in_force")
    number = pl.col("claim_in_force")
    several = claims.group_by("pool", maintain_order=True).agg(
        pl.format("{} and {}", number.slice(0, pl.len() - 1).str.join(", "), number.last()).alias("pool_claims"),
        pl.len().alias("claims"),
    )
    return rows.join(several.filter(pl.col("claims") > 1).drop("claims"), on="pool", how="left")
