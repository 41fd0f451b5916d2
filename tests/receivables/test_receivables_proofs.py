"""Every 835 proves itself; a cent that was moved is named at its place."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import receivables_kit as kit
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "oracle"))
from remits import balances
from x12_kit import paid

from everyunit.receivables.proofs import prove

FILES = sorted(path for path in kit.SAMPLES.rglob("*") if path.is_file()) if kit.SAMPLES.is_dir() else []
# element moved -> levels that then fail, and what the failing sums name
MOVED = {
    ("BPR", 2): {"remit"}, ("PLB", 4): {"remit"}, ("CLP", 3): {"claim"}, ("CLP", 4): {"claim", "remit"},
    ("SVC", 2): {"line"}, ("SVC", 3): {"line"}, ("CAS", 3): {"line", "claim"},
}  # fmt: skip


def failing(data: bytes) -> pl.DataFrame:
    return prove(kit.read(data)).filter(pl.col("off_cents").is_null() | (pl.col("off_cents") != 0))


@settings(max_examples=25, deadline=None)
@given(kit.payments())
def test_every_random_adjudication_balances(data):
    proofs = prove(kit.read(data))
    assert proofs["off_cents"].to_list() == [0] * proofs.height
    assert sorted(proofs.select("level", "off_cents").rows(), key=str) == balances(data)
    assert proofs["words"].null_count() == proofs.height


@settings(max_examples=50, deadline=None)
@given(kit.payments(), st.data())
def test_a_moved_cent_is_named_at_its_place(data, choose):
    parts = [part.split("*") for part in data.decode().split("~\n")]
    places = [
        (row, element) for row, part in enumerate(parts)
        for tag, element in MOVED if part[0] == tag and len(part) > element
    ]  # fmt: skip
    row, element = choose.draw(st.sampled_from(places))
    parts[row][element] = str(Decimal(parts[row][element]) + Decimal("0.01"))
    moved = "~\n".join("*".join(part) for part in parts).encode()
    found = failing(moved)
    tag = parts[row][0]
    assert set(found["level"]) == MOVED[tag, element] and found.height == len(MOVED[tag, element])
    assert found["off_cents"].abs().to_list() == [1] * found.height
    assert all(f"{tag}{element:02d}" in place or tag in place for place in found["place"])
    exact = found.filter(pl.col("level") != "remit")["place"].to_list()
    assert {place.removesuffix(" of a line") for place in exact} <= {f"{tag}{element:02d}", tag}
    assert all("1 cent" in words for words in found["words"])
    assert sorted(prove(kit.read(moved)).select("level", "off_cents").rows(), key=str) == balances(moved)


def test_a_claim_without_lines_is_proved_by_its_own_adjustments():
    data = paid("CLP*C1*4*80*0**12*I1~CAS*CO*16*80~CLP*C2*1*80*20**12*I2~CAS*CO*45*59.99~", "20").encode()
    found = failing(data)
    assert found.select("level", "claim_id", "off_cents", "lines", "place").rows() == [
        ("claim", "C2", -1, 0, "CLP03 or CAS of the claim")
    ]


def test_a_claims_own_adjustment_is_told_from_its_payment():
    claim = "CLP*C1*1*100*50**12*I1~CAS*CO*253*{}~SVC*HC:97110*100*60~CAS*CO*45*40~"
    assert failing(paid(claim.format("10"), "50").encode()).is_empty()
    found = failing(paid(claim.format("10.01"), "50").encode())
    assert found.select("level", "off_cents", "place").rows() == [("claim", 1, "CAS of the claim")]


def test_two_faults_in_one_claim_name_no_element_alone():
    claim = "CLP*C1*1*100*50**12*I1~SVC*HC:97110*60.02*30~CAS*CO*45*30~SVC*HC:97140*40*20.01~CAS*CO*45*20~"
    found = failing(paid(claim, "50").encode())
    assert set(found["place"]) == {"SVC02, CAS or SVC03"}


@pytest.mark.parametrize(
    ("bpr", "place"),
    [("60", "PLB, which BPR02 leaves out"), ("65", "the sign of PLB"), ("61", "BPR02, CLP04 or PLB")],
)
def test_a_payment_that_forgets_its_provider_adjustments(bpr, place):
    claim = "CLP*C1*1*100*60**12*I1~SVC*HC:97110*100*60~CAS*CO*45*40~PLB*1234567893*20261231*WO:I0*5~"
    assert failing(paid(claim, "55").encode()).is_empty()
    assert failing(paid(claim, bpr).encode())["place"].to_list() == [place]


def test_a_debit_takes_money_and_an_unreadable_amount_is_not_guessed():
    claim = "CLP*C1*22*-100*-60**12*I1~SVC*HC:97110*-100*-60~CAS*CO*45*-40~"
    assert failing(paid(claim, "60").replace("BPR*I*60*C", "BPR*I*60*D").encode()).is_empty()
    found = failing(paid(claim.replace("*-60~", "*6x~"), "-60").encode())
    assert found.select("level", "off_cents", "place").rows() == [("line", None, "unreadable")]
    assert found["words"][0].startswith("Claim C1, line 1: an amount of it")


@pytest.mark.skipif(not FILES, reason="../shared/x12/samples is not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_of_others_prove_as_a_plain_reader_says(path):
    data = path.read_bytes()
    assert sorted(prove(kit.read(data)).select("level", "off_cents").rows(), key=str) == balances(data)
