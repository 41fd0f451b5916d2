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

from everyunit.audit import asked, steps
from everyunit.audit.engine import bring, on_spark, settle
from everyunit.frames import lazy, polars

POOLS = {"": 0, "therapy": 1, "behaviour": 2}
FIRST_ONLY = 3  # the family of codes for a first period: alone, and 1 unit a day at most
CODES, PLACES = 1 << 10, steps.LAST + 1  # packed order of equal left-overs: billed choice, place in the input, code
PACKED = 1 << 50  # whole numbers of a day below this are packed with rule and code into one key, which is faster
DIGIT = 256  # counts of left-overs, a digit for each, are packed into two numbers: 1 to 7 minutes and 8 to 14


def code_shelf(codes: pl.DataFrame) -> pl.DataFrame:
    """Codes as numbers for counting.

    Columns: code, rank, timed, mpu (minutes a unit), family (0 alone, 1 and 2 pooled, 3 alone, once),
    step_to.
    """
    shelf = codes.sort("code", "first_day").unique("code", keep="last", maintain_order=True)
    return shelf.select(
        "code",
        pl.int_range(pl.len(), dtype=pl.Int64).alias("rank"),
        "timed",
        pl.col("minutes_per_unit").cast(pl.Int64).fill_null(0).alias("mpu"),
        pl.when(pl.col("timed") & pl.col("once_a_day").fill_null(False) & (pl.col("step_to").fill_null("") == ""))
        .then(pl.lit(FIRST_ONLY, pl.Int64))
        .otherwise(pl.col("pool").fill_null("").replace_strict(POOLS, default=0, return_dtype=pl.Int64))
        .alias("family"),
        pl.col("step_to").fill_null(""),
    )


def count_units(minutes: Any, codes: pl.DataFrame) -> Any:
    """Units that minutes earn, on any frame that Narwhals knows; the answer is lazy on the same engine.

    Columns in: day_key (whole number or text: one patient, day, payer and discipline), rule (cms or ama), code,
    minutes, and optionally billed_units and seq (place in the input, smaller first). Rows of one code are summed.
    `codes` is `Book.codes()`. Columns out: day_key, rule, code, minutes, billed_units, earned_units, tie; one row for
    each day_key, rule and timed code, and for add-ons that earned units. Untimed and unknown codes are left out.
    Raises UsageError as `asked.look` says; where the engine is not asked, such days have null units.
    """
    shelf, frame = code_shelf(codes), lazy(minutes)
    sure = asked.look(frame)
    names = frame.collect_schema().names()
    number = nw.lit(0, nw.Int64)
    timed_codes = shelf.filter("timed")
    unfit = None
    if not sure:
        marked = frame.with_columns(_unfit=nw.when(asked.fit()).then(0).otherwise(1))
        marked = marked.with_columns(_unfit=nw.col("_unfit").max().over("day_key", "rule"))
        unfit = _without_units(marked.filter(nw.col("_unfit") == 1), timed_codes, "billed_units" in names)
        frame = marked.filter(nw.col("_unfit") == 0).drop("_unfit")
    rows = frame.select(
        "day_key", "code", cms=nw.col("rule").is_in(asked.CMS),
        minutes=nw.col("minutes").cast(nw.Int64).fill_null(0),
        billed=nw.col("billed_units").cast(nw.Int64).fill_null(0) if "billed_units" in names else number,
        seq=nw.col("seq").cast(nw.Int64).fill_null(0) if "seq" in names else number,
    )  # fmt: skip
    timed = bring(timed_codes.select("code", "rank"), rows)
    summed = _summed(rows.join(timed, on="code", how="inner").drop("code"), steps.pairs(shelf), _packs(frame))
    shape = bring(shelf.select("rank", "code", "family", "mpu"), summed)
    earned = allot(summed.join(shape, on="rank", how="inner"), ["day_key", "cms", "family"], steps.pairs(shelf))
    rule = nw.when(nw.col("cms")).then(nw.lit("cms")).otherwise(nw.lit("ama"))
    seen = (nw.col("minutes") > 0) | (nw.col("earned") > 0) | (nw.col("billed") > 0) | ~nw.col("add_on")
    columns = {"billed_units": "billed", "earned_units": "earned", "tie": "tie"}
    made = earned.filter(seen).select("day_key", rule.alias("rule"), "code", "minutes", **columns)
    return (made if unfit is None else nw.concat([made, unfit], how="vertical")).to_native()


def _without_units(rows: nw.LazyFrame[Any], timed: pl.DataFrame, billed: bool) -> nw.LazyFrame[Any]:
    """Rows of days that cannot be counted, in the columns of the answer, without units."""
    ours = rows.join(bring(timed.select("code"), rows), on="code", how="inner").select(
        "day_key", "rule", "code", nw.col("minutes").cast(nw.Int64),
        billed_units=nw.col("billed_units").cast(nw.Int64).fill_null(0) if billed else nw.lit(0, nw.Int64),
    )  # fmt: skip
    summed = ours.group_by("day_key", "rule", "code").agg(nw.col("minutes").sum(), nw.col("billed_units").sum())
    columns = ("day_key", "rule", "code", "minutes", "billed_units")
    return summed.select(*columns, earned_units=nw.lit(None, nw.Int64), tie=nw.lit(False))


def _packs(frame: nw.LazyFrame[Any]) -> bool:
    """Whether day_key, rule and code fit into one whole number."""
    if on_spark(frame) or not frame.collect_schema()["day_key"].is_integer():
        return False
    ends = polars(
        frame.select(low=nw.col("day_key").min(), high=nw.col("day_key").max()).select(nw.all().cast(nw.Int64))
    )
    low, high = ends.row(0)
    return low is not None and bool(low > -PACKED and high < PACKED)


def _summed(rows: nw.LazyFrame[Any], pairs: steps.Pairs, packed: bool) -> nw.LazyFrame[Any]:
    """One row a day, rule and code, with the rows of add-ons that units may move to."""
    rows = nw.concat([rows, *steps.add_ons(rows, pairs)], how="vertical")
    sums = (nw.col("minutes").sum(), nw.col("billed").sum(), nw.col("seq").min())
    if not packed:
        return settle(rows.group_by("day_key", "cms", "rank").agg(*sums))
    rule = nw.when(nw.col("cms")).then(1).otherwise(0)
    key = (nw.col("day_key").cast(nw.Int64) * 2 + rule) * CODES + nw.col("rank")
    summed = settle(rows.select("minutes", "billed", "seq", _key=key).group_by("_key").agg(*sums))
    day = nw.col("_key") // CODES
    return summed.select(
        day_key=day // 2, cms=day % 2 == 1, rank=nw.col("_key") % CODES, minutes="minutes", billed="billed", seq="seq"
    )


def allot(rows: nw.LazyFrame[Any], part: list[str], pairs: steps.Pairs) -> nw.LazyFrame[Any]:
    """Adds `earned`, `tie` and `add_on` to rows that are one for each pool (the columns of `part`) and `rank`.

    Rows bear cms (flag) and the Int64 columns rank, family, mpu, minutes, billed and seq, without nulls.
    """
    columns = rows.collect_schema().names()
    placed = settle(_placed(_fifteens(rows), part))
    ahead, level, slots = nw.col("_ahead"), nw.col("_level"), nw.col("_slots")
    contested = (ahead < slots) & (slots < ahead + level) & (nw.col("left") > 0)
    sure = (ahead + level <= slots) & (nw.col("left") > 0)
    calm = placed.filter(~contested).with_columns(
        earned=nw.col("full") + nw.when(sure).then(1).otherwise(0), tie=nw.lit(False)
    )
    chosen = _chosen(steps.prefer(placed.filter(contested), placed, part, pairs), part)
    wanted = [*columns, "full", "earned", "tie"]
    made = nw.concat([calm.select(*wanted), chosen.select(*wanted)], how="vertical")
    return steps.move(made.with_columns(add_on=nw.lit(False)), part, pairs).drop("full")


def _fifteens(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Full units of each code, and the left-over minutes that compete in a pool (0 outside one)."""
    family, minutes, length = nw.col("family"), nw.col("minutes"), nw.col("mpu")
    pooled = nw.col("cms") & (family > 0) & (family < FIRST_ONLY)
    alone = (minutes + (length - 1) // 2) // length
    once = nw.when((family == FIRST_ONLY) & (alone > 1)).then(1).otherwise(alone)
    return rows.with_columns(
        full=nw.when(pooled).then(minutes // 15).otherwise(once),
        left=nw.when(pooled).then(minutes % 15).otherwise(0),
    )


def _placed(rows: nw.LazyFrame[Any], part: list[str]) -> nw.LazyFrame[Any]:
    """How many units remain in the pool, how many codes have more left over than this one, how many as much.

    The sum of the digits of a number to the base 256 is its remainder by 255, as long as it stays below that.
    """
    left = nw.col("left")
    small, large, digit, tail = (nw.col(name) for name in ("_small", "_large", "_digit", "_tail"))
    high = left > 7
    lower = nw.max_horizontal(left - 1, nw.lit(0, nw.Int64))
    rows = rows.with_columns(_place=nw.when(high).then(left - 8).otherwise(lower))
    rows = rows.with_columns(_digit=_digit(nw.col("_place")))
    rows = rows.with_columns(
        _small=nw.when((left > 0) & ~high).then(digit).otherwise(0), _large=nw.when(high).then(digit).otherwise(0)
    )
    rows = rows.with_columns(
        small.sum().over(*part), large.sum().over(*part), _slots=(left.sum().over(*part) + 7) // 15
    )
    rows = rows.with_columns(_tail=nw.when(high).then(large).otherwise(small) // digit)
    above = nw.when(high).then(0).otherwise(large % (DIGIT - 1))
    return rows.with_columns(_ahead=tail // DIGIT % (DIGIT - 1) + above, _level=tail % DIGIT).drop(
        "_small", "_large", "_tail", "_place", "_digit"
    )


def _digit(place: nw.Expr) -> nw.Expr:
    """256 to the power of 0 to 7, without floats: by the bits of the power."""
    bits = ((place % 2, 1), (place // 2 % 2, 2), (place // 4, 4))
    first, second, fourth = (bit * (DIGIT**power - 1) + 1 for bit, power in bits)
    made: nw.Expr = first * second * fourth
    return made


def _chosen(rows: nw.LazyFrame[Any], part: list[str]) -> nw.LazyFrame[Any]:
    """Of equal left-overs: first those that come nearer to what was billed, then as they stand in the input."""
    late = nw.when(nw.col("wanted")).then(0).otherwise(1)
    place = nw.min_horizontal(nw.col("seq"), nw.lit(PLACES - 1, nw.Int64)) * CODES + nw.col("rank")
    rows = rows.with_columns(_order=late * (PLACES * CODES) + place)
    rows = rows.with_columns(_nth=nw.col("_order").cum_count().over(*part, order_by="_order"))
    served = nw.col("_nth") <= nw.col("_slots") - nw.col("_ahead")
    return rows.with_columns(earned=nw.col("full") + nw.when(served).then(1).otherwise(0), tie=nw.lit(True))
