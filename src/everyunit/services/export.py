"""Findings as a file that other programs open: CSV, Parquet or Excel, without paths, clocks or batch numbers."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.audit import FINDINGS
from everyunit.errors import UsageError
from everyunit.services.earlier import Ours, csv_with, parquet_with, refuse_other, workbook_of
from everyunit.services.private import write_private

INSIDE = ("service_day",)
_FORMULA = r"^[=+\-@\t\r]"
_MOMENT = datetime(2000, 1, 1)  # written into every workbook, so that the same facts give the same bytes


def rows_for_export(findings: pl.DataFrame) -> pl.DataFrame:
    """The columns that leave the house, in order; dates as ISO text."""
    return findings.drop(INSIDE, strict=False)


def escaped(frame: pl.DataFrame) -> pl.DataFrame:
    """Text cells that a spreadsheet would run as a formula, with an apostrophe before them."""
    texts = [pl.col(name) for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(
        pl.when(text.str.contains(_FORMULA)).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).name.keep()
        for text in texts
    )


def csv_text(findings: pl.DataFrame) -> str:
    """The findings as CSV, formulas escaped."""
    return escaped(rows_for_export(findings)).write_csv()


def writer_for(path: Path, replace: bool = False) -> Callable[[pl.DataFrame], None]:
    """What writes findings to this file, by its ending. UsageError for an ending that is none, a place that cannot
    be written, and a file there that is no earlier export (unless it is to be replaced). The file is for its owner
    alone: findings bear numbers of patients and words of the record."""
    columns = [name for name in FINDINGS.names if name not in INSIDE]
    made = _MOMENT.strftime("%Y-%m-%dT%H:%M:%SZ")
    forms: dict[str, tuple[Callable[[pl.DataFrame], bytes], Ours]] = {
        ".csv": (_csv, csv_with(columns)),
        ".parquet": (_parquet, parquet_with(columns)),
        ".xlsx": (_xlsx, workbook_of(made, columns)),
    }
    if path.suffix.lower() not in forms:
        seen = f"{path.suffix or 'No ending'} is no form to write."
        raise UsageError(seen, place=path.name, remedy="End the name in .csv, .parquet or .xlsx.")
    form, ours = forms[path.suffix.lower()]
    refuse_other(path, ours, replace)
    return lambda findings: write_private(path, form(findings), replace=True)


def _csv(findings: pl.DataFrame) -> bytes:
    return csv_text(findings).encode()


def _parquet(findings: pl.DataFrame) -> bytes:
    held = io.BytesIO()
    rows_for_export(findings).write_parquet(held)
    return held.getvalue()


def _xlsx(findings: pl.DataFrame) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    frame = escaped(rows_for_export(findings))
    held = io.BytesIO()
    options: dict[str, Any] = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(held, {**options, "strings_to_numbers": False}) as book:
        book.set_properties({"created": _MOMENT})
        sheet = book.add_worksheet("findings")
        sheet.write_row(0, 0, frame.columns)
        for at, row in enumerate(frame.iter_rows(), start=1):
            for column, value in enumerate(row):
                _cell(sheet, at, column, value)
    return held.getvalue()


def _cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, value)
