"""Reading X12: 835 and 837P to tables with validation, on one core, beside other readers in the same run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.measure import WORK, run, with_peer
from bench.x12_files import make, make_many

SIZE = 100_000_000
LARGE = 1_000_000_000
SMALL = 1_000_000
MANY = 1000
AIM_MS = 12
AIM_MB = 100
AIM_PEAK = 400
_ONE_CORE = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

_PYX12 = """
import io, logging, sys, time
import pyx12.params, pyx12.x12n_document
logging.disable(logging.CRITICAL)
began = time.perf_counter()
pyx12.x12n_document.x12n_document(pyx12.params.params(), sys.argv[1], io.StringIO(), None, None, None)
print(time.perf_counter() - began)
"""
_OXEDI = """
import sys, time, oxedi
began = time.perf_counter()
read = getattr(oxedi, "parse_file", None) or getattr(oxedi, "read_835", None) or getattr(oxedi, "parse", None)
if read is None:
    raise SystemExit("no reader of that name")
read(sys.argv[1])
print(time.perf_counter() - began)
"""


def rows(large: bool = False) -> list[dict[str, Any]]:
    """Speed and peak memory of this reader; with `large` also memory for 1 GB; then the speed of others."""
    WORK.mkdir(exist_ok=True)
    found = []
    for kind in ("835", "837P"):
        found += _own(kind, make(WORK / f"{kind}.x12", kind, SIZE))
        if large:
            found += _own(kind, make(WORK / f"{kind}-large.x12", kind, LARGE))
    found.append(_many(make_many(WORK / "x12-many", MANY)))
    for name, script in (("pyx12", _PYX12), ("oxedi", _OXEDI)):
        for kind in ("835", "837P") if name == "pyx12" else ("835",):
            found.append(_peer(name, script, kind, make(WORK / f"{kind}-small.x12", kind, SMALL)))
    return found


def _own(kind: str, path: Path) -> list[dict[str, Any]]:
    """Best and median of three processes; the whole process counts for memory, reading alone for speed."""
    pin = ("taskset", "-c", "1") if shutil.which("taskset") else ()
    command = (*pin, sys.executable, "-m", "bench.x12_one", str(path))
    size = path.stat().st_size / 1e6
    speeds, peak = [], 0.0
    for _ in range(3 if size < 500 else 1):
        measured = run(*command, **_ONE_CORE)
        speeds.append(size / json.loads(measured.out)["seconds"])
        peak = max(peak, measured.peak_mb)
    best = max(speeds)
    return [
        {
            "what": f"X12 {kind} to tables, {size:,.0f} MB, one core",
            "figure": f"{best:.0f} MB/s, {peak:.0f} MB",
            "aim": f"{AIM_MB} MB/s, {AIM_PEAK} MB",
            "held": best >= AIM_MB and peak <= AIM_PEAK,
            "note": f"median {median(speeds):.0f} MB/s",
        }
    ]


def _many(folder: Path) -> dict[str, Any]:
    """Time for each of many small files, read one after the other in one process on one core."""
    pin = ("taskset", "-c", "1") if shutil.which("taskset") else ()
    done = run(*pin, sys.executable, "-m", "bench.x12_one", str(folder), **_ONE_CORE)
    each = json.loads(done.out)["seconds"] * 1000 / MANY
    return {
        "what": f"X12, {MANY:,} files of five claims",
        "figure": f"{each:.1f} ms a file",
        "aim": f"{AIM_MS} ms",
        "held": each <= AIM_MS,
    }


def _peer(name: str, script: str, kind: str, path: Path) -> dict[str, Any]:
    what = f"{name}, X12 {kind}, {path.stat().st_size / 1e6:.0f} MB"
    python = with_peer(name)
    if python is None:
        return {"what": what, "figure": "-", "note": f"{name} could not be installed here"}
    try:
        began = time.perf_counter()
        done = subprocess.run([python, "-c", script, str(path)], capture_output=True, text=True, timeout=40)
        seconds = float(done.stdout.split()[-1]) if done.returncode == 0 else 0.0
    except subprocess.TimeoutExpired:
        seconds = time.perf_counter() - began
        return {"what": what, "figure": f"below {path.stat().st_size / 1e6 / seconds:.2f} MB/s", "note": "stopped"}
    if not seconds:
        return {"what": what, "figure": "-", "note": f"{name} failed: {done.stderr.strip()[-60:]}"}
    return {"what": what, "figure": f"{path.stat().st_size / 1e6 / seconds:.1f} MB/s"}


def main() -> None:
    """Print the table; `python -m bench.x12 large` measures 1 GB too."""
    for row in rows("large" in sys.argv[1:]):
        held = {True: "held", False: "MISSED"}.get(row.get("held"), "")
        print(f"{row['what']:<46}{row['figure']:<26}{row.get('aim', ''):<20}{held} {row.get('note', '')}")


if __name__ == "__main__":
    main()
