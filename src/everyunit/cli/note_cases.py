"""`everyunit note-cases`: what people answered on readings, as cases, and whether the reader holds to them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from everyunit.cli.show import OTHERS
from everyunit.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("note-cases")(note_cases)


def note_cases(
    home: Annotated[Path | None, typer.Option(help="Folder of the ledger.", show_default=False)] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="file for the cases, one a line; it bears the notes' text", show_default=False),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help=OTHERS)] = False,
    check: Annotated[
        str, typer.Option(metavar="FILE|-", help="a file of cases to hold the reader against", show_default=False)
    ] = "",
) -> None:
    """Write the notes that people answered (right, or wrong because) as labelled cases, or check a file of them.

    With --check: each case that the present reader answers otherwise, and exit 1 where there is one.
    """
    if check and not (home or out):
        _check(check)
    elif home and out and not check:
        _write(home, out, replace)
    else:
        raise UsageError("Nothing to do is named.", remedy="Give --home DIR --out FILE, or --check FILE alone.")


def _write(home: Path, out: Path, replace: bool) -> None:
    from everyunit.services.earlier import json_lines_with, refuse_other
    from everyunit.services.note_cases import CASE, cases, holds
    from everyunit.services.private import write_private

    refuse_other(out, json_lines_with(CASE), replace)
    made = list(cases(home))
    lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in made)
    write_private(out, lines.encode(), replace=True)
    true = sum(map(holds, made))
    typer.echo(f"{len(made)} cases written to {out}; the reader says of {true} what people said of them")


def _check(source: str) -> None:
    from everyunit.services.note_cases import departures, read_cases
    from everyunit.services.plain_input import lines, opened, shown_as

    with opened(source, "a file of cases") as stream:
        made = read_cases(lines(stream, source), shown_as(source))
    told = {number: said for number, case in enumerate(made, start=1) if (said := departures(case))}
    for number, said in told.items():
        for sentence in said:
            typer.echo(f"{made[number - 1]['id']} (case {number}): {sentence}")
    typer.echo(f"{len(made) - len(told)} of {len(made)} cases hold")
    if told:
        raise typer.Exit(1)
