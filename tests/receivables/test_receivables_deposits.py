"""Deposits find their payments, or stand alone with a reason; nothing is guessed."""

from __future__ import annotations

import random
import sys
import tomllib
from pathlib import Path

import polars as pl
import pytest
import receivables_kit as kit
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "oracle"))
from deposits import by_amount

from everyunit.days import to_day
from everyunit.ledger.tables import DEPOSITS
from everyunit.money import to_cents
from everyunit.receivables.deposits import match_deposits
from everyunit.receivables.sums import Part, unique_sums
from everyunit.x12.tables import REMITS

PATH = Path(__file__).parents[1] / "cases" / "deposits.toml"
CASES = tomllib.loads(PATH.read_text(encoding="utf-8"))["case"]


def payments(rows):
    """Remits out of (trace, payer, day, cents, method)."""
    made = [
        {"source_id": "a", "transaction": at, "segment": at, "trace": trace, "payer_id": payer, "paid_day": day,
         "payer_name": f"PAYER {payer}", "amount_cents": cents, "method": method, "credit_debit": "C"}
        for at, (trace, payer, day, cents, method) in enumerate(rows, start=1)
    ]  # fmt: skip
    return pl.DataFrame(made, schema=REMITS.schema)


def banked(rows):
    """Deposits out of (day, cents, trace, words)."""
    made = [
        {"day": day, "amount_cents": cents, "trace": trace, "description": words, "source_id": "b", "row": at}
        for at, (day, cents, trace, words) in enumerate(rows, start=2)
    ]
    return pl.DataFrame(made, schema=DEPOSITS.schema)


def matched(remits, deposits):
    frames = kit.read(deposits=deposits)
    return match_deposits(type(frames)(**{**vars(frames), "remits": remits.lazy()}))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case):
    told = [one.split(" ") for one in case["payments"]]
    remits = payments((trace, payer, to_day(day), to_cents(cents), how) for trace, payer, day, cents, how in told)
    given_rows = [one.split(" ", 3) for one in case["deposits"]]
    if given_rows:
        given_rows.append(["2026-03-01", "11.11", "-", "CARD SETTLEMENT"])
    deposits = banked(
        (to_day(day), to_cents(cents), None if trace == "-" else trace, words)
        for day, cents, trace, words in given_rows
    )
    found = matched(remits, deposits)
    assert found.expected.sort("transaction")["state"].to_list() == case["paid"]
    states = [f"{row['state']} {row['how']}" for row in found.banked.sort("row").to_dicts()]
    assert states[: len(case["banked"])] == case["banked"]
    words = [*found.banked["words"].drop_nulls(), *found.expected["words"].drop_nulls()]
    assert any(case.get("said", "") in one for one in [*words, ""])
    ties = found.links.group_by("deposit_row").len()
    assert ties.height == sum(one.split(" ")[0] in ("matched", "short", "over") for one in case["banked"])


SMALL = st.integers(1, 6).map(lambda cents: cents * 100)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(100, 104), SMALL, st.sampled_from("AB")), max_size=6),
    st.lists(st.tuples(st.integers(100, 110), SMALL.map(lambda cents: cents * 2)), max_size=4),
)
def test_amounts_match_as_the_slow_reader_says(remits, deposits):
    found = matched(
        payments((f"T{at:05d}", payer, day, cents, "ACH") for at, (day, cents, payer) in enumerate(remits)),
        banked((day, cents, None, f"WORDS {at}") for at, (day, cents) in enumerate(deposits)),
    )
    told: dict[int, set[int]] = {}
    for row in found.links.to_dicts():
        told.setdefault(row["deposit_row"] - 2, set()).add(row["transaction"] - 1)
    assert told == {place: set(held) for place, held in by_amount(deposits, remits).items()}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=13, max_size=16), st.integers(1, 60))
def test_a_large_group_answers_as_small_ones_do(amounts, wanted):
    """More payments than are written down: the search finds a sum only where it is the only one."""
    parts = [Part(at, cents, 0, "group") for at, cents in enumerate(amounts)]
    answer = unique_sums([Part(0, wanted, 0, 0)], parts, lambda target, part: True)
    ways = [1] + [0] * wanted
    for cents in amounts:
        for total in range(wanted, cents - 1, -1):
            ways[total] += ways[total - cents]
    assert bool(answer.found) == (ways[wanted] == 1) or answer.fitting[0] == 0
    for held in answer.found.values():
        assert sum(amounts[one] for one in held) == wanted


def test_a_search_that_grows_too_long_is_not_certain():
    parts = [Part(at, 1_000 + at, 0, "group") for at in range(60)]
    answer = unique_sums([Part(0, 15_333, 0, 0)], parts, lambda target, part: True)
    assert answer.found == {} and answer.fitting == {0: 0}


@pytest.mark.parametrize("seed", range(4))
def test_planted_losses_are_found_and_nothing_else(seed):
    """2,000 payments with traces; some deposits stolen, some cut, some joined, some split."""
    chance = random.Random(seed)
    rows = [(f"{700_000 + at}", f"P{at % 7}", 20_000 + at // 9, chance.randrange(2_000, 400_000), "ACH")
            for at in range(2_000)]  # fmt: skip
    want, deposits, at = ["matched"] * len(rows), [], 0
    while at < len(rows):
        trace, _, day, cents, _ = rows[at]
        lot = chance.random()
        if lot < 0.02:
            want[at] = "missing"
        elif lot < 0.04:
            want[at] = "short"
            deposits.append((day + 1, cents - 137, trace, "EFT"))
        elif lot < 0.10:
            deposits += [(day + 1, cents - 500, trace, "PART"), (day + 1, 500, trace, "PART")]
        elif lot < 0.30:
            deposits.append((day + 1, cents, None, f"HCCLAIMPMT TRN*1*{trace}*1512345678~"))
        else:
            deposits.append((day + chance.randrange(3), cents, trace, "EFT"))
        at += 1
    deposits += [(20_000 + one, chance.randrange(1_000, 9_000), None, "CARD SETTLEMENT") for one in range(0, 240, 3)]
    found = matched(payments(rows), banked(deposits))
    got = found.expected.sort("transaction")["state"].to_list()
    assert got == want
    assert found.banked.filter(pl.col("state") == "unmatched").height == 80


def test_what_two_files_of_the_bank_both_hold_counts_once():
    rows = [(to_day("2026-03-03"), 10_000, None, "DEPOSIT"), (to_day("2026-03-03"), 10_000, None, "DEPOSIT")]
    january = banked(rows)
    both = pl.concat([january, january.with_columns(source_id=pl.lit("c"))])
    found = matched(payments([]), both)
    assert found.banked.height == 2
