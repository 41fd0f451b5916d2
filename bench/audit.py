"""The unit audit of 10 million service lines: minutes to units, held against the units billed."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from bench.measure import WORK, run

LINES = 10_000_000
SECONDS, MEGABYTES = 15, 3072


def rows() -> list[dict[str, Any]]:
    """Wall time and peak memory of one process that reads the lines, counts, compares and writes the verdicts."""
    folder = WORK / "audit"
    done = folder / "lines.parquet"
    if not done.exists():
        run(sys.executable, "-m", "bench.audit", "make", str(folder))
    measured = run(sys.executable, "-m", "bench.audit", "judge", str(folder))
    told = json.loads(measured.out)
    figure = f"{measured.seconds:.1f} s, {measured.peak_mb:,.0f} MB"
    return [
        {
            "what": f"unit audit of {told['lines']:,} service lines",
            "figure": figure,
            "aim": f"{SECONDS} s, {MEGABYTES:,} MB",
            "held": measured.seconds <= SECONDS and measured.peak_mb <= MEGABYTES,
            "note": f"{told['days']:,} visits, both rules; {told['over']:,} codes over, {told['under']:,} under; "
            f"{told['seconds']:.1f} s without starting up",
        }
    ]


def make(folder: Path) -> None:
    """Write LINES shuffled service lines of random visits: day_key, rule, code, minutes, billed_units, seq."""
    import numpy as np
    import polars as pl

    random = np.random.default_rng(1)
    codes = np.array(["97110", "97112", "97116", "97140", "97530", "97535", "97035", "97129", "97032", "97113"])
    sizes = random.integers(1, 5, LINES)
    day = np.repeat(np.arange(LINES), sizes)[:LINES]
    seq = np.arange(LINES) - np.searchsorted(day, day)
    start = random.integers(0, len(codes), LINES)[day]
    code = codes[(start + seq) % len(codes)]
    minutes = random.choice([7, 8, 10, 12, 15, 20, 22, 23, 25, 30, 38], LINES)
    billed = np.maximum((minutes + 7) // 15 + random.choice([-1, 0, 0, 0, 0, 0, 0, 0, 0, 1], LINES), 0)
    frame = pl.DataFrame(
        {"day_key": day, "rule": np.where(day % 3 == 0, "ama", "cms"), "code": code, "minutes": minutes,
         "billed_units": billed, "seq": seq}
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    frame[random.permutation(LINES)].write_parquet(folder / "draft.parquet")
    (folder / "draft.parquet").rename(folder / "lines.parquet")


def judge(folder: Path) -> None:
    """Count, compare with what was billed, write the codes that differ, and print what was seen."""
    import polars as pl

    from everyunit.audit import count_units
    from everyunit.rulebook import Book

    began = time.perf_counter()
    counted = count_units(pl.scan_parquet(folder / "lines.parquet"), Book.load().codes())
    differs = counted.filter(pl.col("billed_units") != pl.col("earned_units"))
    differs.sink_parquet(folder / "differs.parquet")
    over = pl.col("billed_units") > pl.col("earned_units")
    found = pl.scan_parquet(folder / "differs.parquet").select(over=over.sum(), under=(~over).sum()).collect()
    lines = pl.scan_parquet(folder / "lines.parquet").select(pl.len(), days=pl.col("day_key").n_unique()).collect()
    told = {**found.row(0, named=True), "lines": lines["len"][0], "days": lines["days"][0]}
    print(json.dumps({**told, "seconds": time.perf_counter() - began}))


def main() -> int:
    """`python -m bench.audit` prints the rows; `make FOLDER` and `judge FOLDER` are its two processes."""
    if len(sys.argv) == 3:
        {"make": make, "judge": judge}[sys.argv[1]](Path(sys.argv[2]))
        return 0
    for row in rows():
        print(row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
