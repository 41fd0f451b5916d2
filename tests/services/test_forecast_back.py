"""Forecasts of make-believe practices, looked back at from every week that can be: they grow for half a year and then
shrink, and none of the seeds was looked at when the forecast was made."""

from __future__ import annotations

import json

import polars as pl
import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.days import iso, to_day
from everyunit.money import dollars
from everyunit.receivables.flow import whole_until
from everyunit.receivables.forecast import WEEKS, forecast
from everyunit.services.forecast import cash_forecast, counted_words
from everyunit.services.home import open_home
from everyunit.services.make_sample import make_sample
from everyunit.services.owed import owed_of
from everyunit.services.take_in import take_in

SEEDS = (88_101, 88_102, 88_103, 88_104, 88_105)


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    made = []
    for seed in SEEDS:
        folder = tmp_path_factory.mktemp(f"practice{seed}")
        make_sample(folder / "files", visits=1_500, seed=seed)
        list(take_in([folder / "files"], folder / "home"))
        made.append(folder / "home")
    return made


def test_bands_hold_at_least_what_they_say_in_every_practice(homes):
    weeks = inside = looks = sums = 0
    for home in homes:
        held = cash_forecast(home).held
        assert held.looks >= 12 and 100 * held.weeks_inside >= 75 * held.weeks, held
        weeks, inside = weeks + held.weeks, inside + held.weeks_inside
        looks, sums = looks + held.looks, sums + held.sums_inside
    assert 100 * inside >= 80 * weeks and 100 * sums >= 80 * looks


def test_what_is_expected_leans_to_neither_side_by_much(homes):
    """Of every week that can be looked back from: foretold against what came."""
    off = []
    for home in homes:
        known, day = owed_of(home).flow(), cash_forecast(home).sent_until
        for weeks in range(12):
            one, *_ = forecast(known, day - 7 * weeks, looks=1).backs
            off.append((one.expected_cents - one.actual_cents) / one.actual_cents)
    assert len(off) >= 60 and abs(sum(off) / len(off)) <= 0.15


def test_files_are_whole_up_to_a_week_after_the_last_service_sent(homes):
    """The sample's services stop on a Friday; a last batch of late charges follows, and two weeks of payments."""
    found = cash_forecast(homes[0])
    last = open_home(homes[0]).scan("claim_lines").select(pl.col("service_day").max()).collect().item()
    assert found.sent_until == int(last) + 6 < found.as_of
    assert found.ahead.weeks["first_day"].cast(pl.Int64).min() + 6 > found.as_of
    known = owed_of(homes[0]).flow()
    assert whole_until(known, found.as_of, None) > found.sent_until


def test_the_look_back_says_what_was_counted(homes):
    told = json.loads(CliRunner().invoke(app, ["forecast", "--home", str(homes[0]), "--json"]).stdout)
    back, words = told["look_back"], " ".join(told["counted"])
    came, old = back["actual_cents"], sum(week["actual_of_sent_cents"] for week in back["weeks"])
    for cents in (came, old, came - old, back["sent_a_week_cents"], back["sent_cents"] // WEEKS):
        assert dollars(cents) in words
    first = to_day(back["from"])
    remits = open_home(homes[0]).scan("remits").select(pl.col("paid_day").cast(pl.Int64), "amount_cents").collect()
    of_weeks = remits.filter(pl.col("paid_day").is_between(first, first + 7 * WEEKS - 1))
    assert dollars(of_weeks["amount_cents"].sum()) in words and "PLB" in words
    shown = " ".join(CliRunner().invoke(app, ["forecast", "--home", str(homes[0])]).stdout.split())
    assert all(line in shown for line in counted_words(cash_forecast(homes[0])))
    assert f"{told['held']['weeks_inside']:,} of {told['held']['weeks']:,} weeks" in shown


def test_an_earlier_day_is_foretold_from_what_was_known_then(homes):
    """With --on the same is said as the look-back says of that day."""
    found = cash_forecast(homes[1])
    then = cash_forecast(homes[1], iso(found.back.as_of))
    assert then.sent_until == found.back.as_of
    shared = ["first_day", "low_cents", "expected_cents", "high_cents", "of_sent_cents"]
    assert then.ahead.weeks.select(shared).equals(found.back.weeks.select(shared))
