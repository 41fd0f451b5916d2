"""TA1, 999 and 277: what payers and houses answer before a claim is decided, held against a plain reader."""

from __future__ import annotations

import plain_answers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from x12_kit import CLAIM, SAMPLES, interchange, paid, read, sent, summary, transaction

from everyunit.days import to_day

FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file()) if SAMPLES.is_dir() else []
ANSWER = ("level", "status", "function", "version", "type", "control_number", "group_control", "codes")
ERROR = ("level", "tag", "place", "loop", "element", "code", "claim_id")
STATUS = (
    "level", "claim_id", "trace", "category", "status", "entity", "amount_cents", "payer_control", "house_control",
    "payer_id",
)  # fmt: skip

TAKEN = (
    "AK1*HC*17*005010X222A1~AK2*837*0001*005010X222A1~IK5*A~AK2*837*0002*005010X222A1~IK3*CLM*22*2300*8~"
    "CTX*CLM01:C2~IK4*5:3*1331*7*9~IK5*R*5*I5~AK9*P*2*2*1~"
)
HEAD_277 = (
    "BHT*0085*08*R1*20260303*0800*TH~HL*1**20*1~NM1*PR*2*A PAYER*****PI*P1~TRN*1*H1~DTP*050*D8*20260302~"
    "DTP*009*D8*20260303~HL*2*1*21*1~NM1*41*2*DESK*****46*1~TRN*2*REF1~STC*A1:19:PR*20260303*WQ*350~QTY*90*1~QTY*AA*1~"
    "AMT*YU*150~AMT*YY*200~HL*3*2*19*1~NM1*85*2*A CLINIC*****XX*1234567893~TRN*2*0~STC*A1:19:PR**WQ*350~"
)
GOOD = (
    "HL*4*3*PT~NM1*QC*1*ALDER*ANN****MI*M1~TRN*2*C1~STC*A2:20:PR*20260303*WQ*150~REF*1K*ICN77~REF*D9*H55~"
    "DTP*472*RD8*20260212-20260213~"
)
BAD = (
    "HL*5*3*PT~NM1*QC*1*BIRCH*BEN****MI*M2~TRN*2*C2~STC*A7:562:82*20260303*U*200******A8:145:82*A3:21~"
    "DTP*472*D8*20260214~SVC*HC:97110:GP:KX*120*0****2~STC*A7:453*20260303*U*120~REF*FJ*1~DTP*472*D8*20260214~"
)


def house(body: str, version: str = "005010X214") -> str:
    return interchange(transaction(HEAD_277 + body, "277"), version=version)


def accepted(body: str = TAKEN) -> str:
    return interchange(transaction(body, "999"), version="005010X231A1")


@pytest.mark.skipif(not FILES, reason="../shared/x12/samples is not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_answers_are_those_of_a_plain_reader(path):
    data = path.read_bytes()
    found = read(data)
    assert found["acknowledgements"].select(ANSWER).rows() == plain_answers.acknowledgements(data)
    assert found["acknowledgement_errors"].select(ERROR).rows() == plain_answers.errors(data)
    assert found["claim_statuses"].select(STATUS).rows() == plain_answers.statuses(data)


@pytest.mark.skipif(not FILES, reason="../shared/x12/samples is not on this machine")
def test_the_samples_hold_such_answers():
    every = [path.read_bytes() for path in FILES]
    rows = {name: sum(len(getattr(plain_answers, name)(data)) for data in every) for name in ("acknowledgements",)}
    assert rows["acknowledgements"] > 40
    assert sum(len(plain_answers.statuses(data)) for data in every) > 15


def test_a_999_says_which_claim_was_refused_and_why():
    found = read(accepted())
    rows = found["acknowledgements"].select(*ANSWER, "declared", "received", "accepted").rows()
    assert rows == [
        ("group", "P", "HC", "005010X222A1", None, "17", "17", None, 2, 2, 1),
        ("transaction", "A", "HC", "005010X222A1", "837", "0001", "17", None, None, None, None),
        ("transaction", "R", "HC", "005010X222A1", "837", "0002", "17", "5:I5", None, None, None),
    ]
    segment, element = found["acknowledgement_errors"].select(*ERROR, "reference", "value", "answer").rows()
    refused = found["acknowledgements"]["segment"][2]
    assert segment == ("segment", "CLM", 22, "2300", None, "8", "C2", None, None, refused)
    assert element == ("element", "CLM", 22, "2300", "5:3", "7", "C2", "1331", "9", refused)
    assert not len(found["problems"])


def test_a_ta1_is_read_alone_and_beside_claims():
    alone = (
        "ISA*00*          *00*          *ZZ*RECEIVER       *ZZ*SENDER         *260302*0900*^*00501*000000009*0*P*:~"
    )
    alone += "TA1*000000001*260301*1200*R*024~IEA*0*000000009~"
    both = sent().replace("GS*", "TA1*000000001*260301*1200*R*024~GS*", 1)
    for text in (alone, both):
        row = read(text)["acknowledgements"].row(0, named=True)
        assert (row["level"], row["status"], row["control_number"], row["codes"]) == (
            "interchange", "R", "000000001", "024",
        )  # fmt: skip
        assert (row["sent_day"], row["sent_time"], row["transaction"]) == (to_day("2026-03-01"), "1200", 0)
        assert not len(read(text)["problems"])
    assert read(both)["claims"].height == 1


def test_a_277ca_parts_claims_taken_from_claims_rejected():
    rows = read(house(GOOD + BAD))["claim_statuses"]
    assert rows.select("level", "claim_id", "category", "status", "entity", "amount_cents").rows() == [
        ("receiver", None, "A1", "19", "PR", 35_000),
        ("provider", None, "A1", "19", "PR", 35_000),
        ("claim", "C1", "A2", "20", "PR", 15_000),
        ("claim", "C2", "A7", "562", "82", 20_000),
        ("claim", "C2", "A8", "145", "82", 20_000),
        ("claim", "C2", "A3", "21", None, 20_000),
        ("line", "C2", "A7", "453", None, 12_000),
    ]
    good, line = rows.row(2, named=True), rows.row(6, named=True)
    assert (good["payer_control"], good["house_control"], good["member_id"]) == ("ICN77", "H55", "M1")
    assert (good["first_day"], good["last_day"]) == (to_day("2026-02-12"), to_day("2026-02-13"))
    assert (good["payer_id"], good["payer_name"], good["provider_npi"]) == ("P1", "A PAYER", "1234567893")
    assert (line["code"], line["modifiers"], line["line_control"], line["line_cents"]) == (
        "97110",
        "GP:KX",
        "1",
        12_000,
    )
    assert summary(house(GOOD + BAD).encode())["277"] == {"claims": 2, "rejected": 1, "statuses": 7}


@pytest.mark.parametrize("chunk", [1, 200, 333, 1024])
def test_answers_do_not_depend_on_the_chunks(chunk):
    many = "".join(GOOD.replace("C1~", f"C{number}~") + BAD for number in range(400))
    text = house(many) + accepted() + paid("", "0")
    whole, parts = read(text, 1 << 26), read(text, chunk)
    for name in ("acknowledgements", "acknowledgement_errors", "claim_statuses", "segments", "amounts", "quantities"):
        assert whole[name].equals(parts[name]), name
    assert whole["claim_statuses"]["payer_id"].null_count() == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (accepted(TAKEN.replace("IK5*A~", "")), "acknowledgement_open"),
        (accepted(TAKEN.replace("IK5*A~", "IK5*Q~")), "acknowledgement_status"),
        (house(GOOD.replace("A2:20:PR", "Z2:20")), "status_category"),
        (house(GOOD.replace("WQ*150", "WQ*many")), "amount_unreadable"),
        (house(GOOD.replace("A2:20:PR*20260303", "A2:20:PR*20269999")), "date_unreadable"),
    ],
)
def test_what_is_wrong_becomes_a_problem_and_stays_as_written(text, code):
    found = read(text)
    assert found["problems"]["code"].to_list() == [code]
    assert found["acknowledgements"].height + found["claim_statuses"].height


def test_claims_are_read_as_before():
    text = sent(CLAIM) + accepted() + house(GOOD)
    found = read(text)
    assert found["claims"].height == 1 and found["claim_lines"].height == 2


HEALTHY = (house(GOOD + BAD + GOOD.replace("C1~", "C9~")) + accepted()).split("~")[:-1]
PLACE = st.integers(1, len(HEALTHY) - 1)
FAULT = st.tuples(st.sampled_from(("drop", "copy", "swap", "spoil")), PLACE, PLACE)


def spoilt(faults: list[tuple[str, int, int]], word: str) -> bytes:
    """A file of answers with segments lost, repeated, moved, or with an element that says something else."""
    made = list(HEALTHY)
    for kind, one, other in faults:
        one, other = min(one, len(made) - 1), min(other, len(made) - 1)
        if kind == "drop":
            del made[one]
        elif kind == "copy":
            made.insert(one, made[other])
        elif kind == "swap":
            made[one], made[other] = made[other], made[one]
        elif not made[one].startswith("ISA"):
            values = made[one].split("*")
            values[other % len(values)] = word
            made[one] = "*".join(values)
    return ("~".join(made) + "~").encode()


@settings(max_examples=80)
@given(
    faults=st.lists(FAULT, min_size=1, max_size=6),
    word=st.sampled_from(("X", "7", "A7:1", "-", "99999999999")),
    chunk=st.sampled_from((1, 200, 1 << 20)),
)
def test_spoilt_answers_are_those_of_a_plain_reader(faults, word, chunk):
    data = spoilt(faults, word)
    found = read(data, chunk)
    assert found["acknowledgements"].select(ANSWER).rows() == plain_answers.acknowledgements(data)
    assert found["acknowledgement_errors"].select(ERROR).rows() == plain_answers.errors(data)
    assert found["claim_statuses"].select(STATUS).rows() == plain_answers.statuses(data)


@pytest.mark.parametrize(
    "faults",
    [
        [("copy", 1, 1), ("copy", 30, 52), ("swap", 3, 52)],
        [("copy", 52, 8), ("copy", 53, 8), ("copy", 55, 8), ("copy", 57, 8), ("copy", 60, 8)],
        [("drop", 50, 0), ("copy", 51, 8), ("copy", 53, 8)],
        [("copy", 22, 50)],
    ],
)
@pytest.mark.parametrize("chunk", [1, 200, 1 << 20])
def test_answers_that_a_cut_parts_are_read_whole(faults, chunk):
    """A piece may end before each HL, so also between a group and what is answered of it."""
    data = spoilt(faults, "X")
    found = read(data, chunk)
    assert found["acknowledgements"].select(ANSWER).rows() == plain_answers.acknowledgements(data)
    assert found["acknowledgement_errors"].select(ERROR).rows() == plain_answers.errors(data)
    assert found["claim_statuses"].select(STATUS).rows() == plain_answers.statuses(data)
