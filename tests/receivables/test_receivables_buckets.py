"""Every cent of every charge lies in exactly one bucket, whatever payers answer."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.buckets import buckets
from paid_worlds import billed_of, claims, remitted_of

from everyunit.receivables.buckets import BUCKETS, CENTS, chosen, in_buckets, sorted_reasons
from everyunit.receivables.turns import decisions
from everyunit.rulebook import Book

REASONS = Book.load().reasons


def placed(worlds):
    """The buckets of these claims by the fast reader."""
    billed = billed_of(worlds)
    made = decisions(remitted_of(worlds), billed)
    return in_buckets(billed, made, chosen(made, sorted_reasons(made.adjustments, REASONS)))


@settings(max_examples=150, deadline=None)
@given(st.lists(claims(), min_size=1, max_size=5))
def test_both_readers_put_every_cent_into_the_same_bucket(worlds):
    found = placed(worlds)
    assert found.select(pl.sum_horizontal(CENTS) == pl.col("charge_cents")).to_series().all()
    assert found["charge_cents"].sum() == sum(line[3] for lines, _ in worlds for line in lines)
    fast = {
        (row["root_no"], row["unit"]): {name: row[f"{name}_cents"] for name in BUCKETS} for row in found.to_dicts()
    }
    slow = {(root, unit): one for root, world in enumerate(worlds) for unit, one in buckets(*world).items()}
    assert fast == slow
