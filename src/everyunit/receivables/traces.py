"""Which deposits name which payments: the trace number (TRN02) in the bank's trace or words."""

from __future__ import annotations

import re

import polars as pl

SHORTEST = 5  # characters of a word of the bank that may be a trace number
_BARE = r"[^A-Z0-9]+"
_TRN = re.compile(r"TRN\W{1,2}1\W{1,2}0*([A-Z0-9]+)")


def bare(column: str) -> pl.Expr:
    """A trace as it is compared: letters and digits in capitals, without leading zeros."""
    return pl.col(column).str.to_uppercase().str.replace_all(_BARE, "").str.strip_chars_start("0")


def named(deposits: pl.DataFrame, remits: pl.DataFrame) -> pl.DataFrame:
    """Pairs (deposit, remit) of row numbers where the deposit names the trace of the payment.

    `deposits` has index, trace, description; `remits` has index, trace. The bank's trace is taken whole or by its
    words, the description by its words of five characters and more.
    """
    words = pl.col("word").str.replace_all(_BARE, "").str.strip_chars_start("0")
    capitals = deposits.with_columns(pl.col("trace", "description").str.to_uppercase())
    split = [
        capitals.select("index", word=text.str.split(" ")).explode("word")
        for column in ("trace", "description")
        for text in (pl.col(column), pl.col(column).str.replace_all(_BARE, " "))
    ]
    told = pl.concat(split).drop_nulls().with_columns(word=words)
    told = told.filter(pl.col("word").str.len_chars() >= SHORTEST)
    whole = deposits.select("index", word=bare("trace")).drop_nulls()
    asked = pl.concat([told, whole]).filter(pl.col("word") != "").unique()
    known = remits.select(remit="index", word=bare("trace")).filter(pl.col("word") != "")
    return asked.join(known, on="word").select(deposit="index", remit="remit").unique().sort("deposit", "remit")


def stated(description: str | None) -> str:
    """The trace number that a bank's words quote from the payer (TRN*1*number), bare; empty where there is none."""
    match = _TRN.search((description or "").upper())
    return match.group(1) if match else ""
