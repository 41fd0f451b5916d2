"""Accepted, rejected, adjudicated or unanswered: each claim sent, by what came back; rejected is never denied."""

from __future__ import annotations

import pytest
from answers_kit import DAY, accepted, interchange_refused, one, paid, sent, status, told
from hypothesis import given, settings
from hypothesis import strategies as st

FAULT = ("IK3*CLM*22*2300*8~", "CTX*CLM01:C2~", "IK4*5:3*1331*7*9~")


def test_a_claim_that_was_paid_is_adjudicated():
    row = one(sent("C1"), accepted(), status(("C1", "A2:20:PR")), paid("C1"))
    assert (row["answer"], row["file"], row["level"], row["answered_day"]) == (
        "adjudicated",
        "taken",
        "remit",
        DAY + 14,
    )
    assert (row["payer_control"], row["late"], row["words"], row["clears"]) == ("ICNC1", None, None, None)


def test_a_claim_that_was_denied_is_adjudicated_and_not_rejected():
    assert one(sent("C1"), paid("C1", status="4"))["answer"] == "adjudicated"


def test_a_rejection_says_in_plain_words_whose_it_is_and_how_it_clears():
    row = one(sent("C1"), accepted(), status(("C1", "A7:562:85")))
    assert (row["answer"], row["category"], row["status"], row["entity"]) == ("rejected", "A7", "562", "85")
    assert row["codes"] == "A7:562:85" and row["department"] == "contracting"
    assert row["words"] == (
        "Rejected before any decision: turned back: information is invalid: national provider number of the billing "
        "provider (A7:562:85)."
    )
    assert row["clears"].startswith(
        "Send the number that is enrolled with this payer. Send it as a new claim: it was"
    )
    assert "no denial" in row["clears"] and row["late"] is None


def test_a_status_that_the_book_lacks_is_shown_and_not_dropped():
    row = one(sent("C1"), status(("C1", "A3:999:ZQ")))
    assert row["answer"] == "rejected" and "status 999, which the book does not name of entity ZQ" in row["words"]


def test_a_999_that_refuses_a_transaction_rejects_every_claim_of_it():
    rows = told(sent("C1", "C2"), accepted("R", *FAULT)).to_dicts()
    assert [row["answer"] for row in rows] == ["rejected", "rejected"]
    assert [row["file"] for row in rows] == ["refused", "refused"]
    assert "no payer saw the claim. The fault that is named: CLM at place 22: an element in it" in rows[0]["words"]
    assert "The fault is in it: CLM at place 22: an element in it is at fault; CLM element 5:3" in rows[1]["words"]


def test_a_ta1_that_refuses_the_interchange_rejects_its_claims():
    row = one(sent("C1"), interchange_refused())
    assert (row["answer"], row["level"], row["codes"]) == ("rejected", "interchange", "024")
    assert one(sent("C1"), interchange_refused(state="A"))["answer"] == "unanswered"
    assert one(sent("C1"), interchange_refused(control=2))["file"] is None


def test_a_taken_file_is_no_accepted_claim():
    row = one(sent("C1"), accepted())
    assert (row["answer"], row["file"], row["level"]) == ("unanswered", "taken", "transaction")


@pytest.mark.parametrize("code", ["A1:19:PR", "A2:20:PR", "P1:20", "R0:294"])
def test_a_claim_that_waits_is_accepted(code):
    row = one(sent("C1"), status(("C1", code)))
    assert (row["answer"], row["payer_control"], row["age_days"]) == ("accepted", "KC1", 1)


def test_a_later_rejection_by_the_payer_outweighs_the_house_that_took_it():
    files = (sent("C1"), status(("C1", "A2:20:AY")), status(("C1", "A3:33:IL"), day=DAY + 2))
    assert one(*files)["answer"] == "rejected"
    assert one(*reversed(files))["answer"] == "rejected"
    assert one(*files, as_of=DAY + 1)["answer"] == "accepted"


def test_a_claim_sent_again_waits_for_an_answer_of_its_own():
    files = [sent("C1"), status(("C1", "A7:562:85")), sent("C1", day=DAY + 1, control=2, reference="B2")]
    assert one(*files)["answer"] == "unanswered"
    files.append(status(("C1", "A2:20:PR"), day=DAY + 2, batch="B2"))
    assert one(*files)["answer"] == "accepted"


def test_a_correction_waits_for_a_decision_of_its_own():
    files = [sent("C1"), paid("C1"), sent("C1", day=DAY + 20, control=2, reference="B2", frequency="7")]
    assert one(*files)["answer"] == "unanswered"
    assert one(*files, paid("C1", DAY + 30))["answer"] == "adjudicated"


def test_each_payer_in_turn_answers_for_itself():
    files = (sent("C1"), paid("C1"), sent("C1", day=DAY + 15, control=2, reference="B2", sequence="S"))
    rows = {row["sequence"]: row["answer"] for row in told(*files, paid("C1", DAY + 20)).to_dicts()}
    assert rows == {"P": "adjudicated", "S": "unanswered"}
    rows = {row["sequence"]: row["answer"] for row in told(*files, paid("C1", DAY + 20, "2")).to_dicts()}
    assert rows == {"P": "adjudicated", "S": "adjudicated"}


@pytest.mark.parametrize(
    ("age", "late"),
    [(2, None), (3, "no_277ca"), (30, "no_277ca"), (31, "no_835"), (45, "no_835"), (46, "no_835_long")],
)
def test_what_nobody_answered_is_named_by_age(age, late):
    files = (sent("C1"), status(("C1", "A2:20:PR")), sent("C2", control=2, reference="B2"))
    rows = {row["claim_id"]: row for row in told(*files, as_of=DAY + age).to_dicts()}
    assert rows["C2"]["late"] == late and rows["C2"]["age_days"] == age
    assert rows["C1"]["late"] == (late if late != "no_277ca" else None)
    assert (rows["C2"]["words"] is None) == (late is None) == (rows["C2"]["clears"] is None)


def test_no_277ca_is_missed_where_that_house_never_sends_one():
    files = (sent("C1"), status(("C1", "A2:20:PR")), sent("C2", control=2, receiver="DIRECT", reference="B2"))
    rows = {row["claim_id"]: row["late"] for row in told(*files, as_of=DAY + 10).to_dicts()}
    assert rows == {"C1": None, "C2": None}


def test_nothing_sent_gives_nothing():
    assert told(paid("C1")).is_empty()


def plainly(claims: dict, events: list, as_of: int) -> dict:
    """Slow and plain: each claim's answer out of (day, kind, claim, code), one after the other.

    A refused file counts where nothing was said of the claim itself.
    """
    found = {}
    for number, first in claims.items():
        own = sorted(
            (e for e in events if e[2] == number and e[0] <= as_of), key=lambda e: (e[0], e[3] == "A7:562:85")
        )
        refused = any(day >= first and (kind, code) == ("999", "A7:562:85") for day, kind, _, code in own)
        answer = "rejected" if refused else "unanswered"
        for day, kind, _, code in own:
            if day >= first and kind == "277" and answer != "adjudicated":
                answer = "rejected" if code == "A7:562:85" else "accepted"
            if day >= first and kind == "835":
                answer = "adjudicated"
        found[number] = answer
    return found


EVENTS = st.lists(
    st.tuples(
        st.integers(DAY - 2, DAY + 40), st.sampled_from(("277", "835", "999")), st.sampled_from(("C1", "C2", "C3")),
        st.sampled_from(("A1:19:PR", "A2:20:PR", "A7:562:85")),
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    days=st.tuples(*[st.integers(DAY, DAY + 9)] * 3), events=EVENTS, as_of=st.integers(DAY + 9, DAY + 60)
)  # fmt: skip
def test_answers_are_those_of_a_plain_reader(days, events, as_of):
    claims = {f"C{number}": day for number, day in enumerate(days, 1)}
    files = [sent(number, day=day, control=at, reference=f"B{at}") for at, (number, day) in enumerate(claims.items())]
    for day, kind, number, code in events:
        at = list(claims).index(number)
        if kind == "277":
            files.append(status((number, code), day=day, batch=f"B{at}"))
        elif kind == "999":
            files.append(accepted("R" if code == "A7:562:85" else "A", day=day, group=at))
        else:
            files.append(paid(number, day))
    rows = told(*files, as_of=as_of)
    assert dict(rows.select("claim_id", "answer").iter_rows()) == plainly(claims, events, as_of)
