"""Every cent of every charge lies in exactly one bucket, whatever payers answer."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.buckets import buckets, refused
from paid_worlds import DAY, billed_of, claims, remitted_of

from everyunit.receivables.billed import Billed
from everyunit.receivables.buckets import BUCKETS, CENTS, chosen, in_buckets, sorted_reasons
from everyunit.receivables.denials import denials
from everyunit.receivables.grain import at_grain
from everyunit.receivables.turns import decisions
from everyunit.rulebook import Book

BOOK = Book.load()
REASONS = BOOK.reasons


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


def full(billed):
    """The same charges with what the denials ask of them: 60 of 100 are expected."""
    text = dict.fromkeys(("payer_id", "payer_name", "clinic", "source_id"), pl.lit("P"))
    days = dict.fromkeys(("first_sent_day", "last_sent_day", "scope", "claim"), pl.lit(DAY, pl.Int64))
    lines = billed.lines.with_columns(
        claim_id=pl.format("C{}", "root_no"), kind=pl.lit("any_other"), priced=pl.lit(True), sent=pl.lit(1, pl.Int64),
        line=pl.col("unit"), expected_cents=pl.col("charge_cents") * 6 // 10, **text, **days,
    )  # fmt: skip
    return Billed(lines, billed.aliases)


@settings(max_examples=120, deadline=None)
@given(st.lists(claims(), min_size=1, max_size=4))
def test_both_readers_refuse_the_same_and_put_the_same_at_risk(worlds):
    billed = full(billed_of(worlds))
    made = decisions(remitted_of(worlds), billed)
    marked = sorted_reasons(made.adjustments, REASONS)
    best = chosen(made, marked)
    units = at_grain(billed, made, in_buckets(billed, made, best))
    found = denials(units, made, best, marked, BOOK).filter(pl.col("state") == "open")
    for root, (lines, events) in enumerate(worlds):
        expected = {place + 1: line[3] * 6 // 10 for place, line in enumerate(lines)}
        expected[0] = sum(expected.values()) if set(buckets(lines, events)) == {0} else 0
        open_, risk = refused(lines, events, expected)
        ours = found.filter(pl.col("claim_id") == f"C{root}")
        assert set(ours.select("turn_of_payer", "group_code", "reason").rows()) == {one[1:] for one in open_}
        assert ours["at_risk_cents"].sum() == sum(risk.values())
        assert (ours["at_risk_cents"] >= 0).all()
