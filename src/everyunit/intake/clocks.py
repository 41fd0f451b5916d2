"""Times of day as people and systems write them, brought to one form: 09:05, or 2026-03-12T09:05 with its day."""

from __future__ import annotations

import polars as pl

SOUND = r"^(?:\d{4}-\d{2}-\d{2}T)?(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$|^24:00$"
REMEDY = "Write times as 09:05 or 9:05 AM."
_DAY = r"(?:(\d{4}-\d{1,2}-\d{1,2})|(\d{1,2}/\d{1,2}/\d{4}))"
_HALF = r"\s*(?:([AaPp])\.?\s*[Mm]?\.?)?"
_WRITTEN = rf"^(?:{_DAY}[T ]\s*)?(\d{{1,2}}):?([0-5]\d)(:[0-5]\d(?:\.\d+)?)?{_HALF}(Z|[+-]\d{{2}}:?\d{{2}})?$"
_COLONLESS = r"(?:^|[T ])\d{3}(?:\D|$)"  # 905 may be a slip of 9:50, 0905 is none


def stamp(text: pl.Expr) -> pl.Expr:
    """A time in the one form, or the day alone where no hour was written down; null where the text is neither."""
    bare = pl.when(text.str.contains(rf"^{_DAY}$")).then(text + " 00:00")
    return pl.coalesce(clock(text), clock(bare).str.slice(0, 10))


def clock(text: pl.Expr) -> pl.Expr:
    """A time in the one form, null where the text is none; seconds stay.

    By the half of the day 12 AM is midnight, and an hour above twelve stands in the afternoon alone.
    """
    whole, packed, slashed, hours, minutes, seconds, half, zone = (text.str.extract(_WRITTEN, at) for at in range(8))
    iso = packed.str.to_date("%Y-%m-%d", strict=False)
    day = pl.coalesce(iso, slashed.str.to_date("%m/%d/%Y", strict=False)).dt.strftime("%Y-%m-%d")
    hour, late = hours.cast(pl.Int64, strict=False), half.str.to_lowercase() == "p"
    full = (
        pl.when(half.is_null()).then(hour)
        .when((hour == 12) & ~late).then(0)
        .when(late & hour.is_between(1, 11)).then(hour + 12)
        .when(late & hour.is_between(12, 23)).then(hour)
        .when(~late & (hour < 12)).then(hour)
    )  # fmt: skip
    there = (full < 24) | ((full == 24) & (minutes == "00") & half.is_null())
    dayless = (packed.is_not_null() | slashed.is_not_null()) & day.is_null()
    made = pl.concat_str(
        pl.when(day.is_not_null()).then(pl.concat_str(day, pl.lit("T"))).otherwise(pl.lit("")),
        full.cast(pl.String).str.pad_start(2, "0"), pl.lit(":"), minutes, seconds.fill_null(""), zone.fill_null(""),
    )  # fmt: skip
    return pl.when(whole.is_not_null() & there & ~dayless & ~text.str.contains(_COLONLESS)).then(made)
