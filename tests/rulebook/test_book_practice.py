"""practice.toml and fee tables: what is right goes in, what is not is named with place and remedy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyunit.rulebook import Practice
from everyunit.rulebook.fee_tables import fee_table

GOOD = b"""
[payers.00123]
name = "Medicare Part B"
rule = "cms"
fees = "medicare"

[payers.ACME]
name = "Acme Health"
rule = "ama"
fees = "fees/acme.csv"

[clinics."North Side"]
mac = "06102"
locality = "15"

[clinics.South]
mac = 2102
locality = 1
"""
FEES = b'\xef\xbb\xbfCode, Allowed ,note\r\n97110,31.50,x\r\n97140,"$1,030",\r\ng0283,9,\r\n'


def test_a_good_practice_goes_in_whole():
    practice = Practice.from_documents({"old/practice.toml": GOOD, "acme.csv": FEES})
    assert practice.problems == []
    assert practice.payers["00123"].fees == "medicare" and practice.payers["00123"].rule == "cms"
    acme = practice.payers["ACME"]
    assert (acme.name, acme.rule, acme.declared, acme.source) == ("Acme Health", "ama", True, "practice.toml")
    assert acme.fees == {"97110": 3150, "97140": 103000, "G0283": 900}
    assert practice.clinics == {"North Side": ("06102", "15"), "South": ("02102", "01")}
    assert practice.localities() == [("02102", "01"), ("06102", "15")]


@pytest.mark.parametrize(
    ("toml", "seen"),
    [
        (b"[payers.A", "practice.toml: this is no TOML"),
        (b"clinics = 3", "practice.toml clinics: this is no section"),
        (b"[payers]\nA = 3", "practice.toml payers.A: this is no section"),
        (b"[payers.A]\nrule = 'hourly'", 'payers.A: rule reads "hourly". Write rule = "cms"'),
        (b"[payers.A]\nname = 'A'", "payers.A: rule is missing"),
        (b"[payers.A]\nrule = 'ama'\nfees = 'gone.csv'", "payers.A: the fee table gone.csv is not there"),
        (b"[clinics.N]\nmac = 'x'\nlocality = '15'", "clinics.N: mac and locality are not both numbers"),
        (b"[clinics.N]\nmac = '0610215'\nlocality = '15'", "clinics.N: mac and locality"),
        (b"[clinics]\nN = 'x'", "clinics.N: this is no section"),
        (b"[payers.A]\nrule = 'ama'\nfee = 'x.csv'", "payers.A: fee is no word that is read here. Did you mean fees"),
        (b"[clinics.N]\nmac = '06102'\nlocality = '15'\nlocalty = '15'", "clinics.N: localty is no word"),
        (b"[clinic.N]\nmac = '06102'", "practice.toml clinic: clinic is no section"),
        (b"patient_refund_days = 'soon'", "practice.toml: patient_refund_days is no number of days"),
        (b"payment_before_signing = 'yes'", "practice.toml: payment_before_signing is neither true nor false"),
        (
            b"patient_refund = 30",
            "patient_refund: patient_refund is no section that is read here. Did you mean patient_",
        ),
    ],
)
def test_a_fault_is_a_problem_and_the_rest_goes_in(toml, seen):
    practice = Practice.from_documents({"practice.toml": toml + b"\n[payers.OK]\nrule='cms'\n"})
    assert len(practice.problems) == 1
    assert seen in practice.problems[0].sentence()
    if toml not in (b"[payers.A", b"[payers]\nA = 3"):
        assert practice.payers["OK"].rule == "cms"


def test_the_days_for_patients_credits_stand_above_all_sections():
    toml = b"patient_refund_days = 30\n[payers.A]\nrule = 'ama'\n"
    practice = Practice.from_documents({"practice.toml": toml})
    assert practice.patient_refund_days == 30 and not practice.problems
    assert Practice.from_documents({"practice.toml": b"[payers.A]\nrule = 'ama'\n"}).patient_refund_days == 0


def test_payment_before_signing_is_off_unless_it_is_said():
    assert not Practice.from_documents({"practice.toml": b"[payers.A]\nrule = 'ama'\n"}).payment_before_signing
    assert Practice.from_documents({"practice.toml": b"payment_before_signing = true\n"}).payment_before_signing


def test_a_payer_whose_fee_table_is_missing_keeps_its_rule():
    practice = Practice.from_documents({"practice.toml": b"[payers.A]\nrule='ama'\nfees='gone.csv'"})
    terms = practice.payers["A"]
    assert (terms.rule, terms.fees, terms.checked) == ("ama", "medicare", False)
    assert "gone.csv" in terms.note


def test_every_fault_of_a_payer_is_named():
    practice = Practice.from_documents({"practice.toml": b"[payers.A]\nrulee='ama'\nrule='x'\nfees='gone.csv'"})
    seen = [problem.seen for problem in practice.problems]
    assert [word for word in ("rulee", "gone.csv", '"x"') if any(word in one for one in seen)] == [
        "rulee", "gone.csv", '"x"',
    ]  # fmt: skip
    assert len(seen) == 3 and practice.payers == {}


def test_bad_rows_of_a_fee_table_are_named_and_good_ones_kept():
    toml = b"[payers.A]\nrule='ama'\nfees='a.csv'"
    rows = b"code,allowed\n97110,30\n97110,31\n97140,-2\n97530,abc\n,4\n97112,25.005\n97035,\n97116,29\n"
    practice = Practice.from_documents({"practice.toml": toml, "a.csv": rows})
    assert practice.payers["A"].fees == {"97110": 3000, "97116": 2900}
    assert [problem.place for problem in practice.problems] == [f"a.csv row {n}" for n in (3, 4, 5, 6, 7, 8)]
    assert "stands twice" in practice.problems[0].seen and "97110" in practice.problems[0].seen
    assert all(problem.remedy for problem in practice.problems)


def test_a_fee_table_without_its_columns_is_named():
    toml = b"[payers.A]\nrule='ama'\nfees='a.csv'"
    for raw in (b"", b"code;price\n97110;3\n", b"\x00\xff\xfe"):
        practice = Practice.from_documents({"practice.toml": toml, "a.csv": raw})
        assert "a.csv row 1" in practice.problems[0].sentence()


def test_no_practice_file_is_no_problem():
    assert Practice.from_documents({}) == Practice()


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_no_bytes_break_it(toml, fees):
    Practice.from_documents({"practice.toml": toml, "a.csv": fees})
    practice = Practice.from_documents({"practice.toml": b"[payers.A]\nrule='ama'\nfees='a.csv'", "a.csv": fees})
    assert "A" in practice.payers


def test_a_price_beyond_reason_is_named_and_left_out():
    table, faults = fee_table(b"code,allowed\n97110,99999999999999999999999999999\n97140,100000.01\n97530,30.00\n")
    assert table == {"97530": 3000}
    assert [(fault.row, fault.column) for fault in faults] == [(2, "allowed"), (3, "allowed")]
    assert "at most 15 digits" in faults[0].message
    assert "$100,000" in faults[1].message
