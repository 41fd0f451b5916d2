"""The remittances of a million claims: every sum proved, reversals and recoupments paired, deposits matched."""

from __future__ import annotations

import json
import shutil
from typing import Any

from bench.measure import EVERYUNIT, WORK, practice, run
from bench.owed import VISITS


def rows() -> list[dict[str, Any]]:
    """Wall time and peak memory of `remits` worked out anew, and of `deposits` that reads what it kept."""
    folder, done = WORK / f"home-owed-{VISITS}", WORK / f"home-owed-{VISITS}.made"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        run(EVERYUNIT, "import", str(practice(VISITS)), "--home", str(folder))
        done.touch()
    for kept in folder.glob("derived/*/receivables"):
        shutil.rmtree(kept)
    proved = run(EVERYUNIT, "remits", "--home", str(folder), "--json")
    banked = run(EVERYUNIT, "deposits", "--home", str(folder), "--json")
    told = json.loads(proved.out)["totals"]
    matched = json.loads(banked.out)["totals"]["payments"]["matched"]["rows"]
    return [
        {
            "what": f"proofs, reversals and deposits of {told['claims']:,} decided claims",
            "figure": f"{proved.seconds:.1f} s, {proved.peak_mb:,.0f} MB",
            "note": f"{told['proved']:,} of {told['remits']:,} remittances prove themselves",
        },
        {
            "what": "deposits, from what is kept",
            "figure": f"{banked.seconds:.1f} s, {banked.peak_mb:,.0f} MB",
            "note": f"{matched:,} payments matched",
        },
    ]
