"""practice.toml and fee tables at the door: what is not right is listed with place and remedy, the rest is taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import intake_kit as kit
import pytest

OWN = '[payers.A]\nrule = "ama"\nfees = "own.csv"\n'
FEES = "code,allowed\n97110,30.00\n"


def of(receipts: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(one for one in receipts if one["file"] == name)


@pytest.mark.parametrize(
    ("toml", "place", "said"),
    [
        ('[payers.A]\nrule = "eight-minute"\n', "payers.A", 'rule reads "eight-minute". Write rule = "cms"'),
        ('[payers.A]\nrulee = "ama"\nrule = "ama"\n', "payers.A", "Did you mean rule"),
        ('[payers.A]\nrule = "ama"\nfees = "nofile.csv"\n', "payers.A", "the fee table nofile.csv is not there"),
        ('[clinics.N]\nmac = "99999"\nlocality = "77"\n', "clinics.N", "no Medicare locality 99999 77"),
        ('[clinics.N]\nmac = "06102"\nlocality = "15"\ntown = "x"\n', "clinics.N", "town is no word"),
        ('[payer.A]\nrule = "ama"\n[clinics]\n', "payer", "payer is no section that is read here."),
    ],
)  # fmt: skip
def test_each_fault_of_practice_toml_is_listed(toml: str, place: str, said: str, tmp_path: Path) -> None:
    ledger, receipt = kit.one(tmp_path, toml, "practice.toml")
    assert receipt["status"] == "taken"
    assert [one["place"] for one in receipt["problems"]] == [f"practice.toml {place}"]
    assert said in receipt["problems"][0]["message"]
    assert receipt["problems"][0]["remedy"].endswith(".")
    assert ledger.receipts()[0]["problems"] == receipt["problems"]


@pytest.mark.parametrize("toml", [OWN, '[clinics.N]\nmac = "06102"\nlocality = "15"\n'])
def test_a_sound_practice_file_has_no_problem(toml: str, tmp_path: Path) -> None:
    _, receipts = kit.bring(tmp_path, {"practice.toml": toml, "z/own.csv": FEES})
    assert of(receipts, "practice.toml")["problems"] == []


def test_a_fee_table_held_before_counts_and_a_missing_one_is_told_again(tmp_path: Path) -> None:
    _, receipts = kit.bring(tmp_path / "1", {"own.csv": FEES})
    _, receipts = kit.bring(tmp_path / "1", {"practice.toml": OWN})
    assert of(receipts, "practice.toml")["problems"] == []
    for _ in range(2):
        _, receipts = kit.bring(tmp_path / "2", {"practice.toml": OWN})
        assert len(receipts[0]["problems"]) == 1
    _, receipts = kit.bring(tmp_path / "2", {"own.csv": FEES})
    assert (of(receipts, "practice.toml")["status"], of(receipts, "practice.toml")["problems"]) == ("held", [])


def test_rows_of_a_fee_table_that_are_refused_are_named(tmp_path: Path) -> None:
    rows = "code,allowed\n97110,$35.50\n97112,36.005\n97530,-4\n97535,\n97110,40\n97110,35.50\n,3\n"
    _, receipt = kit.one(tmp_path, rows, "own.csv")
    assert (receipt["status"], receipt["kind"], receipt["refused"]) == ("taken", "fees", 5)
    told = [(one["row"], one["column"], one["message"]) for one in receipt["refusals"]]
    assert [(row, column) for row, column, _ in told] == [
        (3, "allowed"), (4, "allowed"), (5, "allowed"), (6, "code"), (8, "code"),
    ]  # fmt: skip
    assert "other price" in told[3][2] and "negative" in told[1][2]
    assert all(one["remedy"].endswith(".") for one in receipt["refusals"])


def test_a_fee_table_with_semicolons_is_read(tmp_path: Path) -> None:
    ledger, receipt = kit.one(tmp_path, "code;allowed\n97110;30.00\n97140;-1\n", "own.csv")
    assert [one["row"] for one in receipt["refusals"]] == [3]
    assert list(ledger.documents()) == ["own.csv"]
