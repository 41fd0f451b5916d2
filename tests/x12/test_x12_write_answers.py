"""What our writer says of claims and files: an outside validator accepts it, and our own reader reads it back."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_x12_writer import CLINIC, DAY, PATIENT, faults

from everyunit.x12 import read_bytes, write_answers, write_claims
from everyunit.x12.write_answers import ACCEPTED, ClaimStatus
from everyunit.x12.writer import Interchange, Party

HOUSE = Party("Clearing House", identifier="HOUSE")
CODES = (ACCEPTED, "A3:33:IL", "A7:562:85", "A6:145:85", "A7:254")


def file_of(kind: str, made: tuple[str, int]) -> str:
    out = io.BytesIO()
    function, version = {
        "277": ("HN", write_answers.STATUS_VERSION), "999": ("FA", write_answers.FILE_VERSION),
    }[kind]  # fmt: skip
    whole = Interchange(
        out, function=function, version=version, sender="HOUSE", receiver="CLINIC", day=DAY, control=9
    )
    whole.add(kind, *made)
    whole.close()
    return out.getvalue().decode("ascii")


def read(text: str, name: str) -> list[dict]:
    rows = []
    for batch in read_bytes(text.encode(), name="case", source_id="0" * 16):
        assert "problems" not in batch or batch["problems"].is_empty()
        rows += batch[name].to_dicts() if name in batch else []
    return rows


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CODES), st.integers(0, 900_000)), min_size=1, max_size=6))
def test_a_status_of_each_claim(said):
    claims = [
        ClaimStatus(f"C{at}", PATIENT, cents, DAY - 4, codes, f"K{at}" if codes == ACCEPTED else "")
        for at, (codes, cents) in enumerate(said)
    ]
    made = write_answers.status_report(HOUSE, CLINIC, claims, day=DAY, batch="B1", reference="R1")
    text = file_of("277", made)
    assert faults(text) == []
    rows = [row for row in read(text, "claim_statuses") if row["level"] == "claim"]
    assert [(row["claim_id"], row["category"]) for row in rows] == [
        (f"C{at}", codes[:2]) for at, (codes, _) in enumerate(said)
    ]


@pytest.mark.parametrize("number", ["0001", "0042"])
def test_a_refused_file(number):
    made = write_answers.refusal(
        group=7, number=number, version=write_claims.VERSION, segment_at=12, tag="NM1", element=9
    )
    text = file_of("999", made)
    assert faults(text) == []
    rows = read(text, "acknowledgements")
    assert {(row["level"], row["status"]) for row in rows} == {("transaction", "R"), ("group", "R")}
    assert all(row["group_control"] == "7" for row in rows if row["level"] == "transaction")
