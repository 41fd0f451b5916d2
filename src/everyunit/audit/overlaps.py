"""Did one clinician treat two patients one-on-one at the same minute, or are one patient's minutes under two codes?

Evaluations and other untimed one-on-one services count like timed ones. Where a service has fewer minutes than its
times span, or an assistant gave some of them, the rest of the span is free: only what two services cannot both have
had is found. Of two codes of one visit that the pair edits judge, `pairs` speaks and this is silent.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import codes_by, nothing, told, with_codes
from everyunit.frames import polars

_SEEN = {"visit_id": pl.String, "code": pl.String, "minutes": pl.Int64, "from": pl.String, "other": pl.String}


def times(facts: Facts) -> pl.DataFrame:
    """therapist_overlap: on the visit whose service began later."""
    alone = codes_by(facts.book, "one_on_one")
    timed = (
        ~nw.col("start_minute").is_null()
        & ~nw.col("end_minute").is_null()
        & (nw.col("end_minute") > nw.col("start_minute"))
    )
    own = (nw.col("mode") != "group") & (nw.col("clinician_npi") != "") & (nw.col("performed_by") != "assistant")
    services = with_codes(facts.services.filter(timed & own), alone)
    columns = (
        "visit_id",
        "patient_id",
        "clinician_npi",
        "service_day",
        "code",
        "start_minute",
        "end_minute",
        "own",
        "federal",
    )
    rows = polars(services.with_columns(own=own_minutes()).select(*columns)).sort(
        "clinician_npi", "service_day", "start_minute", "end_minute", "visit_id", "code", "own"
    )
    day = ("clinician_npi", "service_day")
    busy = pl.col("end_minute").cum_max().shift(1).over(*day)
    near = rows.with_columns(busy=busy).filter(pl.col("start_minute") < pl.col("busy")).select(*day).unique()
    rows = rows.join(near, on=list(day), how="semi", maintain_order="left")
    edits = {frozenset(pair) for pair in facts.book.pairs.select("column_1", "column_2").rows()}
    made = [
        hit for _, part in rows.group_by(*day, maintain_order=True) for hit in _of_day(part.rows(named=True), edits)
    ]
    if not made:
        return nothing()
    found = pl.DataFrame(made, schema=_SEEN, orient="row")
    found = found.group_by("visit_id", "code", maintain_order=True).agg(
        pl.col("minutes").sum(), pl.col("from").first(), pl.col("other").first()
    )
    message = (
        pl.when(pl.col("other") == "").then(
            pl.format("{} was given one-on-one for {} minutes, from {}, while the same clinician gave "
                      "one-on-one care to another patient.", "code", "minutes", "from"))
        .otherwise(
            pl.format("{} and {} stand with the same {} minutes of one patient and clinician, from {}; "
                      "a minute counts once.", "other", "code", "minutes", "from"))
    )  # fmt: skip
    fix = "Correct the times if the note shows others; minutes shared by two patients are group or are counted once."
    return told(found, "therapist_overlap", message, fix)


def own_minutes() -> nw.Expr:
    """Minutes that its therapist gave of a service with start and end; the whole span where none are on record."""
    span = nw.col("end_minute") - nw.col("start_minute")
    alone = nw.when(nw.col("performed_by") == "both").then(nw.col("assistant_minutes")).otherwise(0)
    own = nw.max_horizontal(nw.col("minutes") - alone, nw.lit(0))
    return nw.when(nw.col("minutes").is_null()).then(span).otherwise(nw.min_horizontal(span, own))


def _of_day(rows: list[dict[str, Any]], edits: set[frozenset[str]]) -> list[tuple[object, ...]]:
    """Hits of a clinician's day: with other patients, else (naming the other code) within the visit itself."""
    made: list[tuple[object, ...]] = []
    for at, row in enumerate(rows):
        shared, within, other = 0, 0, ""
        for earlier in rows[:at]:
            if earlier["patient_id"] != row["patient_id"]:
                shared = max(shared, _both(earlier, row))
            elif _twice(earlier, row, edits) and _both(earlier, row) > within:
                within, other = _both(earlier, row), str(earlier["code"])
        if shared > 0 or within > 0:
            start = int(row["start_minute"])
            said = (shared, "") if shared > 0 else (within, other)
            made.append((row["visit_id"], row["code"], said[0], f"{start // 60:02d}:{start % 60:02d}", said[1]))
    return made


def _twice(earlier: dict[str, Any], later: dict[str, Any], edits: set[frozenset[str]]) -> bool:
    """Two codes of one visit that no pair edit judges."""
    codes = frozenset((earlier["code"], later["code"]))
    return earlier["visit_id"] == later["visit_id"] and len(codes) == 2 and not (later["federal"] and codes in edits)


def _both(earlier: dict[str, Any], later: dict[str, Any]) -> int:
    """Minutes that two services claim beyond what the time from the first start to the last end holds."""
    if earlier["end_minute"] <= later["start_minute"]:
        return 0
    last = max(earlier["end_minute"], later["end_minute"])
    return int(earlier["own"] + later["own"] - (last - earlier["start_minute"]))
