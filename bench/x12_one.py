"""Read one X12 file, or each file of a folder, to tables in a process of its own: `python -m bench.x12_one PATH`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from everyunit.x12 import Totals, read_file


def main() -> None:
    """Print seconds and the summary's counts as JSON."""
    given = Path(sys.argv[1])
    paths = sorted(given.iterdir()) if given.is_dir() else [given]
    began = time.perf_counter()
    totals = Totals(sys.argv[1])
    for path in paths:
        for batch in read_file(path, "bench"):
            totals.take(batch)
    seconds = time.perf_counter() - began
    print(
        json.dumps(
            {"seconds": seconds, "problems": totals.problem_count, "sent": totals.sent, "paid": totals.decided}
        )
    )


if __name__ == "__main__":
    main()
