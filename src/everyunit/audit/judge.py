"""The first judgement: what the record earned, held against what the claims in force charge."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit import pool, record, timed, untimed, worth
from everyunit.audit.charges import Standing, charges_in_force
from everyunit.audit.compare import compare
from everyunit.audit.day import Day, recorded_span
from everyunit.audit.engine import bring, collect, no_rows, settle
from everyunit.audit.findings import findings_of
from everyunit.audit.inputs import Inputs, Judged
from everyunit.audit.named import named_claims
from everyunit.audit.review import review, review_claims
from everyunit.audit.values import counts_of, together_of, values_of
from everyunit.rulebook import Book, Practice

CODE_KINDS = {
    "units_misallocated": timed.misallocated, "units_over": timed.over, "units_under": timed.under,
    "not_billed": lambda: timed.not_billed() | untimed.not_billed(), "untimed_repeated": untimed.repeated,
    "minutes_missing": record.minutes_missing,
}  # fmt: skip


def judge(
    inputs: Inputs, practice: Practice, book: Book, standing: Standing | None = None, whole: bool = True
) -> Judged:
    """Findings and the value of each visit, on whichever engine the frames of `inputs` run.

    `standing` is `claims_standing` of all claims, where the caller gives the facts in parts; with `whole` false the
    checks that see more than some days wait for `review_history`. Nothing raises for what the facts say: days outside
    the book stand as findings without dollars.
    """
    day = compare(inputs, practice, book, standing)
    has_claims = day.charges.standing.any
    codes = _code_findings(day, inputs)
    visits = _visit_findings(day, inputs) if has_claims else None
    counted = findings_of(day, codes, visits, book, practice, reaches=inputs.reaches)
    checked, history = review(day, inputs, practice, book, whole)
    findings = pl.concat([counted, checked]).sort("visit_id", "code", "kind", "finding_id")
    return Judged(findings, values_of(day, has_claims), counts_of(day, book), together_of(day), history)


def findings_before_sending(inputs: Inputs, practice: Practice, book: Book) -> pl.DataFrame:
    """What `judge` finds of claims that charge something.

    Left out are visits not billed, the value of each visit, how late a claim was sent and what is said of a clinician
    and not of a claim.
    """
    if isinstance(inputs.visits, pl.DataFrame) and inputs.visits.is_empty():
        checked = review_claims(charges_in_force(inputs), inputs, practice, book)
        return checked.sort("visit_id", "code", "kind", "finding_id")
    day = compare(inputs, practice, book)
    counted = findings_of(day, _code_findings(day, inputs), None, book, practice, sent=False)
    checked, _ = review(day, inputs, practice, book, sent=False)
    return pl.concat([counted, checked]).sort("visit_id", "code", "kind", "finding_id")


def _code_findings(day: Day, inputs: Inputs) -> pl.DataFrame:
    """One row a finding of a code, with target, cents and pool_cents."""
    kind = nw.lit("")
    for name, test in CODE_KINDS.items():
        kind = nw.when(test()).then(nw.lit(name)).otherwise(kind)
    marked = day.rows.with_columns(kind=kind)
    first, last = recorded_span(day, inputs)
    bare = (
        day.rows.filter(nw.col("shut") == 0)
        .filter(record.not_recorded(first, last) & ~nw.col("monthly"))
        .with_columns(kind=nw.lit("not_recorded"))
    )
    stands = (nw.col("shut") == 0) | ((nw.col("shut") == pool.REFUSED) & (nw.col("kind") == "untimed_repeated"))
    found = nw.concat([marked.filter((nw.col("kind") != "") & stands), bare], how="vertical")
    worthless = nw.col("kind").is_in(["not_recorded", "minutes_missing"])
    repeated = nw.col("kind") == "untimed_repeated"
    target = nw.when(worthless).then(0).otherwise(
        nw.when(repeated).then(nw.col("allowed")).otherwise(nw.col("earned"))
    )  # fmt: skip
    found = settle(found.with_columns(target=target))
    nothing, order = nw.lit(None, nw.Int64), ["pool", "rank", "kind"]
    if no_rows(found):
        return collect(found.with_columns(cents=nothing, pool_cents=nothing), order)
    found = settle(worth.change_of_code(day.rows, found))
    astray = found.filter(nw.col("kind") == "units_misallocated").select("scope", "pool").unique()
    if no_rows(astray):
        return collect(found.with_columns(pool_cents=nothing), order)
    counts = nw.col("timed") & nw.col("recorded")
    aimed = day.rows.with_columns(target=nw.when(counts).then(nw.col("earned")).otherwise(nw.col("billed")))
    pools = worth.change_of_pool(aimed, astray)
    whole = nw.when(nw.col("unknown") == 0).then(nw.col("cents"))
    pools = pools.select("pool", pool_cents=whole)
    return collect(found.join(pools, on="pool", how="left"), order)


def _visit_findings(day: Day, inputs: Inputs) -> pl.DataFrame:
    """One row a kept visit without a claim in force, with what its units are worth.

    A record that is whole and earns nothing (no unit, or only what is never paid by itself) asks for no claim.
    """
    missed = day.kept.filter(~nw.col("claimed"))
    known = ~(nw.col("timed") & (nw.col("blocked") > 0))
    aimed = day.rows.with_columns(target=nw.when(known).then(nw.col("earned")).otherwise(0))
    cents = worth.change_of_pool(aimed, missed.select("scope", "pool"))
    units = (
        aimed.filter(~nw.col("claimed"))
        .group_by("pool")
        .agg(
            nw.col("target").sum().alias("earned"), nw.col("blocked").max(), nw.col("any_record").max(),
            nw.when(nw.col("unpaid")).then(0).otherwise(nw.col("target")).sum().alias("payable"),
            nw.when(nw.col("known")).then(0).otherwise(1).max().alias("strange"),
        )
    )  # fmt: skip
    columns = ("visit_key", "pool", "scope", "tariff", "shut")
    made = missed.select(*columns).join(units, on="pool", how="left").join(cents, on="pool", how="left")
    rows = collect(made, ["visit_key"])
    unsure = (pl.col("shut") > 0) | (pl.col("blocked") > 0) | (pl.col("strange") > 0)
    rows = rows.filter((pl.col("any_record").fill_null(0) == 0) | unsure | (pl.col("payable") > 0))
    wanted = bring(rows.select("visit_key"), day.kept)
    told = named_claims(day.kept.join(wanted, on="visit_key", how="inner"), inputs, day.charges.standing)
    return rows.join(told, on="visit_key", how="left")
