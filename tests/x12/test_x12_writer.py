"""The X12 writer: what it writes, an outside validator accepts."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

from everyunit.days import to_day
from everyunit.x12 import write_claims, write_remits
from everyunit.x12.write_claims import Adjustment, Biller, Claim, PriorDecision, PriorPayer, ServiceLine
from everyunit.x12.write_remits import PaidClaim, PaidLine, Payer, ProviderAdjustment
from everyunit.x12.writer import Interchange, Party, amount, clean, segment

DAY = to_day("2026-03-12")
CLINIC = Party("Oak Hill Rehab", "", "XX", "1999000007", "1 Elm Street", "Elgin", "IL", "601209998")
PATIENT = Party(
    "Graymantle", "Ada", "MI", "M1234567", "2 Elm Street", "Elgin", "IL", "60120", DAY - 25_000, "F", person=True
)
THERAPIST = Party("Redfern", "Otis", "XX", "1999000015", person=True)
DOCTOR = Party("Yewdale", "Tess", "XX", "1999000023", person=True)
FIRST = Party("Medicare Part B", "", "PI", "MKPARTB")
SECOND = Party("Lantern Supplement", "", "PI", "MKLANTN")
LINES = (
    ServiceLine("97110", ("GP",), 15_000, 2, DAY),
    ServiceLine("97110", ("GP", "CQ", "KX", "59"), 7_500, 1, DAY, (1, 2)),
)
CLAIM = Claim("C1", PATIENT, FIRST, "MB", LINES, ("M54.50", "M62.81"), THERAPIST, "225100000X", DOCTOR)


def claims_file(*claims: Claim) -> str:
    out = io.BytesIO()
    file = Interchange(
        out, function="HC", version=write_claims.VERSION, sender="SENDER", receiver="RECEIVER", day=DAY, control=7
    )
    who = Biller(CLINIC, "000912345", "261QR0400X", "5555550142")
    house = Party("Clearing House", identifier="HOUSE")
    for _ in range(2):
        file.add("837", *write_claims.transaction(who, house, claims, day=DAY, reference="R1"))
    file.close()
    return out.getvalue().decode("ascii")


def remit_file(*claims: PaidClaim, adjustments: tuple[ProviderAdjustment, ...] = ()) -> str:
    out = io.BytesIO()
    file = Interchange(
        out, function="HP", version=write_remits.VERSION, sender="SENDER", receiver="RECEIVER", day=DAY, control=8
    )
    payer = Payer(
        FIRST._replace(street="1 Plaza", city="Springfield", state="IL", zip_code="62701"), "1000912345", "5555550120"
    )
    body = write_remits.transaction(
        payer, CLINIC, "000912345", list(claims), day=DAY, trace="T1", adjustments=adjustments
    )
    file.add("835", *body)
    file.close()
    return out.getvalue().decode("ascii")


def paid(status: str = "1", sign: int = 1) -> PaidClaim:
    reasons = (
        Adjustment("CO", "45", sign * 4_000),
        Adjustment("CO", "253", sign * 120),
        Adjustment("PR", "2", sign * 880),
    )
    one = PaidLine(
        "97110", ("GP",), sign * 15_000, sign * 10_000, 2, DAY, "1", reasons, sign * 11_000 if sign > 0 else None
    )
    denied = PaidLine(
        "97140", ("GP",), sign * 7_500, 0, 1, DAY, "2", (Adjustment("CO", "50", sign * 7_500),), None, ("N115",)
    )
    return PaidClaim("C1", status, "MB", "ICN1", PATIENT, THERAPIST, (one, denied), DAY, ("MA01",))


class Heard(logging.Handler):
    """The sentences that the validator says."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def faults(text: str) -> list[str]:
    """What pyx12 finds wrong, as its sentences."""
    heard = Heard()
    logger = logging.getLogger("pyx12")
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("pyx12")]:
        logging.getLogger(name).disabled = False  # the web door silences the loggers that stand before it
    logger.addHandler(heard)
    try:
        right = x12n_document(ParamsBase(), io.StringIO(text), None, None)
    finally:
        logger.removeHandler(heard)
    assert right == (not heard.said)
    return heard.said


@pytest.mark.parametrize(
    "claim",
    [
        CLAIM,
        CLAIM._replace(frequency="7", original_reference="ICN1", authorization="AU1", filing_code="HM"),
        CLAIM._replace(filing_code="WC", accident_day=DAY - 20, employment_related=True, referring=None),
        CLAIM._replace(
            payer=SECOND,
            sequence="S",
            filing_code="15",
            prior=PriorPayer(FIRST, "MB", 10_000),
            lines=(
                LINES[0]._replace(
                    prior=PriorDecision(10_000, (Adjustment("CO", "45", 4_000), Adjustment("PR", "2", 1_000)), DAY)
                ),
            ),
        ),
    ],
    ids=["first", "replacement", "accident at work", "secondary"],
)
def test_claims_are_accepted(claim: Claim) -> None:
    assert faults(claims_file(claim, CLAIM)) == []


def test_remits_are_accepted() -> None:
    back = paid("22", -1)
    given = (ProviderAdjustment("WO", "C0", 500), ProviderAdjustment("L6", "T1", -30))
    assert faults(remit_file(paid(), back, paid(), adjustments=given)) == []


def test_a_remit_of_nothing_is_accepted() -> None:
    assert faults(remit_file(paid("1"), paid("22", -1))) == []


def test_the_validator_does_find_faults() -> None:
    assert faults(claims_file(CLAIM).replace("SV1*HC:97110", "SV1*XX:97110"))


def test_files_of_a_practice_are_accepted(tmp_path: Path) -> None:
    from everyunit.sample.practice import make_practice

    make_practice(tmp_path / "p", 120, 3, workers=1)
    files = sorted((tmp_path / "p").glob("*/*.83[75]"))
    assert len(files) > 50
    for path in files[::6]:
        assert faults(path.read_text()) == [], path.name


def test_sums_stand_in_the_remit() -> None:
    text = remit_file(paid(), adjustments=(ProviderAdjustment("WO", "C0", 500),))
    assert "BPR*I*95*C*ACH*" in text
    assert "CLP*C1*1*225*100*8.8*MB*ICN1*11*1~" in text
    assert "CAS*CO*45*40**253*1.2~" in text
    assert "PLB*1999000007*20261231*WO:C0*5~" in text


def test_the_order_of_a_claim() -> None:
    tags = [piece.strip("\n").split("*")[0] for piece in claims_file(CLAIM).split("~")][:34]
    assert tags[:12] == ["ISA", "GS", "ST", "BHT", "NM1", "PER", "NM1", "HL", "PRV", "NM1", "N3", "N4"]
    assert tags[12:20] == ["REF", "HL", "SBR", "NM1", "N3", "N4", "DMG", "NM1"]
    assert tags[20:34] == ["CLM", "HI", "NM1", "NM1", "PRV", *("LX", "SV1", "DTP", "REF") * 2, "SE"]


def test_more_than_six_reasons_take_a_second_segment() -> None:
    made = write_claims.adjustment_segments([Adjustment("CO", str(n), 100) for n in range(1, 9)])
    assert [one.count("*") for one in made] == [18, 6]
    assert write_claims.adjustment_segments([Adjustment("CO", "45", 0)]) == []


@given(st.integers(-(10**10), 10**10))
def test_amounts_are_exact(cents: int) -> None:
    text = amount(cents)
    whole, _, rest = text.lstrip("-").partition(".")
    assert (int(whole) * 100 + int((rest + "00")[:2])) * (-1 if text.startswith("-") else 1) == cents
    assert not (rest and rest.endswith("0")) and text != "-0"


@given(st.text(max_size=60))
def test_no_delimiter_survives_cleaning(text: str) -> None:
    made = clean(text)
    assert not set(made) & set("*:~^\n\r") and made == made.upper().strip() and made.isascii()
    assert clean(made) == made


def test_names_keep_their_letters() -> None:
    assert clean("Núñez-O'Brien* & Söhne~") == "NUNEZ-O'BRIEN & SOHNE"
    assert segment("REF", "G1", "", "") == "REF*G1"
    odd = CLAIM._replace(patient=PATIENT._replace(name="Wren*Hall~:^", first="Zoë"))
    assert "NM1*IL*1*WREN HALL*ZOE****MI*M1234567~" in claims_file(odd)
    assert faults(claims_file(odd)) == []
