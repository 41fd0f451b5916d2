"""The main job: import and audit a practice of 200,000 visits."""

from __future__ import annotations

import shutil
from typing import Any

from bench.measure import EVERYUNIT, WORK, practice, run

VISITS = 200_000
AIM_SECONDS = 30


def rows() -> list[dict[str, Any]]:
    """Wall time and peak memory of import and audit, and of both together."""
    folder, fresh = practice(VISITS), WORK / "home-job"
    shutil.rmtree(fresh, ignore_errors=True)
    taken = run(EVERYUNIT, "import", str(folder), "--home", str(fresh))
    judged = run(EVERYUNIT, "audit", "--home", str(fresh))
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    together = taken.seconds + judged.seconds
    return [
        {"what": f"import, {VISITS:,} visits, {size / 1e6:.0f} MB", "figure": _figure(taken)},
        {"what": f"audit, {VISITS:,} visits", "figure": _figure(judged)},
        {
            "what": "import and audit",
            "figure": f"{together:.1f} s",
            "aim": f"{AIM_SECONDS} s",
            "held": together <= AIM_SECONDS,
        },
    ]


def _figure(measured: Any) -> str:
    return f"{measured.seconds:.1f} s, {measured.peak_mb:.0f} MB"
