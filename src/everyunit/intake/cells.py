"""Cells of a CSV become values: for each kind of column one expression that reads it and one that says it is bad."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from everyunit.days import EPOCH
from everyunit.intake.shapes import Field

LONGEST = 200
CODE = r"^[A-Z0-9]{5}$"
DAY_MINUTES = 24 * 60
PERIOD_DAYS = 30  # of data from a device
_AMOUNT = r"^[+-]?(\d{1,12}(\.\d{0,2}0*)?|\.\d{1,2}0*)$"
_THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"  # 12,50 is not guessed at
_WHOLE = r"^\d{1,6}(\.0*)?$"
_NUMBER = r"[-+]?[\d.,]{1,6}"
_SHOWN = {"minutes": _NUMBER, "days": _NUMBER, "count": _NUMBER, "code": r"(?=.*\d.*\d)[A-Za-z0-9.]{1,7}"}


def cell(name: str) -> pl.Expr:
    """A column as trimmed text, null where nothing stands."""
    text = pl.col(name).str.strip_chars()
    return pl.when(text != "").then(text)


def read(field: Field) -> pl.Expr:
    """The value of a column in the ledger's type, null where it is empty or bad."""
    text = cell(field.heading)
    if isinstance(field.kind, tuple):
        words = {word.lower(): word for word in field.kind}
        return _word(text).replace_strict(words, default=None, return_dtype=pl.String)
    made = {
        "day": lambda: _day(text),
        "until": lambda: _day(text),
        "cents": lambda: _cents(text),
        "minutes": lambda: _whole(text),
        "days": lambda: _whole(text),
        "count": lambda: _whole(text),
        "code": lambda: text.str.to_uppercase(),
    }
    return made.get(field.kind, lambda: text)()


def bad(field: Field, value: str) -> pl.Expr:
    """Whether a cell must be refused; `value` names the column that holds what `read` made of it."""
    text = cell(field.heading)
    unread = text.is_not_null() & pl.col(value).is_null()
    low = (date(1990, 1, 1) - EPOCH).days
    high = (date(date.today().year + 1, 12, 31) - EPOCH).days
    told = (
        {
            "day": unread | ~pl.col(value).is_between(low, high),
            "until": unread | (pl.col(value) < low),
            "minutes": unread | (pl.col(value) > DAY_MINUTES),
            "days": unread | (pl.col(value) > PERIOD_DAYS),
            "code": ~pl.col(value).str.contains(CODE),
            "text": text.str.len_chars() > LONGEST,
        }
        if isinstance(field.kind, str)
        else {}
    )
    broken = told.get(field.kind, unread) if isinstance(field.kind, str) else unread
    broken = broken.fill_null(False) | text.str.contains("\x00", literal=True).fill_null(False)
    return (broken | text.is_null()) if field.required else broken


def _word(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.replace_all(r"[\s\-]+", "_")


def _day(text: pl.Expr) -> pl.Expr:
    bare = text.str.replace(r"[T ].*$", "")
    iso = pl.when(bare.str.contains(r"^\d{4}-\d{1,2}-\d{1,2}$")).then(bare).str.to_date("%Y-%m-%d", strict=False)
    packed = pl.when(bare.str.contains(r"^\d{8}$")).then(bare).str.to_date("%Y%m%d", strict=False)
    slashed = pl.when(bare.str.contains(r"^\d{1,2}/\d{1,2}/\d{4}$")).then(bare).str.to_date("%m/%d/%Y", strict=False)
    return pl.coalesce(iso, packed, slashed).to_physical()


def _cents(text: pl.Expr) -> pl.Expr:
    told = text.str.replace_all("$", "", literal=True).str.replace(r"^\((.*)\)$", "-${1}")  # banks: (5.00) is -5.00
    bare = told.str.replace_all(",", "", literal=True)
    parted = ~told.str.contains(",", literal=True) | told.str.contains(_THOUSANDS)
    good = pl.when(bare.str.contains(_AMOUNT) & parted).then(bare)
    whole = good.str.extract(r"^[+-]?(\d*)").replace("", "0").cast(pl.Int64, strict=False)
    part = (good.str.extract(r"\.(\d{0,2})").fill_null("").str.pad_end(2, "0")).cast(pl.Int64, strict=False)
    cents = pl.when(good.is_not_null()).then(whole * 100 + part)
    return pl.when(bare.str.starts_with("-")).then(-cents).otherwise(cents)


def _whole(text: pl.Expr) -> pl.Expr:
    good = pl.when(text.str.contains(_WHOLE)).then(text)
    return good.str.extract(r"^(\d+)").cast(pl.Int64, strict=False)


def words(field: Field, text: str | None) -> tuple[str, str, str]:
    """What was seen (where that can name nobody), what is wrong with it, and what clears it."""
    bare = (text or "").strip()
    if not bare:
        return "", "is missing", f"Fill in {field.heading} and import the file again."
    if "\x00" in bare:
        return "", "holds a zero byte", "Export the file again as plain text."
    if isinstance(field.kind, tuple):
        return "", "is none of the known words", f"Use one of: {', '.join(field.kind)}."
    seen = bare if re.fullmatch(_SHOWN.get(field.kind, r"(?!)"), bare) else ""
    told = {
        "day": ("is no date from 1990 to the end of next year", "Write dates as 2026-03-12."),
        "until": ("is no date from 1990 on", "Write dates as 2026-03-12."),
        "cents": ("is no amount", "Write amounts as 12.50, a comma only between thousands."),
        "minutes": ("is no number of minutes from 0 to 1440", "Give whole minutes, or leave the cell empty."),
        "days": (
            "is no number of days from 0 to 30",
            "Give the days of 30 that have data, or leave the cell empty.",
        ),
        "count": ("is no whole number", "Give a whole number, or leave the cell empty."),
        "code": ("is no procedure code", "Give the five characters of the code alone, such as 97110."),
    }
    message, remedy = told.get(field.kind, (f"is longer than {LONGEST} characters", "Check the columns of that row."))
    return seen, message, remedy
