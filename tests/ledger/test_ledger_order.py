"""The order of a commit: file, its fsync, its name, the folder's fsync, and only then the manifest."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import ledger_kit as kit
import pytest

from everyunit.ledger import disk
from everyunit.ledger.manifest import Manifest

HERE = Path(__file__).parent
ONE_COMMIT = """
import sys
from pathlib import Path
import ledger_kit as kit
ledger = kit.home(Path(sys.argv[1]))
kit.put(ledger, "a", visits=kit.visits("V1"))
"""


def test_each_step_waits_for_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = kit.home(tmp_path)
    steps: list[str] = []
    fsync, replace, insert = os.fsync, os.replace, Manifest._insert

    def what(handle: int) -> str:
        path = Path(os.readlink(f"/proc/self/fd/{handle}"))
        return "folder" if path.is_dir() else path.parent.parent.name

    def watched_fsync(handle: int) -> None:
        steps.append(f"fsync {what(handle)}")
        fsync(handle)

    def watched_replace(old: Path, new: Path) -> None:
        assert new.stem == old.name.split(".")[1], "a batch is named by the hash of its bytes"
        steps.append("rename")
        replace(old, new)

    def watched_insert(*args: object) -> None:
        steps.append("insert")
        insert(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(disk.os, "fsync", watched_fsync)
    monkeypatch.setattr(disk.os, "replace", watched_replace)
    monkeypatch.setattr(Manifest, "_insert", watched_insert)
    kit.put(ledger, "a", visits=kit.visits("V1"))
    assert steps == ["fsync writing", "fsync folder", "rename", "fsync folder", "insert"]
    steps.clear()
    kit.put(ledger, "b", visits=kit.visits("V2"), services=[{"visit_id": "V2", "seq": 1}])
    made = steps.index("rename")
    assert steps[:made].count("fsync writing") == 2
    assert [step for step in steps[made:] if step != "fsync folder"] == ["rename", "rename", "insert"]
    assert steps[-3:] == ["fsync folder", "fsync folder", "insert"]


def test_the_kernel_sees_the_same_order(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if not strace:
        pytest.skip("strace is not on this machine: the order is watched from inside only")
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,rename,renameat,renameat2"
    command = [strace, "-f", "-y", "-e", calls, "-o", str(trace), sys.executable, "-c", ONE_COMMIT, str(tmp_path)]
    known = {**os.environ, "PYTHONPATH": str(HERE)}
    done = subprocess.run(command, env=known, capture_output=True, text=True, timeout=120)
    if done.returncode and "ptrace" in done.stderr:
        pytest.skip("strace may not watch processes here: the order is watched from inside only")
    assert done.returncode == 0, done.stderr
    kinds = (
        ("file", r"f(data)?sync\(\d+<[^>]*/writing/[^>]+>"),
        ("rename", r"rename\w*\(.*\.parquet"),
        ("folder", r"fsync\(\d+<[^>]*/batches/visits>"),
        ("manifest", r"f(data)?sync\(\d+<[^>]*/ledger\.sqlite-wal>"),
    )
    lines = trace.read_text().splitlines()
    seen = [name for line in lines for name, pattern in kinds if re.search(pattern, line)]
    last = seen[seen.index("file") :]
    assert last[:4] == ["file", "rename", "folder", "manifest"]
