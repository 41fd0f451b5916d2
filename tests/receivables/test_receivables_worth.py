"""What an open denial is worth: the practice's own chances, the price of the work, and whether they come true."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from everyunit.receivables.denials import DENIALS
from everyunit.receivables.underpaid import CASES
from everyunit.receivables.worth import chances, queue, reliability, settled
from everyunit.rulebook import Book

BOOK = Book.load()
DAY = 20_600


def denials_of(rows):
    """DENIALS of (state, payer, cause, first day, days until it was settled, cents, way, deadline)."""
    made = [
        {"item_id": f"{at:016d}", "state": state, "payer_id": payer, "cause": cause, "first_day": first, "way": way,
         "last_day": first, "times": 1, "at_risk_cents": cents, "claim_id": f"C{at}", "deadline_day": deadline,
         "settled_day": first + wait if state == "overturned" else None, "line": 0,
         "resent_day": first + 5 if state in ("overturned", "waiting") else None}
        for at, (state, payer, cause, first, wait, cents, way, deadline) in enumerate(rows)
    ]  # fmt: skip
    frame = pl.DataFrame(made, schema={name: DENIALS.schema[name] for name in made[0]}) if made else pl.DataFrame()
    missing = [pl.lit(None, kind).alias(name) for name, kind in DENIALS.schema.items() if name not in frame.columns]
    return frame.with_columns(missing).select(DENIALS.names)


def slow(outcomes, payer, cause):
    """The chance by exact fractions: the survey's half, weighted as ten cases, then the cause, then the payer."""
    rate = Fraction(52, 100)
    for mine in ([w for _, c, w in outcomes if c == cause], [w for p, c, w in outcomes if (p, c) == (payer, cause)]):
        rate = Fraction(round(10_000 * (sum(mine) + 10 * rate) / (len(mine) + 10)), 10_000)
    return rate


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(("units", "coding")), st.integers(0, 1)), min_size=1)
)
def test_chances_are_drawn_to_the_cause_and_the_cause_to_the_survey(outcomes):
    frame = pl.DataFrame(outcomes, schema=["payer_id", "cause", "won"], orient="row")
    for row in chances(frame, BOOK)[0].to_dicts():
        assert abs(row["chance_bp"] - 10_000 * slow(outcomes, row["payer_id"], row["cause"])) <= 1


def test_the_queue_runs_by_dollars_an_hour_and_prices_what_is_dropped():
    found = queue(
        denials_of([
            ("open", "A", "coding", DAY, 0, 10_000, "appeal", DAY + 30),
            ("open", "A", "coding", DAY, 0, 9_000, "correct", None),
            ("open", "A", "coding", DAY, 0, 900, "correct", None),
            ("open", "A", "coding", DAY, 0, 90_000, "appeal", DAY - 1),
            ("open", "A", "timely filing", DAY, 0, 50_000, "write_off", None),
            ("waiting", "A", "coding", DAY, 0, 10_000, "correct", None),
        ]),
        CASES.empty(), DAY, BOOK,
    )  # fmt: skip
    told = [(row["claim_id"], row["advice"], row["expected_cents"], row["cost_cents"]) for row in found.to_dicts()]
    assert told == [
        ("C1", "work", 4_680, 750), ("C0", "work", 5_200, 1_500), ("C2", "drop", 468, 750), ("C4", "drop", 0, 1_000),
        ("C3", "late", 46_800, 1_500),
    ]  # fmt: skip


def test_chances_come_true_on_cases_that_were_not_seen():
    rng = Random(7)
    truth = {("A", "coding"): 0.9, ("B", "coding"): 0.35, ("A", "units"): 0.6, ("B", "units"): 0.1}
    rows = []
    for at in range(4_000):
        payer, cause = rng.choice(list(truth))
        won = rng.random() < truth[payer, cause]
        rows.append(("overturned" if won else "waiting", payer, cause, DAY + at // 10, 30, 5_000, "correct", None))
    found, split = reliability(denials_of(rows), DAY + 600, BOOK)
    assert split == DAY + 200
    assert found["items"].sum() == 2_000
    assert found.height >= 4
    assert found.select((pl.col("chance_bp") - pl.col("observed_bp")).abs().max()).item() < 600


def test_nothing_settled_tells_nothing():
    assert reliability(denials_of([("open", "A", "units", DAY, 0, 1, "appeal", None)]), DAY, BOOK)[0].is_empty()


def test_wins_and_losses_of_a_day_speak_from_the_same_day():
    """Half is won after 20 days, half is refused again after 40: no day hears the one without the other."""
    rows = [("overturned", "A", "coding", DAY, 20, 5_000, "correct", None)] * 5
    found = denials_of(rows + [("open", "A", "coding", DAY, 0, 5_000, "correct", None)] * 5)
    again = pl.col("state") == "open"
    found = found.with_columns(
        times=pl.when(again).then(pl.lit(2, pl.Int32)).otherwise("times"),
        worked_day=pl.lit(DAY + 5, pl.Int32),
        last_day=pl.when(again).then(pl.lit(DAY + 40, pl.Int32)).otherwise("last_day"),
    )
    heard = {settled(found, DAY + wait, BOOK)["won"].len() for wait in range(120)}
    assert heard == {0, 10}
