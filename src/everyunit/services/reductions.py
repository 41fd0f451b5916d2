"""What payers rightly take beside the fee: sequestration, and the share that an assistant's work costs."""

from __future__ import annotations

import polars as pl

from everyunit.frames import polars
from everyunit.ledger import Ledger
from everyunit.receivables.underpaid import SEQUESTERED
from everyunit.rulebook import Book

_SEQUESTERED = "253"
_MARKS = "CQ|CO"
_LINE = ["source_id", "claim", "line"]


def rightly_taken(ledger: Ledger) -> pl.DataFrame:
    """claim_id, service_day (Int32), sequestered_cents (adjustments of reason 253 by payers whose it is: Medicare's
    own, and plans that may have it by contract) and assistant_cents: the most
    that the 15 percent of 42 CFR 410.59 and 410.60 take of the payer's part on lines with CQ or CO: 15/85 of what is
    left of it, and a cent a line for rounding."""
    cut = ledger.scan("adjustments").filter((pl.col("side") == "835") & (pl.col("reason") == _SEQUESTERED))
    cut = cut.group_by(_LINE).agg(pl.col("amount_cents").sum().alias("cut"))
    marks = pl.coalesce("submitted_modifiers", "modifiers").fill_null("")
    lines = ledger.scan("remit_lines").select(
        *_LINE, "claim_id", "service_day", pl.col("paid_cents").fill_null(0), helped=marks.str.contains(_MARKS)
    )
    met = lines.join(cut, on=_LINE, how="left").join(_bound(ledger), on="claim_id", how="left")
    met = met.with_columns(pl.when(pl.col("bound").fill_null(True)).then("cut").fill_null(0).alias("cut"))
    met = met.filter((pl.col("cut") != 0) | pl.col("helped"))
    part = pl.col("paid_cents") + pl.col("cut")
    share = pl.when("helped").then((part.abs() * 15 + 84) // 85 * part.sign() + 1).otherwise(0)
    sums = met.group_by("claim_id", pl.col("service_day").cast(pl.Int32)).agg(
        pl.col("cut").sum().alias("sequestered_cents"), share.sum().alias("assistant_cents")
    )
    return sums.pipe(polars)


def _bound(ledger: Ledger) -> pl.LazyFrame:
    """claim_id and bound: whether sequestration may be taken by a payer of the claim."""
    claims = ledger.scan("claims").select("claim_id", "payer_name", "filing_code").unique()
    payers = polars(claims.select("payer_name", "filing_code").unique())
    book = Book.load()
    kinds = [book.payer_kind(name or "", filing or "") in SEQUESTERED for name, filing in payers.iter_rows()]
    named = payers.with_columns(pl.Series("bound", kinds, dtype=pl.Boolean)).lazy()
    joined = claims.join(named, on=["payer_name", "filing_code"], how="left", nulls_equal=True)
    return joined.group_by("claim_id").agg(pl.col("bound").any())
