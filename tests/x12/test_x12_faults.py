"""One fault put into a large sound file is told at its segment, with a sentence, and nothing else is."""

from __future__ import annotations

import pytest
from test_x12_remits import PAID
from x12_kit import CLAIM, paid, read, sent

BEFORE, AFTER = 137, 163
SECOND = "HL*{0}*1*22*0~SBR*P*18*******CI~NM1*IL*1*ALDER*ANN****MI*M1~NM1*PR*2*A PAYER*****PI*P1~"


def claims_file() -> list[str]:
    """Segments of an 837P with many subscribers."""
    body = "".join(
        (SECOND.format(number) if number > 2 else "") + CLAIM.replace("C1*", f"C{number}*")
        for number in range(2, BEFORE + AFTER)
    )
    return sent(body).split("~")


def remit_file() -> list[str]:
    """Segments of an 835 with many claims."""
    body = "".join(PAID.replace("C1*", f"C{number}*") for number in range(BEFORE + AFTER))
    return paid(body, str(90 * (BEFORE + AFTER))).split("~")


def planted(segments: list[str], old: str, new: str) -> tuple[str, int]:
    """The file with one segment changed in its middle, and the ordinal of that segment."""
    places = [place for place, text in enumerate(segments) if text.startswith(old)]
    at = places[len(places) // 2]
    segments[at] = segments[at].replace(old, new.format(*segments[at].split("*")), 1)
    return "~".join(segments), at + 1


def told(text: str, chunk: int) -> list[tuple[str, int, str]]:
    return read(text, chunk)["problems"].select("code", "segment", "message").rows()


@pytest.mark.parametrize("chunk", [4096, 1 << 20])
@pytest.mark.parametrize("old,new,code,word", [
    ("SV1*HC:97110:GP*100*", "SV1*HC:97110:GP*100.01*", "claim_balance", "$150.01"),
    ("SV1*HC:97140:GP:59*50*", "SV1*HC:97140:GP:59*5*", "claim_balance", "$105.00"),
    ("SV1*HC:97140:GP:59*50*", "SV1*HC:97140:GP:59*-50*", "claim_balance", "$50.00"),
])  # fmt: skip
def test_a_claim_that_is_not_the_sum_of_its_lines(old, new, code, word, chunk):
    text, at = planted(claims_file(), old, new)
    ((found, segment, message),) = told(text, chunk)
    assert found == code and word in message and "$150.00" in message
    assert text.split("~")[segment - 1].startswith("CLM*") and segment <= at


@pytest.mark.parametrize("chunk", [4096, 1 << 20])
@pytest.mark.parametrize("of", ["*1*22", "**22", "*7*22", "*2*22", "*X*22"], ids=lambda of: of)
def test_a_level_whose_parent_is_wrong_or_missing(of, chunk):
    text, at = planted(claims_file(), "HL*", "HL*")
    segments = text.split("~")
    number = segments[at - 1].split("*")[1]
    segments[at - 1] = f"HL*{number}{of}*0"
    found = [(code, segment) for code, segment, _ in told("~".join(segments), chunk)]
    assert found == ([] if of == "*1*22" else [("hl_parent", at)])


def test_a_subscriber_without_a_billing_provider_above():
    text = "~".join(text for text in claims_file() if not text.startswith("HL*1**20"))
    found = told(text, 1 << 20)
    assert {code for code, _, _ in found} == {"hl_parent", "hl_number", "se_count"}
    assert sum(code == "hl_parent" for code, _, _ in found) == BEFORE + AFTER - 2


@pytest.mark.parametrize("chunk", [4096, 1 << 20])
@pytest.mark.parametrize("old,new,expected", [
    ("CAS*CO*45*13.8", "CAS*CO*45*13.9", ["line_balance", "remit_claim_balance"]),
    ("CAS*CO*45*13.8", "CAS*CO*45*-13.8", ["line_balance", "remit_claim_balance"]),
    ("CAS*CO*45*13.8", "CAS*CO*4500*13.8", ["adjustment_reason"]),
    ("CAS*CO*45*13.8", "CAS*CO*N130*13.8", ["adjustment_reason"]),
    ("CAS*CO*45*13.8", "CAS*CO**13.8", ["adjustment_reason"]),
    ("CAS*CO*45*13.8", "CAS*C0*45*13.8", ["adjustment_group"]),
])  # fmt: skip
def test_adjustments_that_do_not_balance_or_are_no_code(old, new, expected, chunk):
    text, at = planted(remit_file(), old, new)
    found = told(text, chunk)
    assert sorted(code for code, _, _ in found) == expected
    kinds = {"line_balance": "SVC*", "remit_claim_balance": "CLP*"}
    for code, segment, message in found:
        assert text.split("~")[segment - 1].startswith(kinds.get(code, "CAS*")) and segment <= at
        assert message.endswith(".") and ";" in message


@pytest.mark.parametrize("chunk", [4096, 1 << 20])
def test_a_payment_that_is_not_the_sum_of_its_claims(chunk):
    segments = remit_file()
    at = next(place for place, text in enumerate(segments) if text.startswith("BPR*"))
    segments[at] = segments[at].replace("BPR*I*27000*", "BPR*I*26999.99*")
    ((code, segment, message),) = told("~".join(segments), chunk)
    assert code == "bpr_balance" and segments[segment - 1].startswith("ST*")
    assert "$26,999.99" in message or "$26999.99" in message
