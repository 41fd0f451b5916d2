"""Separators, line ends, several interchanges, wrong counts, cut and broken files."""

from __future__ import annotations

import pytest
from test_x12_remits import PAID
from x12_kit import CLAIM, HEAD_837, codes, interchange, paid, read, sent, summary, transaction

from everyunit.errors import Unreadable
from everyunit.x12 import looks_like_x12, read_bytes

TWO = interchange(transaction(HEAD_837 + CLAIM), transaction(HEAD_837 + CLAIM.replace("C1*", "C2*"), control="0002"))


def same(one: str | bytes, other: str | bytes) -> None:
    left, right = read(one), read(other)
    for name, frame in left.items():
        assert frame.equals(right[name]), name


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("~", "~\r\n"),
        lambda text: text.replace("~", "~\n\n"),
        lambda text: text.replace("~", "\n"),
        lambda text: text.replace("~", "\r\n"),
        lambda text: text.replace("~", "\x1d"),
        lambda text: "\ufeff" + text,
        lambda text: "junk before\r\n" + text,
        lambda text: text.replace("*", "|"),
        lambda text: text.replace("*", "\t").replace("~", "'"),
        lambda text: "\n".join(text[place : place + 80] for place in range(0, len(text), 80)),
        lambda text: text + "\r\n\x00",
    ],
    ids=[
        "crlf",
        "blank lines",
        "newline",
        "cr lf as end",
        "gs",
        "bom",
        "junk",
        "pipe",
        "tab",
        "wrapped at 80",
        "tail",
    ],
)
def test_the_dress_of_a_file_does_not_matter(change):
    bare, dressed = read(sent()), read(change(sent()))
    for name in ("claims", "claim_lines", "parties", "dates", "references"):
        assert bare[name].equals(dressed[name]), name


def test_component_separators_other_than_the_colon():
    claims = read(sent().replace(":", ">"))
    assert claims["claim_lines"]["modifiers"].to_list() == ["GP", "GP:59"]
    assert claims["claims"]["diagnoses"].to_list() == ["M5450:M25562"]


def test_a_header_that_is_not_106_bytes():
    short = sent().replace("SENDER         ", "SENDER").replace("*00*          *00*", "*00**00*")
    assert short.index("GS*") != 106
    same(short, sent())


def test_several_interchanges_also_with_other_separators():
    second = interchange(transaction(HEAD_837 + CLAIM.replace("C1*", "C2*")), control=2)
    for other in (second, second.replace("~", "\n"), second.replace("*", "|").replace("~", "!")):
        found = read(sent() + "\r\n" + other)
        assert found["claims"]["claim_id"].to_list() == ["C1", "C2"]
        assert found["transactions"]["interchange"].to_list() == [1, 2]
        assert found["problems"].is_empty()


def test_an_interchange_that_follows_a_cut_one():
    cut = sent()[:-60]
    found = read(cut + interchange(transaction(HEAD_837 + CLAIM.replace("C1*", "C2*")), control=2))
    assert found["claims"]["claim_id"].to_list() == ["C1", "C2"]
    assert "se_missing" in found["problems"]["code"].to_list()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("IEA*1*000000001", "IEA*1*000000009"), "iea_control"),
        (("IEA*1*", "IEA*3*"), "iea_count"),
        (("GE*2*1", "GE*2*7"), "ge_control"),
        (("GE*2*1", "GE*1*1"), "ge_count"),
        (("SE*23*0001", "SE*23*0008"), "se_control"),
        (("SE*23*0001", "SE*22*0001"), "se_count"),
        (("SE*23*0001", "SE*X*0001"), "se_count"),
        (("SE*23*0001~", ""), "se_missing"),
        (("*0002", "*0001"), "st_repeated"),
        (("HL*2*1*22", "HL*2*2*22"), "hl_parent"),
        (("HL*2*1*22", "HL*4*1*22"), "hl_number"),
        (("CLM*C1*150*", "CLM*C1*151*"), "claim_balance"),
        (("CLM*C1*150*", "CLM*C1*1x*"), "amount_unreadable"),
        (("UN*2*", "UN*two*"), "quantity_unreadable"),
        (("D8*20260212", "D8*20261312"), "date_unreadable"),
        (("XX*1234567893", "XX*1234567890"), "npi_check"),
        (("NM1*85*2", "NM1*87*2"), "segment_missing"),
        (("ST*837*0001~", ""), "se_alone"),
        (("ST*837*0001~", ""), "outside_transaction"),
    ],
)
def test_a_fault_is_told_and_the_rest_is_read(change, code):
    assert TWO.count(change[0]) >= 1
    broken = TWO.replace(change[0], change[1], 1) if change[0] != "*0002" else TWO.replace(*change)
    found = read(broken)
    assert code in found["problems"]["code"].to_list()
    assert found["claims"].height == 2
    for message in found["problems"]["message"].to_list():
        assert "ALDER" not in message and message.endswith(".") and "!" not in message


def test_a_sound_file_has_no_problem():
    assert codes(TWO) == []
    assert read(TWO)["transactions"]["segments"].to_list() == read(TWO)["transactions"]["declared"].to_list()


def test_cut_at_each_of_fifty_places_it_is_read_or_refused_with_a_reason():
    whole = TWO.encode()
    for place in range(50):
        part = whole[: len(whole) * place // 50]
        try:
            found = read(part)
        except Unreadable as error:
            assert "no ISA" in error.sentence()
        else:
            assert found["problems"].height
            assert found["claims"].height == part.count(b"~CLM*")


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"%PDF-1.7\n", bytes(range(256)) * 40, b"ISABELLA LIVES HERE", b"a,b\n1,2\n"]
)
def test_what_is_no_x12_is_refused_with_a_reason(data):
    assert not looks_like_x12(data)
    with pytest.raises(Unreadable, match="no ISA header"):
        list(read_bytes(data, name="file", source_id="0"))


def test_text_that_is_no_ascii():
    claim = CLAIM.replace("C1*", "Ü1*")
    assert read(sent(claim))["claims"]["claim_id"].to_list() == ["Ü1"]
    assert read(sent(claim).encode("latin-1"))["claims"]["claim_id"].to_list() == ["Ü1"]


def test_ten_megabytes_on_one_line():
    claims = "".join(CLAIM.replace("C1*", f"C{number}*") for number in range(50_000))
    found = summary(sent(claims).encode())
    assert found["837"] == {"claims": 50_000, "lines": 100_000, "charge_cents": 50_000 * 15_000}
    assert found["problems"] == []


def test_other_transactions_are_named_and_their_segments_kept():
    body = "BHT*0022*13*1*20260301*1200~HL*1**20*1~NM1*PR*2*A PAYER*****PI*P1~"
    found = read(interchange(transaction(body, "270")))
    assert found["transactions"]["kind"].to_list() == ["270"]
    assert found["claims"].is_empty() and found["segments"]["tag"].to_list() == ["BHT", "HL"]


def test_lines_of_a_status_answer_are_not_lines_of_a_remittance():
    found = summary(interchange(transaction("SVC*HC:97110*5*5~", "277")).encode())
    assert found == {"file": "case", "transactions": {"277": 1}, "problems": []}


def test_amounts_are_exact_or_told():
    for text, value, told in (
        ("150.", 15000, []), ("+150.0", 15000, []), ("0000000150.00", 15000, []),
        ("150.005", 15001, ["amount_decimals"]),
        ("1E2", None, ["amount_unreadable"]), ("-", None, ["amount_unreadable"]),
        ("1.2.3", None, ["amount_unreadable"]),
    ):  # fmt: skip
        found = read(sent(CLAIM.replace("C1*150*", f"C1*{text}*")))
        assert found["claims"]["charge_cents"].to_list() == [value], text
        assert [code for code in found["problems"]["code"].to_list() if code.startswith("amount")] == told


def bare(text: str, since: str) -> str:
    """The file without what stands before the first segment of this tag, and without the trailers of that."""
    text = text[text.index(since) :]
    return text[: text.index("IEA*")] if since == "GS*" else text[: text.index("GE*")]


@pytest.mark.parametrize("text", [sent(), paid(PAID, "90")], ids=["837", "835"])
@pytest.mark.parametrize("since,told", [("GS*", "gs_alone"), ("ST*", "st_alone")])
@pytest.mark.parametrize("before", ["", "\ufeff", "\r\n "])
@pytest.mark.parametrize("marks", ["*:~", "|>~", "*:\n", "^:\x1d"])
def test_a_file_without_interchange_is_read_and_told_of(text, since, told, before, marks):
    whole, naked = read(text), before + bare(text, since)
    for old, new in zip("*:~", marks, strict=True):
        naked = naked.replace(old, new)
    assert looks_like_x12(naked.encode())
    found = read(naked)
    assert found["problems"]["code"].to_list() == [told]
    for name in ("claims", "claim_lines", "remit_claims", "remit_lines", "adjustments", "parties"):
        places = ["segment", "source_id"]
        assert found[name].drop(places).equals(whole[name].drop(places)), name
    assert found["transactions"]["interchange"].to_list() == [0]


@pytest.mark.parametrize(
    "text", ["ST*835", "STATE,GSA\n1,2\n", "ST,835,1\nvisit,code,2\n", "GS*HP*A", "ST 835 0001 ~"]
)
def test_what_only_begins_like_a_transaction_is_none(text):
    assert not looks_like_x12(text.encode())
