"""A correction says what the claim shall read; everything else stays as it was sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_x12_resend import DAY, transactions
from test_x12_writer import CLAIM, claims_file, faults
from x12_kit import read, sent

from everyunit.errors import UsageError
from everyunit.x12.amend import changed
from everyunit.x12.resend import Again, written
from everyunit.x12.write_claims import VERSION


def loops(text: str):
    found = read(text)
    row = found["claims"].row(0, named=True)
    return transactions(found)[row["transaction"]].loops(row["segment"])


def again(text: str, *settings: str, without: tuple[int, ...] = ()) -> str:
    one = Again(changed(loops(text), settings, without), "7", "ICN9")
    made = written([one], version=VERSION, sender="SENDER", receiver="RECEIVER", day=DAY, control=9)
    return made.decode("ascii")


def lines(text: str):
    columns = ("number", "code", "modifiers", "units", "charge_cents", "pointers")
    return read(text)["claim_lines"].select(columns).rows()


BEFORE = [("1", "97110", "GP", 2, 10_000, "1:2"), ("2", "97140", "GP:59", 1, 5_000, "1")]


def test_nothing_asked_changes_nothing():
    assert changed(loops(sent()), ()) == loops(sent()) and lines(again(sent())) == BEFORE


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("2.modifiers=gp:xs", ("2", "97140", "GP:XS", 1, 5_000, "1")),
        ("2.modifiers=", ("2", "97140", None, 1, 5_000, "1")),
        ("2.units=3", ("2", "97140", "GP:59", 3, 5_000, "1")),
        ("2.charge=80.50", ("2", "97140", "GP:59", 1, 8_050, "1")),
        ("2.code=97530", ("2", "97530", "GP:59", 1, 5_000, "1")),
        ("2.pointers=2:1", ("2", "97140", "GP:59", 1, 5_000, "2:1")),
    ],
)
def test_one_value_of_one_line(setting, line):
    text = again(sent(), setting)
    assert lines(text) == [BEFORE[0], line]
    found = read(text)
    assert found["problems"].is_empty()
    assert found["claims"]["charge_cents"].to_list() == [10_000 + line[4]]


def test_a_line_left_out_leaves_the_rest_numbered_and_summed():
    text = again(sent(), without=(1,))
    assert lines(text) == [("1", "97140", "GP:59", 1, 5_000, "1")]
    assert read(text)["claims"]["charge_cents"].to_list() == [5_000] and read(text)["problems"].is_empty()


def test_the_authorization_is_added_or_replaced():
    once = again(sent(), "authorization=AU 7")
    twice = again(once, "authorization=AU8")
    assert read(once)["claims"]["prior_authorization"].to_list() == ["AU 7"]
    assert read(twice)["claims"]["prior_authorization"].to_list() == ["AU8"] and twice.count("REF*G1") == 1


def test_what_was_changed_passes_the_validator():
    text = claims_file(CLAIM)
    assert faults(again(text, "1.units=1", "1.charge=75", "2.modifiers=GP:CQ:KX", "authorization=AU1")) == []
    assert faults(again(text, without=(2,))) == []


@pytest.mark.parametrize(
    ("setting", "word"),
    [
        ("3.units=1", "line 3 is not on the claim"), ("units=1", "is no change"), ("1.colour=2", "is no change"),
        ("1.units=0", "whole number"), ("1.units=1.5", "whole number"), ("1.code=9711", "five characters"),
        ("1.modifiers=GPX", "two characters"), ("1.modifiers=GP:A1:A2:A3:A4", "too many modifiers"),
        ("1.charge=-5", "below zero"), ("1.charge=lots", "no charge"),
        ("1.charge=12,50", "no charge"), ("1.charge=1,2,3", "no charge"), ("1.pointers=a", "Pointers read"),
        ("1.pointers=3", "points beside the diagnoses"),
        ("authorization=~", "empty or too long"), ("authorization=A*B~C", "cannot carry"),
        ("1.modifiers=G*", "two characters"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(setting, word):
    with pytest.raises(UsageError, match=word):
        changed(loops(sent()), (setting,))


def test_the_last_line_stays():
    with pytest.raises(UsageError, match="no line would be left"):
        changed(loops(sent()), (), (1, 2))


def test_a_line_another_payer_decided_is_not_touched():
    text = sent().replace("LX*2~", "SVD*P2*50*HC:97110:GP**2~CAS*CO*45*50~DTP*573*D8*20260301~LX*2~")
    with pytest.raises(UsageError, match="another payer's decision"):
        changed(loops(text), ("1.units=1",))


@given(
    units=st.integers(1, 9999), cents=st.integers(0, 10_000_000),
    modifiers=st.lists(st.sampled_from(["GP", "KX", "59", "CQ"]), max_size=4),
)  # fmt: skip
def test_any_change_is_read_back_and_the_claim_balances(units, cents, modifiers):
    charge = f"{cents // 100}.{cents % 100:02d}"
    text = again(sent(), f"1.units={units}", f"1.charge={charge}", f"1.modifiers={':'.join(modifiers)}")
    assert lines(text)[0] == ("1", "97110", ":".join(modifiers) or None, units, cents, "1:2")
    assert read(text)["claims"]["charge_cents"].to_list() == [cents + 5_000]
    assert read(text)["problems"].is_empty()
