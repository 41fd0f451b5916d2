"""Loads of one folder at the same time wait for each other; a refused or killed one leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from official_kit import values_csv

from everyunit.errors import Unreadable
from everyunit.rulebook import Book
from everyunit.rulebook.loaded import LoadedFolder
from everyunit.services.book_load import load

_LOAD = "import sys; from pathlib import Path; from everyunit.services.book_load import load; " \
        "load([Path(sys.argv[1])], into=Path(sys.argv[2]))"  # fmt: skip


def values(tmp_path):
    path = tmp_path / "PPRRVU2027_Jan_nonQPP.csv"
    path.write_bytes(values_csv("January"))
    return path


def test_three_loads_at_once_all_come_through(tmp_path):
    path, into = values(tmp_path), tmp_path / "book"
    words = [sys.executable, "-c", _LOAD, str(path), str(into)]
    running = [subprocess.Popen(words, stderr=subprocess.PIPE, env=os.environ.copy()) for _ in range(3)]
    said = [each.communicate()[1].decode() for each in running]
    assert [each.returncode for each in running] == [0, 0, 0], said
    assert sorted(each.name for each in into.iterdir()) == ["conversion_factor.csv", "relative_values.csv"]
    assert Book(LoadedFolder(into)).check() == []


def test_what_a_killed_load_left_is_cleared_and_a_refused_one_leaves_nothing(tmp_path):
    path, into = values(tmp_path), tmp_path / "book"
    (into / ".fresh-killed").mkdir(parents=True)
    (into / ".fresh-killed" / "ceilings.csv").write_text("half of a")
    with pytest.raises(Unreadable):
        load([path], "2028-01-01", "2028-12-31", into)
    assert list(into.iterdir()) == []


def test_a_relative_value_file_that_was_cut_names_the_codes_it_lacks(tmp_path):
    path = values(tmp_path)
    assert not any("leaves out" in line for line in load([path], into=tmp_path / "whole").missing)
    lines = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join(lines[: len(lines) // 2]))
    said = load([path], into=tmp_path / "book").missing[0]
    assert "leaves out" in said and "97530" in said and "download it again" in said
