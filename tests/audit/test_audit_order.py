"""An engine may hand over joined rows in any order; what a check names may not depend on it."""

from __future__ import annotations

from random import Random

import polars as pl

from everyunit.audit.hits import seen
from everyunit.frames import lazy


def test_lines_that_a_check_named_have_one_order():
    rows = pl.DataFrame(
        {
            "visit_id": ["V1"] * 6,
            "claim_id": ["C1"] * 6,
            "line": [2, 1, 1, None, 1, 2],
            "code": ["95851"] * 6,
            "column_1": ["97530", "97161", "97530", "97161", "97140", "97161"],
        }
    )
    first = seen(lazy(rows))
    assert first["column_1"].to_list() == ["97140", "97161", "97530", "97161", "97530", "97161"]
    for number in range(20):
        order = list(range(rows.height))
        Random(number).shuffle(order)
        assert seen(lazy(rows[order])).equals(first)
