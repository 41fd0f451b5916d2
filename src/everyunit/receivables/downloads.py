"""Downloads of a bank that overlap: what counts of them.

One number of the bank (FITID of OFX) in one account, with one amount, is one deposit, also where a later download
words it otherwise or books it some days later; the row with the most words counts. Beyond that, one day, amount,
trace and words count as often as the file that has them most often: two equal rows of one file are two deposits.
Accounts that are named and differ are never held to be one.
"""

from __future__ import annotations

import polars as pl

WEEK = 7  # days by which a bank may book later what it numbered before; beyond it the number is used anew
SAME = ["day", "amount_cents", "trace", "description"]
_NUMBER = ["#account", "#number", "amount_cents"]
_PLACE = ["source_id", "row"]


def counted_once(deposits: pl.DataFrame) -> pl.DataFrame:
    """The deposits that count, in the order of days; of rows that say the same, that of the first source."""
    said = _one_wording(_numbered(deposits))
    ordered = said.sort("day", "#other", *_PLACE)
    times = ordered.with_columns(pl.int_range(pl.len()).over("source_id", "#account", *SAME).alias("#time"))
    named = times.filter(pl.col("#account").is_not_null()).unique(
        ["#account", *SAME, "#time"], keep="first", maintain_order=True
    )
    named = named.with_columns(pl.int_range(pl.len()).over(SAME).alias("#time"))
    every = pl.concat([named, times.filter(pl.col("#account").is_null())])
    kept = every.unique([*SAME, "#time"], keep="first", maintain_order=True)
    return kept.sort("day", *_PLACE).select(deposits.columns)


def _numbered(deposits: pl.DataFrame) -> pl.DataFrame:
    """With the end of the account's number, and the bank's number of the entry where it is one of OFX: BAI2 numbers
    its types, and its references may come again."""
    extra = pl.col("extra")
    kind = extra.str.json_path_match("$.type").fill_null("")
    return deposits.with_columns(
        extra.str.json_path_match("$.account").str.extract(r"(\d{4})\s*$").alias("#account"),
        pl.when(kind.str.contains("^[A-Za-z]")).then(extra.str.json_path_match("$.bank_reference")).alias("#number"),
    )


def _one_wording(deposits: pl.DataFrame) -> pl.DataFrame:
    """Rows of one number with the day, trace and words of the one that says most; `#other` marks the others."""
    numbered = deposits.filter(pl.col("#number").is_not_null()).sort(*_NUMBER, "day", *_PLACE)
    apart = (pl.col("day") - pl.col("day").shift().over(_NUMBER) > WEEK).fill_null(False)
    lots = numbered.with_columns(apart.cast(pl.Int64).cum_sum().over(_NUMBER).alias("#lot"))
    lot = [*_NUMBER, "#lot"]
    words = pl.col("description").fill_null("").str.len_chars().cast(pl.Int64)
    best = lots.sort(-words, pl.col("trace").is_null(), -pl.col("day"), *_PLACE).group_by(lot, maintain_order=True)
    told = best.agg(pl.col("day", "trace", "description", *_PLACE).first().name.prefix("^"))
    joined = lots.join(told, on=lot, how="left", nulls_equal=True, maintain_order="left")
    settled = joined.with_columns(
        *(pl.col(f"^{name}").alias(name) for name in ("day", "trace", "description")),
        ((pl.col("source_id") != pl.col("^source_id")) | (pl.col("row") != pl.col("^row"))).alias("#other"),
    )
    alone = deposits.filter(pl.col("#number").is_null()).with_columns(pl.lit(False).alias("#other"))
    return pl.concat([alone, settled.select(alone.columns)])
