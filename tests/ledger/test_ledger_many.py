"""Several processes at once: one batch of one file, and nobody clears what another is writing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import ledger_kit as kit
import polars as pl

HERE = Path(__file__).parent
SAME = """
import sys
from pathlib import Path
import ledger_kit as kit
ledger = kit.home(Path(sys.argv[1]))
print(kit.put(ledger, "same", visits=kit.visits(*(f"V{n}" for n in range(2000)))))
print(kit.put(ledger, "own" + sys.argv[2], visits=kit.visits("X" + sys.argv[2])))
"""


def test_eight_processes_with_one_file_make_one_batch(tmp_path: Path) -> None:
    known = {**os.environ, "PYTHONPATH": str(HERE), "POLARS_MAX_THREADS": "1"}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SAME, str(tmp_path), str(number)], stdout=subprocess.PIPE, text=True, env=known
        )
        for number in range(8)
    ]
    said = [process.communicate(timeout=120)[0].split() for process in running]
    assert [process.returncode for process in running] == [0] * 8
    assert sorted(first for first, _ in said) == ["False"] * 7 + ["True"]
    assert [own for _, own in said] == ["True"] * 8
    ledger = kit.home(tmp_path)
    assert len([batch for batch in ledger.manifest.batches("visits") if batch.rows == 2000]) == 1
    assert ledger.scan("visits").collect().height == 2008
    assert len(ledger.receipts()) == 9
    assert kit.left_over(ledger) == set()


def test_opening_leaves_alone_what_another_is_writing(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)

    def slow() -> object:
        yield {"visits": pl.DataFrame({"visit_id": ["V1"]})}
        kit.home(tmp_path)
        assert list((ledger.home / "writing").iterdir()), "the other's folder is still there"
        yield {"visits": pl.DataFrame({"visit_id": ["V2"]})}

    assert ledger.commit(kit.source("a"), slow(), lambda rows: {})  # type: ignore[arg-type]
    assert ledger.scan("visits").collect().height == 2
