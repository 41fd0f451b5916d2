"""Does remote monitoring stand as its days of data, the minutes of its month and its periods allow?

Device codes count once in 30 days, a full and a short period not together; management once in a calendar month, the
short and the full form not together. What the record holds is judged both ways, by the rules of the day of service:

- A device needs 16 days of data in 30. From 2026 another code stands for 2 to 15 days; before, fewer days earn none.
  `data_days` on the device's row of services.csv says how many there were in the 30 days that end on that visit.
- Management needs 20 minutes in a calendar month, and a further code each further 20. From 2026 another code stands
  for 10 to 19 minutes. All rows of these codes in the patient's month add up, whichever of them each row names.
- Management needs live contact with patient or carer in that month. `live_contact` says yes or no; where it is empty
  nothing is concluded from it, and what could be gained says that it is not on record.

Where a device's row has no days, or a row of the month no minutes, nothing is said of days or minutes. Gain is only
spoken of when the month has passed in the files.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit import months
from everyunit.audit.changes import with_cents
from everyunit.audit.facts import Facts
from everyunit.audit.hits import day_words, nothing, seen, side, told, trait, values_by_year, with_codes

_DEVICE = ("full", "short")
_SPAN = 30
_OWN = ("patient_id", "service_day", "family")


def periods(facts: Facts) -> pl.DataFrame:
    """remote_repeated: the later line of the two, and more than one unit of what a month holds once."""
    rows = _standing(facts)
    twice = pl.col("remote").is_in(months.FIRST) & ~pl.col("again") & (pl.col("units") > 1)
    found = rows.with_columns(off=pl.when("again").then("units").when(twice).then(pl.col("units") - 1))
    found = _valued(found.filter(pl.col("off").is_not_null()))
    if found.is_empty():
        return nothing()
    what = pl.when(pl.col("remote").is_in(_DEVICE)).then(pl.lit("30 days")).otherwise(pl.lit("a calendar month"))
    message = (
        pl.when("again").then(pl.format("{} stands again within {}; the last one was on {}.", "code", what,
                                        day_words("before")))
        .otherwise(pl.format("{} stands with {} units; it counts once in a calendar month.", "code", "units"))
    )  # fmt: skip
    fix = "Send one for the period, the one whose days or minutes the record shows."
    return told(found, "remote_repeated", message, fix, cents=pl.col("cents"), units_off=pl.col("off"),
                earned_units=pl.col("units") - pl.col("off"))  # fmt: skip


def minutes(facts: Facts) -> pl.DataFrame:
    """remote_minutes_over, remote_minutes_under, remote_not_billed, remote_not_recorded, remote_contact_missing."""
    lines = _standing(facts)
    done = _performed(facts, months.KINDS)
    if lines.is_empty() and done.is_empty():
        return nothing()
    return months.judged(facts, lines.filter(pl.col("remote").is_in(months.KINDS)), done)


def days(facts: Facts) -> pl.DataFrame:
    """remote_days_over, remote_days_under, and remote_not_billed of a device."""
    done = _performed(facts, _DEVICE).filter(pl.col("data_days").is_not_null())
    if done.is_empty():
        return nothing()
    shorter = trait(facts, "shorter").filter(pl.col("shorter") != "")
    done = _reached(facts, _of_family(done, shorter), shorter)
    lines = _standing(facts).filter(pl.col("remote").is_in(_DEVICE))
    best = done.group_by(*_OWN, maintain_order=True).agg(
        pl.col("data_days").max(), pl.col("remote_full", "remote_short").first()
    )
    ours = _of_family(lines.filter(~pl.col("again")), shorter).join(best, on=list(_OWN), how="inner")
    return pl.concat([*_billed(facts, _named(ours, shorter)), _unbilled(facts, done, lines)], how="diagonal")


def _standing(facts: Facts) -> pl.DataFrame:
    """Lines of remote monitoring with `month`, `before` (day of the one before) and `again` (within its period)."""
    columns = ("visit_id", "claim_id", "patient_id", "payer_id", "clinic", "service_day", "line", "code", "units",
               "price_cents", "taken", "unrecorded", "recorded", "earned", "federal", "side", "remote")  # fmt: skip
    held = trait(facts, "remote")
    lines = facts.lines.filter(nw.col("units") > 0).with_columns(side=side())
    rows = seen(with_codes(lines if not facts.without(held) else lines.head(0), held).select(*columns))
    rows = rows.sort("patient_id", "service_day", "code", "line", "visit_id").with_columns(month=months.month())
    device, first = pl.col("remote").is_in(_DEVICE), pl.col("remote").is_in(months.FIRST)
    turn = pl.when(device).then(pl.lit("device")).when(first).then("month").otherwise("code")
    rows = rows.with_columns(before=pl.col("service_day").shift(1).over("patient_id", turn))
    soon = device & (pl.col("service_day") - pl.col("before") < _SPAN)
    return rows.with_columns(again=(soon | (first & pl.col("before").is_not_null())).fill_null(False))


def _performed(facts: Facts, kinds: tuple[str, ...]) -> pl.DataFrame:
    """Services of these kinds, with `month`."""
    held = trait(facts, "remote").filter(pl.col("remote").is_in(kinds))
    columns = ("visit_id", "patient_id", "payer_id", "clinic", "service_day", "code", "minutes", "data_days",
               "live_contact", "remote")  # fmt: skip
    services = facts.services if not facts.without(held) else facts.services.head(0)
    return seen(with_codes(services, held).select(*columns)).with_columns(month=months.month())


def _of_family(rows: pl.DataFrame, shorter: pl.DataFrame) -> pl.DataFrame:
    """Adds `family`: the code of the full period of that device."""
    full = dict(shorter.select("shorter", "code").rows())
    return rows.with_columns(family=pl.col("code").replace(full))


def _reached(facts: Facts, rows: pl.DataFrame, shorter: pl.DataFrame) -> pl.DataFrame:
    """Adds the days that the codes need on that day (remote_short is null where there is no such code), `fits` and
    `fitting`; rows of days that the book does not know are left out."""
    for name in ("remote_full", "remote_short"):
        rows = rows.join(values_by_year(facts, name, rows), on="service_day", how="left", maintain_order="left")
    return _named(rows.filter(pl.col("remote_full").is_not_null()), shorter)


def _named(rows: pl.DataFrame, shorter: pl.DataFrame) -> pl.DataFrame:
    """Adds `fits` (full, short or nothing) and `fitting`, the code of it."""
    few = (pl.col("data_days") >= pl.col("remote_short")).fill_null(False)
    fits = pl.when(pl.col("data_days") >= pl.col("remote_full")).then(pl.lit("full")).when(few).then(pl.lit("short"))
    short = pl.col("family").replace_strict(dict(shorter.rows()), default=None, return_dtype=pl.String)
    rows = rows.with_columns(fits=fits.otherwise(pl.lit("")))
    return rows.with_columns(
        fitting=pl.when(pl.col("fits") == "full").then("family").when(pl.col("fits") == "short").then(short)
    )


def _billed(facts: Facts, ours: pl.DataFrame) -> list[pl.DataFrame]:
    """Lines on the wrong code for their days."""
    wrong = ours.filter(pl.col("remote") != pl.col("fits")).with_columns(
        less=pl.col("units"), other="fitting", more=pl.when(pl.col("fits") == "").then(0).otherwise(1)
    )
    wrong = with_cents(facts, wrong)
    held = pl.format("{} was billed; the record holds {} days of data in 30", "code", "data_days")
    need = pl.when(pl.col("remote") == "full").then("remote_full").otherwise("remote_short")
    instead = pl.when(pl.col("fits") == "").then(pl.lit("")).otherwise(pl.format(" {} fits them.", "fitting"))
    needs = pl.when(need.is_null()).then(pl.lit("on that day there is no such code")).otherwise(
        pl.format("it needs {}", need)
    )  # fmt: skip
    over = pl.format("{}, and {}.{}", held, needs, instead)
    under = pl.format("{}; from {} on it is {}.", held, "remote_full", "fitting")
    change = pl.when(pl.col("fits") == "").then(pl.lit("Take the line off")).otherwise(
        pl.format("Send {} in its place", "fitting")
    )  # fmt: skip
    fix = pl.format("{}, or correct the days if the device's record shows others.", change)
    lifted = pl.col("fits") == "full"
    figures: dict[str, Any] = {"cents": pl.col("cents"), "units_off": pl.col("less"), "earned_units": pl.lit(0)}
    return [
        told(wrong.filter(~lifted), "remote_days_over", over, fix, **figures),
        told(wrong.filter(lifted), "remote_days_under", under, fix, **figures),
    ]


def _unbilled(facts: Facts, done: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Days that reach a code, and no device is billed within 30 days; of several such records the fullest, then the
    latest."""
    rows = (
        done.filter(pl.col("fits") != "")
        .sort("data_days", "visit_id", descending=[True, False])
        .unique(_OWN, keep="first", maintain_order=True)
    )
    other = rows.select("patient_id", at="service_day", held="data_days", kin="family")
    near = (pl.col("service_day") - pl.col("at")).abs() < _SPAN
    ranked = [("held", "data_days"), ("at", "service_day"), ("kin", "family")]
    larger, level = pl.lit(False), pl.lit(True)
    for one, mine in ranked:
        larger, level = larger | (level & (pl.col(one) > pl.col(mine))), level & (pl.col(one) == pl.col(mine))
    behind = rows.join(other, on="patient_id").filter(near & larger).select(_OWN).unique()
    sent = lines.select("patient_id", at="service_day")
    charged = rows.join(sent, on="patient_id").filter(near).select(_OWN).unique()
    rows = rows.join(pl.concat([behind, charged]), on=list(_OWN), how="anti", maintain_order="left")
    rows = rows.with_columns(code="fitting", less=pl.lit(0), other="fitting", more=pl.lit(1))
    rows = with_cents(facts, rows)
    message = pl.format(
        "The record holds {} days of data in 30, which reach {}; no claim within 30 days bears a device.",
        "data_days", "code",
    )  # fmt: skip
    fix = "Add the line with a corrected claim within the payer's filing limit, or correct the days."
    return told(rows, "remote_not_billed", message, fix, cents=pl.col("cents"), units_off=pl.lit(-1),
                earned_units=pl.lit(1))  # fmt: skip


def _valued(found: pl.DataFrame) -> pl.DataFrame:
    """Adds cents, once a visit and code: no reduction for several procedures touches these codes, so the day without
    them is less by their own price. Units that the count of the day takes off already bear their dollars there."""
    part = ("visit_id", "code")
    off = pl.max_horizontal(pl.col("off").sum().over(part) - pl.col("taken"), 0)
    again = (pl.int_range(pl.len()).over(part) > 0) & pl.col("price_cents").is_not_null()
    cents = -(pl.col("price_cents") // pl.col("units")) * off
    return found.with_columns(cents=pl.when(again | (off == 0)).then(0).otherwise(cents))
