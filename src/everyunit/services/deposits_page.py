"""What the page of deposits shows: months with their money, and the payments and deposits of one state."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.days import EPOCH
from everyunit.services.deposits import DEPOSIT_STATES, STATES, counted
from everyunit.services.home import open_home
from everyunit.services.receivables import Receivables, receivables
from everyunit.services.remits import file_names

Row = dict[str, Any]
PAGE = 50
MONTHS = 14
FOUND = ("matched", "short", "over")
LOST = ("missing",)
ONLY_BANK = ("unmatched", "withdrawn")
LOOK_FOR = ("missing", "short", "over", "unclear")


@dataclass(frozen=True)
class DepositsPage:
    """`paid` and `banked` count by state; `months` are the newest first, each with remitted, found and lost cents.

    `payments` and `deposits` are one page of each list (`payments_total`, `deposits_total` in all).
    """

    paid: dict[str, Row]
    banked: dict[str, Row]
    months: list[Row]
    payments: list[Row]
    payments_total: int
    deposits: list[Row]
    deposits_total: int
    as_of: int | None
    page: int
    pages: int


def deposits_page(home: str | Path, show: str = "", page: int = 1) -> DepositsPage:
    """The payments and deposits of one state; without one, payments to look for and deposits that stand alone."""
    held = receivables(home)
    expected, banked = held.read("expected"), _with_files(home, held)
    payments = expected.filter(pl.col("state").is_in([show] if show else LOOK_FOR)).reverse()
    deposits = banked.filter(
        pl.col("state") == (show if show in ONLY_BANK else "" if show else "unmatched")
    ).reverse()
    if show in ONLY_BANK:
        payments = payments.clear()
    pages = max(1, -(-max(payments.height, deposits.height) // PAGE))
    here = min(max(page, 1), pages)
    last = banked["day"].max()
    number = pl.concat_str("source_id", pl.lit("-"), "transaction")
    return DepositsPage(
        paid=counted(expected, STATES),
        banked=counted(banked, DEPOSIT_STATES),
        months=_months(expected),
        payments=payments.slice((here - 1) * PAGE, PAGE).with_columns(remit=number).to_dicts(),
        payments_total=payments.height,
        deposits=deposits.slice((here - 1) * PAGE, PAGE).to_dicts(),
        deposits_total=deposits.height,
        as_of=last if isinstance(last, int) else None,
        page=here,
        pages=pages,
    )


def _with_files(home: str | Path, held: Receivables) -> pl.DataFrame:
    names = file_names(open_home(home))
    file = pl.col("source_id").replace_strict(names, default="", return_dtype=pl.String)
    return held.read("banked").with_columns(file=file)


def _months(expected: pl.DataFrame) -> list[Row]:
    """By month of payment: what was remitted, what is in the bank, what was not found, what is neither yet."""
    moving = expected.filter((pl.col("state") != "not_needed") & pl.col("day").is_not_null())
    month = (pl.lit(EPOCH) + pl.duration(days=pl.col("day"))).dt.strftime("%Y-%m")
    found = pl.col("state").is_in(FOUND)
    deposited = pl.when(found).then(pl.col("amount_cents") + pl.min_horizontal(pl.col("off_cents"), 0)).otherwise(0)
    lost = pl.when(pl.col("state").is_in(LOST)).then(pl.col("amount_cents")).when(found).then(
        -pl.min_horizontal(pl.col("off_cents"), 0)
    ).otherwise(0)  # fmt: skip
    sums = moving.with_columns(month=month, deposited=deposited, lost=lost).group_by("month").agg(
        pl.len().alias("payments"), pl.col("amount_cents").sum().alias("remitted_cents"),
        pl.col("deposited").sum().alias("found_cents"), pl.col("lost").sum().alias("lost_cents"),
    )  # fmt: skip
    open_ones = pl.col("remitted_cents") - pl.col("found_cents") - pl.col("lost_cents")
    return sums.with_columns(open_cents=open_ones).sort("month", descending=True).head(MONTHS).to_dicts()
