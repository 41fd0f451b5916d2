"""Read one X12 file to tables in a process of its own: `python -m bench.x12_one FILE [drop]`."""

from __future__ import annotations

import json
import sys
import time

from everyunit.x12 import Totals, read_file


def main() -> None:
    """Print seconds and the summary's counts as JSON."""
    began = time.perf_counter()
    totals = Totals(sys.argv[1])
    for batch in read_file(sys.argv[1], "bench"):
        totals.take(batch)
    seconds = time.perf_counter() - began
    print(
        json.dumps(
            {"seconds": seconds, "problems": totals.problem_count, "sent": totals.sent, "paid": totals.decided}
        )
    )


if __name__ == "__main__":
    main()
