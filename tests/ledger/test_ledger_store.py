"""What goes in comes out, once, whatever the order."""

from __future__ import annotations

from pathlib import Path

import ledger_kit as kit
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from everyunit.errors import UsageError
from everyunit.ledger import Ledger, parts


def test_rows_come_back_in_the_declared_columns(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    assert kit.put(ledger, "a", visits=kit.visits("V2", "V1"))
    rows = ledger.scan("visits").collect()
    assert rows.schema == ledger.table("visits").schema
    assert rows["visit_id"].to_list() == ["V1", "V2"]
    assert ledger.scan("services").collect().schema == ledger.table("services").schema


def test_the_same_bytes_count_once_under_any_name(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    assert kit.put(ledger, "a", visits=kit.visits("V1"))
    before = kit.source("a")
    other = type(before)(before.sha256, "another name", "visits")
    rows = pl.DataFrame({"visit_id": ["V1"], "source_id": [before.source_id]})
    for _ in range(3):
        assert not ledger.commit(other, [{"visits": rows}], lambda rows: {})
    assert ledger.scan("visits").collect().height == 1
    assert [receipt["file"] for receipt in ledger.receipts()] == ["a"]


def test_the_order_of_import_changes_nothing(tmp_path: Path) -> None:
    held = []
    for name, order in (("one", "abc"), ("two", "cab")):
        ledger = kit.home(tmp_path / name)
        for letter in order:
            kit.put(ledger, letter, visits=kit.visits(f"{letter}1", f"{letter}2"))
        held.append((ledger.scan("visits").collect(), ledger.fingerprint()))
    assert_frame_equal(held[0][0], held[1][0])
    assert held[0][1] == held[1][1]


def test_the_fingerprint_names_what_was_taken_in(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    empty = ledger.fingerprint()
    kit.put(ledger, "a", visits=kit.visits("V1"))
    assert ledger.fingerprint() != empty
    assert ledger.derived("x").is_dir()
    assert ledger.derived("x").parent.name == ledger.fingerprint()


def test_a_big_source_is_written_in_parts_and_found_by_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART_ROWS", 100)
    ledger = kit.home(tmp_path)
    what = kit.source("big")
    frames = [
        {"visits": pl.DataFrame({"visit_id": [f"V{n:04d}" for n in range(start, start + 50)]})}
        for start in range(0, 1000, 50)
    ]
    assert ledger.commit(what, frames, lambda rows: {"rows": rows})
    assert len(ledger.paths("visits")) == 10
    assert ledger.receipts()[0]["rows"] == {"visits": 1000}
    for name in ("V0000", "V0099", "V0100", "V0999"):
        assert ledger.find("visits", "visit_id", name)["visit_id"].to_list() == [name]
    assert ledger.find("visits", "visit_id", "V1000").is_empty()
    assert ledger.find("visits", "visit_id", "").is_empty()


def test_find_answers_for_any_column(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    kit.put(ledger, "a", visits=kit.visits("V1", clinic="Harbour") + kit.visits("V2", clinic="Hill"))
    assert ledger.find("visits", "clinic", "Hill")["visit_id"].to_list() == ["V2"]


def test_documents_keep_the_latest_of_a_name(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    for number in (1, 2):
        text = f"text {number}".encode()
        ledger.commit(kit.source(str(number)), [], lambda rows: {}, {"practice.toml": text})
    assert ledger.documents() == {"practice.toml": b"text 2"}


def test_a_home_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        Ledger.open(tmp_path / "nowhere")
    assert caught.value.exit_code == 2
    assert not (tmp_path / "nowhere").exists()


def test_an_unknown_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no table visit"):
        kit.home(tmp_path).scan("visit")


def test_a_table_that_gained_a_column_still_opens(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    kit.put(ledger, "a", remit_claims=[{"transaction": 1, "claim": 1, "claim_id": "C1"}])
    grown = kit.table("remit_claims", "one", "claim_id", "claim_id text Claim", "status text New", find_by="claim_id")
    later = Ledger.open(ledger.home, tables=(grown,))
    assert later.scan("remit_claims").collect().to_dicts() == [{"claim_id": "C1", "status": None}]


def test_only_the_owner_may_read_a_home(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    kit.put(ledger, "a", visits=kit.visits("V1"))
    for path in [ledger.home, *ledger.home.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_a_file_that_gave_nothing_keeps_its_receipt_until_one_of_its_name_is_taken_in(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    ledger.turn_back([{"file": "a", "status": "unread", "words": ["It is empty."]}])
    cut_off = {"file": "a", "status": "unread", "words": ["It is cut off."]}
    ledger.turn_back([cut_off, {"file": "paper.pdf", "status": "skipped", "words": ["It is a PDF."]}])
    ledger.turn_back([])
    assert [told["words"] for told in ledger.turned_back()] == [["It is cut off."], ["It is a PDF."]]
    before = ledger.fingerprint()
    assert kit.put(ledger, "a", visits=kit.visits("V1"))
    assert [told["file"] for told in ledger.turned_back()] == ["paper.pdf"]
    assert ledger.fingerprint() != before and ledger.scan("visits").collect().height == 1
