"""What is a change worth? The price of the patient's whole day with it, less the price without it.

Every unit is priced reduced; the one unit with the highest practice expense of the day (first in the file where two
are equal) gets back what the reduction took. `keep` packs practice expense, place and that amount into one number,
so that the keeper of a day is the largest. Own fee tables have no reduction (`keep_key` -1).
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from everyunit.audit.engine import bring, settle
from everyunit.audit.tariffs import CENTS, ORDERS
from everyunit.audit.terms import Terms

_NEW = ORDERS // 2


def priced(rows: nw.LazyFrame[Any], terms: Terms) -> nw.LazyFrame[Any]:
    """Adds reduced_cents (null: no price in the book), unpaid, and keep."""
    joined = rows.join(bring(terms.tariffs, rows), on=["tariff", "rank"], how="left")
    line = nw.min_horizontal(nw.col("line").fill_null(0), nw.lit(511, nw.Int64)) + nw.col("lane") * 512
    unbilled = nw.lit(_NEW, nw.Int64) + nw.min_horizontal(nw.col("rank"), nw.lit(_NEW - 1, nw.Int64))
    place = nw.when(nw.col("billed") > 0).then(line).otherwise(unbilled)
    keep = nw.col("keep_key").fill_null(-1)
    return joined.with_columns(
        keep=nw.when(keep < 0).then(-1).otherwise(keep + (ORDERS - 1 - place) * CENTS),
        unpaid=nw.col("unpaid").fill_null(False),
    ).drop("keep_key")


def bonus(keep: nw.Expr) -> nw.Expr:
    """Cents that the keeper gets back."""
    return nw.when(keep < 0).then(0).otherwise(keep % CENTS)


def _with(units: str) -> nw.Expr:
    return nw.when(nw.col(units) > 0).then(nw.col("keep")).otherwise(-1)


def change_of_code(rows: nw.LazyFrame[Any], found: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Adds `cents` to rows of `found` (pool, rank, target): the day with `target` units of the code, less billed."""
    scopes = found.select("scope").unique()
    base = settle(rows.join(scopes, on="scope", how="inner").with_columns(held=_with("billed")))
    top = nw.col("held").max().over("scope")
    marked = base.select("scope", "held", top=top)
    day = marked.group_by("scope").agg(
        nw.col("top").max(),
        nw.when(nw.col("held") == nw.col("top")).then(1).otherwise(0).sum().alias("tops"),
        nw.when(nw.col("held") < nw.col("top")).then(nw.col("held")).otherwise(-1).max().alias("second"),
    )
    joined = found.join(day, on="scope", how="inner").with_columns(_held=_with("billed"))
    alone = (nw.col("_held") == nw.col("top")) & (nw.col("tops") == 1)
    joined = joined.with_columns(_without=nw.when(alone).then(nw.col("second")).otherwise(nw.col("top")))
    kept = nw.max_horizontal(nw.col("_without"), nw.col("keep"))
    joined = joined.with_columns(
        _after=nw.when(nw.col("target") > 0).then(kept).otherwise(nw.col("_without")),
        _units=nw.col("target") - nw.col("billed"),
    )
    plain = nw.when(nw.col("_units") == 0).then(0).otherwise(nw.col("_units") * nw.col("reduced_cents"))
    return joined.with_columns(cents=plain + bonus(nw.col("_after")) - bonus(nw.col("top"))).drop(
        "top", "tops", "second", "_held", "_without", "_after", "_units"
    )


def change_of_pool(rows: nw.LazyFrame[Any], pools: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """pool, cents: the day with every `target` of the pool, less as billed; unknown: changed codes without a price.

    Those are left out of the cents, which are null where no changed code has a price.

    `rows` are all rows of the days; in the pools sought (scope, pool) they bear `target`.
    """
    scopes = pools.select("scope").unique()
    units, cents = nw.col("target") - nw.col("billed"), nw.col("reduced_cents")
    base = rows.join(scopes, on="scope", how="inner").with_columns(
        held=_with("billed"), new=_with("target"), plain=units * cents.fill_null(0),
        changed=nw.when(units != 0).then(1).otherwise(0),
    ).with_columns(unknown=nw.when(cents.is_null()).then(nw.col("changed")).otherwise(0))  # fmt: skip
    by_pool = settle(base.group_by("scope", "pool").agg(
        nw.col("held", "new").max(), nw.col("plain", "unknown", "changed").sum()
    ))  # fmt: skip
    top = nw.col("held").max().over("scope")
    marked = by_pool.with_columns(top=top)
    day = marked.group_by("scope").agg(
        nw.col("top").max(),
        nw.when(nw.col("held") == nw.col("top")).then(1).otherwise(0).sum().alias("tops"),
        nw.when(nw.col("held") < nw.col("top")).then(nw.col("held")).otherwise(-1).max().alias("second"),
    )
    sought = by_pool.join(pools.select("pool").unique(), on="pool", how="inner").join(day, on="scope", how="inner")
    alone = (nw.col("held") == nw.col("top")) & (nw.col("tops") == 1)
    others = nw.when(alone).then(nw.col("second")).otherwise(nw.col("top"))
    sought = sought.with_columns(_after=nw.max_horizontal(others, nw.col("new")))
    cents = nw.col("plain") + bonus(nw.col("_after")) - bonus(nw.col("top"))
    return sought.select("pool", "unknown", cents=nw.when(nw.col("changed") > nw.col("unknown")).then(cents))


def by_visit(rows: nw.LazyFrame[Any], units: str, visit: str, name: str) -> nw.LazyFrame[Any]:
    """visit_key and `name`: the expected allowed amount of `units`, summed by the visit that `visit` names.

    The keeper's amount goes to the visit of the keeper. Null where the visit has units and none of them has a price.
    """
    rows = keepers(rows.filter(nw.col(units) > 0))
    cents = (nw.col(units) * nw.col("reduced_cents").fill_null(0) + nw.col("extra_cents")).sum()
    known = nw.when(nw.col("reduced_cents").is_null()).then(0).otherwise(1).sum()
    summed = rows.group_by(visit).agg(cents.alias("_cents"), known.alias("_known"))
    return summed.select(
        nw.col(visit).alias("visit_key"), nw.when(nw.col("_known") > 0).then(nw.col("_cents")).alias(name)
    )


def keepers(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Rows that have units, with extra_cents: what the one that keeps its practice expense gets back, else 0."""
    rows = rows.with_columns(top=nw.col("keep").max().over("scope"))
    keeper = nw.when(nw.col("keep") == nw.col("top")).then(nw.col("pool")).otherwise(1 << 60)
    rows = rows.with_columns(keeper=keeper.min().over("scope"))
    ours = (nw.col("keep") == nw.col("top")) & (nw.col("pool") == nw.col("keeper"))
    one = nw.when(ours).then(nw.col("rank")).otherwise(1 << 60)  # two claims may each begin with an equal code
    rows = rows.with_columns(one=one.min().over("scope"))
    extra = nw.when(ours & (nw.col("rank") == nw.col("one"))).then(bonus(nw.col("keep"))).otherwise(0)
    return rows.with_columns(extra_cents=extra).drop("top", "keeper", "one")
