"""What the judgement rests on, between the counting and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit.charges import Charges
from everyunit.audit.inputs import Inputs
from everyunit.audit.terms import Terms
from everyunit.frames import polars

MEDICARE = ("medicare", "railroad_medicare")  # payers' kinds that pay by Medicare's own rules


@dataclass(frozen=True)
class Day:
    """All visits, the kept ones in their pools, and a row for each pool and code, counted and priced."""

    visits: nw.LazyFrame[Any]
    kept: nw.LazyFrame[Any]
    rows: nw.LazyFrame[Any]
    charges: Charges
    terms: Terms
    shelf: pl.DataFrame


def recorded_span(day: Day, inputs: Inputs) -> tuple[int, int]:
    """First and last day for which the practice brought services (an empty span where it brought none)."""
    if inputs.recorded_from is not None and inputs.recorded_to is not None:
        return inputs.recorded_from, inputs.recorded_to
    done = day.rows.filter(nw.col("performed") == 1)
    row = polars(done.select(nw.col("service_day").min().alias("first"), nw.col("service_day").max().alias("last")))
    first, last = row.row(0) if len(row) else (None, None)
    return (first, last) if first is not None else (0, -1)
