"""What stands in an 837 lands in its columns."""

from __future__ import annotations

from datetime import date

from x12_kit import CLAIM, HEAD_837, codes, interchange, read, sent, transaction


def day(year: int, month: int, number: int) -> int:
    return (date(year, month, number) - date(1970, 1, 1)).days


def test_a_claim_has_its_payer_provider_and_diagnoses():
    claim = read(sent())["claims"].row(0, named=True)
    assert claim | {"source_id": ""} == {
        "source_id": "", "transaction": 1, "segment": 17, "claim": 1, "kind": "837P", "claim_id": "C1",
        "charge_cents": 15000, "place_of_service": "11", "frequency": "1", "sequence": "P", "filing_code": "CI",
        "group_number": "GRP1", "payer_id": "P1", "payer_name": "A PAYER", "member_id": "M1",
        "billing_npi": "1234567893", "billing_tax_id": "931234567", "billing_taxonomy": "225100000X",
        "rendering_npi": None, "rendering_taxonomy": None, "referring_npi": None, "facility_npi": None,
        "prior_authorization": None, "original_reference": None, "diagnoses": "M5450:M25562",
        "first_day": day(2026, 2, 12), "last_day": day(2026, 2, 12), "lines": 2,
    }  # fmt: skip
    assert codes(sent()) == []


def test_all_four_modifiers_and_the_description_are_kept():
    line = CLAIM.replace("HC:97140:GP:59", "hc:97140:GP:59:KX:CQ:BOTH SHOULDERS").replace(
        "UN*1***1~", "UN*1.5***1:2:3:4~"
    )
    row = read(sent(line))["claim_lines"].row(1, named=True)
    assert (row["code"], row["modifiers"], row["description"]) == ("97140", "GP:59:KX:CQ", "BOTH SHOULDERS")
    assert (row["units"], row["units_milli"], row["pointers"], row["number"]) == (None, 1500, "1:2:3:4", "2")


def test_providers_numbers_and_dates_of_claim_and_line():
    claim = (
        "CLM*C9*100***11:B:7*Y*A*Y*Y~DTP*434*RD8*20260201-20260203~REF*G1*AUTH1~REF*F8*ICN1~HI*ABK:M5450~"
        "NM1*DN*1*REF*DOC****XX*1679576722~NM1*82*1*REN*DER****XX*1245319599~PRV*PE*PXC*225X00000X~"
        "NM1*77*2*SITE*****XX*1234567893~LX*1~SV1*HC:97110*60*UN*2***1~DTP*472*RD8*20260202-20260203~REF*6R*L1~"
        "REF*G1*AUTH2~NM1*82*1*OTHER*ONE****XX*1679576722~LX*2~SV1*HC:97112*40*UN*1***1~"
    )
    found = read(sent(claim))
    row = found["claims"].row(0, named=True)
    assert (row["frequency"], row["prior_authorization"], row["original_reference"]) == ("7", "AUTH1", "ICN1")
    assert (row["rendering_npi"], row["rendering_taxonomy"]) == ("1245319599", "225X00000X")
    assert (row["referring_npi"], row["facility_npi"]) == ("1679576722", "1234567893")
    assert (row["first_day"], row["last_day"]) == (day(2026, 2, 1), day(2026, 2, 3))
    lines = found["claim_lines"]
    assert lines["rendering_npi"].to_list() == ["1679576722", "1245319599"]
    assert lines["service_day"].to_list() == [day(2026, 2, 2), day(2026, 2, 1)]
    assert lines["last_day"].to_list() == [day(2026, 2, 3), day(2026, 2, 3)]
    assert lines["control_number"].to_list() == ["L1", None]
    assert lines["prior_authorization"].to_list() == ["AUTH2", None]


SECOND = (
    "SBR*S*18*******MB~CAS*PR*1*10**2*5*1~AMT*D*85~NM1*IL*1*ALDER*ANN****MI*M7~NM1*PR*2*OTHER PAYER*****PI*P7~"
    "LX*1~SV1*HC:97110:GP*100*UN*2***1~DTP*472*D8*20260212~SVD*P7*85*HC:97110:GP**2~CAS*CO*45*15~DTP*573*D8*20260220~"
)


def test_another_payers_decision_is_kept_beside_the_claim():
    found = read(sent("CLM*C2*100***11:B:1*Y*A*Y*Y~HI*ABK:M5450~" + SECOND))
    other = found["other_payers"].row(0, named=True)
    assert (other["sequence"], other["payer_id"], other["paid_cents"], other["ordinal"]) == ("S", "P7", 8500, 1)
    decided = found["line_adjudications"].row(0, named=True)
    assert (decided["paid_cents"], decided["units_milli"], decided["paid_day"]) == (8500, 2000, day(2026, 2, 20))
    taken = found["adjustments"].select("side", "line", "other_payer", "group_code", "reason", "amount_cents").rows()
    assert taken == [("837", 0, 1, "PR", "1", 1000), ("837", 0, 1, "PR", "2", 500), ("837", 1, 1, "CO", "45", 1500)]
    assert found["adjustments"]["quantity_milli"].to_list() == [None, 1000, None]
    claim = found["claims"].row(0, named=True)
    assert (claim["payer_id"], claim["member_id"], claim["sequence"]) == ("P1", "M1", "P")


def test_institutional_and_dental_lines():
    body = HEAD_837 + "CLM*I1*80***13:A:1**A*Y*Y~LX*1~SV2*0420*HC:97110:GP*80*UN*2~DTP*472*D8*20260212~"
    row = read(interchange(transaction(body), kind="837I"))["claim_lines"].row(0, named=True)
    assert (row["kind"], row["revenue_code"], row["code"], row["charge_cents"]) == ("837I", "0420", "97110", 8000)
    assert (row["basis"], row["units"]) == ("UN", 2)
    body = HEAD_837 + "CLM*D1*70***11:B:1*Y*A*Y*Y~LX*1~SV3*AD:D0120*70****1~"
    row = read(interchange(transaction(body), kind="837D"))["claim_lines"].row(0, named=True)
    assert (row["kind"], row["qualifier"], row["code"], row["units"]) == ("837D", "AD", "D0120", 1)


def test_the_older_version_is_told_by_its_number():
    old = sent(version="004010X098A1")
    assert read(old)["transactions"]["kind"].to_list() == ["837P"]
    unsaid = sent(version="005010")
    assert read(unsaid)["transactions"]["kind"].to_list() == ["837P"]
    assert read(unsaid)["claims"]["kind"].to_list() == ["837P"]


def test_a_second_subscriber_and_provider_are_not_mixed_with_the_first():
    more = (
        "HL*3*1*22*0~SBR*P*18*******MB~NM1*IL*1*BIRCH*BOB****MI*M2~NM1*PR*2*MEDI*****PI*P2~"
        + CLAIM.replace("C1*", "C2*")
        + "HL*4**20*1~NM1*85*2*B CLINIC*****XX*1679576722~HL*5*4*22*0~SBR*P*18*******CI~NM1*IL*1*C*C****MI*M3~"
        "NM1*PR*2*THIRD*****PI*P3~" + CLAIM.replace("C1*", "C3*")
    )
    for chunk in (64, 1 << 20):
        claims = read(sent(CLAIM + more), chunk)["claims"]
        assert claims["payer_id"].to_list() == ["P1", "P2", "P3"]
        assert claims["member_id"].to_list() == ["M1", "M2", "M3"]
        assert claims["billing_npi"].to_list() == ["1234567893", "1234567893", "1679576722"]
    assert codes(sent(CLAIM + more)) == []
