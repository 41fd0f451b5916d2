"""Claims written again from the tables: the same segments as in the file, and accepted by an outside validator."""

from __future__ import annotations

import io
import re

import pytest
from test_x12_lossless import bare, segments
from test_x12_writer import CLAIM, PATIENT, claims_file, faults
from x12_kit import SAMPLES, read, sent

from everyunit.days import to_day
from everyunit.errors import Unreadable
from everyunit.x12.rebuild import TABLES, Transaction
from everyunit.x12.resend import Again, written
from everyunit.x12.write_claims import VERSION

FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file()) if SAMPLES.is_dir() else []
DAY = to_day("2026-11-25")
MORE = "K3*A WORD~NTE*ADD*FREE - TEXT~CRC*75*Y*01~"


def transactions(found: dict) -> dict[int, Transaction]:
    """Every transaction of professional claims in these tables."""
    made = {}
    for row in found["transactions"].filter(kind="837P").to_dicts():
        number = row["transaction"]
        rows = {name: found[name].filter(transaction=number).to_dicts() for name in TABLES}
        claims = found["claims"].filter(transaction=number)["segment"].to_list()
        made[number] = Transaction(rows, claims, row["segment"], row["segment"] + row["segments"] - 1)
    return made


def again(text: str | bytes, frequency: str = "7", reference: str = "ICN9") -> str:
    found = read(text)
    held = transactions(found)
    claims = [
        Again(held[row["transaction"]].loops(row["segment"]), frequency, reference)
        for row in found["claims"].to_dicts()
    ]
    made = written(claims, version=VERSION, sender="SENDER", receiver="RECEIVER", day=DAY, control=9)
    return made.decode("ascii")


def plain(values: list[str]) -> tuple[str, ...]:
    """An element list for comparison, components parted alike."""
    return bare([re.sub(r"[|><^]", ":", value) for value in values])


@pytest.mark.skipif(not FILES, reason="../shared/x12/samples is not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_loops_are_the_segments_of_the_file(path):
    data = path.read_bytes()
    found = read(data)
    every = dict(enumerate(segments(data), 1))
    for number, held in transactions(found).items():
        for claim in found["claims"].filter(transaction=number)["segment"].to_list():
            try:
                loops = held.loops(claim)
            except Unreadable as error:
                assert "cannot be written again" in str(error)
                continue
            own = [plain(every[place]) for place in range(claim, claim + len(loops.claim))]
            assert [plain(values) for values in loops.claim] == own
            starts = [place for place, values in every.items() if values[0] == "HL" and place < claim]
            upper = starts[-1]
            last = loops.patient or loops.subscriber
            assert [plain(values) for values in last] == [
                plain(every[place]) for place in range(upper, upper + len(last))
            ]


@pytest.mark.skipif(not FILES, reason="../shared/x12/samples is not on this machine")
def test_nearly_every_claim_of_the_samples_can_be_written_again():
    whole = lost = 0
    for path in FILES:
        found = read(path.read_bytes())
        held = transactions(found)
        for row in found["claims"].filter(kind="837P").to_dicts():
            if row["transaction"] in held:
                whole += 1
                try:
                    held[row["transaction"]].loops(row["segment"])
                except Unreadable:
                    lost += 1
    assert whole > 60 and lost < whole // 10


@pytest.mark.parametrize("frequency", ["1", "7", "8"])
def test_a_claim_of_ours_passes_the_validator_again(frequency):
    other = CLAIM._replace(number="C2", patient=PATIENT._replace(name="Oakes", identifier="M7"), authorization="AU1")
    text = again(claims_file(CLAIM, other), frequency)
    assert faults(text) == []
    found = read(text)
    assert found["claims"]["frequency"].to_list() == [frequency] * 4
    assert found["claims"]["original_reference"].to_list() == [None if frequency == "1" else "ICN9"] * 4
    assert found["claim_lines"].height == 8 and not len(found["problems"])


def test_a_claim_keeps_all_that_it_was_sent_with():
    before, after = read(claims_file(CLAIM)), read(again(claims_file(CLAIM)))
    for name in ("claims", "claim_lines"):
        same = [
            c for c in before[name].columns if c not in ("transaction", "segment", "frequency", "original_reference")
        ]
        assert before[name].select(same).equals(after[name].select(same))
    names = ["entity", "name", "first_name", "identifier", "address", "city", "postal_code", "born_day", "sex"]
    people = [found["parties"].select(names).unique().sort(names) for found in (before, after)]
    assert people[0].equals(people[1])


def test_an_older_reference_gives_way():
    once = again(sent(), "7", "ICN1")
    assert again(once, "8", "ICN2").count("REF*F8*") == 1 and "REF*F8*ICN2" in again(once, "8", "ICN2")
    assert "REF*F8" not in again(once, "1", "")


def test_free_text_and_the_patient_who_is_no_member_come_along():
    head = "HL*3*2*23*0~PAT*19~NM1*QC*1*ALDER*BO~N3*1 ELM ST;2~N4*SALEM*OR*97301~DMG*D8*20150102*M~"
    text = sent().replace("CLM*C1", f"{head}CLM*C1").replace("HI*ABK", f"{MORE}HI*ABK")
    made = again(text)
    for part in (
        *MORE.split("~"),
        "PAT*19",
        "NM1*QC*1*ALDER*BO",
        "N3*1 ELM ST;2",
        "DMG*D8*20150102*M",
        "HL*3*2*23*0",
    ):
        assert part in made
    assert made.index("REF*F8*ICN9") < made.index("K3*A WORD") < made.index("HI*ABK")


def test_other_separators_become_the_usual_ones():
    text = sent().replace(":", ">")
    assert "SV1*HC:97140:GP:59*50" in again(text)
    with pytest.raises(Unreadable, match="colon"):
        again(text.replace("NM1*IL*1*ALDER", "NM1*IL*1*ALDER").replace("HI*ABK", "NTE*ADD*A : B~HI*ABK"))


def test_what_stands_in_no_table_is_not_guessed():
    found = read(sent())
    rows = {name: found[name].to_dicts() for name in TABLES}
    rows["segments"] = [row for row in rows["segments"] if row["tag"] != "HI"]
    claims = found["claims"]["segment"].to_list()
    first = found["transactions"].row(0, named=True)
    held = Transaction(rows, claims, first["segment"], first["segment"] + first["segments"] - 1)
    with pytest.raises(Unreadable, match="stands in no table"):
        held.loops(claims[0])


def test_it_is_one_interchange_that_counts_right():
    text = again(claims_file(CLAIM))
    assert io.StringIO(text).read().count("ISA*") == 1 and text.count("ST*837") == 1
