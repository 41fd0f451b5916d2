"""What stands in an 835 lands in its columns."""

from __future__ import annotations

from x12_kit import codes, paid, read

PAID = (
    "CLP*C1*1*150*90*20*12*ICN1*11*1~NM1*QC*1*ALDER*ANN****MI*M1~NM1*82*1*REN*DER****XX*1245319599~MOA***MA01*MA18~"
    "DTM*232*20260212~SVC*HC:97110:GP:59:KX:CQ*100*60**2**3~DTM*472*20260212~CAS*CO*45*20**97*5*1*253*1.2~"
    "CAS*PR*3*13.8~REF*6R*L1~REF*HPI*1679576722~AMT*B6*73.80~LQ*HE*N362~LQ*HE*M15~"
    "SVC*HC:97140:GP*50*30**1*HC:97124:GP~DTM*472*20260213~CAS*CO*45*13.8~CAS*PR*3*6.2~"
)


def test_a_paid_claim_and_its_lines():
    found = read(paid(PAID, "90"))
    assert found["problems"].is_empty()
    claim = found["remit_claims"].row(0, named=True)
    assert (claim["charge_cents"], claim["paid_cents"], claim["patient_cents"]) == (15000, 9000, 2000)
    assert (claim["status"], claim["payer_control"], claim["member_id"]) == ("1", "ICN1", "M1")
    assert (claim["remarks"], claim["rendering_npi"], claim["lines"]) == ("MA01:MA18", "1245319599", 2)
    assert claim["last_day"] - claim["first_day"] == 1
    first, second = found["remit_lines"].rows(named=True)
    assert (first["modifiers"], first["units"], first["remarks"]) == ("GP:59:KX:CQ", 2, "N362:M15")
    assert (first["allowed_cents"], first["rendering_npi"], first["control_number"]) == (7380, "1679576722", "L1")
    assert (first["submitted_units_milli"], second["submitted_code"], second["submitted_modifiers"]) == (
        3000,
        "97124",
        "GP",
    )
    taken = (
        found["adjustments"]
        .select("line", "ordinal", "group_code", "reason", "amount_cents", "quantity_milli")
        .rows()
    )
    assert taken == [
        (1, 1, "CO", "45", 2000, None), (1, 2, "CO", "97", 500, 1000), (1, 3, "CO", "253", 120, None),
        (1, 1, "PR", "3", 1380, None), (2, 1, "CO", "45", 1380, None), (2, 1, "PR", "3", 620, None),
    ]  # fmt: skip


def test_the_payment_itself():
    remit = read(paid(PAID, "90"))["remits"].row(0, named=True)
    assert (remit["amount_cents"], remit["trace"], remit["payer_id"], remit["payee_npi"]) == (
        9000,
        "T1",
        "P1",
        "1234567893",
    )
    assert remit["paid_day"] - remit["produced_day"] == 1


def test_provider_adjustments_take_part_in_the_balance():
    plb = "PLB*1234567893*20261231*WO:ICN0*12.5*L6*-2.5*72:X*1~"
    found = read(paid(PAID + plb, "79"))
    rows = found["provider_adjustments"].select("reason", "reference", "amount_cents", "ordinal").rows()
    assert rows == [("WO", "ICN0", 1250, 1), ("L6", None, -250, 2), ("72", "X", 100, 3)]
    assert found["problems"].is_empty()
    assert codes(paid(PAID + plb, "90")) == ["bpr_balance"]


def test_a_reversal_is_negative_and_a_denied_claim_has_no_line():
    reversal = "CLP*C1*22*-150*-90*-60*12*ICN1~SVC*HC:97110*-150*-90**-2~CAS*PR*3*-60~"
    denied = "CLP*C2*4*80*0**12*ICN2~CAS*CO*16*80~MOA***N290~"
    found = read(paid(reversal + denied, "-90"))
    assert found["remit_claims"]["paid_cents"].to_list() == [-9000, 0]
    assert found["remit_claims"]["lines"].to_list() == [1, 0]
    assert found["remit_lines"]["units"].to_list() == [-2]
    assert found["adjustments"].select("claim", "line", "amount_cents").rows() == [(1, 1, -6000), (2, 0, 8000)]
    assert found["problems"].is_empty()


def test_a_line_without_quantity_is_one_unit():
    assert read(paid("CLP*C*1*5*5**12*I~SVC*HC:97110*5*5~", "5"))["remit_lines"]["units"].to_list() == [1]


def test_sums_that_do_not_agree_are_told():
    line = PAID.replace("CAS*PR*3*6.2~", "CAS*PR*3*6.1~")
    assert codes(paid(line, "90")) == ["line_balance", "remit_claim_balance"]
    assert codes(paid(PAID, "91")) == ["bpr_balance"]


def test_unknown_groups_and_reasons_are_told():
    assert codes(paid(PAID.replace("CAS*CO*45*13.8", "CAS*XX*45*13.8"), "90")) == ["adjustment_group"]
    assert codes(paid(PAID.replace("CAS*CO*45*13.8", "CAS*CO*999*13.8"), "90")) == ["adjustment_reason"]
