"""`everyunit note-cases`: what people answered on readings, as cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("note-cases")(note_cases)


def note_cases(
    home: Annotated[Path, typer.Option(help="Folder of the ledger.")],
    out: Annotated[Path, typer.Option(help="file for the cases, one a line; it bears the notes' text")],
) -> None:
    """Write the notes that people answered (right, or wrong because) as labelled cases."""
    from everyunit.services.note_answers import cases

    made = list(cases(home))
    out.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in made), encoding="utf-8")
    typer.echo(f"{len(made)} cases written to {out}")
