"""Does every visit at Medicare stand inside a plan of care that was certified in time?

Only where plans.csv was brought, on days that the book knows. From 2025 an order on file and a plan sent within 30
days of its start stand for the first signature of a course of care; a plan that follows another needs its own. A
signature that is not due yet, by the last day of the claims, is not missed.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import day_words, nothing, seen, told, values_by_year
from everyunit.frames import polars

_SENT_FROM = "plan_sent"
_FIRST = "Get the signature and a reason for the delay, or show order and day of sending."
_FOLLOWS = (
    "Get the signature and a reason for the delay: a plan that follows another needs one, even if sent in time."
)
_COURSE = ("patient_id", "discipline")


def covered(facts: Facts) -> pl.DataFrame:
    """plan_missing, plan_expired and plan_not_certified, one a visit."""
    if not facts.medicare:
        return nothing()
    plans = polars(facts.plans)
    if plans.is_empty():
        return nothing()
    lines = facts.lines.filter(nw.col("medicare") & (nw.col("units") > 0))
    visits = seen(
        lines.group_by("visit_id", "claim_id", "patient_id", "discipline", "service_day").agg(
            nw.col("price_cents").fill_null(0).sum().alias("visit_cents")
        )
    )
    last = visits["service_day"].max()
    rows = visits.join(_in_order(plans), on=list(_COURSE), how="left", maintain_order="left")
    for name in ("certification_due", "plan_longest", _SENT_FROM, "episode_gap"):
        rows = rows.join(values_by_year(facts, name, rows), on="service_day", how="left", maintain_order="left")
    rows = rows.filter(pl.col("certification_due").is_not_null() & pl.col("plan_longest").is_not_null())
    end = pl.min_horizontal(pl.col("end_day"), pl.col("start_day") + pl.col("plan_longest") - 1)
    day = pl.col("service_day")
    inside = (pl.col("start_day") <= day) & (day <= end)
    due = pl.col("start_day") + pl.col("certification_due")
    signed = pl.col("certified_day").is_not_null() & (pl.col("certified_day") <= due)
    sent = pl.col("sent_day").is_not_null() & (pl.col("sent_day") <= pl.col("start_day") + pl.col(_SENT_FROM))
    open_still = (pl.lit(last) <= due) & ~(pl.col("certified_day") > due).fill_null(False)
    before = pl.min_horizontal(pl.col("end_before"), pl.col("start_before") + pl.col("plan_longest") - 1)
    again = (pl.col("start_day") - before <= pl.col("episode_gap")).fill_null(False)
    sent = sent & ~again
    rows = rows.with_columns(
        again=again, inside=inside.fill_null(False), started=(pl.col("start_day") <= day).fill_null(False),
        good=(signed | sent | open_still).fill_null(False), due=due, end=end,
    )  # fmt: skip
    each = rows.group_by("visit_id", "claim_id", "service_day", "visit_cents", maintain_order=True).agg(
        pl.col("inside").any(), (pl.col("inside") & pl.col("good")).any().alias("good"), pl.col("started").any(),
        pl.col("end").filter(pl.col("started")).max(), pl.col("due").filter(pl.col("inside")).max(),
        pl.col("again").filter(pl.col("inside")).any(),
    )  # fmt: skip
    return _told(each)


def _in_order(plans: pl.DataFrame) -> pl.DataFrame:
    """Plans with start and end of the one that began before, in the same course or not."""
    held = plans.select(*_COURSE, "start_day", "end_day", "certified_day", "sent_day")
    starts = held.group_by(*_COURSE, "start_day").agg(pl.col("end_day").max()).sort(*_COURSE, "start_day")
    earlier = starts.select(
        *_COURSE, "start_day", start_before=pl.col("start_day").shift(1).over(*_COURSE),
        end_before=pl.col("end_day").shift(1).over(*_COURSE),
    )  # fmt: skip
    return held.join(earlier, on=[*_COURSE, "start_day"], how="left", maintain_order="left")


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    more = {"risk_cents": pl.col("visit_cents"), "code": pl.lit("")}
    none = rows.filter(~pl.col("inside") & ~pl.col("started"))
    over = rows.filter(~pl.col("inside") & pl.col("started"))
    late = rows.filter(pl.col("inside") & ~pl.col("good"))
    return pl.concat(
        [
            told(none, "plan_missing", pl.lit("No plan of care of the discipline covers this visit."),
                 "Bring the plan, or write and certify one with a reason for the delay.", **more),
            told(over, "plan_expired", pl.format("The plan of care ended on {}.", day_words("end")),
                 "Recertify the plan, with a reason for the delay.", **more),
            told(late, "plan_not_certified",
                 pl.format("The plan was to be certified by {} and was not.", day_words("due")),
                 pl.when("again").then(pl.lit(_FOLLOWS)).otherwise(pl.lit(_FIRST)), **more),
        ],
        how="diagonal",
    )  # fmt: skip
