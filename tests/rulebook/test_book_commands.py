"""`everyunit units` and `everyunit book` as a person types them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest

from everyunit.cli import main


def run(capsys, monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["everyunit", *words])
    with pytest.raises(SystemExit) as ended:
        main.run()
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.fixture
def typed(capsys, monkeypatch):
    return lambda *words: run(capsys, monkeypatch, *words)


def test_units_by_hand_for_people_and_machines(typed):
    code, out, err = typed("units", "--rule", "cms", "97110=33", "97140=7")
    assert (code, err) == (0, "")
    assert "97140      1" in out and "total      3" in out and "40 min -> 3 units" in out and "checked" in out
    code, out, _ = typed("units", "--rule", "ama_spm", "97110=33", "97140=7", "97010=10", "--json")
    body = json.loads(out)
    assert code == 0
    assert (body["units"], body["total"]) == ({"97110": 2, "97140": 0, "97010": 1}, 3)
    assert body["rule"] == "ama" and body["tied"] == [] and body["source"] and len(body["steps"]) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rule", "cms", "99999=30"], "99999 is not in the book"),
        (["--rule", "cms", "97110=-3"], "97110 has -3 minutes"),
        (["--rule", "cms", "97110=1441"], "1441 minutes"),
        (["--rule", "cms", "97110=800", "97110=800"], "1600 minutes"),
        (["--rule", "cms", "97110=x"], "minutes of 97110 read x"),
        (["--rule", "cms", "97110"], "is not CODE=MINUTES"),
        (["--rule", "hourly", "97110=3"], "hourly is no counting rule"),
        (["--rule", "cms"], "No code is given"),
        (["97110=3"], "--rule is missing"),
        (["--rule", "cms", "--batch", "x.csv"], "--batch stands alone"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_2(typed, words, said):
    code, out, err = typed("units", *words)
    assert (code, out) == (2, "") and said in err and err.count("\n") == 1


def test_zero_minutes_are_no_unit(typed):
    code, out, _ = typed("units", "--rule", "cms", "97110=0", "--json")
    assert code == 0 and json.loads(out)["units"] == {"97110": 0}


BATCH = """extra,Minutes,code,rule,case_id
x,33,97110,cms,a
x,7,97140,cms_8_minute,a
x,33,97110,ama_spm,b
x,7,97140,ama,b
x,20,97110,cms,c
x,20,97112,cms,c
x,9,97110,cms,a
x,,97161,cms,d
"""


def test_batch_prints_a_row_for_each_case_and_code(typed, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("\ufeff" + BATCH, encoding="utf-8")
    code, out, err = typed("units", "--batch", str(path))
    assert (code, err) == (0, "")
    assert list(csv.reader(io.StringIO(out))) == [
        ["case_id", "code", "units", "tie"],
        ["a", "97110", "3", "0"], ["a", "97140", "0", "0"],
        ["b", "97110", "2", "0"], ["b", "97140", "0", "0"],
        ["c", "97110", "2", "1"], ["c", "97112", "1", "1"],
        ["d", "97161", "1", "0"],
    ]  # fmt: skip
    code, out, _ = typed("units", "--batch", str(path), "--json")
    assert [json.loads(line)["case_id"] for line in out.splitlines()] == ["a", "b", "c", "d"]


def test_batch_names_bad_rows_and_counts_the_other_cases(typed, tmp_path):
    path = tmp_path / "cases.csv"
    bad = ["e,hourly,97110,3", "f,cms,99999,3", "g,cms,97110,-3", "h,cms,97110,1441", "i,cms,97110,7.5",
           ",cms,97110,3", "j,cms,97110,", "k,cms,97110,8", "k,ama,97140,8", "l,cms", "m,cms,97110,²"]  # fmt: skip
    path.write_text("case_id,rule,code,minutes\ngood,cms,97110,8\n" + "\n".join(bad) + "\n", encoding="utf-8")
    code, out, err = typed("units", "--batch", str(path))
    assert code == 0
    assert out == "case_id,code,units,tie\ngood,97110,1,0\n"
    lines = err.splitlines()
    columns = ["rule", "code", "minutes", "minutes", "minutes", "case_id", "minutes", "rule", "code", "minutes"]
    rows = [3, 4, 5, 6, 7, 8, 9, 11, 12, 13]
    assert len(lines) == 11
    for line, row, column in zip(lines, rows, columns, strict=False):
        assert f" row {row}, column {column}: " in line and line.endswith(".")
    assert "9 cases are not counted" in lines[-1]


def test_batch_that_cannot_be_read_ends_with_3(typed, tmp_path):
    assert typed("units", "--batch", str(tmp_path))[0] == 3
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    code, _, err = typed("units", "--batch", str(empty))
    assert code == 3 and "the column case_id is missing" in err
    empty.write_bytes(b"case_id,rule,code,minutes\na,x,97110,3\n")
    code, out, err = typed("units", "--batch", str(empty))
    assert (code, out) == (3, "") and "no case could be read" in err


def test_a_batch_that_does_not_exist_is_wrong_usage(typed, tmp_path):
    code, out, err = typed("units", "--batch", str(tmp_path / "none.csv"))
    assert (code, out) == (2, "") and "does not exist" in err


def test_batch_reads_stdin_whatever_its_bytes():
    words = [sys.executable, "-c", "from everyunit.cli.main import run; run()", "units", "--batch", "-"]
    given = b"\xef\xbb\xbf" + BATCH.encode() + b"x,8,97110,cms,caf\xe9\r\nx,\x00,97110,cms,z\n"
    ran = subprocess.run(words, input=given, capture_output=True, check=False)
    assert ran.returncode == 0 and b"c,97112,1,1" in ran.stdout
    assert b"row 11, column minutes" in ran.stderr


def test_batch_outlives_a_cell_of_a_megabyte(typed, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(f"case_id,rule,code,minutes\na,cms,97110,{'9' * 1_000_000}\nb,cms,97110,8\n", encoding="utf-8")
    code, out, err = typed("units", "--batch", str(path))
    assert code == 0 and "b,97110,1,0" in out and "row 2" in err and len(err) < 2_000


def test_book_show_says_what_held_that_day_and_why(typed):
    code, out, _ = typed("book", "show", "fees.97140.06102.15", "--on", "2026-03-12")
    assert code == 0
    assert "$28.43" in out and "$21.74" in out and "RVU26B" in out and "1 January 2026 to 31 December 2026" in out
    code, out, _ = typed("book", "show", "conversion_factor", "--on", "3/8/2024", "--json")
    body = json.loads(out)
    assert (code, body["value"], body["checked"], body["on"]) == (0, "32.7442", False, "2024-03-08")


def test_book_show_answers_for_today_when_no_day_is_given(typed):
    from datetime import date

    code, out, err = typed("book", "show", "counting.cms", "--json")
    if 2024 <= date.today().year <= 2026:
        assert code == 0 and json.loads(out)["on"] == date.today().isoformat()
    else:
        assert code == 3 and "does not know counting.cms" in err


def test_book_show_refuses_with_a_sentence(typed):
    code, out, err = typed("book", "show", "fees.97140", "--on", "2023-12-31")
    assert (code, out) == (3, "") and "it knows 1 January 2024 to 31 December 2026" in err
    code, _, err = typed("book", "show", "codes.97111")
    assert code == 2 and "codes.97110" in err
    code, _, err = typed("book", "show", "codes.97110", "--on", "spring")
    assert code == 2 and "no date" in err


def test_book_keys_and_kinds(typed):
    code, out, _ = typed("book", "keys", "payers")
    assert code == 0 and "payers.medicare" in out.splitlines()
    assert typed("book", "keys", "nothing")[0] == 2
    code, out, _ = typed("book", "kinds")
    assert code == 0 and "units_over" in out and "Book: " in out
    heads = [line.split() for line in out.splitlines() if line and not line.startswith(" ")]
    assert heads and {len(head) for head in heads} == {3}, "each name stands apart from the way it runs"
    code, out, _ = typed("book", "kinds", "--json")
    assert code == 0 and {kind["direction"] for kind in json.loads(out)} == {
        "over",
        "under",
        "mis",
        "document",
        "late",
    }
    assert {kind["first_day"] for kind in json.loads(out)} == {"2024-01-01"}


def test_minutes_are_plain_digits(typed):
    code, _, err = typed("units", "--rule", "cms", "97110=\u0663\u0663")
    assert code == 2 and "minutes of 97110" in err
