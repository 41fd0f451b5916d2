"""`everyunit x12`: X12 files into Parquet tables, with what is in each and what is wrong with it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from everyunit.cli.show import OTHERS, path_named
from everyunit.errors import UNREADABLE, USAGE, harmless

if TYPE_CHECKING:
    from rich.console import Console

_PROBLEMS_SHOWN = 8


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("x12")(x12)


def x12(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="X12 files, zips of them, or folders", show_default=False, metavar="files", parser=path_named
        ),
    ],
    out: Annotated[Path | None, typer.Option(help="folder for one Parquet file per table")] = None,
    replace: Annotated[bool, typer.Option("--replace", help=OTHERS)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line per file")] = False,
) -> None:
    """Read X12 files: what is in them, what is wrong with them, and every segment as tables."""
    from rich.console import Console

    from everyunit.services.read_x12 import read_x12

    for path in files:
        if not path.exists():
            said = f"everyunit: {path}: it does not exist. Check the name of the file or folder."
            sys.stderr.write(f"{harmless(said)}\n")
            raise typer.Exit(USAGE)
    console = Console()
    read = 0
    for found in read_x12(files, out, replace):
        if found.refused:
            sys.stderr.write(f"everyunit: {harmless(found.refused)}\n")
        else:
            read += 1
        if found.summary is None:
            continue
        if as_json:
            typer.echo(json.dumps(found.summary))
        else:
            _show(console, found.summary)
    if not as_json and out is not None and read:
        console.print(f"Tables are in {out}", highlight=False, soft_wrap=True)
    if not read:
        raise typer.Exit(UNREADABLE)


def _show(console: Console, summary: dict[str, Any]) -> None:
    """One file as a small table, its problems beneath."""
    from rich.markup import escape
    from rich.table import Table

    from everyunit.money import dollars

    kinds = ", ".join(f"{count} x {kind or 'unnamed'}" for kind, count in summary["transactions"].items())
    console.print(
        f"[bold]{escape(harmless(summary['file']))}[/bold]  {kinds or 'no transaction'}",
        highlight=False,
        soft_wrap=True,
    )
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("", "claims", "lines", "charged", "paid"):
        table.add_column(heading, justify="left" if not heading else "right")
    for kind in ("837", "835"):
        if held := summary.get(kind):
            paid = dollars(held["paid_cents"]) if "paid_cents" in held else ""
            counts = (f"{held['claims']:,}", f"{held['lines']:,}")
            table.add_row(kind, *counts, dollars(held["charge_cents"]), paid)
    if table.row_count:
        console.print(table)
    for problem in summary["problems"][:_PROBLEMS_SHOWN]:
        console.print(
            f"  segment {problem['segment']}: {escape(harmless(problem['message']))}", highlight=False, soft_wrap=True
        )
    if (more := len(summary["problems"]) - _PROBLEMS_SHOWN) > 0:
        console.print(
            f"  and {more:,} more; --json lists them, and so does the table problems", highlight=False, soft_wrap=True
        )
