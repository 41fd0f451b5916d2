"""One remittance of a rehab clinic with all that readers of 835 like to lose, and every fact of it asserted.

Four modifiers on a line, several reasons and quantities in one CAS, two groups of reasons, a code the payer changed,
remarks at the line and at the claim, a claim denied without lines, a reversal with its correction, a recoupment,
interest, a forwarded balance and a second PLB.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from everyunit.days import to_day
from everyunit.receivables.decisions import decided
from everyunit.receivables.inputs import Remitted
from everyunit.receivables.proofs import prove
from everyunit.receivables.recoupments import recoupments
from everyunit.receivables.reversals import reversals
from everyunit.rulebook import Book

sys.path.insert(0, str(Path(__file__).parents[1] / "receivables"))
from receivables_kit import read as read_remits
from test_x12_writer import faults
from x12_kit import read, summary

DATA = Path(__file__).with_name("rehab_remit.835").read_bytes()
PAID = to_day("2026-03-12")


@pytest.fixture(scope="module")
def found():
    return read(DATA)


@pytest.fixture(scope="module")
def remitted() -> Remitted:
    return read_remits(DATA)


def test_nothing_is_wrong_with_it(found):
    assert found["problems"].is_empty()
    assert summary(DATA)["835"] == {"claims": 4, "lines": 4, "charge_cents": 50_000, "paid_cents": 14_000}


def test_an_outside_validator_agrees():
    """It takes one PLB only, of the many that may stand; so the second is left out here."""
    one = DATA.decode().replace("PLB*1234567893*20261231*72:ICN8*5~\n", "")
    assert faults(one.replace("BPR*I*121.75", "BPR*I*126.75").replace("SE*52", "SE*51")) == []


def test_the_payment(found):
    row = found["remits"].row(0, named=True)
    assert (row["amount_cents"], row["credit_debit"], row["method"], row["handling"]) == (12_175, "C", "ACH", "I")
    assert (row["trace"], row["origin"], row["payer_id"], row["payee_npi"]) == (
        "EFT77001", "1512345678", "P1", "1234567893",
    )  # fmt: skip
    assert (row["paid_day"], row["produced_day"]) == (PAID, to_day("2026-03-10"))


def test_the_claims(found):
    columns = ("claim_id", "status", "charge_cents", "paid_cents", "patient_cents", "payer_control", "frequency")
    assert found["remit_claims"].select(*columns, "lines", "remarks", "member_id").rows() == [
        ("A1", "1", 30_000, 15_000, 3_000, "ICN1", "1", 2, "MA01", "M1"),
        ("A2", "4", 20_000, 0, 0, "ICN2", "1", 0, "MA01:N211", "M2"),
        ("A3", "22", -10_000, -6_000, 0, "ICN3", "1", 1, None, "M3"),
        ("A3", "1", 10_000, 5_000, 1_000, "ICN3B", "7", 1, None, "M3"),
    ]
    assert found["remit_claims"]["first_day"].to_list() == [
        to_day(day) for day in ("2026-02-12", "2025-09-01", "2026-01-05", "2026-01-05")
    ]


def test_every_modifier_and_the_code_that_the_payer_changed(found):
    columns = ("code", "modifiers", "submitted_code", "submitted_modifiers", "units", "submitted_units_milli")
    assert found["remit_lines"].select("claim_id", *columns, "charge_cents", "paid_cents").rows() == [
        ("A1", "97110", "GP:CQ:KX:59", None, None, 2, None, 15_000, 8_000),
        ("A1", "97140", "GP", "97124", "GP", 3, 4_000, 15_000, 7_000),
        ("A3", "97110", "GP", None, None, -2, None, -10_000, -6_000),
        ("A3", "97110", "GP", None, None, 2, None, 10_000, 5_000),
    ]
    one = found["remit_lines"].row(0, named=True)
    assert (one["allowed_cents"], one["remarks"], one["control_number"]) == (9_000, "N115:N362", "1")


def test_every_reason_with_its_quantity(found):
    columns = ("claim_id", "line", "ordinal", "group_code", "reason", "amount_cents", "quantity_milli")
    assert found["adjustments"].select(columns).rows() == [
        ("A1", 1, 1, "CO", "45", 5_000, 1_000),
        ("A1", 1, 2, "CO", "253", 200, None),
        ("A1", 1, 3, "CO", "59", 800, None),
        ("A1", 1, 1, "PR", "2", 1_000, None),
        ("A1", 2, 1, "CO", "151", 3_000, 1_000),
        ("A1", 2, 2, "CO", "45", 3_000, None),
        ("A1", 2, 1, "PR", "3", 2_000, None),
        ("A2", 0, 1, "CO", "29", 20_000, None),
        ("A3", 1, 1, "CO", "45", -4_000, None),
        ("A3", 1, 1, "CO", "45", 4_000, None),
        ("A3", 1, 1, "PR", "2", 1_000, None),
    ]


def test_every_reason_of_the_provider(found):
    columns = ("ordinal", "provider_id", "reason", "reference", "amount_cents", "period_day")
    end = to_day("2026-12-31")
    assert found["provider_adjustments"].select(columns).rows() == [
        (1, "1234567893", "WO", "ICN9", 2_500, end),
        (2, "1234567893", "L6", "ICN1", -150, end),
        (3, "1234567893", "FB", "FWD1", -1_025, end),
        (1, "1234567893", "72", "ICN8", 500, end),
    ]


def test_it_proves_itself_to_the_cent(remitted):
    proofs = prove(remitted)
    assert proofs.height == 9 and proofs["off_cents"].to_list() == [0] * 9
    whole = proofs.filter(level="remit").row(0, named=True)
    assert (whole["given_cents"], whole["taken_cents"], whole["paid_cents"]) == (14_000, 1_825, 12_175)


def test_the_reversal_stands_beside_its_correction(remitted):
    every = decided(remitted).collect().lazy()
    row = reversals(every).row(0, named=True)
    assert (row["claim_id"], row["paid_cents"], row["corrected_paid_cents"]) == ("A3", -6_000, 5_000)
    assert row["undone_claim"] is None and row["words"]


def test_recoupment_interest_and_forwarded_balance_are_three_things(remitted):
    every = decided(remitted).collect().lazy()
    withheld, balances = recoupments(remitted, every, Book.load().provider_adjustments)
    kinds = dict(withheld.select("reason", "family").iter_rows())
    assert kinds["L6"] == "interest" and kinds["FB"] == "forward" and kinds["WO"] == "recovery"
    assert balances.filter(balances["reference"] == "FWD1").height == 1


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ("59*8~", "59*9~", "line_balance"), ("CAS*CO*29*200", "CAS*CO*29*199", "remit_claim_balance"),
        ("FB:FWD1*-10.25", "FB:FWD1*-10.24", "bpr_balance"), ("CAS*CO*151", "CAS*CO*999", "adjustment_reason"),
    ],
)  # fmt: skip
def test_a_cent_that_moves_is_seen(was, becomes, code):
    spoilt = DATA.replace(was.encode(), becomes.encode(), 1)
    assert spoilt != DATA and code in read(spoilt)["problems"]["code"].to_list()
