"""Nothing is lost: what no table holds whole stands as raw text, and the rest can be written again from the tables.

Rebuilt text is compared without blanks at the ends of elements, without empty elements at the end of a segment, and
with amounts by value.
"""

from __future__ import annotations

import io
import re
from decimal import Decimal, InvalidOperation

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_x12_answers import BAD, GOOD, accepted, house
from test_x12_remits import PAID
from x12_kit import CLAIM, SAMPLES, interchange, paid, read, sent, transaction

from everyunit.days import from_day, iso
from everyunit.x12.chunks import pieces
from everyunit.x12.envelope import ENVELOPE
from everyunit.x12.tables import TABLES

ENDS = {"group": ("AK9",), "transaction": ("IK5", "AK5")}
FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file()) if SAMPLES.is_dir() else []


def plain(value: str) -> str:
    """An element for comparison."""
    try:
        return str(Decimal(value.strip()).normalize()) if value.strip()[:1] in "+-.0123456789" else value.strip()
    except InvalidOperation:
        return value.strip()


def bare(values: list[str]) -> tuple[str, ...]:
    found = [plain(value) for value in values]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def scaled(value: int | None, places: int) -> str:
    return "" if value is None else str(Decimal(value).scaleb(-places))


def rebuilt(found, tags: dict[int, str]) -> dict[int, tuple[str, ...]]:
    """Every segment that the tables hold, by its ordinal."""
    made: dict[int, list[str]] = {}
    for row in found["references"].rows(named=True):
        made[row["segment"]] = ["REF", row["qualifier"] or "", row["value"] or "", row["description"] or ""]
    for row in found["amounts"].rows(named=True):
        made[row["segment"]] = ["AMT", row["qualifier"] or "", scaled(row["amount_cents"], 2)]
    for row in found["quantities"].rows(named=True):
        made[row["segment"]] = ["QTY", row["qualifier"] or "", scaled(row["quantity_milli"], 3)]
    for row in found["dates"].rows(named=True):
        form = [row["format"] or ""] if row["format"] is not None else []
        made[row["segment"]] = ["DT", row["qualifier"] or "", *form, row["text"] or ""]
    for row in found["remarks"].rows(named=True):
        if row["list"] not in ("MOA", "MIA"):
            made[row["segment"]] = ["LQ", row["list"] or "", row["code"] or ""]
    for row in found["adjustments"].rows(named=True):
        values = made.setdefault(row["segment"], ["CAS", row["group_code"] or "", *[""] * 18])
        place = 3 * row["ordinal"] - 1
        values[place : place + 3] = [
            row["reason"] or "", scaled(row["amount_cents"], 2), scaled(row["quantity_milli"], 3),
        ]  # fmt: skip
    for row in found["parties"].rows(named=True):
        names = [row[name] or "" for name in ("entity", "entity_type", "name", "first_name", "middle_name")]
        if tags[row["segment"]] == "N1":
            made[row["segment"]] = [
                "N1",
                row["entity"] or "",
                row["name"] or "",
                row["id_qualifier"] or "",
                row["identifier"] or "",
            ]
        else:
            made[row["segment"]] = [
                "NM1",
                *names,
                "",
                row["suffix"] or "",
                row["id_qualifier"] or "",
                row["identifier"] or "",
            ]
    made |= answered(found, tags)
    return {segment: bare(values) for segment, values in made.items()}


def answered(found, tags: dict[int, str]) -> dict[int, list[str]]:
    """The segments of acknowledgements and claim statuses; what ends an answer is the next of its kind."""
    made: dict[int, list[str]] = {}
    faults = {row["segment"]: row for row in found["acknowledgement_errors"].rows(named=True)}
    for segment, row in faults.items():
        values = (
            ("tag", "place", "loop", "code")
            if row["level"] == "segment"
            else ("element", "reference", "code", "value")
        )
        made[segment] = [tags[segment], *(str(row[name] or "") for name in values)]
    for row in found["claim_statuses"].filter(ordinal=1).rows(named=True):
        status = ":".join(row[name] or "" for name in ("category", "status", "entity")).rstrip(":")
        day = from_day(row["status_day"]).strftime("%Y%m%d") if row["status_day"] is not None else ""
        made[row["segment"]] = ["STC", status, day, row["action"] or "", scaled(row["amount_cents"], 2)]
    for row in found["acknowledgements"].rows(named=True):
        at, codes = row["segment"], (row["codes"] or "").split(":")
        if row["level"] == "interchange":
            day = from_day(row["sent_day"]).strftime("%y%m%d") if row["sent_day"] is not None else ""
            made[at] = ["TA1", row["control_number"], day, row["sent_time"] or "", row["status"] or "", *codes]
            continue
        end = next((n for n in range(at + 1, at + 2000) if tags.get(n) in ENDS[row["level"]]), -1)
        if row["level"] == "group":
            counts = [
                str(row[name] if row[name] is not None else "") for name in ("declared", "received", "accepted")
            ]
            made[at] = ["AK1", row["function"] or "", row["control_number"] or "", row["version"] or ""]
            made[end] = ["AK9", row["status"] or "", *counts, *codes]
        else:
            made[at] = ["AK2", row["type"] or "", row["control_number"] or "", row["version"] or ""]
            made[end] = [tags.get(end, ""), row["status"] or "", *codes]
    return made


def provider_adjustments(found) -> dict[int, tuple[str, ...]]:
    """Every PLB that the tables hold."""
    made: dict[int, list[str]] = {}
    for row in found["provider_adjustments"].rows(named=True):
        values = made.setdefault(
            row["segment"], ["PLB", row["provider_id"] or "", written(row["period_day"]), *[""] * 12]
        )
        place = 2 * row["ordinal"] + 1
        parts = [row["reason"] or "", row["reference"] or ""]
        values[place : place + 2] = [":".join(parts).rstrip(":"), scaled(row["amount_cents"], 2)]
    return {segment: bare(values) for segment, values in made.items()}


def below(found) -> dict[int, dict[str, tuple[str, ...]]]:
    """N3, N4 and DMG that stand under each party."""
    return {
        row["segment"]: {
            "N3": bare(["N3", *(row["address"] or "").split(";")]),
            "N4": bare(["N4", row["city"] or "", row["state"] or "", row["postal_code"] or ""]),
            "DMG": bare(["DMG", "D8", written(row["born_day"]), row["sex"] or ""]),
        }
        for row in found["parties"].rows(named=True)
    }


def written(day: int | None) -> str:
    return "" if day is None else iso(day).replace("-", "")


def segments(data: bytes) -> list[tuple[list[str], str]]:
    """All segments of a file in order as elements, with the mark of components."""
    made = []
    for piece in pieces(io.BytesIO(data)):
        marks = piece.delimiters
        for text in piece.data.decode().split(chr(marks.terminator)):
            if text.strip("\x00\x1a \t\r\n"):
                made.append(text.lstrip().split(chr(marks.element)))
    return made


def check_whole(data: bytes) -> None:
    found = read(data)
    raw = dict(found["segments"].select("segment", "text").iter_rows())
    every = segments(data)
    held = rebuilt(found, {ordinal: values[0] for ordinal, values in enumerate(every, 1)})
    held |= provider_adjustments(found)
    under = below(found)
    for ordinal, values in enumerate(every, 1):
        tag = values[0]
        if tag in ENVELOPE or ordinal in raw:
            assert ordinal not in raw or raw[ordinal].startswith(tag)
            continue
        if tag in ("N3", "N4", "DMG"):
            assert under[max(party for party in under if party < ordinal)][tag] == bare(values), (ordinal, tag)
            continue
        expected = bare(values if tag not in ("DTP", "DTM") else ["DT", *values[1:]])
        if tag == "AK2":  # the version of its group stands in where it has none of its own
            assert expected == held[ordinal][: len(expected)]
            continue
        if tag == "STC":  # the mark of components is its file's own
            expected = (tag, ":".join(re.split(r"\W", expected[1])).rstrip(":"), *expected[2:])
        if tag == "PLB":
            reasons = [re.sub(r"^(\w*)[^\w]", r"\1:", part).rstrip(":") for part in values[3::2]]
            expected = bare(
                [*values[:3], *(reasons[at // 2] if at % 2 == 0 else value for at, value in enumerate(values[3:]))]
            )
        assert held[ordinal] == expected, (ordinal, tag)


@pytest.mark.skipif(not FILES, reason="../shared/x12/samples is not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_samples_are_held_whole(path):
    check_whole(path.read_bytes())


def test_answers_are_held_whole():
    check_whole((house(GOOD + BAD) + accepted()).encode())
    assert {"CTX", "TRN"} <= set(read(house(GOOD) + accepted())["segments"]["tag"])


@pytest.mark.parametrize("below", [
    "N3*1 MAIN ST*SUITE 2~N4*SALEM*OR*97301~", "N3*1 MAIN ST~N4*SALEM*OR*97301*US~", "N3**SUITE 2~N4**OR~",
    "N3*1 MAIN; REAR~N4*SALEM~", "N3*A*B*C~N3*SECOND~N4*SALEM*OR*97301~N4*TWICE~",
    "DMG*D8*19700131*F~", "DMG*D8*19700131*F**C~", "DMG*D8*1970~", "DMG*D8*197001311200*M~", "DMG*TM*19700131*F~",
    "REF*SY*1~N3*BEHIND A REF~N4*SALEM~DMG*D8*19700131~", "PER*IC*DESK~DMG**19700131*U~",
])  # fmt: skip
def test_what_stands_under_a_party_is_held_whole(below):
    check_whole(sent("NM1*QC*1*ELM*IDA~" + below + CLAIM + "NM1*77*2*A PLACE~" + below).encode())
    check_whole(paid("CLP*C1*1*150*90**12*I~NM1*QC*1*ELM*IDA~" + below, "90").encode())
    check_whole(sent(below + CLAIM).encode())


@pytest.mark.parametrize("rest", [
    "20261231*WO:ICN0*12.5*L6*-2.5*72:X*1", "20261231*WO:ICN0", "20261231*WO*5", "20261231*WO:A:B*5", "2026*WO:A*5",
    "202612311200*WO:A*5", "20261231*:ALONE**WO:A*5", "20261231**5*WO:A*5", "20261231*WO:A*five",
    "20261231*WO:A*1.234",
    "20261231*A*1*B*2*C*3*D*4*E*5*F*6", "20261231*A*1*B*2*C*3*D*4*E*5*F*6*G*7", "*WO:A*5", "20261231",
])  # fmt: skip
def test_provider_adjustments_are_held_whole(rest):
    check_whole(paid(PAID + f"PLB*1234567893*{rest}~", "90").encode())


def test_raw_segments_are_as_written():
    found = read(sent(CLAIM + "K3*A WORD~NTE*ADD*FREE * TEXT~CRC*EC*Y*01~"))
    kept = dict(found["segments"].select("tag", "text").iter_rows())
    assert kept["K3"] == "K3*A WORD" and kept["NTE"] == "NTE*ADD*FREE * TEXT" and kept["CRC"] == "CRC*EC*Y*01"
    assert kept["CLM"] == "CLM*C1*150***11:B:1*Y*A*Y*Y"


def test_an_unreadable_value_keeps_its_segment():
    found = read(paid(PAID.replace("AMT*B6*73.80", "AMT*B6*seventy"), "90"))
    assert "AMT*B6*seventy" in found["segments"]["text"].to_list()


@pytest.mark.parametrize("chunk", [200, 333, 1024, 4096, 1 << 20])
def test_rows_do_not_depend_on_the_chunks(chunk):
    claims = "".join(CLAIM.replace("C1*", f"C{number}*") for number in range(300))
    remits = "".join(PAID.replace("C1*", f"C{number}*") for number in range(300))
    text = sent(claims) + paid(remits, "27000") + interchange(transaction("INS*Y~" * 900, "834"), control=3)
    whole, parts = read(text, 1 << 26), read(text, chunk)
    for table in TABLES:
        order = ["segment", "code", "message"] if table.name == "problems" else []
        one, other = whole[table.name], parts[table.name]
        assert (one.sort(order) if order else one).equals(other.sort(order) if order else other), table.name


AMOUNT = st.integers(-99_999_999, 99_999_999)
TEXT = (
    st.text(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -./Ü"), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)
LINE = st.tuples(
    TEXT, st.lists(st.sampled_from(["GP", "GO", "59", "KX", "CQ"]), max_size=4), AMOUNT, AMOUNT, st.integers(0, 99)
)


def money(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


@settings(max_examples=60, deadline=None)
@given(claims=st.lists(st.tuples(TEXT, AMOUNT, AMOUNT, st.lists(LINE, max_size=4)), min_size=1, max_size=6))
def test_what_is_written_is_read(claims):
    body, lines = "", []
    for name, charge, pay, under in claims:
        body += f"CLP*{name}*1*{money(charge)}*{money(pay)}**12*I~"
        for code, marks, amount, part, units in under:
            body += f"SVC*{':'.join(['HC', code, *marks])}*{money(amount)}*{money(part)}**{units}~"
            lines.append((code.upper(), ":".join(marks) or None, amount, part, units))
    found = read(paid(body, "0"), 97)
    assert found["remit_claims"].select("claim_id", "charge_cents", "paid_cents").rows() == [
        claim[:3] for claim in claims
    ]
    assert found["remit_lines"].select("code", "modifiers", "charge_cents", "paid_cents", "units").rows() == lines
