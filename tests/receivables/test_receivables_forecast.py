"""Thirteen weeks of cash: exact where the past is exact, honest about its width where it is not."""

from __future__ import annotations

from random import Random

import polars as pl

from everyunit.receivables.calibrated import held_to_account
from everyunit.receivables.forecast import LEAST, WEEKS, Flow, forecast, look_back

DAY = 20_000


def world(rng, weeks, *, level=100_000, noise=0.0, lags=((2, 1.0),), drift=0.0):
    """A payer that pays what is sent by the week, by lags in weeks; `noise` of volumes and payments."""
    sent, cash = [], []
    for week in range(weeks):
        cents = int(level * (1 + drift * week) * (1 + noise * rng.uniform(-1, 1)))
        sent.append(("P", DAY + 7 * week, cents))
        for lag, share in lags:
            paid = int(cents * share * (1 + noise * rng.uniform(-1, 1)))
            cash.append(("P", DAY + 7 * week, DAY + 7 * (week + lag), paid))
    return Flow(
        pl.DataFrame(sent, schema=["payer_id", "day", "cents"], orient="row"),
        pl.DataFrame(cash, schema=["payer_id", "sent_day", "day", "cents"], orient="row"),
    )


def test_a_payer_that_never_varies_is_foretold_to_the_cent():
    known = world(Random(1), 60)
    made = forecast(known, DAY + 7 * 50)
    assert made.weeks["expected_cents"].to_list() == [100_000] * WEEKS
    assert made.weeks["low_cents"].to_list() == made.weeks["high_cents"].to_list() == [100_000] * WEEKS
    assert made.weeks["of_sent_cents"].to_list() == [100_000, 100_000] + [0] * (WEEKS - 2)


def test_what_came_later_tells_the_forecast_nothing():
    known = world(Random(2), 70, noise=0.2)
    cut = DAY + 7 * 45
    earlier = Flow(known.sent.filter(pl.col("day") <= cut), known.cash.filter(pl.col("day") <= cut))
    assert forecast(known, cut).weeks.equals(forecast(earlier, cut).weeks)


def test_a_young_practice_is_told_nothing():
    assert forecast(world(Random(3), 70), DAY + 7 * LEAST - 1) is None


def test_the_interval_holds_what_comes_about_as_often_as_it_says():
    inside = weeks = 0
    errors = []
    for seed in range(30):
        rng = Random(seed)
        known = world(rng, 80, noise=0.35, lags=((1, 0.2), (2, 0.5), (5, 0.2)), drift=rng.uniform(-0.003, 0.003))
        made = look_back(known, DAY + 7 * 78)
        inside, weeks = inside + made.inside, weeks + WEEKS
        errors.append(abs(made.actual_cents - made.expected_cents) * 100 // made.actual_cents)
    assert 70 * weeks <= 100 * inside <= 97 * weeks
    assert sum(errors) <= 8 * len(errors)


def test_a_week_that_is_not_over_has_no_actual():
    known = world(Random(4), 50)
    made = forecast(known, DAY + 7 * 48, compare=True)
    assert made.actual_cents is None and made.weeks["actual_cents"].null_count() > 0


def shaken(seed):
    """Volumes and payments that jump by more than a quarter of the past tells: a band from it alone is too narrow."""
    rng = Random(seed)
    known = world(rng, 130, noise=0.1, lags=((1, 0.4), (2, 0.5)))
    jump = 600 + (pl.col("day").cast(pl.Int64) // 91 * 7919 + seed * 31) % 900
    return Flow(*(frame.with_columns(cents=pl.col("cents") * jump // 1000) for frame in (known.sent, known.cash)))


def test_a_band_is_widened_by_what_look_backs_missed():
    """Among quarters that jump, the widened band holds nearer to 80 of 100 than the bare one, and never less."""
    bare = held = weeks = 0
    for seed in range(12):
        known, day = shaken(seed), DAY + 7 * 127
        _, backs = held_to_account(known, day)
        for at, one in enumerate(backs):
            plain = forecast(known, day - 7 * WEEKS * (at + 1), compare=True)
            assert (one.weeks["low_cents"] <= plain.weeks["low_cents"]).all() and one.low_cents <= plain.low_cents
            assert (one.weeks["high_cents"] >= plain.weeks["high_cents"]).all()
            bare, held, weeks = bare + plain.inside, held + one.inside, weeks + WEEKS
    assert 100 * bare < 70 * weeks and 100 * held > 100 * bare + 10 * weeks, (bare, held, weeks)


def test_a_widened_band_learns_nothing_from_later():
    known, cut = shaken(3), DAY + 7 * 100
    earlier = Flow(known.sent.filter(pl.col("day") <= cut), known.cash.filter(pl.col("day") <= cut))
    whole, then = held_to_account(known, cut), held_to_account(earlier, cut)
    assert whole[0].weeks.equals(then[0].weeks)
    assert [one.weeks["high_cents"].to_list() for one in whole[1]] == [
        one.weeks["high_cents"].to_list() for one in then[1]
    ]


def test_weeks_that_are_over_are_left_out_of_the_sum():
    known, day = world(Random(5), 60, noise=0.2), DAY + 7 * 50
    made, part = forecast(known, day), forecast(known, day, over=2)
    assert part.weeks.equals(made.weeks[2:])
    assert part.expected_cents == sum(made.weeks["expected_cents"][2:])
