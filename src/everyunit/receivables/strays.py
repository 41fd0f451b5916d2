"""Claims that only their remittances tell of: charged as the first decision states them, without a price."""

from __future__ import annotations

import polars as pl

from everyunit.frames import polars
from everyunit.receivables.billed import COLUMNS, Billed
from everyunit.receivables.inputs import Remitted, in_order
from everyunit.rulebook import Book

_REMIT = ["source_id", "transaction"]
_CLAIM = ["source_id", "claim"]


def with_strays(
    billed: Billed, remitted: Remitted, claims: pl.LazyFrame, book: Book, until: int | None = None
) -> Billed:
    """`billed`, and a claim for each number that remittances decide and no 837 brought; `sent` is 0 for those.

    Nothing is expected of them (expected_cents is null), and they were sent on no known day: where the 837 comes in,
    they get both. A claim number that an 837 bears, in force or not, is none of them.
    """
    days = in_order(remitted).select(*_REMIT, "day", "made", "payer_id", "payer_name")
    if until is not None:
        days = days.filter(pl.col("day") <= until)
    known = pl.concat([claims.select("claim_id"), billed.aliases.lazy().select("claim_id")]).unique()
    told = remitted.remit_claims.filter((pl.col("claim_id").fill_null("") != "") & (pl.col("charge_cents") > 0))
    every = told.join(known, on="claim_id", how="anti").join(days, on=_REMIT)
    first = every.select(
        "claim_id", *_CLAIM, "day", "made", "payer_id", "payer_name", "filing_code", "charge_cents",
        pl.coalesce("first_day", "day").cast(pl.Int64).alias("first_day"),
    ).pipe(polars).sort("day", "made", "source_id", "claim").unique(
        "claim_id", keep="first", maintain_order=True
    ).sort("claim_id")  # fmt: skip
    if first.is_empty():
        return billed
    offset = 1 + max(billed.aliases["root_no"].to_list(), default=-1)
    rooted = first.with_columns(root_no=pl.int_range(offset, offset + pl.len(), dtype=pl.Int64))
    named = rooted.select(pl.col("payer_name", "filing_code").fill_null("")).rows()
    kinds = {pair: book.payer_kind(*pair) for pair in set(named)}
    kind = pl.Series("kind", [kinds[pair] for pair in named], pl.String)
    lines = _lines(rooted.with_columns(kind), remitted)
    made = lines.select(pl.col(name).cast(billed.lines.schema[name]) for name in COLUMNS)
    return Billed(pl.concat([billed.lines, made]), pl.concat([billed.aliases, rooted.select("claim_id", "root_no")]))


def _lines(rooted: pl.DataFrame, remitted: Remitted) -> pl.DataFrame:
    """The lines of those decisions, or one of the whole charge where a decision has none."""
    held = remitted.remit_lines.select(
        *_CLAIM, "line", pl.coalesce("submitted_code", "code").fill_null("").alias("code"),
        pl.coalesce("submitted_modifiers", "modifiers").fill_null("").alias("modifiers"), "control_number",
        (pl.coalesce("submitted_units_milli", "units_milli") // 1000).cast(pl.Int64).alias("units"),
        pl.col("charge_cents").fill_null(0).alias("line_cents"), pl.col("service_day").cast(pl.Int64),
    )  # fmt: skip
    found = rooted.lazy().join(held, on=_CLAIM, how="left").pipe(polars).sort("root_no", "line")
    null = pl.lit(None, pl.Int64)
    return found.with_columns(
        pl.col("line").fill_null(0), pl.col("code", "modifiers", "payer_id", "payer_name").fill_null(""),
        pl.coalesce("service_day", "first_day").alias("service_day"), clinic=pl.lit(""), priced=pl.lit(False),
        charge_cents=pl.coalesce("line_cents", "charge_cents"), expected_cents=null, first_sent_day=null,
        last_sent_day=null, sent=pl.lit(0, pl.Int64), scope=-1 - pl.col("root_no"),
        unit=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("root_no"),
    )  # fmt: skip
