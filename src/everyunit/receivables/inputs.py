"""What this room reads: the tables that a ledger holds of remittances and of the bank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import polars as pl


@dataclass(frozen=True)
class Remitted:
    """Tables of `x12/tables.py` and the deposits, as lazy frames."""

    remits: pl.LazyFrame
    remit_claims: pl.LazyFrame
    remit_lines: pl.LazyFrame
    adjustments: pl.LazyFrame
    provider_adjustments: pl.LazyFrame
    transactions: pl.LazyFrame
    problems: pl.LazyFrame
    deposits: pl.LazyFrame

    @classmethod
    def of(cls, frames: Mapping[str, Any]) -> Remitted:
        """From frames by table name, eager or lazy; others beside them are left."""
        return cls(**{name: frames[name].lazy() for name in cls.names()})

    @classmethod
    def names(cls) -> list[str]:
        """Names of the tables."""
        return [field.name for field in fields(cls)]


def signed_payment() -> pl.Expr:
    """BPR02 as the practice sees it, in cents: a debit (BPR03 = D) takes money."""
    return pl.when(pl.col("credit_debit") == "D").then(-pl.col("amount_cents")).otherwise(pl.col("amount_cents"))


def in_order(remitted: Remitted) -> pl.LazyFrame:
    """Every 835 with the place it has in time: source_id, transaction, `day`, `made` (day and clock it was written),
    payer_id, payer_name, trace, method, `amount_cents` signed. A remit without a payment day takes the day it was
    produced, else made; days are epoch days."""
    clock = pl.concat_str(pl.col("created_day").cast(pl.String), pl.col("created_time").fill_null(""), separator=" ")
    made = remitted.transactions.select("source_id", "transaction", "created_day", made=clock)
    joined = remitted.remits.join(made, on=["source_id", "transaction"], how="left")
    return joined.select(
        "source_id", "transaction", "segment",
        pl.coalesce("paid_day", "produced_day", "created_day").alias("day"),
        pl.col("made").fill_null(""),
        pl.col("payer_id").fill_null(""), pl.col("payer_name").fill_null(""), "trace", "method", "credit_debit",
        signed_payment().alias("amount_cents"),
    )  # fmt: skip
