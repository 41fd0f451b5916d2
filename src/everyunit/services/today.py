"""The day that a home stands at: every picture of it looks from the same one."""

from __future__ import annotations

from datetime import date

import polars as pl

from everyunit.days import as_day
from everyunit.frames import polars
from everyunit.ledger import Ledger
from everyunit.receivables.today import latest_trusted

_DATED = (("transactions", "created_day"), ("remits", "paid_day"), ("deposits", "day"))
_ELSE = (("visits", "service_day"),)


def latest_day(ledger: Ledger) -> int | None:
    """The latest day that any claim file, remittance or deposit bears, slips far ahead left out; of visits where
    there are none of those; None where nothing bears a day."""
    for dated in (_DATED, _ELSE):
        days = [day for table, column in dated for day in _days(ledger, table, column)]
        if days:
            return latest_trusted(days, as_day(date.today()))
    return None


def _days(ledger: Ledger, table: str, column: str) -> list[int]:
    found: pl.DataFrame = ledger.scan(table).select(pl.col(column).drop_nulls().unique()).pipe(polars)
    return found[column].to_list()
