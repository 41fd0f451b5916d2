"""Every check on a million visits: one `everyunit audit` of a whole ledger, judged anew."""

from __future__ import annotations

from typing import Any

from bench.measure import EVERYUNIT, home, run

VISITS = 1_000_000
SECONDS, MEGABYTES = 60, 4096


def rows() -> list[dict[str, Any]]:
    """Wall time and peak memory of the audit alone; the ledger is made once and kept."""
    measured = run(EVERYUNIT, "audit", "--home", str(home(VISITS)), "--again")
    return [
        {
            "what": f"all checks, {VISITS:,} visits",
            "figure": f"{measured.seconds:.1f} s, {measured.peak_mb:,.0f} MB",
            "aim": f"{SECONDS} s, {MEGABYTES:,} MB",
            "held": measured.seconds <= SECONDS and measured.peak_mb <= MEGABYTES,
        }
    ]
