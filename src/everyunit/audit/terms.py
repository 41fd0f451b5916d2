"""By whose rule and whose fees is a visit judged? Small tables that join payers, clinics and days to both."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

import narwhals as nw
import polars as pl

from everyunit.audit.tariffs import CENTS, ORDERS, PERIODS, TABLES, Contracts, plain
from everyunit.errors import BookRefusal
from everyunit.rulebook import Book, PayerTerms, Practice
from everyunit.rulebook.fees import only


@dataclass(frozen=True)
class Terms:
    """Small frames to join.

    `payers`: payer_id, payer_name, payer_no, cms, fee_table (-1: Medicare's schedule). `places`: clinic, place.
    `periods`: service_day, period (-1: a day without fees), counted (the book holds the counting rules). `agreed`:
    payer_no, place, service_day, agreed (the tariff of the contract in force; no row where there is none). `tariffs`:
    tariff, rank, reduced_cents, keep_key (packed; -1 where nothing is reduced), unpaid. `named`: the payers'
    terms by payer_no.
    """

    payers: pl.DataFrame
    places: pl.DataFrame
    periods: pl.DataFrame
    agreed: pl.DataFrame
    tariffs: pl.DataFrame
    named: list[PayerTerms]


def tariff(contracts: bool) -> nw.Expr:
    """The tariff of a visit that bears fee_table, place and period (-1: none), and `agreed` where `contracts`."""
    medicare = nw.when(nw.col("period") < 0).then(-1).otherwise(nw.col("place") * PERIODS + nw.col("period"))
    usual = nw.when(nw.col("fee_table") < 0).then(medicare).otherwise(nw.col("fee_table") + TABLES)
    return nw.coalesce(nw.col("agreed"), usual) if contracts else usual


def terms_of(
    payers: pl.DataFrame, clinics: list[str], days: list[int], filing: dict[str, str], practice: Practice, book: Book,
    shelf: pl.DataFrame,
) -> Terms:  # fmt: skip
    """Terms of the payers (payer_id, payer_name), clinics and days that occur. `shelf` gives each code its rank."""
    named: list[PayerTerms] = []
    rows: list[tuple[str, str, int, bool, int]] = []
    tables: list[dict[str, int]] = []
    for number, (payer_id, name) in enumerate(payers.sort("payer_id", "payer_name").rows()):
        terms = practice.payers.get(payer_id) or book.default_terms(payer_id, name, filing.get(payer_id, ""))
        table = -1
        if isinstance(terms.fees, dict):
            table = len(tables)
            tables.append(terms.fees)
        named.append(terms)
        rows.append((payer_id, name, number, terms.rule == "cms", table))
    schema = {
        "payer_id": pl.String,
        "payer_name": pl.String,
        "payer_no": pl.Int64,
        "cms": pl.Boolean,
        "fee_table": pl.Int64,
    }
    localities = sorted({practice.clinics.get(clinic, ("", "")) for clinic in clinics} | {("", "")})
    places = [(clinic, localities.index(practice.clinics.get(clinic, ("", "")))) for clinic in sorted(clinics)]
    prices, starts = _periods(book, frozenset(practice.localities()))
    known = [(day, _period(day, starts), counted_on(day, book)) for day in sorted(days)]
    periods = {"service_day": pl.Int64, "period": pl.Int64, "counted": pl.Boolean}
    medicare = _medicare(prices, localities, shelf)
    contracts = Contracts(TABLES + len(tables), medicare, shelf)
    agreed = contracts.agreed(named, range(len(localities)), [(day, period) for day, period, _ in known])
    return Terms(
        pl.DataFrame(rows, schema=schema, orient="row"),
        pl.DataFrame(places, schema={"clinic": pl.String, "place": pl.Int64}, orient="row"),
        pl.DataFrame(known, schema=periods, orient="row"),
        agreed,
        pl.concat([plain(medicare), _own(tables, shelf), *contracts.tariffs]),
        named,
    )


def counted_on(day: int, book: Book) -> bool:
    """Whether the book holds the rules by which minutes of that day become units."""
    try:
        return all(book.value(key, day) for key in ("counting.cms", "counting.ama"))
    except BookRefusal:
        return False


@lru_cache(maxsize=8)
def _periods(book: Book, localities: frozenset[tuple[str, str]]) -> tuple[pl.DataFrame, list[int]]:
    """Prices by spans in which no price changes, and the first days of the spans (the last: first day unknown)."""
    prices = only(book.prices(), localities)
    edges = pl.concat([prices["first_day"].cast(pl.Int64), prices["last_day"].cast(pl.Int64) + 1])
    starts = edges.unique().sort().to_list()
    spans = pl.DataFrame(
        {"period": range(len(starts)), "start": starts}, schema={"period": pl.Int64, "start": pl.Int64}
    )
    return prices.join_where(
        spans, pl.col("start") >= pl.col("first_day"), pl.col("start") <= pl.col("last_day")
    ), starts


def _period(day: int, starts: list[int]) -> int:
    at = bisect_right(starts, day) - 1
    return at if at < len(starts) - 1 else -1


def _medicare(prices: pl.DataFrame, localities: list[tuple[str, str]], shelf: pl.DataFrame) -> pl.DataFrame:
    place = pl.DataFrame(
        [(mac, locality, number) for number, (mac, locality) in enumerate(localities)],
        schema={"mac": pl.String, "locality": pl.String, "place": pl.Int64}, orient="row",
    )  # fmt: skip
    here = prices.join(place, on=["mac", "locality"]).join(shelf.select("code", "rank"), on="code")
    lost = pl.col("full_cents") - pl.col("reduced_cents")
    key = pl.when("mppr").then(pl.col("pe_rank") * (ORDERS * CENTS) + lost).otherwise(-1)
    return here.select(
        (pl.col("place") * PERIODS + pl.col("period")).alias("tariff"),
        "rank",
        pl.col("reduced_cents").cast(pl.Int64),
        key.cast(pl.Int64).alias("keep_key"),
        (pl.col("full_cents") == 0).alias("unpaid"),
        pl.col("full_cents").cast(pl.Int64),
        "pe_rank",
    )


def _own(tables: list[dict[str, int]], shelf: pl.DataFrame) -> pl.DataFrame:
    rows = [(number + TABLES, code, cents) for number, table in enumerate(tables) for code, cents in table.items()]
    schema = {"tariff": pl.Int64, "code": pl.String, "reduced_cents": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row").join(shelf.select("code", "rank"), on="code")
    return frame.select(
        "tariff", "rank", "reduced_cents", pl.lit(-1, pl.Int64).alias("keep_key"), pl.lit(False).alias("unpaid")
    )
