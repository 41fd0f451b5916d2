"""Base codes that stand for the first unit only (97129), and the add-on that takes each further one (97130)."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

Pairs = list[tuple[int, int]]
LAST = 1023  # a place in the input behind every real one


def pairs(shelf: pl.DataFrame, occurring: pl.Series | None = None) -> Pairs:
    """Ranks of each base code and of its add-on; of those alone of which one is among `occurring`, where given."""
    rank = dict(shelf.select("code", "rank").iter_rows())
    rows = shelf.filter(pl.col("step_to") != "").select("rank", "step_to").rows()
    found = [(base, rank[target]) for base, target in rows if target in rank]
    return found if occurring is None else [pair for pair in found if occurring.is_in(list(pair)).any()]


def add_ons(rows: nw.LazyFrame[Any], found: Pairs) -> list[nw.LazyFrame[Any]]:
    """For each row on a base code the row of its add-on, empty of minutes and billed units."""
    columns = rows.collect_schema().names()
    made = []
    for base, target in found:
        numbers = {"rank": target, "minutes": 0, "billed": 0, "seq": LAST}
        set_to = {name: nw.lit(value, nw.Int64) for name, value in numbers.items()}
        made.append(rows.filter(nw.col("rank") == base).with_columns(**set_to).select(columns))
    return made


def prefer(contested: nw.LazyFrame[Any], rows: nw.LazyFrame[Any], keys: list[str], found: Pairs) -> nw.LazyFrame[Any]:
    """Adds `wanted` to the contested rows: one more unit on this code would come nearer to what was billed.

    A further unit of a base code that already has one lands on its add-on, so it is the add-on's units that count.
    `rows` are all rows of the pools.
    """
    plain = nw.col("billed") > nw.col("full")
    if not found:
        return contested.with_columns(wanted=plain)
    landing = nw.concat([_landing(rows, keys, base, target) for base, target in found], how="vertical")
    joined = contested.join(landing, on=[*keys, "rank"], how="left")
    return joined.with_columns(wanted=nw.coalesce(nw.col("_lands"), plain)).drop("_lands")


def _side(rows: nw.LazyFrame[Any], keys: list[str], rank: int, mark: str) -> nw.LazyFrame[Any]:
    chosen = rows.filter(nw.col("rank") == rank)
    return chosen.select(*keys, *[nw.col(name).alias(f"{mark}_{name}") for name in ("full", "left", "billed")])


def _landing(rows: nw.LazyFrame[Any], keys: list[str], base: int, target: int) -> nw.LazyFrame[Any]:
    both = _side(rows, keys, base, "b").join(_side(rows, keys, target, "t"), on=keys, how="inner")
    further = nw.col("b_full") - 1 + nw.when(nw.col("t_left") > nw.col("b_left")).then(1).otherwise(0)
    from_base = nw.when(nw.col("b_full") > 0).then(nw.col("t_full") + further < nw.col("t_billed"))
    ahead = nw.when((nw.col("b_left") >= nw.col("t_left")) & (nw.col("b_left") > 0)).then(1).otherwise(0)
    stepped = nw.max_horizontal(nw.col("b_full") + ahead - 1, nw.lit(0, nw.Int64))
    return nw.concat(
        [
            both.select(*keys, rank=nw.lit(base, nw.Int64), _lands=from_base.otherwise(nw.col("b_billed") > 0)),
            both.select(*keys, rank=nw.lit(target, nw.Int64), _lands=nw.col("t_full") + stepped < nw.col("t_billed")),
        ],
        how="vertical",
    )


def move(rows: nw.LazyFrame[Any], keys: list[str], found: Pairs) -> nw.LazyFrame[Any]:
    """Units beyond the first move from the base code to its add-on; a choice between the two alone is no tie."""
    for base, target in found:
        inside = nw.col("rank").is_in([base, target])
        ours, others = rows.filter(inside), rows.filter(~inside)
        rivals = others.filter(nw.col("tie")).select(*keys).unique().with_columns(_rival=nw.lit(True))
        bases = ours.filter(nw.col("rank") == base).select(*keys, _got=nw.col("earned"), _own=nw.col("full"))
        ours = ours.join(bases, on=keys, how="left").join(rivals, on=keys, how="left")
        further = nw.max_horizontal(nw.coalesce(nw.col("_got"), nw.lit(0, nw.Int64)) - 1, nw.lit(0, nw.Int64))
        is_base = nw.col("rank") == base
        real = nw.coalesce(nw.col("_rival"), nw.lit(False)) | (nw.coalesce(nw.col("_own"), nw.lit(0, nw.Int64)) == 0)
        ours = ours.with_columns(
            earned=nw.when(is_base).then(nw.col("earned") - further).otherwise(nw.col("earned") + further),
            tie=nw.col("tie") & real,
            add_on=~is_base,
        ).drop("_got", "_own", "_rival")
        rows = nw.concat([others, ours.select(others.collect_schema().names())], how="vertical")
    return rows
