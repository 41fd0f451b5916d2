"""Files of banks: BAI2, OFX and the usual CSV columns become deposits, line by line."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path
from typing import Any

import intake_kit as kit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyunit.days import iso
from everyunit.errors import Unreadable
from everyunit.intake.bai2 import looks_like_bai2, read_bai2
from everyunit.intake.ofx import looks_like_ofx, read_ofx
from everyunit.intake.receipts import Receipt
from everyunit.money import dollars

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "banks.toml").read_text(encoding="utf-8"))["case"]
BY_KIND = {kind: [case["file"] for case in CASES if case["kind"] == kind] for kind in ("bai2", "ofx")}


def told(row: dict[str, Any]) -> str:
    amount = dollars(row["amount_cents"]).replace("$", "").replace(",", "")
    return f"{iso(row['day'])} {amount} {row['trace'] or '-'} | {row['description'] or '-'}"


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["unix", "dos"])
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any], line_end: str, tmp_path: Path) -> None:
    text = case["file"].lstrip("\n").replace("\n", line_end)
    ledger, receipt = kit.one(tmp_path, text, "download.txt")
    assert receipt["kind"] == case["kind"]
    assert [told(row) for row in ledger.scan("deposits").collect().sort("row").to_dicts()] == case["taken"]
    refused = [(one["row"], one["message"]) for one in receipt["refusals"]]
    want = case.get("refused", [])
    assert [row for row, _ in refused] == [row for row, _ in want]
    assert all(part in said for (_, part), (_, said) in zip(want, refused, strict=True))
    assert case.get("problem", "") in " ".join(one["message"] for one in receipt["problems"])
    assert bool(receipt["problems"]) == ("problem" in case)
    assert receipt["repeated"] == case.get("repeated", 0)
    assert case.get("word", "") in " ".join(receipt["words"])
    assert (receipt["status"] == "taken") == bool(case["taken"])


def test_entities_are_never_expanded(tmp_path):
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><OFX><BANKTRANLIST>'
        "<STMTTRN><DTPOSTED>20260302</DTPOSTED><TRNAMT>1.00</TRNAMT><NAME>&c;</NAME></STMTTRN></BANKTRANLIST></OFX>"
    )
    with pytest.raises(Unreadable, match="declares"):
        list(read_ofx(lambda: io.BytesIO(bomb.encode()), "s", Receipt("x")))
    ledger, receipt = kit.one(tmp_path, "<OFX>" + bomb, "download.ofx")
    assert receipt["status"] == "unread" and ledger.scan("deposits").collect().is_empty()


def test_a_file_of_the_bank_goes_in_once(tmp_path):
    text = CASES[0]["file"].lstrip("\n")
    ledger, receipts = kit.bring(tmp_path, {"one.bai": text, "two.bai": text})
    assert sorted(receipt["status"] for receipt in receipts) == ["held", "taken"]
    assert ledger.scan("deposits").collect().height == 3


def test_the_end_of_the_account_is_kept_and_no_more(tmp_path):
    ledger, _ = kit.one(tmp_path, BY_KIND["ofx"][0].lstrip("\n"), "download.ofx")
    extra = " ".join(ledger.scan("deposits").collect()["extra"])
    assert '"account": "6789"' in extra and "000123456789" not in extra


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(["bai2", "ofx"]), st.data())
def test_a_spoiled_file_gives_rows_or_reasons_never_a_fault(kind, choose):
    text = choose.draw(st.sampled_from(BY_KIND[kind])).lstrip("\n")
    for _ in range(choose.draw(st.integers(1, 4))):
        at = choose.draw(st.integers(0, len(text)))
        cut = choose.draw(st.integers(0, 12))
        text = text[:at] + choose.draw(st.text(alphabet="0198/,<>&;A.\n-$(é\x00", max_size=6)) + text[at + cut :]
    receipt = Receipt("spoiled")
    data = text.encode()
    read = read_bai2 if kind == "bai2" else read_ofx
    try:
        frames = list(read(lambda: io.BytesIO(data), "s" * 16, receipt))
    except Unreadable:
        return
    assert all(frame["deposits"]["amount_cents"].null_count() == 0 for frame in frames)
    assert all(one["remedy"] for one in receipt.refusals)


def test_other_files_are_not_taken_for_a_banks():
    for text in (
        b"visit_id,date\n",
        b"01,2,3\n",
        b"<html></html>",
        b'<?xml version="1.0"?><claims/>',
        b"01/02/2026,5",
    ):
        assert not looks_like_bai2(text) and not looks_like_ofx(text)


@pytest.mark.parametrize("digits", [16, 5_000, 400_000])
def test_an_amount_of_absurd_length_is_refused_with_its_line(tmp_path, digits):
    entries = "".join(
        f"<STMTTRN><DTPOSTED>20260302</DTPOSTED><TRNAMT>{amount}</TRNAMT><NAME>EFT</NAME></STMTTRN>\n"
        for amount in ("9" * digits, "12.50", "1." + "0" * digits + "1")
    )
    text = f"<OFX><BANKTRANLIST>\n{entries}</BANKTRANLIST></OFX>"
    ledger, receipt = kit.one(tmp_path, text, "download.ofx")
    assert ledger.scan("deposits").collect()["amount_cents"].to_list() == [1_250]
    assert [one["row"] for one in receipt["refusals"]] == [2, 4]


@pytest.mark.parametrize("detail", ["16,115,300/", "16,115,300", "16,115,300,S/", "16,115,300,D,9,1/"])
def test_a_detail_cut_short_keeps_its_money(tmp_path, detail):
    text = next(file for file in BY_KIND["bai2"] if "\n16," in file).lstrip("\n")
    start = text.index("\n16,") + 1
    end = text.index("\n", start)
    ledger, receipt = kit.one(tmp_path, text[:start] + detail + text[end:], "bank.bai")
    assert receipt["status"] == "taken"
    assert 300 in ledger.scan("deposits").collect()["amount_cents"].to_list()
