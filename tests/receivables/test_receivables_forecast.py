"""Thirteen weeks of cash: exact where the past is exact, honest about its width where it is not."""

from __future__ import annotations

from math import exp
from random import Random

import polars as pl
import pytest

from everyunit.receivables.flow import Flow, whole_until
from everyunit.receivables.forecast import LEAST, WEEKS, forecast

DAY = 20_000


def drawn(levels, rng, noise=0.0, lags=((2, 1.0),)):
    """A payer that pays what is sent by the week, by lags in weeks; `noise` of volumes and payments."""
    sent, cash = [], []
    for week, level in enumerate(levels):
        cents = int(level * (1 + noise * rng.uniform(-1, 1)))
        sent.append(("P", DAY + 7 * week, cents))
        for lag, share in lags:
            paid = int(cents * share * (1 + noise * rng.uniform(-1, 1)))
            cash.append(("P", DAY + 7 * week, DAY + 7 * (week + lag), paid))
    return Flow(
        pl.DataFrame(sent, schema=["payer_id", "day", "cents"], orient="row"),
        pl.DataFrame(cash, schema=["payer_id", "sent_day", "day", "cents"], orient="row"),
    )


def world(rng, weeks, *, level=100_000, noise=0.0, lags=((2, 1.0),), drift=0.0):
    """The same with a level that drifts by a share a week."""
    return drawn([level * (1 + drift * week) for week in range(weeks)], rng, noise, lags)


def test_a_payer_that_never_varies_is_foretold_to_the_cent():
    made = forecast(world(Random(1), 60), DAY + 7 * 50).ahead
    assert made.weeks["expected_cents"].to_list() == [100_000] * WEEKS
    assert made.weeks["low_cents"].to_list() == made.weeks["high_cents"].to_list() == [100_000] * WEEKS
    assert made.weeks["of_sent_cents"].to_list() == [100_000, 100_000] + [0] * (WEEKS - 2)
    assert made.low_cents == made.expected_cents == made.high_cents == 100_000 * WEEKS
    assert made.week_cents == 100_000


def test_what_came_later_tells_the_forecast_nothing():
    known = world(Random(2), 70, noise=0.2)
    cut = DAY + 7 * 45
    whole, then = forecast(known, cut), forecast(known.until(cut), cut)
    assert whole.ahead.weeks.equals(then.ahead.weeks) and whole.ahead.low_cents == then.ahead.low_cents
    assert whole.held == then.held
    # nor does it tell a look-back of that day anything
    [back, *_] = forecast(known, cut + 7 * WEEKS).backs
    came = ("actual_cents", "actual_of_sent_cents")
    assert back.as_of == cut and back.weeks.drop(came).equals(whole.ahead.weeks.drop(came))
    assert (back.low_cents, back.high_cents) == (whole.ahead.low_cents, whole.ahead.high_cents)


def test_a_young_practice_is_told_nothing():
    known = world(Random(3), 70)
    assert forecast(known, DAY + 7 * LEAST - 1).ahead is None and forecast(known, DAY + 7 * LEAST).ahead is not None
    assert not forecast(known, DAY - 1).held.looks and forecast(known, DAY - 1).ahead is None


def test_what_was_grown_into_is_not_grown_on():
    """A practice that grew from nothing and holds its level since is foretold that level, not more."""
    levels = [min(4_000 * week, 100_000) for week in range(45)]
    made = forecast(drawn(levels, Random(4)), DAY + 7 * 40).ahead
    assert made.expected_cents == 100_000 * WEEKS


def levels_of(kind, rng, weeks):
    """How much is sent a week by practices that differ in kind."""
    if kind == "steady":
        return [100_000] * weeks
    if kind == "growing":
        return [100_000 * (1 + 0.012 * week) for week in range(weeks)]
    if kind == "quarters that jump":
        by = [600 + rng.randrange(900) for _ in range(weeks // 13 + 1)]
        return [100 * by[week // 13] for week in range(weeks)]
    if kind == "hired, then lost":
        up, down = rng.randrange(30, 50), rng.randrange(70, 90)
        return [135_000 if up <= week < down else 100_000 for week in range(weeks)]
    at, made = 0.0, []  # wandering
    for _ in range(weeks):
        at += rng.gauss(0, 0.05)
        made.append(100_000 * exp(at))
    return made


@pytest.mark.parametrize("kind", ["steady", "growing", "quarters that jump", "hired, then lost", "wandering"])
def test_the_band_holds_what_comes_about_as_often_as_it_says(kind):
    """From every week of twelve practices of the kind, from what was known that week: weeks, and sums of 13 weeks."""
    looks = weeks = inside = sums = 0
    errors = []
    for seed in range(12):
        rng = Random(f"{kind} {seed}")
        known = drawn(levels_of(kind, rng, 110), rng, 0.15, ((1, 0.2), (2, 0.5), (5, 0.2)))
        found = forecast(known, DAY + 7 * 104)
        looks, sums = looks + found.held.looks, sums + found.held.sums_inside
        weeks, inside = weeks + found.held.weeks, inside + found.held.weeks_inside
        errors += [(one.expected_cents - one.actual_cents) / one.actual_cents for one in found.backs]
    assert 73 * weeks <= 100 * inside <= 92 * weeks, inside / weeks
    assert 65 * looks <= 100 * sums <= 95 * looks, sums / looks
    assert abs(sum(errors)) <= 0.08 * len(errors)


def test_a_look_back_parts_what_was_sent_before_from_what_was_sent_since():
    known = world(Random(6), 80, noise=0.2, lags=((1, 0.5), (3, 0.4)))
    [back, *_] = forecast(known, DAY + 7 * 70).backs
    start = back.as_of
    cash = known.cash.filter(pl.col("day").is_between(start + 1, start + 7 * WEEKS))
    assert back.actual_cents == cash["cents"].sum()
    old = cash.filter(pl.col("sent_day") <= start)["cents"].sum()
    assert back.weeks["actual_of_sent_cents"].sum() == old and 0 < old < back.actual_cents
    sent = known.sent.filter(pl.col("day").is_between(start + 1, start + 7 * WEEKS))
    assert back.sent_cents == sent["cents"].sum()
    last = known.sent.filter(pl.col("day").is_between(start - 27, start))["cents"]
    assert last.len() == 4 and abs(back.week_cents - last.sum() // 4) <= 1


def test_weeks_that_are_over_are_left_out_and_as_many_come_behind():
    known, day = world(Random(5), 60, noise=0.2), DAY + 7 * 50
    made, part = forecast(known, day).ahead, forecast(known, day, over=2).ahead
    same = ["first_day", "low_cents", "expected_cents", "high_cents", "of_sent_cents"]
    assert part.weeks[:11].select(same).equals(made.weeks[2:].select(same))
    assert part.expected_cents == part.weeks["expected_cents"].sum()
    assert part.low_cents < part.expected_cents < part.high_cents


@pytest.mark.parametrize("over", [0, 1, 2, 12])
def test_thirteen_weeks_are_always_foretold(over):
    known, day = world(Random(5), 60, noise=0.2), DAY + 7 * 50
    weeks = forecast(known, day, over=over).ahead.weeks
    assert weeks["week"].to_list() == list(range(1, WEEKS + 1))
    first = weeks["first_day"].cast(pl.Int64)
    assert first.to_list() == [day + 1 + 7 * (over + step) for step in range(WEEKS)]
    usual = weeks["expected_cents"].mean()
    assert all(abs(cents - usual) < usual // 2 for cents in weeks["expected_cents"])
    assert (weeks["low_cents"] <= weeks["expected_cents"]).all()
    assert (weeks["expected_cents"] <= weeks["high_cents"]).all()


def test_a_week_without_cash_makes_no_band_without_end():
    """A payer that pays once in four weeks: bands reach down to nothing and stay in sight."""
    known = world(Random(7), 80)
    cash = known.cash.with_columns(day=DAY + (pl.col("day") - DAY + 27) // 28 * 28)
    made = forecast(Flow(known.sent, cash), DAY + 7 * 78)
    assert made.ahead.weeks["low_cents"].min() == 0 and made.ahead.weeks["high_cents"].max() <= 20 * 100_000
    assert 100 * made.held.weeks_inside >= 70 * made.held.weeks


@pytest.mark.parametrize(
    ("gap", "last", "service", "paid", "whole"),
    [
        (1, 0, 0, 0, 0),  # all reach to the last day
        (7, 4, 4, 0, 0),  # sent on Fridays, four days ago: the next batch is not due
        (7, 20, 20, 0, -14),  # claims stopped three weeks ago: one batch is due and missing
        (1, 10, 10, 0, -10),  # sent daily: the week in which they broke off is not whole
        (1, 0, 0, 20, -14),  # payments stopped: their absence is not slowness
        (7, 13, 21, 0, -15),  # the last batch holds late charges alone: services stopped a week before it
    ],
)
def test_a_week_that_the_files_break_off_in_is_not_taken_for_a_slow_one(gap, last, service, paid, whole):
    as_of = DAY
    days = range(as_of - last - 40 * gap, as_of - last + 1, gap)
    sent = pl.DataFrame([("P", day, 100) for day in days], schema=["payer_id", "day", "cents"], orient="row")
    cash = pl.DataFrame(
        [("P", days[0], as_of - paid, 100)], schema=["payer_id", "sent_day", "day", "cents"], orient="row"
    )
    assert whole_until(Flow(sent, cash), as_of, as_of - service) == as_of + whole
