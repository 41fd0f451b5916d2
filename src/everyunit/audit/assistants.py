"""Which units did an assistant give, and do the lines say so?

Timed codes: full fifteens go to whoever gave them. Of one unit left, the therapist with the midpoint (8 minutes)
or more needs no modifier; else the assistant's part must be more than a tenth. Of two left, where each gave 9 to 14
minutes, one bears the modifier. Untimed codes: more than a tenth of the minutes. Minutes together are the
therapist's. An evaluation is the therapist's alone: no modifier makes one that an assistant gave payable. Source:
42 CFR 410.59 and 410.60, 86 FR 64996.
"""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, nothing, seen, told
from everyunit.errors import BookRefusal
from everyunit.money import half_up

UNIT = 15
_MARKS = {"CQ": "GP", "CO": "GO"}
_MARKED = ":C[QO]:"
_NAMES = ("assistant_de_minimis", "assistant_midpoint", "assistant_two_low", "assistant_two_high")


@dataclass(frozen=True)
class Limits:
    """The book's figures of one day: percent, minutes, minutes, minutes."""

    de_minimis: int
    midpoint: int
    two_low: int
    two_high: int


def assistant_units(units: int, therapist: int, assistant: int, timed: bool, limits: Limits) -> int:
    """Units of one code that need CQ or CO, of `units` billed. `therapist` holds the minutes together."""
    if assistant <= 0:
        return 0
    if not timed:
        return units if _more(assistant, therapist + assistant, limits) else 0
    full_t, full_a = min(therapist // UNIT, units), assistant // UNIT
    full_a = min(full_a, units - full_t)
    left, t, a = units - full_t - full_a, therapist - full_t * UNIT, assistant - full_a * UNIT
    if left >= 2 and all(limits.two_low <= part <= limits.two_high for part in (t, a)):
        return full_a + 1
    if left >= 1 and t < limits.midpoint and _more(a, t + a, limits):
        return full_a + left
    return full_a


def _more(part: int, whole: int, limits: Limits) -> bool:
    return part * 100 > whole * limits.de_minimis


def marks(facts: Facts) -> pl.DataFrame:
    """assistant_modifier_missing, assistant_modifier_unneeded and assistant_modifier_wrong."""
    return pl.concat([_counted(facts), _wrong(facts), _evaluated(facts)], how="diagonal")


def _counted(facts: Facts) -> pl.DataFrame:
    """Codes billed as their minutes earn, where the record says who gave what: first the units, then who gave."""
    if not facts.medicare:
        return nothing()
    whole = (nw.col("performed_by") == "assistant") & (nw.col("assistant_minutes") == 0)
    none = nw.col("performed_by") == "therapist"
    part = nw.when(none).then(0).otherwise(nw.col("assistant_minutes"))
    by_assistant = nw.when(whole).then(nw.col("minutes").fill_null(0)).otherwise(part)
    silent = (nw.col("performed_by") == "") | nw.col("minutes").is_null()
    services = facts.services.filter(nw.col("medicare")).with_columns(
        by=by_assistant, silent=nw.when(silent).then(1).otherwise(0)
    )
    done = services.group_by("visit_id", "code").agg(
        nw.col("minutes").fill_null(0).sum().alias("all_minutes"), nw.col("by").sum(), nw.col("silent").max()
    )
    bearing = nw.when(nw.col("modifiers").str.contains(_MARKED)).then(nw.col("units")).otherwise(0)
    lines = facts.lines.filter(nw.col("medicare") & (nw.col("units") > 0)).with_columns(bearing=bearing)
    billed = lines.group_by("visit_id", "claim_id", "code", "timed", "service_day", "discipline").agg(
        nw.col("units").sum(), nw.col("bearing").sum(), nw.col("line").min(), nw.col("price_cents").sum(),
        nw.col("earned").max(),
    )  # fmt: skip
    told_of = (nw.col("silent") == 0) & (nw.col("units") == nw.col("earned")) & (nw.col("price_cents") != 0)
    touched = (nw.col("by") > 0) | (nw.col("bearing") > 0)
    return _held(seen(billed.join(done, on=["visit_id", "code"], how="inner").filter(told_of & touched)), facts)


def _held(rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    wanted, factor = [], []
    columns = ("units", "all_minutes", "by", "timed", "service_day", "bearing", "price_cents")
    for units, minutes, by, timed, day, bearing, price in rows.select(columns).rows():
        limits = _limits(facts, day)
        due = bearing if limits is None else assistant_units(units, minutes - by, by, timed, limits)
        wanted.append(due)
        factor.append(
            0 if limits is None or price is None or not units else _cut(price, due - bearing, units, facts, day)
        )
    rows = rows.with_columns(pl.Series("due", wanted, pl.Int64), pl.Series("cut", factor, pl.Int64))
    seen_ = pl.format("{}: {} of {} minutes by an assistant, {} of {} units need {}, {} bear it.", "code", "by",
                      "all_minutes", "due", "units", _mark(), "bearing")  # fmt: skip
    rest, one = pl.col("units") - pl.col("due"), pl.col("due") == 1
    some = pl.when(one).then(pl.lit("1 unit")).otherwise(pl.format("{} units", "due"))
    fix = (
        pl.when(pl.col("due") == 0).then(pl.format("Take {} off {}.", _mark(), "code"))
        .when(rest == 0).then(pl.format("Put {} on {}.", _mark(), "code"))
        .otherwise(pl.format("Split {}: {} with {} on a line of its own, {} without.", "code", some, _mark(), rest))
    )  # fmt: skip
    due, bearing = pl.col("due"), pl.col("bearing")
    missing = (due > bearing) & ~pl.col("code").is_in(_evaluations(facts))
    more = {"earned_units": pl.col("units"), "cents": pl.col("cut")}
    return pl.concat(
        [
            told(rows.filter(missing), "assistant_modifier_missing", seen_, fix, **more),
            told(rows.filter(due < bearing), "assistant_modifier_unneeded", seen_, fix, **more),
        ],
        how="diagonal",
    )  # fmt: skip


def _mark() -> pl.Expr:
    return pl.when(pl.col("discipline") == "OT").then(pl.lit("CO")).otherwise(pl.lit("CQ"))


def _limits(facts: Facts, day: int) -> Limits | None:
    try:
        return Limits(*[int(facts.book.value(f"thresholds.{name}", day).value) for name in _NAMES])
    except BookRefusal:
        return None


def _cut(price: int, more: int, units: int, facts: Facts, day: int) -> int:
    """Signed cents: what Medicare's share is less (more units marked) or more, of these units' allowed amount."""
    share = 100 - int(facts.book.value("thresholds.coinsurance", day).value)
    less = 100 - int(facts.book.value("thresholds.assistant_factor", day).value)
    return -half_up(price * more * share * less, units * 100 * 100)


def _wrong(facts: Facts) -> pl.DataFrame:
    made = []
    never = _evaluations(facts)
    marked = seen(facts.lines.filter(nw.col("modifiers").str.contains(_MARKED) & (nw.col("units") > 0)))
    for mark, discipline in _MARKS.items() if marked.height else ():
        bears = pl.col("modifiers").str.contains(f":{mark}:", literal=True)
        other = ~pl.col("modifiers").str.contains(f":{discipline}:", literal=True)
        rows = marked.filter(bears & (other | pl.col("code").is_in(never)))
        message = pl.when(pl.col("code").is_in(never)).then(
            pl.format("{} bears {}; assistants do not evaluate.", "code", pl.lit(mark))
        ).otherwise(pl.format("{} bears {} without {}.", "code", pl.lit(mark), pl.lit(discipline)))  # fmt: skip
        fix = "Correct the modifier to who treated and under which plan."
        made.append(told(rows, "assistant_modifier_wrong", message, fix, risk_cents=at_risk()))
    return pl.concat(made, how="diagonal") if made else nothing()


def _evaluations(facts: Facts) -> list[str]:
    return facts.book.traits.filter(pl.col("trait").is_in(["evaluation", "re_evaluation"]))["code"].to_list()


def _evaluated(facts: Facts) -> pl.DataFrame:
    """Evaluations that stand on record as an assistant's and on a claim to Medicare."""
    if not facts.medicare:
        return nothing()
    alone = facts.services.filter(nw.col("medicare") & (nw.col("performed_by") == "assistant"))
    given = alone.filter(nw.col("code").is_in(_evaluations(facts))).select("visit_id", "code").unique()
    lines = facts.lines.filter(nw.col("medicare") & (nw.col("units") > 0))
    rows = seen(lines.join(given, on=["visit_id", "code"], how="inner"))
    message = pl.format("{} stands on record as an assistant's; assistants do not evaluate.", "code")
    fix = "Correct the record if a therapist evaluated; else take the line off."
    return told(rows, "assistant_modifier_wrong", message, fix, risk_cents=at_risk())
