"""`make bench`: every figure in one table, with the machine it was measured on. Name parts to run only those."""

from __future__ import annotations

import importlib
import os
import platform
import sys

from rich.console import Console
from rich.table import Table

PARTS = ("x12", "audit", "checks", "scrub", "notes", "job", "page", "owed", "paid")


def main() -> int:
    """Run the parts named on the command line (all of them when none is named) and print what was measured."""
    console = Console(width=118)
    wanted = [part for part in PARTS if not sys.argv[1:] or part in sys.argv[1:]]
    shown = Table(title=f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}")
    for heading in ("what", "figure", "aim", "held", "note"):
        shown.add_column(heading, overflow="fold")
    missed = 0
    for part in wanted:
        console.print(f"measuring {part} ...", style="dim")
        for row in importlib.import_module(f"bench.{part}").rows():
            missed += row.get("held") is False
            held = {True: "yes", False: "NO", None: ""}[row.get("held")]
            shown.add_row(row["what"], row["figure"], row.get("aim", ""), held, row.get("note", ""))
    console.print(shown)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
