"""Facts at the edge: almost nothing, strange days, payers and clinics nobody told of."""

from __future__ import annotations

import polars as pl
import pytest
from audit_kit import Facts, counted, found, judged, practice

from everyunit.audit import Inputs, judge
from everyunit.audit.facts import with_minutes
from everyunit.days import as_day
from everyunit.frames import lazy, polars
from everyunit.rulebook import Book

DAY = "2026-03-12"


def one_unit_over(payer="MCR", day=DAY, **visit):
    facts = Facts()
    facts.visit("V1", day, payer, claim_id="C1", **visit)
    facts.service("V1", "97110", 15)
    facts.claim("C1", [("97110", 2, "GP")], day)
    return facts


def test_nothing_but_visits():
    facts = Facts()
    facts.visit("V1", DAY, claim_id="C1")
    made = judge(Inputs(facts.frames()["visits"]), practice(), Book.load())
    assert made.findings.is_empty()
    assert made.visit_values["why_not"].to_list() == ["no services on record"]
    assert made.visit_values["earned_cents"].to_list() == [None]


def test_no_rows_at_all():
    made = judged(Facts())
    assert made.findings.is_empty() and made.visit_values.is_empty()
    assert set(made.counts.values()) == {0}


def test_claims_without_visits_are_counted_not_judged():
    facts = Facts()
    facts.claim("C1", [("97110", 2, "GP")], DAY)
    made = judged(facts)
    assert made.findings.is_empty()
    assert made.counts["claim_days_without_a_kept_visit"] == 1


def test_a_payer_nobody_named_is_marked():
    row = judged(one_unit_over("ACME")).findings.row(0, named=True)
    assert row["checked"] is False
    assert "practice.toml does not name this payer" in row["message"]
    assert row["cents_at_stake"] == -2221


def test_what_rests_on_sources_that_were_seen_says_so():
    findings = judged(one_unit_over()).findings
    assert findings["kind"].to_list() == ["units_over"]
    assert findings["checked"].to_list() == [True]


def test_a_clinic_without_locality_is_said():
    assert "national rate" in judged(one_unit_over()).findings["message"][0]
    assert "national rate" not in judged(one_unit_over(clinic="River")).findings["message"][0]


def test_a_day_outside_the_book_is_not_judged():
    facts = one_unit_over(day="2027-01-05")
    facts.visit("V2", "2027-01-05", patient_id="P2")
    facts.service("V2", "97110", 15)
    made = judged(facts)
    row = made.findings.row(0, named=True)
    assert (row["visit_id"], row["kind"], row["cents_at_stake"]) == ("V2", "visit_not_billed", None)
    assert "no counting rule for that day" in row["message"]
    assert row["checked"] is False
    assert set(made.visit_values["why_not"]) == {"no counting rule for that day"}
    assert made.counts["visits_on_days_outside_the_book"] == 2
    made = judged(one_unit_over(day="2027-01-05"))
    assert made.findings.is_empty()
    assert made.visit_values.select("earned_cents", "charged_cents").row(0) == (None, None)


def test_a_visit_without_patient_stands_alone():
    facts = Facts()
    for number in (1, 2):
        facts.visit(f"V{number}", DAY, claim_id=f"C{number}", patient_id=None)
        facts.service(f"V{number}", "97110", 20)
        facts.claim(f"C{number}", [("97110", 1, "GP")], DAY)
    assert found(facts) == []


def test_a_visit_without_payer_takes_that_of_its_claim():
    facts = one_unit_over()
    facts.visits[0].update(payer_id=None, payer_name=None)
    assert judged(facts).findings["payer_id"].to_list() == ["MCR"]


def test_absurd_minutes_and_unknown_codes_do_not_stop_the_others():
    facts = one_unit_over()
    facts.visit("V2", DAY, claim_id="C2", patient_id="P2")
    facts.service("V2", "97110", 100_000)
    facts.service("V2", "XXXXX", 15)
    facts.claim("C2", [("97110", 4, "GP"), ("YYYYY", 1, "")], DAY)
    seen = {(row[0], row[1], row[2]): row[3] for row in found(facts)}
    assert seen["V1", "units_over", "97110"] == -2221
    assert ("V2", "units_under", "97110") not in seen
    assert ("V2", "not_recorded", "YYYYY") in seen
    assert judged(facts).counts["services_and_lines_with_codes_the_book_does_not_know"] == 2


def test_identifiers_stay_when_other_facts_come_in():
    before = judged(one_unit_over()).findings
    facts = one_unit_over()
    facts.visit("V0", DAY, claim_id=None, patient_id="P9")
    facts.service("V0", "97110", 30)
    after = judged(facts).findings.filter(pl.col("visit_id") == "V1")
    assert before.equals(after)


def test_no_patient_in_any_text():
    facts = one_unit_over(patient_id="SECRET-PATIENT")
    frame = judged(facts).findings
    assert "patient_id" not in frame.columns
    assert not any(
        "SECRET" in text for text in frame.select(pl.concat_str(pl.col(pl.String), ignore_nulls=True)).to_series()
    )


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ({"interchange": "9", "control": "2"}, {"interchange": "10", "control": "1"}),
        ({"group": "99", "control": "0002"}, {"group": "100", "control": "0001"}),
        ({"control": "9"}, {"control": "10"}),
    ],
)
def test_claims_of_one_minute_are_ordered_by_their_envelopes(early, late):
    for turned in (False, True):
        facts = Facts()
        facts.visit("V1", DAY, claim_id="C1")
        facts.service("V1", "97110", 30)
        sent = [([("97110", 1, "GP")], early), ([("97110", 2, "GP")], late)]
        for lines, envelope in sent[::-1] if turned else sent:
            facts.claim("C1", lines, DAY, made=900, **envelope)
        assert found(facts) == []
        assert judged(facts).counts["claims_set_aside_as_sent_again"] == 1


def test_a_replacement_of_something_unknown_is_counted():
    facts = one_unit_over()
    facts.claim("C9", [("97110", 1, "GP")], DAY, frequency="7", original_reference="NOBODY-KNOWS")
    made = judged(facts)
    assert made.counts["replacements_whose_original_is_not_known"] == 1
    assert counted(made.findings)["kind"].to_list() == ["units_over"]


def test_a_claim_for_a_visit_not_kept_is_counted_as_such():
    counts = judged(one_unit_over(status="no_show")).counts
    assert counts["claims_that_charge_visits_not_kept"] == 1
    assert counts["claim_days_without_a_kept_visit"] == 0


def missed(**visit):
    facts = Facts()
    facts.visit("V1", DAY, **visit)
    facts.service("V1", "97110", 15)
    facts.visit("V0", DAY, patient_id="P0", claim_id="C0")
    facts.claim("C0", [("97110", 1, "GP")], DAY)
    return facts


def said_of(facts, visit="V1"):
    return judged(facts).findings.filter(pl.col("visit_id") == visit).row(0, named=True)


def test_a_claim_that_states_another_day_is_named():
    facts = missed(claim_id="C33")
    facts.claim("C33", [("97110", 1, "GP")], "2026-03-18")
    row = said_of(facts)
    assert "Claim C33, which the visit names, states 18 March 2026." in row["message"]
    assert row["fix"] == "Correct the day on the visit or on the claim."
    assert (row["kind"], row["claim_id"]) == ("visit_not_billed", "C33")
    facts.claim("C33", [("97110", 1, "GP")], "2026-03-20")
    assert "states other days" in said_of(facts)["message"]


def test_a_claim_never_brought_and_a_voided_one_are_named():
    row = said_of(missed(claim_id="C32X"))
    assert "Claim C32X, which the visit names, was not brought." in row["message"]
    assert row["fix"].startswith("Bring the file of the claim")
    facts = missed(claim_id="C12")
    facts.claim("C12", [("97110", 1, "GP")], DAY)
    facts.claim("C12", [("97110", 1, "GP")], DAY, frequency="8")
    assert "Claim C12 was voided." in said_of(facts)["message"]
    assert "Claim" not in said_of(missed())["message"].replace("no claim", "")


def test_minutes_in_a_group_are_said():
    facts = one_unit_over()
    facts.service("V1", "97140", 30, "group")
    text = said_of(facts)["message"]
    assert "Minutes 97110 15, total 15" in text
    assert "30 minutes in group do not count for 97140." in text


def test_only_a_federal_payer_has_sixty_days():
    assert "60 days" in said_of(one_unit_over())["fix"]
    assert "by the payer's contract" in said_of(one_unit_over("AMA"))["fix"]
    facts = one_unit_over()
    facts.claims[0]["filing_code"] = "CI"
    assert "60 days" not in said_of(facts)["fix"]
    facts.claims[0]["filing_code"] = "MB"
    assert "60 days" in said_of(facts)["fix"]


@pytest.mark.parametrize(("later", "past"), [(365, False), (366, True)])
def test_a_visit_past_its_filing_limit_says_so_as_of_the_last_day_in_the_files(later, past):
    made = judge(Inputs(**missed().frames(), reaches=as_day(DAY) + later), practice(), Book.load())
    row = made.findings.filter(pl.col("kind") == "visit_not_billed").row(0, named=True)
    assert ("The payer took it until 12 March 2027; these files reach 13 March 2027" in row["fix"]) is past
    assert ("The payer takes it until 12 March 2027." in row["fix"]) is not past
    assert row["cents_at_stake"] == said_of(missed())["cents_at_stake"] > 0


def test_a_code_outside_the_pool_is_not_said_to_pool():
    facts = Facts()
    facts.visit("V1", DAY, "MCR", claim_id="C1")
    facts.service("V1", "97550", 11)
    facts.claim("C1", [("97550", 1, "GP")], DAY)
    text = judged(facts).findings.filter(kind="units_over")["message"][0]
    assert "97550 counts alone, outside the pool" in text and "Medicare pools" not in text


def test_refused_rows_are_a_reason_not_an_accusation():
    facts = one_unit_over()
    facts.refuse("V1")
    made = judged(facts)
    assert made.findings.is_empty()
    assert made.visit_values.select("judged", "why_not", "earned_cents").row(0) == (False, "refused rows", None)


def test_times_of_day_are_read_as_they_are_written():
    read = {
        "09:05": 545, "23:59": 1439, "2026-03-12T09:05": 545, "2026-03-12T09:05:30": 545, "09:05:30": 545,
        "9:05": None, "31:00": None, "09:60": None, "T09:05": None, "noon": None, "": None, None: None,
    }  # fmt: skip
    rows = pl.DataFrame(
        {"at": list(read), "other": ["00:01"] * len(read)}, schema={"at": pl.String, "other": pl.String}
    )
    made = polars(with_minutes(lazy(rows), minute="at", second="other"))
    assert made["minute"].to_list() == list(read.values())
    assert made["second"].unique().to_list() == [1]
    assert made.columns == ["at", "other", "minute", "second"]


def test_a_day_of_several_claims_names_them():
    """The duplicate names the two claims; so does the finding of units that the same doubling makes."""
    facts = Facts()
    for number in (1, 2, 3):
        facts.visit(f"V{number}", DAY, "MCR", claim_id=f"C{number}", discipline="OT" if number == 3 else "PT")
        facts.claim(f"C{number}", [("97110", 1, "GO" if number == 3 else "GP")], DAY)
    facts.service("V1", "97110", 15)
    facts.service("V3", "97110", 40)
    both, alone = counted(judged(facts).findings).sort("earned_units").to_dicts()
    assert (both["kind"], both["billed_units"], both["earned_units"]) == ("units_over", 2, 1)
    assert both["message"].count("The day stands on claims C1 and C2, counted together.") == 1
    assert alone["kind"] == "units_under" and "claims" not in alone["message"]
    facts.visit("V4", DAY, "MCR", claim_id="C4")
    facts.claim("C4", [("97140", 1, "GP")], DAY)
    said = [row["message"] for row in judged(facts).findings.to_dicts() if row["kind"] == "units_over"]
    assert len(said) == 1 and "stands on claims C1, C2 and C4, counted together." in said[0]
