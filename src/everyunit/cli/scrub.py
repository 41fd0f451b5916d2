"""`everyunit scrub`: claims before they are sent."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from everyunit.errors import HELD, USAGE, harmless

if TYPE_CHECKING:
    from rich.console import Console

_SHOWN = 40
_STYLE = {"pass": "green", "fix": "yellow", "hold": "red"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("scrub")(scrub)


def scrub(
    file: Annotated[Path, typer.Argument(help="837 about to be sent, or a zip of them", show_default=False)],
    home: Annotated[Path | None, typer.Option(help="Folder of the ledger: the record and the year so far.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a file.")] = False,
) -> None:
    """Judge claims before they are sent: pass, fix or hold, with reasons. Exit 1 when something must be held."""
    from rich.console import Console

    from everyunit.services.scrub import scrub as scrub_file

    if not file.is_file():
        sys.stderr.write(f"everyunit: {harmless(str(file))}: there is no such file. Check the name.\n")
        raise typer.Exit(USAGE)
    console = Console()
    found = scrub_file(file, home)
    for result in found:
        if as_json:
            typer.echo(json.dumps(result.as_dict()))
        else:
            _show(console, result)
    if any(result.count("hold") or result.problems for result in found):
        raise typer.Exit(HELD)


def _show(console: Console, result: Any) -> None:
    """One file: how many of each verdict, then every claim that does not simply pass."""
    from rich.markup import escape

    from everyunit.money import dollars

    counts = ", ".join(f"{result.count(verdict):,} {verdict}" for verdict in _STYLE)
    console.print(
        f"[bold]{escape(harmless(result.name))}[/bold]  {len(result.claims):,} claims: {counts}", soft_wrap=True
    )
    told = [claim for claim in result.claims if claim.reasons]
    for claim in told[:_SHOWN]:
        style = _STYLE[claim.verdict]
        head = (
            f"[{style}]{claim.verdict}[/{style}]  {escape(harmless(claim.claim_id))}  {dollars(claim.charge_cents)}"
        )
        console.print(head, highlight=False, soft_wrap=True)
        for reason in claim.reasons:
            place = f"line {reason.line}: " if reason.line else ""
            console.print(f"  {place}{escape(reason.message)}", highlight=False, soft_wrap=True)
            console.print(f"    [dim]{escape(reason.fix)}[/dim]", highlight=False, soft_wrap=True)
            if not reason.checked:
                basis = f"    [dim]Book: {escape(reason.source)} (not checked)[/dim]"
                console.print(basis, highlight=False, soft_wrap=True)
    if len(told) > _SHOWN:
        console.print(f"and {len(told) - _SHOWN:,} more; --json lists them", highlight=False)
    for problem in result.problems[:_SHOWN]:
        place = f"segment {problem['segment']}: " if problem["segment"] else ""
        console.print(f"  {place}{escape(harmless(problem['message']))}", soft_wrap=True)
