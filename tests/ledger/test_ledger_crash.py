"""kill -9 at each named point and at any moment: what was acknowledged stays, nothing is doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import ledger_kit as kit
import pytest

from everyunit.ledger import disk

HERE = Path(__file__).parent
TIMES = 3

AT_A_POINT = """
import os, sys
from pathlib import Path
import ledger_kit as kit
ledger = kit.home(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    kit.put(ledger, f"safe{number}", visits=kit.visits(f"S{number}"), services=[{"visit_id": f"S{number}", "seq": 1}])
    print(f"safe{number}", flush=True)
os.environ["EVERYUNIT_FAULT"] = sys.argv[2] + ":kill"
kit.put(ledger, "last", visits=kit.visits("L1", "L2"), services=[{"visit_id": "L1", "seq": 1}])
print("last", flush=True)
"""

FOR_EVER = """
import itertools, sys
from pathlib import Path
import ledger_kit as kit
ledger = kit.home(Path(sys.argv[1]))
for number in itertools.count(int(sys.argv[2])):
    kit.put(ledger, f"n{number}", visits=kit.visits(f"V{number}", f"W{number}"))
    print(number, flush=True)
"""


def start(script: str, *args: str) -> subprocess.Popen[str]:
    known = {**os.environ, "PYTHONPATH": str(HERE), "POLARS_MAX_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-c", script, *args], stdout=subprocess.PIPE, text=True, env=known)


@pytest.mark.parametrize("point", disk.POINTS)
def test_a_kill_at_a_named_point_loses_and_doubles_nothing(point: str, tmp_path: Path) -> None:
    for turn in range(TIMES):
        folder = tmp_path / str(turn)
        process = start(AT_A_POINT, str(folder), point, str(turn))
        said = process.communicate(timeout=60)[0].split()
        assert process.returncode == -signal.SIGKILL
        assert said == [f"safe{number}" for number in range(turn)]
        ledger = kit.home(folder)
        committed = point == "after_commit"
        want = {f"S{number}" for number in range(turn)} | ({"L1", "L2"} if committed else set())
        assert sorted(ledger.scan("visits").collect()["visit_id"]) == sorted(want)
        assert ledger.scan("services").collect().height == turn + committed
        assert kit.left_over(ledger) == set(), "an import after the kill clears what it left"
        again = kit.put(ledger, "last", visits=kit.visits("L1", "L2"), services=[{"visit_id": "L1", "seq": 1}])
        assert again is not committed
        assert sorted(ledger.scan("visits").collect()["visit_id"]) == sorted(want | {"L1", "L2"})
        assert len(ledger.receipts()) == turn + 1


def test_a_kill_at_any_moment_loses_and_doubles_nothing(tmp_path: Path) -> None:
    chance = random.Random(5)
    acknowledged: set[int] = set()
    for turn in range(6):
        process = start(FOR_EVER, str(tmp_path), str(turn * 10_000))
        assert process.stdout
        first = process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.05))
        process.kill()
        acknowledged |= {int(line) for line in [first, *process.stdout.read().split("\n")[:-1]] if line.strip()}
        process.wait()
        process.stdout.close()
    ledger = kit.home(tmp_path)
    rows = ledger.scan("visits").collect()["visit_id"].to_list()
    assert len(rows) == len(set(rows))
    assert {f"V{number}" for number in acknowledged} <= set(rows)
    assert {name[1:] for name in rows if name[0] == "V"} == {name[1:] for name in rows if name[0] == "W"}
    assert kit.left_over(ledger) == set()
