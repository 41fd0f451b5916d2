"""Did one clinician treat two patients one-on-one at the same minute?"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import codes_by, nothing, told, with_codes
from everyunit.frames import polars


def times(facts: Facts) -> pl.DataFrame:
    """therapist_overlap: on the visit whose service began later."""
    alone = codes_by(facts.book, "one_on_one")
    timed = (
        ~nw.col("start_minute").is_null()
        & ~nw.col("end_minute").is_null()
        & (nw.col("end_minute") > nw.col("start_minute"))
    )
    own = (
        (nw.col("mode") != "group")
        & (nw.col("clinician_npi") != "")
        & (nw.col("performed_by") != "assistant")
        & nw.col("timed")
    )
    services = with_codes(facts.services.filter(timed & own), alone)
    columns = ("visit_id", "patient_id", "clinician_npi", "service_day", "code", "start_minute", "end_minute")
    rows = polars(services.select(*columns)).sort(
        "clinician_npi", "service_day", "start_minute", "end_minute", "visit_id", "code"
    )
    day = ("clinician_npi", "service_day")
    busy = pl.col("end_minute").cum_max().shift(1).over(*day)
    near = rows.with_columns(busy=busy).filter(pl.col("start_minute") < pl.col("busy")).select(*day).unique()
    rows = rows.join(near, on=list(day), how="semi", maintain_order="left")
    made = [hit for _, part in rows.group_by(*day, maintain_order=True) for hit in _of_day(part.rows(named=True))]
    if not made:
        return nothing()
    found = pl.DataFrame(
        made, schema={"visit_id": pl.String, "code": pl.String, "minutes": pl.Int64, "from": pl.String}, orient="row"
    )
    found = found.group_by("visit_id", "code", maintain_order=True).agg(
        pl.col("minutes").sum(), pl.col("from").first()
    )
    message = pl.format("{} was given one-on-one for {} minutes, from {}, while the same clinician gave "
                        "one-on-one care to another patient.", "code", "minutes", "from")  # fmt: skip
    fix = "Correct the times if the note shows others; minutes shared by two patients are group or are counted once."
    return told(found, "therapist_overlap", message, fix)


def _of_day(rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    made: list[tuple[object, ...]] = []
    for at, row in enumerate(rows):
        shared = 0
        for earlier in rows[:at]:
            if earlier["patient_id"] != row["patient_id"]:
                shared = max(shared, min(earlier["end_minute"], row["end_minute"]) - row["start_minute"])  # type: ignore[type-var, operator, call-overload]
        if shared > 0:
            start = int(row["start_minute"])  # type: ignore[call-overload]
            made.append((row["visit_id"], row["code"], shared, f"{start // 60:02d}:{start % 60:02d}"))
    return made
