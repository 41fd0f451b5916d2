"""Price lists as small frames: Medicare's by place and period, a payer's own table, and what a contract agreed.

A rate for the visit is the amount that the keeper of the day gets, all units being worth nothing beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from everyunit.rulebook import PayerTerms
from everyunit.rulebook.contracts import WHOLE, Contract

ORDERS, CENTS = 1 << 12, 1 << 20  # a packed key: practice expense, place in the file, cents that the reduction takes
PERIODS, TABLES = 64, 1 << 20
COLUMNS = ("tariff", "rank", "reduced_cents", "keep_key", "unpaid")
_AGREED = {"payer_no": pl.Int64, "place": pl.Int64, "service_day": pl.Int64, "agreed": pl.Int64}


def plain(tariffs: pl.DataFrame) -> pl.DataFrame:
    """The columns that a price list is joined by."""
    return tariffs.select(COLUMNS)


class Contracts:
    """Tariffs of contracts, numbered from `first` on, made of Medicare's (with full_cents and pe_rank) or a table."""

    def __init__(self, first: int, medicare: pl.DataFrame, shelf: pl.DataFrame) -> None:
        self.tariffs: list[pl.DataFrame] = []
        self._first, self._medicare, self._shelf = first, medicare, shelf
        self._known: dict[tuple[int, int, int], int] = {}

    def agreed(self, named: list[PayerTerms], places: Iterable[int], days: list[tuple[int, int]]) -> pl.DataFrame:
        """payer_no, place, service_day, agreed: the tariff in force. `days` bear their period (-1: no fees known)."""
        rows, spots = [], list(places)
        for number, terms in enumerate(named):
            for day, period in days if terms.contracts else ():
                contract = terms.contract_on(day)
                if contract is None:
                    continue
                rows += [(number, place, day, self._tariff(contract, place, period)) for place in spots]
        return pl.DataFrame(rows, schema=_AGREED, orient="row")

    def _tariff(self, contract: Contract, place: int, period: int) -> int:
        by_schedule = isinstance(contract.fees, str) and contract.visit_cents is None
        if by_schedule and period < 0:
            return -1
        key = (id(contract), place, period) if by_schedule else (id(contract), 0, 0)
        if key not in self._known:
            number = self._known[key] = self._first + len(self._known)
            self.tariffs.append(
                self._made(contract, place, period).select(pl.lit(number, pl.Int64).alias("tariff"), *COLUMNS[1:])
            )
        return self._known[key]

    def _made(self, contract: Contract, place: int, period: int) -> pl.DataFrame:
        if contract.visit_cents is not None:
            return self._shelf.select(
                "rank", reduced_cents=pl.lit(0, pl.Int64), keep_key=pl.lit(contract.visit_cents, pl.Int64),
                unpaid=pl.lit(False),
            )  # fmt: skip
        if isinstance(contract.fees, str):
            base = self._medicare.filter(pl.col("tariff") == place * PERIODS + period)
            low = pl.col("reduced_cents") if contract.reduced else pl.col("full_cents")
            base = base.select("rank", "pe_rank", "full_cents", low=low)
        else:
            base = _table(contract.fees, self._shelf).select(
                "rank", pe_rank=pl.lit(0), full_cents="cents", low="cents"
            )
        full, low = (_limited(pl.col(name), contract) for name in ("full_cents", "low"))
        made = base.join(_charges(contract, self._shelf), on="rank", how="left").with_columns(full=full, low=low)
        lost = pl.col("full") - pl.col("low")
        key = pl.when(lost > 0).then(pl.col("pe_rank") * (ORDERS * CENTS) + lost).otherwise(-1)
        return made.select(
            "rank",
            reduced_cents=pl.col("low").cast(pl.Int64),
            keep_key=key.cast(pl.Int64),
            unpaid=pl.col("full") == 0,
        )


def _table(table: Mapping[str, int], shelf: pl.DataFrame) -> pl.DataFrame:
    rows = pl.DataFrame(list(table.items()), schema={"code": pl.String, "cents": pl.Int64}, orient="row")
    return rows.join(shelf.select("code", "rank"), on="code")


def _charges(contract: Contract, shelf: pl.DataFrame) -> pl.DataFrame:
    return _table(contract.charges or {}, shelf).select("rank", charge="cents")


def _limited(cents: pl.Expr, contract: Contract) -> pl.Expr:
    share = (2 * cents * contract.percent_bp + WHOLE) // (2 * WHOLE)
    return pl.min_horizontal(share, pl.lit(contract.cap_cents, pl.Int64), pl.col("charge"))
