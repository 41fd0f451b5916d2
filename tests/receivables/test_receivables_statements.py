"""What patients owe after the payers answered: cases a front desk could write, and lines that always add up."""

from __future__ import annotations

import polars as pl
import pytest
from case_claims import cases, worlds_of
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_worlds import billed_of, claims, remitted_of
from test_receivables_buckets import full

from everyunit.money import dollars, to_cents
from everyunit.receivables.aging import owed
from everyunit.receivables.buckets import KEY, chosen, in_buckets, sorted_reasons
from everyunit.receivables.denials import DENIALS
from everyunit.receivables.grain import at_grain
from everyunit.receivables.statements import STATEMENTS, statements
from everyunit.receivables.turns import decisions
from everyunit.receivables.underpaid import PAID_OFF
from everyunit.rulebook import Book

BOOK = Book.load()
SUMS = ("taken", "paid", "with_payer", "deductible", "coinsurance", "copay", "other")
SHARES = SUMS[3:]


def people(billed, collected, later=()):
    """Each claim its own patient, with what was collected."""
    roots = billed.lines["root_no"].unique().sort().to_list()
    rows = [(root, f"P{root}", f"V{root}", collected.get(root, 0), root in later) for root in roots]
    schema = {"root_no": pl.Int64, "patient_id": pl.String, "visit_id": pl.String, "collected_cents": pl.Int64,
              "later": pl.Boolean}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def stated(billed, remitted, collected, later=()):
    """The units with their buckets, and the statements."""
    made = decisions(remitted, billed)
    marked = sorted_reasons(made.adjustments, BOOK.reasons)
    best = chosen(made, marked)
    units = at_grain(billed, made, in_buckets(billed, made, best))
    rules = BOOK.patient_rules(units["kind"].to_list())
    return units, statements(units, made, best, marked, people(billed, collected, later), rules)


@pytest.mark.parametrize("case", cases("statements"), ids=lambda case: case["name"])
def test_statement_lines(case):
    collected = {0: to_cents(case["collected"])} if "collected" in case else {}
    _, found = stated(*worlds_of([case]), collected, {0} if case.get("later") else ())
    names = [f"{name}_cents" for name in (*SUMS, "collected")]
    rows = [
        [row["line"], *(dollars(row[name])[1:] for name in names), row["asked"], dollars(row["owed_cents"])[1:]]
        for row in found.to_dicts()
    ]
    assert rows == case["statements"]
    assert found["ahead_cents"].sum() == to_cents(case.get("ahead", "0"))
    assert set(found["refused_asked"]) <= {case.get("refused", "")}
    assert all(row["words"] for row in found.to_dicts() if row["asked"] != "patient")


@settings(max_examples=150, deadline=None)
@given(st.lists(claims(), min_size=1, max_size=4), st.sampled_from((0, 500, 40_000)))
def test_a_line_adds_up_and_its_balance_is_the_agings(worlds, desk):
    billed = full(billed_of(worlds))
    collected = {root: desk for root in range(len(worlds))}
    units, found = stated(billed, remitted_of(worlds), collected)
    assert found.schema == STATEMENTS.schema
    held = units.select(*KEY, "claim_id", "patient_cents", "charge_cents", pl.col("line").fill_null(0))
    for row in found.to_dicts():
        assert row["charge_cents"] == sum(row[f"{name}_cents"] for name in SUMS)
        assert row["owed_cents"] >= 0 <= row["ahead_cents"] and row["collected_cents"] >= 0
    shares = found.select(pl.sum_horizontal(f"{name}_cents" for name in SHARES).sum()).item()
    answered = held.filter(pl.col("patient_cents") != 0)
    assert shares == answered["patient_cents"].sum()
    aged = owed(units, DENIALS.empty(), PAID_OFF.empty(), collected, 20_600).filter(pl.col("gate") == "patient")
    by_claim = dict(aged.select("claim_id", "owed_cents").iter_rows())
    share = pl.max_horizontal(0, pl.sum_horizontal(f"{name}_cents" for name in SHARES))
    left = found.group_by("claim_id").agg(left=share.sum() - pl.col("collected_cents").sum())
    assert {claim: cents for claim, cents in left.iter_rows() if cents} == {
        claim: cents for claim, cents in by_claim.items() if cents
    }
    assert found["owed_cents"].sum() <= sum(by_claim.values())
