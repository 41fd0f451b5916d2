"""The files of `cases/intake.toml`: good rows go in, each bad one is named with row, column and remedy."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import intake_kit as kit
import pytest

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "intake.toml").read_text(encoding="utf-8"))["case"]
NAMED_BY = {"deposits": None, "plans": "plan_id", "authorizations": "number"}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["unix", "dos"])
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any], line_end: str, tmp_path: Path) -> None:
    text = case["file"].lstrip("\n").replace("\n", line_end)
    ledger, receipt = kit.one(tmp_path, text)
    assert (receipt["status"], receipt["kind"]) == ("taken", case["table"])
    rows = ledger.scan(case["table"]).collect().sort("row")
    column = NAMED_BY.get(case["table"], "visit_id")
    assert (rows[column].to_list() if column else [1, 2][: rows.height]) == case["taken"]
    told = [[one["row"], one["column"], one["message"]] for one in receipt["refusals"]]
    want = case.get("refused", [])
    assert [one[:2] for one in told] == [one[:2] for one in want]
    assert all(part in said for (_, _, part), (_, _, said) in zip(want, told, strict=True))
    assert all(one["remedy"].endswith(".") for one in receipt["refusals"])
    assert receipt["refused"] == len(want)
    assert receipt["repeated"] == case.get("repeated", 0)
    assert receipt["rows"] == {case["table"]: len(case["taken"])}
