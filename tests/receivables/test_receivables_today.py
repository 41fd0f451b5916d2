"""Which day it is in a home: slips far ahead do not count, and what is merely ahead of the clock does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyunit.receivables.today import GAP, latest_trusted

CLOCK = 20_500


@pytest.mark.parametrize(
    ("days", "latest"),
    [
        ([], None),
        ([20_400], 20_400),
        ([20_400, 33_000], 20_400),
        ([20_400, 20_400 + GAP, 20_410], 20_400 + GAP),
        ([10_000, 20_400, 20_520], 20_520),
        ([21_000, 21_300], 21_300),
        ([33_000], 33_000),
    ],
)
def test_the_latest_day_that_the_others_bear_out(days, latest):
    assert latest_trusted(days, CLOCK) == latest


@given(st.lists(st.integers(0, 60_000), min_size=1), st.integers(0, 60_000))
def test_it_is_one_of_them_and_no_day_that_is_over_lies_behind_it(days, clock):
    found = latest_trusted(days, clock)
    assert found in days
    assert found >= max((day for day in days if day <= clock), default=0)
