"""A home whose files the disk has lost or changed: said in words, and made whole by bringing the same file again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from everyunit.services.audit import audit
from everyunit.services.home import damage, open_home
from everyunit.services.make_sample import make_sample
from everyunit.services.take_in import take_in


def lose(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(40, len(data), 97):
        data[place] ^= 0x55
    path.write_bytes(bytes(data))


@pytest.fixture
def place(tmp_path):
    make_sample(tmp_path / "S", visits=60, seed=4)
    list(take_in([tmp_path / "S"], tmp_path / "home"))
    return tmp_path


def run(*words: object) -> subprocess.CompletedProcess[str]:
    code = "from everyunit.cli.main import run; run()"
    return subprocess.run([sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True)


@pytest.mark.parametrize("spoil", [lose, cut, flip])
def test_a_lost_part_is_named_and_comes_back_with_its_file(place, spoil):
    home = place / "home"
    before = audit(home).findings
    spoil(next((home / "batches" / "services").iterdir()))
    told = run("audit", "--home", home, "--again")
    assert told.returncode == 3 and "Traceback" not in told.stderr
    assert "batches/services" in told.stderr and "Import services.csv again" in told.stderr
    brought = {Path(receipt["file"]).name: receipt for receipt in take_in([place / "S"], home)}
    assert {receipt["status"] for receipt in brought.values()} <= {"held", "skipped"}
    assert "It is whole again." in brought["services.csv"]["words"]
    assert run("audit", "--home", home, "--again", "--out", place / "out.parquet").returncode == 0
    assert audit(home).findings.equals(before)


def test_a_damaged_result_says_how_it_is_made_anew(place):
    home = place / "home"
    audit(home)
    cut(next(home.glob("derived/*/findings.parquet")))
    told = run("audit", "--home", home)
    assert told.returncode == 3 and "findings.parquet" in told.stderr and "Traceback" not in told.stderr
    assert "Remove the folder derived" in told.stderr
    shutil.rmtree(home / "derived")
    assert run("audit", "--home", home).returncode == 0


def test_whole_files_brought_again_change_nothing(place):
    assert all("damaged" not in " ".join(receipt["words"]) for receipt in take_in([place / "S"], place / "home"))


def test_a_home_that_is_gone_hides_no_other_fault(place):
    open_home(place / "home")
    shutil.rmtree(place / "home")
    assert damage(OSError(28, "No space left on device")) is None
