"""A million claims and their remittances in a ledger, to the whole picture of denials, aging and forecast."""

from __future__ import annotations

import json
import shutil
from typing import Any

from bench.measure import EVERYUNIT, WORK, practice, run

VISITS = 1_160_000  # of which a little more than a million were kept and charged
AIM_SECONDS = 60


def rows() -> list[dict[str, Any]]:
    """Wall time and peak memory of the import, of the picture worked out anew, and of what reads it then."""
    folder, done = WORK / f"home-owed-{VISITS}", WORK / f"home-owed-{VISITS}.made"
    made = []
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        taken = run(EVERYUNIT, "import", str(practice(VISITS)), "--home", str(folder))
        made.append({"what": f"import, {VISITS:,} visits", "figure": _figure(taken)})
        done.touch()
    for kept in folder.glob("derived/*/owed"):
        shutil.rmtree(kept)
    anew = run(EVERYUNIT, "denials", "--home", str(folder), "--json")
    aged = run(EVERYUNIT, "aging", "--home", str(folder))
    told = json.loads(anew.out)["totals"]
    together = anew.seconds + aged.seconds
    return [
        *made,
        {
            "what": f"denials and aging of {told['claims']:,} claims", "figure": _figure(anew, aged),
            "aim": f"{AIM_SECONDS} s", "held": together <= AIM_SECONDS and told["claims"] >= 1_000_000,
            "note": f"{told['open']:,} denials open, {told['overturned']:,} overturned; every cent in a bucket",
        },
    ]  # fmt: skip


def _figure(*measured: Any) -> str:
    seconds = sum(one.seconds for one in measured)
    return f"{seconds:.1f} s, {max(one.peak_mb for one in measured):,.0f} MB"
