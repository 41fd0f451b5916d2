"""Do the note, the record of services and the claim of a visit tell the same?

A note is read for what its words carry and for its plain minutes (see notes.md). Spoken of is only what the other
findings leave open: a code that the record holds and the words do not, another code that they carry, a service that
the note alone tells, minutes of the same codes that earn other units, and skilled minutes that stand nowhere. A code
that the record lacks is `not_recorded`, units are judged by `units`; here is silence about both, and about all that
the words leave open: where the record, or without one the note, lacks the minutes of a service nothing is said of
codes, for a note is read in pieces that its minutes part; nor where the other code has a service of its own in the
record. Dollars are what hangs on the lines; none is a gain by itself, and money picks no code. Found by
`everyunit audit --notes`, which reads every note once.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit.engine import bring
from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, nothing, seen, told
from everyunit.frames import polars

MINUTES = "minutes"
LEAST = 8
_KEY = ["visit_id", "code"]
_LATE = "what the note leaves out can only be added by a late entry that says that it is one."
_FIX = {
    "note_code_unsupported": f"Correct the code if the service was not given; {_LATE}",
    "note_code_better": "Read the marked words: purpose and content decide, not the heading. Correct the code, or "
    "leave it where they say more than was read.",
    "note_minutes_missing": "Enter the minutes where they were taken down; they belong to the record of each visit.",
    "note_minutes_differ": f"Find out which minutes hold and correct the record or the units; {_LATE}",
    "note_not_billed": "Enter the service in the record if it was given, then its units are judged; or leave it out.",
    "note_units_differ": "Correct the units, or bring the minutes of the record.",
    "note_time_uncounted": "The clinician says to which service given they belong, or that they do not count; "
    "nothing is billed for them by themselves.",
}  # fmt: skip


def words(facts: Facts) -> pl.DataFrame:
    """All kinds of this rule; nothing where no note was read."""
    if polars(facts.readings.head(1)).is_empty():
        return nothing()
    kept = facts.visits.select("visit_id", "claimed")
    away = nw.col("code").is_in(sorted(facts.book.monthly))  # remote work is no part of the visit's time
    services = facts.services.with_columns(minutes=nw.when(away).then(0).otherwise(nw.col("minutes")))
    return beside(facts.readings.join(kept, on="visit_id", how="inner"), facts.lines, services)


def beside(readings: nw.LazyFrame[Any], lines: nw.LazyFrame[Any], services: nw.LazyFrame[Any]) -> pl.DataFrame:
    """Hits of readings held against lines and services, in the columns of `facts`."""
    said = seen(readings.filter(nw.col("kind") != MINUTES))
    apart = _minutes(readings.filter(nw.col("kind") == MINUTES), services)
    ours = pl.concat([said.select("visit_id"), apart.select("visit_id")]).unique()
    held = _lines(lines.join(bring(ours, lines), on="visit_id", how="inner"))
    done = _services(services.join(bring(ours, services), on="visit_id", how="inner"))
    rows = said.join(held, on=_KEY, how="left").join(done, on=_KEY, how="left")
    visits = done.group_by("visit_id").agg(
        all_spent=pl.col("spent").sum(), untimed=pl.col("spent").filter(~pl.col("timed")).sum(),
        any_lacking=pl.col("lacking").any(), performed="code",
    )  # fmt: skip
    noted = seen(
        readings.filter(nw.col("kind") == MINUTES).group_by("visit_id").agg(nw.col("minutes").sum().alias("noted"))
    )
    rows = rows.join(visits, on="visit_id", how="left").join(noted, on="visit_id", how="left")
    known = pl.concat([held.select(_KEY), done.select(_KEY)]).unique().group_by("visit_id").agg(known="code")
    rows = rows.join(known, on="visit_id", how="left").with_columns(
        bare=pl.col("all_spent").is_null(), billed=pl.col("units").fill_null(0) > 0,
        under_twin=_codes("instead").list.set_intersection(pl.col("known")).list.len().fill_null(0) > 0,
        any_lacking=pl.col("any_lacking").fill_null(False),
        any_unsaid=(pl.col("kind") == "missing_minutes").any().over("visit_id"),
        told_apart=_codes("instead").list.set_intersection(pl.col("performed")).list.len().fill_null(0) > 0,
    )  # fmt: skip
    return pl.concat([*_of_codes(rows), _of_time(rows), _differing(apart, held)], how="diagonal")


def _of_codes(rows: pl.DataFrame) -> list[pl.DataFrame]:
    code, kind, bare, billed = pl.col("code"), pl.col("kind"), pl.col("bare"), pl.col("billed")
    units = pl.format(
        "{} was billed {} unit{}",
        code,
        "units",
        pl.when(pl.col("units") == 1).then(pl.lit("")).otherwise(pl.lit("s")),
    )
    on_record = billed & (pl.col("recorded").fill_null(False) | (bare & ~pl.col("any_unsaid")))
    on_record &= ~pl.col("any_lacking")
    alone = ~billed & pl.col("spent").is_null() & ~pl.col("under_twin") & pl.col("claimed")
    length = pl.when(pl.col("minutes").is_null()).then(pl.lit("")).otherwise(pl.format(", {} minutes", "minutes"))
    return [
        _told(rows.filter((kind == "unsupported_code") & on_record), "note_code_unsupported",
              pl.format("{}; no words of the day's note carry it.", units), risk_cents=at_risk()),
        _told(rows.filter((kind == "better_supported_code") & on_record & ~pl.col("told_apart")), "note_code_better",
              pl.format("{}; the words of the note carry {}.", units, pl.col("instead").str.replace_all(":", " or ")),
              risk_cents=at_risk()),
        _told(rows.filter((kind == "missing_minutes") & billed & bare), "note_minutes_missing",
              pl.format("{}; neither the record nor the note holds its minutes.", units), risk_cents=at_risk()),
        _told(rows.filter((kind == "documented_not_billed") & alone), "note_not_billed",
              pl.format("The note tells {}{}; neither the record nor the claim holds it.", code, length)),
        _told(rows.filter((kind == "units_not_supported") & bare), "note_units_differ", pl.col("said")),
    ]  # fmt: skip


def _of_time(rows: pl.DataFrame) -> pl.DataFrame:
    """Skilled minutes in the note that no service of the record takes up, nor one that the note tells alone."""
    alone = (pl.col("kind") == "documented_not_billed") & pl.col("spent").is_null()
    told_alone = pl.col("minutes").filter(alone).sum().over("visit_id")
    spent, untimed, noted = (pl.col(name).fill_null(0) for name in ("all_spent", "untimed", "noted"))
    session = pl.col("session")
    left = pl.min_horizontal("minutes", session - spent - told_alone, session - noted - untimed)
    rows = rows.with_columns(left=left).filter(
        (pl.col("kind") == "uncounted_skilled_time") & ~pl.col("any_lacking") & (pl.col("left") >= LEAST)
    )
    message = pl.format(
        "The note tells {} minutes with the patient; {} of them stand with no service, and it describes skilled work "
        "in them.", "session", "left",
    )  # fmt: skip
    return _told(rows, "note_time_uncounted", message, code=pl.lit(""))


def _minutes(noted: nw.LazyFrame[Any], services: nw.LazyFrame[Any]) -> pl.DataFrame:
    """Codes whose minutes differ between note and record, of visits where both name the same timed codes plainly and
    the units of a code or of the day hang on it."""
    timed = services.filter(nw.col("timed")).with_columns(
        open_=nw.when(nw.col("minutes").is_null() | (nw.col("mode") == "group")).then(1).otherwise(0)
    )
    record = timed.group_by(*_KEY).agg(nw.col("minutes").sum().alias("spent"), nw.col("open_").sum().alias("open_"))
    noted = noted.select(*_KEY, noted="minutes")

    def of_visit(frame: nw.LazyFrame[Any], count: str, column: str) -> nw.LazyFrame[Any]:
        return frame.group_by("visit_id").agg(nw.len().alias(count), nw.col(column).sum().alias(f"{column}_day"))

    both = noted.join(record, on=_KEY, how="inner")
    met = both.group_by("visit_id").agg(nw.len().alias("met"), nw.col("open_").sum().alias("open_day"))
    both = both.join(met, on="visit_id", how="inner")
    for frame, count, column in ((noted, "of_note", "noted"), (record, "of_record", "spent")):
        both = both.join(of_visit(frame, count, column), on="visit_id", how="inner")
    same = (nw.col("met") == nw.col("of_note")) & (nw.col("met") == nw.col("of_record")) & (nw.col("open_day") == 0)
    own = (nw.col("noted") + 7) // 15 != (nw.col("spent") + 7) // 15
    day = (nw.col("noted_day") + 7) // 15 != (nw.col("spent_day") + 7) // 15
    return seen(
        both.filter(same & (nw.col("noted") != nw.col("spent")) & (own | day)).select(*_KEY, "noted", "spent")
    )


def _differing(apart: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    rows = apart.join(held, on=_KEY, how="left")
    message = pl.format(
        "{}: the record holds {} minutes, the note {}. Units hang on which of them holds.", "code", "spent", "noted"
    )
    return _told(rows, "note_minutes_differ", message, risk_cents=at_risk())


def _lines(lines: nw.LazyFrame[Any]) -> pl.DataFrame:
    """visit_id, code, claim_id, line, units, price_cents (of all lines of the code) and recorded."""
    columns = ("visit_id", "claim_id", "line", "code", "units", "price_cents", "recorded")
    rows = seen(lines.filter(nw.col("units") > 0).select(*columns))
    return rows.group_by(*_KEY, maintain_order=True).agg(
        pl.col("claim_id", "recorded").first(), pl.col("line").min(), pl.col("units", "price_cents").sum()
    )


def _services(services: nw.LazyFrame[Any]) -> pl.DataFrame:
    """visit_id, code, whether it is timed, spent (minutes) and whether a row lacks them."""
    rows = seen(services.select("visit_id", "code", "minutes", "timed"))
    spent, lacking = pl.col("minutes").sum().alias("spent"), pl.col("minutes").is_null().any().alias("lacking")
    return rows.group_by(*_KEY, maintain_order=True).agg(pl.col("timed").first(), spent, lacking)


def _codes(column: str) -> pl.Expr:
    return pl.col(column).fill_null("").str.split(":")


def _told(rows: pl.DataFrame, kind: str, message: pl.Expr, **more: Any) -> pl.DataFrame:
    return told(rows, kind, message, _FIX[kind], **{"checked": False, **more})
