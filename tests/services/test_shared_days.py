"""What was received on a shared day is held against the charge of that day, whichever visit bears it."""

from __future__ import annotations

import polars as pl
import pytest

from everyunit.measures.gates import with_gap
from everyunit.services.audit import audit
from everyunit.services.held import held
from everyunit.services.make_sample import make_sample
from everyunit.services.shared_days import compared_together
from everyunit.services.take_in import take_in

NAMES = (
    "visit_id", "discipline", "charged_cents", "paid_cents", "patient_cents", "sequestered_cents", "assistant_cents",
)  # fmt: skip
KINDS = dict.fromkeys(NAMES[:2], pl.String) | dict.fromkeys(NAMES[2:], pl.Int64)


def gaps(*rows, shared=("V1", "V2", "V3")):
    frame = pl.DataFrame(rows, schema=KINDS, orient="row").with_columns(answered=pl.lit(True))
    together = pl.DataFrame({"visit_id": shared, "first_id": [shared[0]] * len(shared)})
    made = with_gap(compared_together(frame, together)).collect().to_native()
    assert made["visit_id"].to_list() == frame["visit_id"].to_list()
    assert made["paid_cents"].to_list() == frame["paid_cents"].to_list()
    return dict(zip(made["visit_id"], made.select("gap", "gap_cents").rows(), strict=True))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([("V1", "PT", 200, 80, 20, 0, 0), ("V2", "PT", None, 80, 20, 0, 0)],
                     [(None, 0), (None, 0)], id="both_paid"),
        pytest.param([("V1", "PT", None, 100, 0, 0, 0), ("V2", "PT", 200, 100, 0, 0, 0)],
                     [(None, 0), (None, 0)], id="the_second_bears"),
        pytest.param([("V1", "PT", 200, 100, 0, 0, 0), ("V2", "PT", None, 70, 0, 0, 0)],
                     [("below", 30), (None, 0)], id="twin_paid_short"),
        pytest.param([("V1", "PT", 200, 100, 0, 0, 0), ("V2", "PT", None, 130, 0, 0, 0)],
                     [("above", 30), (None, 0)], id="twin_paid_too_much"),
        pytest.param([("V1", "PT", 200, 98, 0, 2, 0), ("V2", "PT", None, 98, 0, 2, 0)],
                     [("reduced", 4), (None, 0)], id="sequestered"),
        pytest.param([("V1", "PT", 150, 100, 0, 0, 0), ("V2", "PT", 50, 100, 0, 0, 0)],
                     [(None, 0), (None, 0)], id="twin_has_a_charge_of_its_own"),
        pytest.param([("V1", "PT", 100, 90, 0, 0, 0), ("V2", "OT", 100, 110, 0, 0, 0)],
                     [("below", 10), ("above", 10)], id="other_disciplines_are_charged_apart"),
        pytest.param([("V1", "PT", 100, 90, 0, 0, 0), ("V9", "PT", 100, 110, 0, 0, 0)],
                     [("below", 10), ("above", 10)], id="other_days_are_charged_apart"),
        pytest.param([("V1", "PT", 100, 90, 0, 0, 0), ("V2", "PT", 100, 80, 0, 0, 0)],
                     [("below", 10), ("below", 20)], id="each_with_its_own"),
    ],
)  # fmt: skip
def test_paid_is_held_against_the_charge_of_the_same_pool(rows, expected):
    assert list(gaps(*rows).values()) == expected


def test_a_third_visit_of_the_pool_keeps_the_sum():
    told = gaps(
        ("V1", "PT", 300, 100, 0, 0, 0), ("V2", "PT", None, 100, 0, 0, 0), ("V3", "PT", None, 60, 0, 0, 0)
    )  # fmt: skip
    assert told == {"V1": ("below", 40), "V2": (None, 0), "V3": (None, 0)}


def test_doubled_visits_of_a_practice_are_paid_neither_above_nor_below(tmp_path):
    make_sample(tmp_path / "practice", visits=1_200, seed=7719)
    assert list(take_in([tmp_path / "practice"], tmp_path / "home"))
    done = audit(tmp_path / "home")
    doubled = done.findings.filter(pl.col("kind") == "duplicate_claim")["visit_id"]
    visits = held(tmp_path / "home").visits
    assert visits.filter(pl.col("pooled_cents") != 0).height > 1
    assert visits["pooled_cents"].sum() == 0
    assert visits.filter(pl.col("visit_id").is_in(doubled.implode()) & (pl.col("gap") == "above")).is_empty()
