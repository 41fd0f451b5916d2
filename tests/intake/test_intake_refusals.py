"""A refused row of services.csv leaves a mark on its visit, so that nobody says the record holds no such service."""

from __future__ import annotations

from pathlib import Path

import intake_kit as kit
import pytest

GOOD = "V0,97110,15,individual\n"


@pytest.mark.parametrize(
    ("row", "marked"),
    [
        ("V1,97110,abc,individual", [("V1", "97110", "minutes", 3)]),
        ("V1,97110,15,crowd", [("V1", "97110", "mode", 3)]),
        ("V1,9711,15,individual", [("V1", None, "code", 3)]),
        (",97110,15,individual", []),
        ("V1,97110,15,individual,more,cells", [("V1", "97110", "", 3)]),
        ('V1,97110,15,"individual', [("V1", "97110", "", 3)]),
        ("V1,97110,15,individual", []),
    ],
)
def test_one_row(row: str, marked: list[tuple[str, str | None, str, int]], tmp_path: Path) -> None:
    ledger, receipt = kit.one(tmp_path, f"visit_id,code,minutes,mode\n{GOOD}{row}\n", "services.csv")
    held = ledger.scan("refusals").collect()
    assert held.select("visit_id", "code", "column", "row").rows() == marked
    assert receipt["rows"] == {"services": receipt["rows"]["services"]}
    assert set(held["source_id"]) <= set(ledger.scan("services").collect()["source_id"])


def test_only_services_leave_marks(tmp_path: Path) -> None:
    ledger, receipt = kit.one(tmp_path, "visit_id,date_of_service\nV1,2026-03-12\nV2,never\n", "visits.csv")
    assert receipt["refused"] == 1
    assert ledger.scan("refusals").collect().is_empty()


def test_a_file_of_which_every_row_is_refused_is_still_not_taken(tmp_path: Path) -> None:
    ledger, receipt = kit.one(tmp_path, "visit_id,code,minutes\nV1,97110,abc\n", "services.csv")
    assert (receipt["status"], receipt["rows"]) == ("unread", {})
    assert ledger.scan("refusals").collect().is_empty()


def test_a_heading_that_is_meant_for_another_is_said(tmp_path):
    _, receipt = kit.one(tmp_path, "visit_id,code,mins\nV1,97110,30\n", "services.csv")
    assert "The column mins is not read and minutes is missing. Rename it if that is meant." in receipt["words"]
    assert not any("column code" in word for word in receipt["words"])
    assert any("no column minutes" in word for word in receipt["words"])
