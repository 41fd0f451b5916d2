"""What the judgement rests on, between the counting and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit.charges import Charges
from everyunit.audit.terms import Terms

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
