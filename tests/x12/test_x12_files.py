"""The command, zips and their limits."""

from __future__ import annotations

import gzip
import json
import os
import warnings
import zipfile

import polars as pl
import pytest
from test_x12_remits import PAID
from typer.testing import CliRunner
from x12_kit import paid, sent

from everyunit.cli.main import app
from everyunit.errors import Unreadable
from everyunit.x12 import Totals, members, read_file
from everyunit.x12.tables import TABLES


def run(*words: str):
    return CliRunner().invoke(app, ["x12", *map(str, words)])


def test_one_line_of_json_for_each_file_and_one_parquet_for_each_table(tmp_path):
    one, two = tmp_path / "a.837", tmp_path / "b.txt"
    one.write_text(sent())
    two.write_text(paid(PAID, "91"))
    done = run(one, two, "--out", tmp_path / "out", "--json")
    assert done.exit_code == 0
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first == {
        "file": str(one), "transactions": {"837": 1},
        "837": {"claims": 1, "lines": 2, "charge_cents": 15000}, "problems": [],
    }  # fmt: skip
    assert second["835"] == {"claims": 1, "lines": 2, "charge_cents": 15000, "paid_cents": 9000}
    assert [problem["segment"] for problem in second["problems"]] == [3]
    assert "837" not in second
    for table in TABLES:
        assert pl.read_parquet(tmp_path / "out" / f"{table.name}.parquet").schema == table.schema
    assert pl.read_parquet(tmp_path / "out" / "claims.parquet")["claim_id"].to_list() == ["C1"]
    assert not list((tmp_path / "out").glob(".parts*"))


def test_a_table_for_people(tmp_path):
    path = tmp_path / "a.835"
    path.write_text(paid(PAID, "91"))
    done = run(path)
    assert done.exit_code == 0 and "$150.00" in done.stdout and "BPR02 is $91.00" in done.stdout


def test_what_is_no_x12_ends_with_3_and_one_line(tmp_path):
    path = tmp_path / "note.txt"
    for data in (b"", b"hello", b"%PDF-1.4"):
        path.write_bytes(data)
        done = run(path, "--json")
        assert done.exit_code == 3 and done.stdout == ""
        assert len(done.stderr.splitlines()) == 1 and "no X12" in done.stderr
    good = tmp_path / "good"
    good.write_text(sent())
    assert run(path, good, "--json").exit_code == 0
    absent = run(tmp_path / "absent")
    assert absent.exit_code == 2 and "does not exist" in absent.stderr


def test_members_of_a_zip_are_read_one_by_one(tmp_path):
    path = tmp_path / "files.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("in/a.837", sent())
        packed.writestr("b.zip", b"PK")
        packed.writestr("read me.txt", "hello")
        packed.writestr("c.835", paid(PAID, "90"))
    done = run(path, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"].rpartition("!")[2] for line in lines] == ["in/a.837", "b.zip", "c.835"]
    assert done.exit_code == 0 and "zip within a zip" in lines[1]["problems"][0]["message"]
    assert "read me.txt" in done.stderr
    assert sum("claims" in batch for batch in read_file(path, "0", "in/a.837")) == 1


def test_a_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        packed.writestr("zeros.835", b"\0" * (64 << 20))
        packed.writestr("a.837", sent())
    found = list(members(path))
    assert "far more than it holds" in found[0].problem and not found[1].problem
    lines = [json.loads(line) for line in run(path, "--json").stdout.splitlines()]
    assert lines[0]["problems"] and lines[1]["837"]["claims"] == 1


def test_a_gzip_bomb_stops_and_a_broken_zip_is_told(tmp_path):
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"\0" * (64 << 20)))
    done = run(path)
    assert done.exit_code == 3 and "far more" in done.stderr
    path = tmp_path / "broken.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.837", sent())
    data = bytearray(path.read_bytes())
    data[60:200] = b"x" * 140
    path.write_bytes(data)
    assert run(path, "--json").exit_code in (0, 3)


def test_a_packed_file_is_read(tmp_path):
    path = tmp_path / "a.837.gz"
    path.write_bytes(gzip.compress(sent().encode()))
    assert json.loads(run(path, "--json").stdout)["837"]["claims"] == 1


@pytest.mark.parametrize("name", ["encrypted", "link"])
def test_members_that_are_no_files_of_ours(tmp_path, name):
    path = tmp_path / "odd.zip"
    entry = zipfile.ZipInfo("a.837")
    if name == "link":
        entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(entry, sent())
    if name == "encrypted":
        data = bytearray(path.read_bytes())
        data[6] |= 1
        place = data.index(b"PK\x01\x02")
        data[place + 8] |= 1
        path.write_bytes(data)
    (found,) = members(path)
    assert name[:4] in found.problem.lower()


def test_two_members_of_one_name_are_both_read(tmp_path):
    path = tmp_path / "twice.zip"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("a.txt", b"first")
            packed.writestr("a.txt", b"second")
    read = []
    for member in members(path):
        with member.opener() as stream:
            read.append((member.name, stream.read()))
    assert read == [("twice.zip!a.txt", b"first"), ("twice.zip!a.txt (2)", b"second")]


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.835")
    with pytest.raises(Unreadable, match="no regular file"):
        list(members(tmp_path / "pipe.835"))


def test_empty_and_cut_zips_say_so(tmp_path):
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.raises(Unreadable, match="holds no file"):
        list(members(tmp_path / "empty.zip"))
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as packed:
        packed.writestr("a.txt", b"x" * 5000)
    (tmp_path / "cut.zip").write_bytes((tmp_path / "whole.zip").read_bytes()[:2000])
    with pytest.raises(Unreadable, match="cut short"):
        list(members(tmp_path / "cut.zip"))


def test_sums_beyond_64_bits_are_exact():
    totals = Totals("x")
    charge_cents = [9_999_999_999_999_999] * 1000 + [-5]
    frame = pl.DataFrame({"charge_cents": charge_cents, "paid_cents": charge_cents})
    totals.take({"remit_claims": frame})
    assert totals.summary()["835"]["charge_cents"] == sum(charge_cents)
