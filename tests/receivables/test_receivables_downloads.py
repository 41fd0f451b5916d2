"""Downloads of a bank that overlap: each deposit counts once, and none is lost."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "oracle"))
from downloads import counted

from everyunit.days import iso, to_day
from everyunit.ledger.tables import DEPOSITS
from everyunit.money import to_cents
from everyunit.receivables.downloads import counted_once
from everyunit.services.deposits import deposits
from everyunit.services.take_in import take_in

PATH = Path(__file__).parents[1] / "cases" / "downloads.toml"
CASES = tomllib.loads(PATH.read_text(encoding="utf-8"))["case"]
OFX = """OFXHEADER:100
<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM><ACCTID>000123456789</BANKACCTFROM><BANKTRANLIST>
{}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
ENTRY = "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{}<TRNAMT>{}<FITID>{}<NAME>{}</STMTTRN>\n"


def frame(rows):
    """Deposits out of (file, day, cents, trace, account, number, words)."""
    told = [
        {"type": "CREDIT" if number else "", "bank_reference": number, "account": account}
        for *_, account, number, _ in rows
    ]
    extra = [
        json.dumps({name: one for name, one in row.items() if one}) if any(row.values()) else None for row in told
    ]
    made = [
        {"source_id": file, "row": at, "day": day, "amount_cents": cents, "trace": trace, "description": words,
         "extra": beside}
        for at, ((file, day, cents, trace, _, _, words), beside) in enumerate(zip(rows, extra, strict=True), start=2)
    ]  # fmt: skip
    return pl.DataFrame(made, schema=DEPOSITS.schema)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case):
    rows = []
    for text in case["rows"]:
        beside, words = text.split(" | ")
        file, day, dollars, *rest = beside.split(" ")
        trace, account, number = (None if one == "-" else one for one in rest)
        rows.append((file, to_day(day), to_cents(dollars), trace, account, number, words))
    for given_rows in (rows, rows[::-1]):
        kept = counted_once(frame(given_rows)).to_dicts()
        said = [f"{iso(row['day'])} {row['amount_cents'] / 100:.2f} | {row['description']}" for row in kept]
        assert sorted(said) == case["counts"]


ACCOUNTS, NUMBERS = (st.sampled_from([None, *some]) for some in (["6789", "1111"], ["F1", "F2"]))
ROWS = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.sampled_from([100, 101, 130]), st.sampled_from([500, 600]), st.none(),
        ACCOUNTS, NUMBERS, st.sampled_from(["EFT", "EFT X"]),
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(ROWS)
def test_downloads_count_as_the_slow_reader_says(rows):
    once = [row for at, row in enumerate(rows) if not row[5] or not _numbered_before(row, rows[:at])]
    kept = counted_once(frame(once)).select("day", "amount_cents", "description").rows()
    assert sorted(kept) == sorted(counted(once))


def _numbered_before(row, before):
    """Whether the file held the number already: intake keeps the first of them."""
    return any((row[0], row[4], row[5]) == (one[0], one[4], one[5]) for one in before)


def test_overlapping_downloads_of_one_account(tmp_path):
    first = [("20260302", "100.00", "F1", "EFT"), ("20260303", "80.00", "F2", "COUNTER")]
    second = [
        ("20260303", "80.00", "F2", "COUNTER DEPOSIT 5501"), ("20260303", "80.00", "F3", "COUNTER DEPOSIT 5502"),
        ("20260304", "70.00", "F4", "EFT"),
    ]  # fmt: skip
    for name, entries in (("march1.ofx", first), ("march2.ofx", second)):
        (tmp_path / name).write_text(OFX.format("".join(ENTRY.format(*entry) for entry in entries)))
    assert [one["status"] for one in take_in([tmp_path], tmp_path / "home")] == ["taken", "taken"]
    found = deposits(tmp_path / "home").deposits
    assert sorted((row["file"], row["day"], row["amount_cents"], row["description"]) for row in found) == [
        ("march1.ofx", "2026-03-02", 10_000, "EFT"), ("march2.ofx", "2026-03-03", 8_000, "COUNTER DEPOSIT 5501"),
        ("march2.ofx", "2026-03-03", 8_000, "COUNTER DEPOSIT 5502"), ("march2.ofx", "2026-03-04", 7_000, "EFT"),
    ]  # fmt: skip
