"""Management of remote monitoring by calendar month: what its minutes reach against what is billed. See `remote`."""

from __future__ import annotations

import polars as pl

from everyunit.audit.changes import with_cents
from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, told, trait, values_by_year

FULL, SHORT, MORE = "management", "short_management", "more_management"
FIRST, KINDS = (FULL, SHORT), (FULL, SHORT, MORE)
_MONTH = ["patient_id", "month"]
_NEEDS = {"remote_full_management": "full", "remote_short_management": "short", "remote_more_management": "each",
          "remote_contact": "contact"}  # fmt: skip
_AT = ("visit_id", "payer_id", "clinic", "service_day")
_LINE = ["visit_id", "claim_id", "line"]
_RECORD = ("minutes", "full", "short", "each", "fits", "reached", "gains", "spoken")


def month() -> pl.Expr:
    """The calendar month of service_day, as in March 2026."""
    return _date().dt.strftime("%B %Y")


def _date() -> pl.Expr:
    return pl.col("service_day").cast(pl.Int32).cast(pl.Date)


def judged(facts: Facts, lines: pl.DataFrame, done: pl.DataFrame) -> pl.DataFrame:
    """Hits of lines of management (with `again`) held against services of management, both with `month`."""
    codes = dict(trait(facts, "remote").filter(pl.col("remote").is_in(KINDS)).select("remote", "code").rows())
    record = _record(facts, done)
    sure = record.filter(~pl.col("unset"))
    first = lines.filter(pl.col("remote").is_in(FIRST) & ~pl.col("again"))
    known = _held(first, sure, codes)
    lifted = (pl.col("remote") == SHORT) & (pl.col("fits") == FULL)
    over = known.filter(~lifted & (pl.col("less") > 0))
    further = _capped(facts, lines.filter(pl.col("remote") == MORE))
    beyond, lacking = _further(further, sure)
    under = pl.concat([known.filter(lifted & pl.col("gains")), lacking], how="diagonal")
    return pl.concat(
        [
            _told_over(facts, pl.concat([over, beyond], how="diagonal")),
            _told_under(facts, under),
            _told_missing(facts, _missing(lines, first, sure, codes)),
            _told_unrecorded(lines.filter(~pl.col("again")), done),
            _told_mute(first.join(over, on=_LINE, how="anti", maintain_order="left"), record),
        ],
        how="diagonal",
    )


def _record(facts: Facts, done: pl.DataFrame) -> pl.DataFrame:
    """One row a patient and month with services of management, on the last visit that has one.

    minutes (all rows), unset (a row lacks them), spoken (live contact is on record), mute (it is denied throughout),
    what the codes need on that day (short: null where there is no such code), fits (the first code that the minutes
    reach), reached (units of the further code) and gains (whether what is not billed may be asked for).
    """
    rows = done.sort("service_day", "visit_id").group_by(*_MONTH, maintain_order=True).agg(
        pl.col("visit_id", "payer_id", "clinic", "service_day").last(), pl.col("minutes").sum(),
        unset=pl.col("minutes").is_null().any(), spoken=(pl.col("live_contact") == "yes").any(),
        denied=(pl.col("live_contact") == "no").fill_null(False).all(),
    )  # fmt: skip
    for name, short in _NEEDS.items():
        values = values_by_year(facts, name, rows).rename({name: short})
        rows = rows.join(values, on="service_day", how="left", maintain_order="left")
    minutes, full = pl.col("minutes"), pl.col("full")
    few = (minutes >= pl.col("short")).fill_null(False)
    end = _date().dt.month_end().cast(pl.Int32).cast(pl.Int64)
    passed = pl.lit(True) if facts.reaches is None else end < facts.reaches
    mute = pl.col("denied") & (pl.col("contact") == 1)
    return rows.filter(full.is_not_null()).with_columns(
        fits=pl.when(minutes >= full).then(pl.lit(FULL)).when(few).then(pl.lit(SHORT)).otherwise(pl.lit("")),
        reached=pl.when(minutes >= full).then((minutes - full) // pl.col("each")).otherwise(pl.lit(0, pl.Int64)),
        mute=mute.fill_null(False), gains=passed & ~mute.fill_null(False),
    )  # fmt: skip


def _held(first: pl.DataFrame, sure: pl.DataFrame, codes: dict[str, str]) -> pl.DataFrame:
    """The first code that each month bears, of which one unit can be right: `less` is not, `more` of `other` is."""
    rows = first.join(sure.select(*_MONTH, *_RECORD, "mute"), on=_MONTH, how="inner", maintain_order="left")
    right = pl.col("remote") == pl.col("fits")
    instead = ~right & (pl.col("fits") != "") & ~pl.col("mute")
    other = pl.col("fits").replace_strict(codes, default=None, return_dtype=pl.String)
    return rows.with_columns(
        less=(~right).cast(pl.Int64), kept=pl.lit(0, pl.Int64),
        other=pl.when(instead).then(other), more=instead.cast(pl.Int64),
    )  # fmt: skip


def _capped(facts: Facts, lines: pl.DataFrame) -> pl.DataFrame:
    """Adds `above`: units of a line whose dollars stand with `ceiling_over`, which looks at the day alone."""
    part = ["patient_id", "service_day", "side", "code"]
    held = facts.book.ceilings.select("code", "ceiling", "from_day", "to_day")
    spans = lines.select("code", "service_day").unique().join(held, on="code")
    spans = spans.filter(pl.col("service_day").is_between("from_day", "to_day"))
    lines = lines.join(
        spans.select("code", "service_day", "ceiling"), on=["code", "service_day"], how="left", maintain_order="left"
    )
    so_far = pl.col("units").cum_sum().over(part, order_by=["visit_id", "claim_id", "line"])
    supported = pl.col("recorded") & (pl.col("earned") >= pl.col("units").sum().over(part))
    above = pl.min_horizontal("units", pl.max_horizontal(so_far - pl.col("ceiling"), 0)).fill_null(0)
    return lines.with_columns(above=pl.when(pl.col("federal") & ~supported).then(above).otherwise(0))


def _further(lines: pl.DataFrame, sure: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lines of the further code above what the minutes reach, and the last line of each month that stands below."""
    rows = lines.join(sure.select(*_MONTH, *_RECORD), on=_MONTH, how="inner", maintain_order="left")
    so_far = pl.col("units").cum_sum().over(_MONTH)
    kept = pl.max_horizontal(pl.min_horizontal("units", pl.col("reached") - so_far + pl.col("units")), 0)
    rows = rows.with_columns(
        less=pl.col("units") - kept, kept=kept, other=pl.lit(None, pl.String), more=pl.lit(0, pl.Int64)
    )
    short = pl.col("reached") - pl.col("units").sum().over(_MONTH)
    last = rows.with_columns(short_of=short).filter((short > 0) & pl.col("gains"))
    last = last.unique(_MONTH, keep="last", maintain_order=True)
    last = last.with_columns(less=pl.lit(0, pl.Int64), other="code", more=pl.col("short_of").cast(pl.Int64))
    return rows.filter(pl.col("less") > 0), last


def _missing(lines: pl.DataFrame, first: pl.DataFrame, sure: pl.DataFrame, codes: dict[str, str]) -> pl.DataFrame:
    """Codes that a month reaches and no line bears, on the visit of its first code, else on the last of the month."""
    open_ = sure.filter(pl.col("gains"))
    none = open_.filter(pl.col("fits") != "").join(first, on=_MONTH, how="anti", maintain_order="left")
    named = pl.col("fits").replace_strict(codes, default=None, return_dtype=pl.String)
    none = none.with_columns(code=named, more=pl.lit(1, pl.Int64))
    borne = lines.filter(pl.col("remote") == MORE)
    more = open_.filter(pl.col("reached") > 0).join(borne, on=_MONTH, how="anti", maintain_order="left")
    where = first.select(*_MONTH, *(pl.col(name).alias(f"{name}_on") for name in _AT))
    more = more.join(where, on=_MONTH, how="left", maintain_order="left").with_columns(
        *(pl.coalesce(f"{name}_on", name).alias(name) for name in _AT),
        code=pl.lit(codes[MORE]), more=pl.col("reached").cast(pl.Int64),
    )  # fmt: skip
    return pl.concat([none, more], how="diagonal").with_columns(less=pl.lit(0, pl.Int64), other="code")


def _seen(opening: str = "the") -> pl.Expr:
    said = opening + " record of {} holds {} minutes of remote monitoring management"
    return pl.format(said, "month", "minutes")


def _units(column: str) -> pl.Expr:
    return pl.format("{} unit{}", column, pl.when(pl.col(column) == 1).then(pl.lit("")).otherwise(pl.lit("s")))


def _unsure() -> pl.Expr:
    """What is said where the record is silent on live contact."""
    said = " Live contact with patient or carer in that month, which the code needs, is not on record."
    return pl.when(pl.col("spoken")).then(pl.lit("")).otherwise(pl.lit(said))


def _told_over(facts: Facts, rows: pl.DataFrame) -> pl.DataFrame:
    off = pl.col("less") - pl.min_horizontal("less", pl.col("above").fill_null(0))
    priced = with_cents(facts, rows.with_columns(off=pl.col("less"), less=off))
    rows = priced.with_columns(less="off")
    need = pl.when(pl.col("remote") == SHORT).then("short").otherwise("full")
    further = pl.format("past {} minutes each further {} make one unit, which is {}", "full", "each", "kept")
    rule = (
        pl.when(pl.col("remote") == MORE).then(further)
        .when(need.is_null()).then(pl.lit("that month knows no such code"))
        .otherwise(pl.format("it needs {}", need))
    )  # fmt: skip
    instead = pl.when(pl.col("other").is_null()).then(pl.lit("")).otherwise(pl.format(" {} fits them.", "other"))
    message = pl.format("{} was billed {}; {}: {}.{}", "code", _units("units"), _seen(), rule, instead)
    change = pl.when(pl.col("other").is_null()).then(pl.format("Take {} off", _units("less"))).otherwise(
        pl.format("Send {} in its place", "other")
    )  # fmt: skip
    fix = pl.format("{}, or correct the minutes if the record of the month shows others.", change)
    return told(rows, "remote_minutes_over", message, fix, cents=pl.col("cents"), units_off=pl.col("less"),
                earned_units=pl.col("kept"))  # fmt: skip


def _told_under(facts: Facts, rows: pl.DataFrame) -> pl.DataFrame:
    rows = with_cents(facts, rows)
    further = (pl.col("remote") == MORE).fill_null(False)
    reach = pl.when(further).then(pl.format("{} of it", _units("reached"))).otherwise("other")
    message = pl.format("{} was billed {}; {}, which reach {}.{}", "code", _units("units"), _seen(), reach, _unsure())
    change = pl.when(further).then(pl.format("Send {}", _units("reached"))).otherwise(
        pl.format("Send {} in its place", "other")
    )  # fmt: skip
    fix = pl.format("{} with a corrected claim within the payer's filing limit, or correct the minutes.", change)
    earned = pl.when(further).then("reached").otherwise(pl.lit(0, pl.Int64))
    return told(rows, "remote_minutes_under", message, fix, cents=pl.col("cents"), units_off=-pl.col("more"),
                earned_units=earned, checked=pl.col("spoken"))  # fmt: skip


def _told_missing(facts: Facts, rows: pl.DataFrame) -> pl.DataFrame:
    rows = with_cents(facts, rows)
    message = pl.format(
        "{}, which reach {}{}; no line of that month bears it.{}", _seen("The"), "code",
        pl.when(pl.col("more") > 1).then(pl.format(" with {}", _units("more"))).otherwise(pl.lit("")), _unsure(),
    )  # fmt: skip
    fix = "Add the line with a corrected claim within the payer's filing limit, or correct the minutes."
    return told(rows, "remote_not_billed", message, fix, cents=pl.col("cents"), units_off=-pl.col("more"),
                earned_units=pl.col("more"), checked=pl.col("spoken"))  # fmt: skip


def _told_unrecorded(lines: pl.DataFrame, done: pl.DataFrame) -> pl.DataFrame:
    rows = lines.filter("unrecorded").join(done, on=_MONTH, how="anti", maintain_order="left")
    message = pl.format(
        "{} was billed {}; the record of {} holds no minutes of remote monitoring management.", "code",
        _units("units"), "month",
    )  # fmt: skip
    fix = "Enter the minutes if the record of the month shows them; otherwise correct the claim."
    return told(rows, "remote_not_recorded", message, fix, risk_cents=at_risk(), earned_units=pl.lit(0, pl.Int64))


def _told_mute(first: pl.DataFrame, record: pl.DataFrame) -> pl.DataFrame:
    rows = first.join(record.filter("mute").select(_MONTH), on=_MONTH, how="semi", maintain_order="left")
    message = pl.format(
        "{} was billed; by the record nobody spoke live with patient or carer in {}, which the code needs.", "code",
        "month",
    )  # fmt: skip
    fix = "Enter the live contact if there was one and the note shows it; otherwise correct the claim."
    return told(rows, "remote_contact_missing", message, fix, risk_cents=at_risk())
