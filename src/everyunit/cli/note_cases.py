"""`everyunit note-cases`: what people answered on readings, as cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from everyunit.cli.show import OTHERS


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("note-cases")(note_cases)


def note_cases(
    home: Annotated[Path, typer.Option(help="Folder of the ledger.")],
    out: Annotated[Path, typer.Option(help="file for the cases, one a line; it bears the notes' text")],
    replace: Annotated[bool, typer.Option("--replace", help=OTHERS)] = False,
) -> None:
    """Write the notes that people answered (right, or wrong because) as labelled cases."""
    from everyunit.services.earlier import json_lines_with, refuse_other
    from everyunit.services.note_answers import CASE, cases, holds
    from everyunit.services.private import write_private

    refuse_other(out, json_lines_with(CASE), replace)
    made = list(cases(home))
    lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in made)
    write_private(out, lines.encode(), replace=True)
    true = sum(map(holds, made))
    typer.echo(f"{len(made)} cases written to {out}; the reader says of {true} what people said of them")
