"""Shared by commands: tables and progress on the console. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from everyunit.errors import harmless

if TYPE_CHECKING:
    from rich.table import Table


OTHERS = "Write over a file that is no earlier result of this command."


def path_named(text: str) -> Path:
    """The path a person named. UsageError for an empty one."""
    from everyunit.services.places import named

    return Path(named(str(text)))


def note(line: str) -> None:
    """One line to stderr: progress or a remark."""
    typer.echo(_lines(line), err=True)


def _lines(text: str) -> str:
    """Several lines of which each is harmless."""
    return "\n".join(harmless(line) for line in text.split("\n"))


def table(title: str, columns: Sequence[str], numbers: Sequence[str] = ()) -> Table:
    """An empty table; the columns named in `numbers` are right aligned."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    class Plain(Table):
        """A table whose cells are text: no markup in them is obeyed, and nothing steers the terminal."""

        def add_row(self, *cells: Any, **how: Any) -> None:
            super().add_row(*(Text(_lines(cell)) if isinstance(cell, str) else cell for cell in cells), **how)

    made = Plain(title=title or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        made.add_column(
            name, justify="right" if name in numbers else "left", no_wrap=name in numbers, overflow="fold"
        )
    return made


def show(*parts: Any) -> None:
    """Print tables or text to stdout, as wide as the terminal (100 columns where there is none)."""
    from rich.console import Console

    width = shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100
    console = Console(file=sys.stdout, width=width, highlight=False, soft_wrap=False)
    for part in parts:
        console.print(_lines(part), markup=False) if isinstance(part, str) else console.print(part)
