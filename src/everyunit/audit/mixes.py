"""Do a clinician's own figures move? Minutes behind a unit, and the mix of codes.

Both are alarms about figures, not about a claim: they ask for a look at the notes. An upward move of the mix to
better paid codes is an alarm, not a success. The mix is the average Medicare price of a timed unit at one day's fees,
month by month; a cumulative sum (CUSUM, slack half a standard deviation, limit eight) against the clinician's own
first six months raises it once. On steady made-up figures it is false for 1 clinician in 80 within a year and 1 in 12
within two; a move of three standard deviations is seen after four months at the median (tests/audit).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import day_words, nothing, told
from everyunit.errors import BookRefusal
from everyunit.frames import polars

BASE_MONTHS, LEAST_MONTHS, LEAST_UNITS = 6, 8, 60
SLACK, LIMIT = 0.5, 8.0  # in standard deviations
MOVING_RANGE = 1.128  # mean moving range of two over the standard deviation, normal figures
LEAST_SPREAD = 0.01  # of the mean: below that, months are as good as equal
LEAST_QUARTER_UNITS = 150
_WHO = ["clinician_npi", "discipline"]


def _units(facts: Facts) -> pl.DataFrame:
    """One row a clinician, discipline, clinic, month and code: units, minutes of those on record, recorded units."""
    lines = facts.lines.filter(nw.col("timed") & (nw.col("units") > 0) & (nw.col("clinician_npi") != ""))
    visit = lines.group_by(*_WHO, "clinic", "service_day", "visit_id", "code").agg(
        nw.col("units").sum(), nw.col("minutes").max(), nw.col("recorded").max(), nw.col("earned").max()
    )
    known = nw.when(nw.col("recorded").fill_null(False) & (nw.col("minutes") > 0)).then(1).otherwise(0)
    rows = visit.with_columns(seen_units=nw.col("units") * known, seen_minutes=nw.col("minutes").fill_null(0) * known)
    summed = polars(
        rows.group_by(*_WHO, "clinic", "service_day", "code").agg(
            nw.col("units").sum(), nw.col("seen_units").sum(), nw.col("seen_minutes").sum()
        )
    )
    # Of several clinics the first in the alphabet is named, on any engine.
    return summed.sort(*_WHO, "clinic", "service_day", "code")


def alarms(facts: Facts) -> pl.DataFrame:
    """minutes_per_unit_low and mix_drift: hits on a clinician, without a visit."""
    rows = _units(facts)
    if rows.is_empty():
        return nothing()
    date = pl.col("service_day").cast(pl.Int32).cast(pl.Date)
    rows = rows.with_columns(
        month=date.dt.truncate("1mo"), quarter=date.dt.truncate("1q"), visit_id=pl.lit(""),
        clinic=pl.col("clinic").fill_null(""), discipline=pl.col("discipline").fill_null(""),
    )  # fmt: skip
    return pl.concat([_low(rows, facts), _drift(rows, facts)], how="diagonal")


def _low(rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    each = rows.group_by(*_WHO, "quarter", maintain_order=True).agg(
        pl.col("seen_units", "seen_minutes").sum(), pl.col("service_day").max(), pl.col("clinic").first(),
        pl.col("visit_id").first(),
    ).filter(pl.col("seen_units") >= LEAST_QUARTER_UNITS)  # fmt: skip
    least = _threshold(facts, "minutes_a_unit", each)
    each = each.filter(pl.col("seen_minutes") < pl.col("seen_units") * least).sort(*_WHO, "quarter")
    average = (pl.col("seen_minutes") * 10 // pl.col("seen_units")).cast(pl.String)
    shown = average.str.head(-1) + "." + average.str.tail(1)
    message = pl.format("{} timed units of the quarter rest on {} minutes each on average.", "seen_units", shown)
    fix = "Look at some of those days: units of fifteen minutes that rest on about eight should be the exception."
    return _on_clinician(each, "minutes_per_unit_low", message, fix)


def _threshold(facts: Facts, name: str, rows: pl.DataFrame) -> int:
    day = rows["service_day"].max() if rows.height else None
    try:
        return int(facts.book.value(f"thresholds.{name}", int(day)).value) if day is not None else 0  # type: ignore[call-overload, arg-type]
    except BookRefusal:
        return 0


def _drift(rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    prices = facts.book.prices().filter((pl.col("mac") == "") & (pl.col("locality") == ""))
    latest = prices.sort("first_day").unique("code", keep="last").select("code", "reduced_cents")
    priced = rows.join(latest, on="code", how="inner", maintain_order="left")
    months = priced.group_by(*_WHO, "month", maintain_order=True).agg(
        pl.col("units").sum(), (pl.col("units") * pl.col("reduced_cents")).sum().alias("value"),
        pl.col("service_day").max(), pl.col("clinic").first(), pl.col("visit_id").first(),
    ).filter(pl.col("units") >= LEAST_UNITS).sort(*_WHO, "month")  # fmt: skip
    made = []
    for _, part in months.group_by(*_WHO, maintain_order=True):
        held = part.rows(named=True)
        at = first_alarm([row["value"] / row["units"] for row in held])
        if at is not None:
            made.append(held[at])
    if not made:
        return nothing()
    found = pl.DataFrame(made, schema=months.schema)
    message = pl.format("Since the first six months on record the mix moved to better paid codes; it stands "
                        "out in the month of {}.", day_words("service_day"))  # fmt: skip
    fix = "Read some notes of before and after: does the care differ, or only the code?"
    return _on_clinician(found, "mix_drift", message, fix)


def first_alarm(values: list[float]) -> int | None:
    """Place of the first month in which the upward cumulative sum passes its limit; None where it does not.

    The first six values are the clinician's own base; at least eight are needed. CUSUM after Page (1954), the spread
    by the mean moving range (Shewhart's individuals chart).
    """
    if len(values) < LEAST_MONTHS:
        return None
    base = values[:BASE_MONTHS]
    mean = sum(base) / len(base)
    moves = [abs(after - before) for before, after in pairwise(base)]
    spread = max(sum(moves) / len(moves) / MOVING_RANGE, mean * LEAST_SPREAD)
    high = 0.0
    for at, value in enumerate(values[BASE_MONTHS:], start=BASE_MONTHS):
        high = max(0.0, high + (value - mean) / spread - SLACK)
        if high > LIMIT:
            return at
    return None


def _on_clinician(rows: pl.DataFrame, kind: str, message: pl.Expr, fix: str) -> pl.DataFrame:
    own: dict[str, Any] = {"code": pl.lit("")}
    hits = told(rows, kind, message, fix, **own)
    if hits.is_empty():
        return hits
    return hits.with_columns(rows.select("clinic", "clinician_npi", "discipline", "service_day"))
