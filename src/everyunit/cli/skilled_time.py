"""`everyunit skilled-time`: where the minutes of the notes went, by clinician and clinic."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("skilled-time")(skilled_time)


def skilled_time(
    home: Annotated[Path, typer.Option(help="Folder of the ledger.")],
    clinic: Annotated[str, typer.Option(help="only this clinic")] = "",
    clinician: Annotated[str, typer.Option(help="only this clinician's NPI")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Read every note and show face-to-face minutes: counted, countable, not countable, with dollars both ways."""
    from dataclasses import asdict

    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    from everyunit.money import dollars
    from everyunit.services.audit import audit
    from everyunit.services.skilled_time import skilled_time as ledger

    def say(words: str) -> None:
        sys.stderr.write(f"{words}\n")

    audit(home, say=say)
    found = ledger(home, clinic, clinician, say)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
        return
    console = Console()
    table = Table(title=f"{found.notes:,} notes, minutes", title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0))
    heads = ("clinician", "clinic", "in all", "counted", "open", "rest", "gain", "back")
    for head in heads:
        table.add_column(head, justify="left" if head in heads[:2] else "right", no_wrap=head in heads[2:])
    for row in [*found.rows[:30], {"clinician_npi": "all", "clinic": "", **found.totals}]:
        if "notes" in row:
            table.add_row(
                row["clinician_npi"] or "–", row["clinic"], f"{row['session_minutes']:,}",
                f"{row['counted_minutes']:,}", f"{row['countable_minutes']:,}", f"{row['not_countable_minutes']:,}",
                dollars(row["gain_cents"], sign=True), dollars(row["back_cents"], sign=True),
            )  # fmt: skip
    console.print(table)
    console.print("In all: face to face. Open: skilled, not counted, countable. Rest: does not count.")
    console.print("Missing in notes: " + ", ".join(f"{name} {number:,}" for name, number in found.missing))
    for alarm in found.alarms:
        typer.echo(f"{alarm['clinician_npi']}: the mix of codes rose faster than the words, {alarm['month']}.")
