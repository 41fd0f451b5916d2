"""Did a clinician lead a group while giving one-on-one care to somebody else, or to the same patient?

Group minutes are shared, one-on-one minutes are not; the same minutes cannot be both. Where a service has fewer
minutes than its times span, only what both cannot have had is found. Where the pair edits judge the same patient's
two codes (federal payers), `pairs` speaks and this is silent.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import codes_by, nothing, told, with_codes
from everyunit.audit.overlaps import own_minutes
from everyunit.frames import polars

_DAY = ["clinician_npi", "service_day"]


def overlaps(facts: Facts) -> pl.DataFrame:
    """group_overlaps_one_on_one: on the visit that was given one-on-one."""
    timed = (nw.col("end_minute") > nw.col("start_minute")).fill_null(False)
    own = (nw.col("clinician_npi") != "") & (nw.col("performed_by") != "assistant") & nw.col("claimed")
    services = facts.services.filter(timed & own)
    columns = ("visit_id", "patient_id", *_DAY, "federal", "code", "start_minute", "end_minute", "own")
    services = services.with_columns(own=own_minutes())
    group = polars(services.filter(nw.col("mode") == "group").select(*columns))
    if group.is_empty():
        return nothing()
    alone = codes_by(facts.book, "one_on_one")
    single = polars(with_codes(services.filter(nw.col("mode") != "group"), alone).select(*columns))
    both = single.join(group, on=_DAY, how="inner", suffix="_group")
    span = pl.max_horizontal("end_minute", "end_minute_group") - pl.min_horizontal(
        "start_minute", "start_minute_group"
    )
    meet = (pl.col("start_minute") < pl.col("end_minute_group")) & (
        pl.col("start_minute_group") < pl.col("end_minute")
    )
    shared = pl.when(meet).then(pl.col("own") + pl.col("own_group") - span).otherwise(0)
    judged = (pl.col("patient_id") == pl.col("patient_id_group")) & pl.col("federal")
    both = both.with_columns(shared=shared).filter((pl.col("shared") > 0) & ~judged)
    rows = both.group_by("visit_id", "code", maintain_order=True).agg(pl.col("shared").max()).sort("visit_id", "code")
    message = pl.format(
        "{} was given one-on-one while the same clinician led a group: {} minutes stand in both.", "code", "shared"
    )
    fix = "Correct the times if the note shows others; minutes that were shared are group, or are counted once."
    return told(rows, "group_overlaps_one_on_one", message, fix)
