"""The gates add up: what goes in, less what falls out, plus what comes on top, is what comes through."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from everyunit.measures.gates import GAPS, Gates, gates, with_gap, with_way

VISITS = {
    "status": pl.String, "answered": pl.Boolean, "earned_cents": pl.Int64, "charged_cents": pl.Int64,
    "list_charge_cents": pl.Int64, "paid_cents": pl.Int64, "patient_cents": pl.Int64,
}  # fmt: skip
FINDINGS = {"kind": pl.String, "direction": pl.String, "cents_at_stake": pl.Int64, "at_risk_cents": pl.Int64}
REMITS = {"amount_cents": pl.Int64}


def made(visits: list[tuple], findings: list[tuple] = (), remits: list[int] = ()) -> Gates:
    return gates(
        pl.DataFrame(visits, schema=VISITS, orient="row"),
        pl.DataFrame(list(findings), schema=FINDINGS, orient="row"),
        pl.DataFrame({"amount_cents": list(remits)}, schema=REMITS),
    )


def test_nothing_gives_zeros_everywhere():
    empty = made([])
    assert (empty.earned_cents, empty.charged_cents, empty.paid_cents, empty.remitted_cents) == (0, 0, 0, 0)
    assert all(part.cents == 0 and part.rows == 0 for part in empty.parts)


def test_each_visit_falls_into_one_gap():
    rows = [
        ("kept", False, 100, 100, 300, None, None),
        ("kept", True, 100, 100, 300, 0, 0),
        ("kept", True, 100, 100, 300, 50, 30),
        ("kept", True, 100, 100, 300, 90, 30),
        ("kept", True, 100, 100, 300, 80, 20),
        ("no_show", False, None, 0, 0, None, None),
    ]
    frame = with_gap(pl.DataFrame(rows, schema=VISITS, orient="row")).collect().to_native()
    assert frame["gap"].to_list() == ["no_remit", "nothing_paid", "below", "above", None, None]
    assert frame["gap_cents"].to_list()[:5] == [100, 100, 20, 20, 0]
    told = {part.gap: (part.cents, part.rows) for part in made(rows).parts if part.gap}
    assert told == {
        "no_remit": (100, 1),
        "nothing_paid": (100, 1),
        "below": (20, 1),
        "above": (20, 1),
        "reduced": (0, 0),
    }


def test_charged_stands_as_earned_where_the_record_cannot_be_judged():
    told = made([("kept", True, None, 500, 900, 400, 100), ("", True, 200, 200, 300, 200, 0)])
    assert (told.assumed, told.assumed_cents, told.earned_cents, told.kept) == (1, 500, 700, 2)


def test_list_charges_touch_no_gate():
    low, high = made([("kept", True, 10, 10, 1, 10, 0)]), made([("kept", True, 10, 10, 10**9, 10, 0)])
    assert high.list_charge_cents == 10**9
    assert (low.earned_cents, low.charged_cents, low.paid_cents, low.parts) == (
        high.earned_cents, high.charged_cents, high.paid_cents, high.parts,
    )  # fmt: skip


def test_findings_go_both_ways_and_records_stand_apart():
    told = made(
        [("kept", True, 1000, 1100, 0, 0, 0)],
        [
            ("units_under", "under", 300, 0),
            ("units_over", "over", -350, 0),
            ("units_misallocated", "mis", -20, 0),
            ("units_misallocated", "mis", 0, 0),
            ("not_recorded", "document", 0, 30),
            ("minutes_missing", "document", 0, 70),
        ],
    )
    sums = {part.name: (part.side, part.cents, part.rows) for part in told.parts if part.rows and not part.gap}
    assert sums == {
        "under-billed": ("falls", 300, 1),
        "over-billed": ("rises", 370, 2),
        "not in the record": ("rises", 30, 1),
        "minutes missing": ("beside", 70, 1),
    }
    assert told.repriced_cents == 0


def test_a_finding_without_a_price_keeps_its_way():
    rows = [
        ("a", "under", None, None), ("b", "over", None, None), ("c", "mis", 0, 0), ("d", "document", 0, None),
        ("e", "mis", 0, 1),
    ]  # fmt: skip
    ways = with_way(pl.DataFrame(rows, schema=FINDINGS, orient="row")).collect().to_native()["way"]
    assert ways.to_list() == ["gain", "back", "mend", "document", "mend"]


cents = st.one_of(st.none(), st.integers(0, 10**7))
visit = st.tuples(
    st.sampled_from(["kept", "", "no_show"]), st.booleans(), cents, cents, cents,
    st.one_of(st.none(), st.integers(-(10**6), 10**7)), cents,
)  # fmt: skip


@given(st.lists(visit, max_size=30))
def test_paid_is_charged_less_the_falls_plus_the_rises(rows):
    told = made(rows)
    moved = sum(part.cents if part.side == "rises" else -part.cents for part in told.parts if part.gap in GAPS)
    assert told.charged_cents + moved == told.paid_cents


@given(st.lists(visit, max_size=10), st.lists(st.integers(-(10**6), 10**6), max_size=10))
def test_charged_is_earned_with_every_part_and_the_rest_named(rows, stakes):
    found = [("units_under" if cents > 0 else "units_over", "", cents, 0) for cents in stakes if cents]
    told = made(rows, found)
    moved = sum({"rises": 1, "falls": -1}.get(part.side, 0) * part.cents for part in told.parts if not part.gap)
    assert told.earned_cents + moved + told.repriced_cents == told.charged_cents


BANKED = {"state": pl.String, "amount_cents": pl.Int64, "off_cents": pl.Int64}


def at_bank(rows: list[tuple]) -> Gates:
    empty = pl.DataFrame(schema=VISITS), pl.DataFrame(schema=FINDINGS), pl.DataFrame({"amount_cents": [9]})
    return gates(*empty, banked=pl.DataFrame(rows, schema=BANKED, orient="row"))


def test_the_bank_holds_what_was_found_and_names_the_rest():
    told = at_bank([
        ("matched", 100, 0), ("short", 100, -7), ("over", 100, 2), ("missing", 50, None), ("waiting", 30, None),
        ("unclear", 20, None), ("before", 10, None),
    ])  # fmt: skip
    assert (told.banked, told.deposited_cents, told.deposited) == (True, 295, 3)
    parts = {part.name: (part.side, part.cents, part.rows) for part in told.parts if part.gate == "deposited"}
    assert parts == {
        "not found in the bank": ("falls", 57, 2), "more in the bank": ("rises", 2, 1),
        "not yet matched": ("beside", 60, 3),
    }  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(["matched", "short", "over", "missing", "waiting"]), st.integers(1, 999),
                          st.integers(1, 99))))  # fmt: skip
def test_remitted_less_what_falls_plus_what_rises_is_deposited(rows):
    offs = {"matched": 0, "short": -1, "over": 1}
    made_rows = [(state, cents, offs[state] * off if state in offs else None) for state, cents, off in rows]
    told = at_bank(made_rows)
    by = {part.side: part.cents for part in told.parts if part.gate == "deposited"}
    remitted = sum(cents for _, cents, _ in rows)
    assert remitted - by["falls"] - by["beside"] + by["rises"] == told.deposited_cents


def test_without_deposits_nothing_is_said_of_the_bank():
    told = made([])
    assert not told.banked and not [part for part in told.parts if part.gate == "deposited"]


TAKEN = {**VISITS, "sequestered_cents": pl.Int64, "assistant_cents": pl.Int64}


def test_what_medicare_rightly_takes_is_no_shortfall():
    rows = [
        ("kept", True, 100, 100, 300, 78, 20, 2, 0),
        ("kept", True, 100, 100, 300, 66, 20, 2, 14),
        ("kept", True, 100, 100, 300, 70, 20, 2, 14),
        ("kept", True, 100, 100, 300, 60, 20, 2, 14),
        ("kept", True, 100, 100, 300, 79, 20, 2, 14),
        ("kept", True, 100, 100, 300, 0, 0, 2, 14),
        ("kept", True, 100, 100, 300, 80, 20, None, None),
    ]
    frame = with_gap(pl.DataFrame(rows, schema=TAKEN, orient="row")).collect().to_native()
    assert frame["gap"].to_list() == ["reduced", "reduced", "reduced", "below", "above", "nothing_paid", None]
    assert frame["gap_cents"].to_list() == [2, 14, 10, 4, 1, 100, 0]
    assert frame["reduced_cents"].to_list() == [2, 14, 10, 16, 2, 0, 0]


@given(st.lists(st.tuples(visit, st.integers(-50, 5_000), st.integers(-50, 5_000)), max_size=20))
def test_paid_is_charged_less_the_falls_with_reductions_too(drawn):
    rows = [(*one, taken, most) for one, taken, most in drawn]
    empty = pl.DataFrame(schema=FINDINGS), pl.DataFrame(schema=REMITS)
    told = gates(pl.DataFrame(rows, schema=TAKEN, orient="row"), *empty)
    moved = sum(part.cents if part.side == "rises" else -part.cents for part in told.parts if part.gap in GAPS)
    assert told.charged_cents + moved == told.paid_cents
    assert all(part.cents >= 0 for part in told.parts)
