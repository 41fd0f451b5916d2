"""A quotation mark that does not close is told with its row, and no row after it is lost."""

from __future__ import annotations

import io

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.services.csv_lines import csv_rows
from everyunit.services.price import price_batch, read_lines
from everyunit.services.units import count_batch, read_batch

LINES = "claim_id,line,date_of_service,mac,locality,payer,code,units,modifiers\n"
CASES = "case_id,rule,code,minutes\n"


def row(claim, modifiers=""):
    return f"{claim},1,2026-03-01,,,medicare,97110,2,{modifiers}\n"


def test_price_names_the_row_and_prices_the_others():
    text = LINES + row(1, '"59') + row(2) + row(3, '"KX:GP"') + row(4, '"59')
    batch = read_lines(io.StringIO(text, newline=""), "lines.csv")
    assert [found.line.claim_id for found in price_batch(batch)] == ["2", "3"]
    assert [said.split(".")[0] for said in batch.problems] == [
        "row 2: a quotation mark is not closed on its line", "row 5: a quotation mark is not closed on its line",
    ]  # fmt: skip


def test_a_cell_over_two_lines_is_told_and_the_rows_after_it_keep_their_numbers():
    text = LINES + row(1, '"5\n9"') + row(2) + row(3).replace("2026-03-01", "no day")
    batch = read_lines(io.StringIO(text, newline=""), "lines.csv")
    assert [found.line.claim_id for found in price_batch(batch)] == ["2"]
    assert [said.split(":")[0].split(",")[0] for said in batch.problems] == ["row 2", "row 3", "row 5"]


def test_units_leave_out_the_case_whose_row_was_lost():
    text = CASES + 'A,cms,97110,"33\n' + "A,cms,97140,8\nB,cms,97110,40\n"
    batch = read_batch(io.StringIO(text), "cases.csv")
    assert [(case, counted.total) for case, counted in count_batch(batch)] == [("B", 3)]
    assert batch.left_out == 1 and batch.problems[0].startswith("row 2: a quotation mark is not closed")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_parts_rows(end):
    told: list[str] = []
    text = end.join(["a,b", '1,"x ""y"""', '2,"open', "3,z"])
    found = list(csv_rows(io.StringIO(text, newline=""), lambda said, cells: told.append(f"{said[:6]}{cells}")))
    assert found == [(1, ["a", "b"]), (2, ["1", 'x "y"']), (4, ["3", "z"])]
    assert told == ["row 3:['2']"]


def test_the_command_says_it_and_prices_the_rest(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text(LINES + row(1, '"59') + row(2))
    shown = CliRunner().invoke(app, ["price", "--batch", str(path)])
    assert shown.exit_code == 0
    assert "row 2: a quotation mark is not closed" in shown.stderr
    assert shown.stdout.splitlines()[1].startswith("2,1,5127,")
