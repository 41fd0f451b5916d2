"""How many units do the minutes of a day earn, and on which codes?

cms: a pool of minutes T earns (T + 7) // 15 units. Each code takes its full fifteens; the units that remain go one
each to the largest left-over minutes. Equal left-overs that compete for fewer units are a tie: the billed choice
stands where it is one of the right answers, else the first in the input. ama: each code alone, (m + 7) // 15.
Units beyond the first on a base code with an add-on (97129) move to the add-on (97130).
Source: Medicare Claims Processing Manual, chapter 5, section 20.2; CPT midpoint rule.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit import steps
from everyunit.audit.engine import bring, settle
from everyunit.frames import lazy

POOLS = {"": 0, "therapy": 1, "behaviour": 2}
CODES, PLACES = (
    1 << 10,
    steps.LAST + 1,
)  # packed order: left-over, billed choice, place in the input, place in the code list


def code_shelf(codes: pl.DataFrame) -> pl.DataFrame:
    """Codes as numbers for counting: code, rank, timed, mpu (minutes a unit), family (0 alone, 1 and 2 pooled), step_to."""
    shelf = codes.sort("code", "first_day").unique("code", keep="last", maintain_order=True)
    return shelf.select(
        "code",
        pl.int_range(pl.len(), dtype=pl.Int64).alias("rank"),
        "timed",
        pl.col("minutes_per_unit").cast(pl.Int64).fill_null(0).alias("mpu"),
        pl.col("pool").fill_null("").replace_strict(POOLS, default=0, return_dtype=pl.Int64).alias("family"),
        pl.col("step_to").fill_null(""),
    )


def count_units(minutes: Any, codes: pl.DataFrame) -> Any:
    """Units that minutes earn, on any frame that Narwhals knows; the answer is lazy on the same engine.

    Columns in: day_key (whole number or text: one patient, day, payer and discipline), rule (cms or ama), code,
    minutes, and optionally billed_units and seq (place in the input, smaller first). Rows of one code are summed.
    `codes` is `Book.codes()`. Columns out: day_key, rule, code, minutes, billed_units, earned_units, tie; one row for
    each day_key, rule and code that is timed, and for add-ons that earned units. Untimed and unknown codes are left out.
    """
    shelf, frame = code_shelf(codes), lazy(minutes)
    names = frame.collect_schema().names()
    number = nw.lit(0, nw.Int64)
    rows = frame.select(
        "day_key",
        "rule",
        "code",
        minutes=nw.col("minutes").cast(nw.Int64).fill_null(0),
        billed=nw.col("billed_units").cast(nw.Int64).fill_null(0) if "billed_units" in names else number,
        seq=nw.col("seq").cast(nw.Int64) if "seq" in names else number,
    )
    known = rows.join(bring(shelf.filter("timed").drop("timed", "step_to"), rows), on="code", how="inner").drop(
        "code"
    )
    pairs = steps.pairs(shelf)
    summed = (
        nw.concat([known, *steps.add_ons(known, pairs, shelf)], how="vertical")
        .group_by("day_key", "rule", "rank", "family", "mpu")
        .agg(nw.col("minutes").sum(), nw.col("billed").sum(), nw.col("seq").min())
        .with_columns(cms=nw.col("rule") == "cms")
    )
    earned = allot(summed, ["day_key", "rule"], pairs)
    kept = earned.filter(
        (nw.col("minutes") > 0) | (nw.col("earned") > 0) | (nw.col("billed") > 0) | ~nw.col("add_on")
    )
    return (
        kept.join(bring(shelf.select("rank", "code"), kept), on="rank", how="inner")
        .select("day_key", "rule", "code", "minutes", billed_units="billed", earned_units="earned", tie="tie")
        .to_native()
    )


def allot(rows: nw.LazyFrame[Any], keys: list[str], pairs: list[tuple[int, int]]) -> nw.LazyFrame[Any]:
    """Adds `earned`, `tie` and `add_on` to rows that are one for each of `keys` and `rank`.

    Rows bear cms (flag) and the Int64 columns rank, family, mpu, minutes, billed and seq, without nulls.
    """
    rows = settle(_fifteens(rows)) if pairs else _fifteens(rows)
    ranked = _ranked(steps.prefer(rows, keys, pairs), keys)
    made = ranked.select(
        *[column for column in rows.collect_schema().names() if column not in ("full", "left")],
        "full",
        earned=nw.col("full") + nw.when(nw.col("_place") <= nw.col("_slots")).then(1).otherwise(0),
        tie=(nw.col("_in") == nw.col("_out")) & (nw.col("left") == nw.col("_in")),
        add_on=nw.lit(False),
    )
    return steps.move(made, keys, pairs).drop("full")


def _fifteens(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Full units of each code, and the left-over minutes that compete in a pool (0 outside one)."""
    pooled, minutes, length = nw.col("cms") & (nw.col("family") > 0), nw.col("minutes"), nw.col("mpu")
    return rows.with_columns(
        full=nw.when(pooled).then(minutes // 15).otherwise((minutes + (length - 1) // 2) // length),
        left=nw.when(pooled).then(minutes % 15).otherwise(0),
    )


def _ranked(rows: nw.LazyFrame[Any], keys: list[str]) -> nw.LazyFrame[Any]:
    """Each row's place among the left-overs of its pool, and the left-overs on both sides of the last unit given."""
    part = [*keys, "family"]
    late = nw.when(nw.col("wanted")).then(0).otherwise(1)
    place = nw.min_horizontal(nw.col("seq"), nw.lit(PLACES - 1, nw.Int64)) * CODES + nw.col("rank")
    rows = rows.with_columns(_order=((14 - nw.col("left")) * 2 + late) * (PLACES * CODES) + place)
    rows = rows.with_columns(
        _slots=(nw.col("left").sum().over(*part) + 7) // 15,
        _place=nw.col("_order").cum_count().over(*part, order_by="_order"),
    )
    edge = nw.when(nw.col("_place") == nw.col("_slots")).then(nw.col("left")).otherwise(-1)
    after = nw.when(nw.col("_place") == nw.col("_slots") + 1).then(nw.col("left")).otherwise(-2)
    return rows.with_columns(_in=edge.max().over(*part), _out=after.max().over(*part))
