"""Reversals find what they undo, and decisions keep their order."""

from __future__ import annotations

import polars as pl
import receivables_kit as kit
from hypothesis import given, settings
from hypothesis import strategies as st

from everyunit.receivables.decisions import decided, decisions
from everyunit.receivables.reversals import reversals

PAID = kit.claim("C1", "ICN1", kit.line(10_000, 6_000, ("CO", "45", 3_000), ("PR", "2", 1_000)))


def both(*files: bytes) -> tuple[pl.DataFrame, pl.DataFrame]:
    every = decided(kit.read(*files))
    found = reversals(every)
    return found, decisions(every, found).collect()


def test_a_reversal_and_its_correction_in_one_payment():
    again = PAID._replace(payer_control="ICN2", lines=(kit.line(10_000, 5_000, ("CO", "45", 5_000)),))
    found, every = both(kit.remit(PAID, day=100), kit.remit(kit.undone(PAID), again, day=128))
    row = found.row(0, named=True)
    assert (row["undone_day"], row["corrected_day"], row["corrected_paid_cents"]) == (100, 128, 5_000)
    assert (row["paid_cents"], row["change_cents"], row["words"]) == (-6_000, -1_000, None)
    assert every.sort("day", "claim").select("stands").to_series().to_list() == [False, False, True]


def test_paid_reversed_and_paid_again_twice_over():
    files = [kit.remit(one, day=100 + at) for at, one in enumerate([PAID, kit.undone(PAID)] * 2)]
    found, every = both(*files)
    assert found.select("day", "undone_day", "corrected_day").rows() == [(101, 100, 102), (103, 102, None)]
    assert not every["stands"].any()


def test_what_fits_nothing_says_why():
    back = kit.undone(PAID)
    found, _ = both(kit.remit(back, day=100))
    assert "No earlier decision" in found["words"][0]
    found, _ = both(kit.remit(PAID._replace(payer_control="ICN7"), day=90), kit.remit(back, day=100))
    assert "another payer control number" in found["words"][0]
    less = PAID._replace(lines=(kit.line(10_000, 5_999, ("CO", "45", 4_001)),))
    found, _ = both(kit.remit(less, day=90), kit.remit(back, day=100))
    assert "$59.99 paid" in found["words"][0] and "$60.00" in found["words"][0]
    found, _ = both(kit.remit(back, day=100), kit.remit(PAID, day=101))
    assert found["undone_day"].to_list() == [None]


def test_another_payers_decision_is_not_undone():
    found, _ = both(kit.remit(PAID, day=90, by=kit.payer("P2", "ANOTHER")), kit.remit(kit.undone(PAID), day=100))
    assert found["undone_day"].to_list() == [None]


def test_a_negative_decision_under_another_status_is_a_reversal_too():
    found, _ = both(kit.remit(PAID, day=90), kit.remit(kit.undone(PAID)._replace(status="1"), day=100))
    assert found["undone_day"].to_list() == [90]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 2), st.integers(1, 2)), min_size=1, max_size=8))
def test_pairs_net_to_zero_and_no_pair_is_missed(history):
    """Amounts and control numbers of a claim at random; a plain stack for each says what may pair."""
    files, waiting, orphans = [], {}, 0
    for at, (back, control, amount) in enumerate(history):
        made = kit.claim("C1", f"I{control}", kit.line(amount * 100, amount * 60, ("CO", "45", amount * 40)))
        files.append(kit.remit(kit.undone(made) if back else made, day=100 + at, trace=f"T{at}"))
        stack = waiting.setdefault((control, amount), [])
        if not back:
            stack.append(at)
        elif stack:
            stack.pop()
        else:
            orphans += 1
    found, every = both(*files)
    assert found["words"].drop_nulls().len() == orphans
    paired = found.filter(pl.col("words").is_null())
    assert paired.select("undone_source_id", "undone_claim").is_duplicated().sum() == 0
    keys = ["source_id", "claim"]
    undone = paired.select(*keys, "charge_cents", "paid_cents", "day", "undone_day").with_columns(
        source_id=paired["undone_source_id"], claim=paired["undone_claim"]
    )
    joined = undone.join(every, on=keys, suffix="_first")
    assert joined.height == paired.height
    assert (joined["charge_cents"] + joined["charge_cents_first"] == 0).all()
    assert (joined["paid_cents"] + joined["paid_cents_first"] == 0).all()
    assert (joined["undone_day"] <= joined["day"]).all()
    left = (
        every.filter("stands")["paid_cents"].sum() + found.filter(pl.col("words").is_not_null())["paid_cents"].sum()
    )
    assert left == every["paid_cents"].sum()


def secondary(number: str = "C1", status: str = "2"):
    return kit.claim(number, "S1", kit.line(10_000, 1_000, ("OA", "23", 9_000)), status=status)


def test_primary_stands_before_secondary_whatever_day_the_files_came():
    second = kit.remit(secondary(), day=110, trace="T2", by=kit.payer("P2", "SECOND"))
    _, every = both(second, kit.remit(PAID._replace(status="19"), day=100))
    rows = every.sort("ordinal").select("turn", "crossover", "prior_cents", "early", "ordinal").rows()
    assert rows == [(1, True, 0, False, 1), (2, False, 9_000, False, 2)]


def test_a_secondary_answer_without_a_primary_is_early():
    second = kit.remit(secondary(), day=110, trace="T2", by=kit.payer("P2", "SECOND"))
    _, alone = both(second)
    _, late = both(second, kit.remit(PAID, day=111))
    assert alone["early"].to_list() == [True]
    assert late.sort("turn")["early"].to_list() == [False, True]


def test_a_denial_behind_another_payer_is_a_second_turn():
    denied = secondary(status="4")._replace(lines=(kit.line(10_000, 0, ("OA", "23", 9_000), ("CO", "16", 1_000)),))
    _, every = both(kit.remit(denied, day=110))
    assert every["turn"].to_list() == [2]
