"""`everyunit notes`: a file of notes read, one answer a line."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from everyunit.cli.show import OTHERS
from everyunit.errors import Unreadable, UsageError

if TYPE_CHECKING:
    from everyunit.services.read_notes import Taken


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("notes")(notes)


def notes(
    source: Annotated[str, typer.Argument(metavar="IN.jsonl", help="one note a line, as JSON (- for stdin)")],
    out: Annotated[Path | None, typer.Option(help="file for the answers (stdout when absent)")] = None,
    replace: Annotated[bool, typer.Option("--replace", help=OTHERS)] = False,
) -> None:
    """Read notes: what was done, the code its words carry, passages, what is documented, and findings."""
    from everyunit.services.plain_input import lines, opened, shown_as
    from everyunit.services.read_notes import Taken, read_lines

    shown = shown_as(source)
    if out and source != "-" and out.resolve() == Path(source).resolve():
        raise UsageError("The answers would stand in place of the notes.", remedy="Name another file with --out.")
    taken = Taken()
    with opened(source, "a file of notes") as stream, _target(out, replace) as target:
        for answer in read_lines(lines(stream, source), taken):
            target.write(json.dumps(answer) + "\n")
        _told(taken, shown)


def _told(taken: Taken, shown: str) -> None:
    for problem in taken.problems:
        typer.echo(f"{shown} {problem}", err=True)
    for remark in taken.remarks():
        typer.echo(f"{shown} {remark}", err=True)
    if not taken.read:
        raise Unreadable("no note could be read.", place=shown, remedy="Write one note a line: id, discipline, note.")
    typer.echo(f"{taken.read} notes read", err=True)


@contextmanager
def _target(out: Path | None, replace: bool) -> Iterator[TextIO]:
    """Where the answers go; a file that stands there changes only once all of them are written."""
    if out is None:
        yield sys.stdout
        return
    from everyunit.services.earlier import json_lines_with, refuse_other
    from everyunit.services.private import private_draft
    from everyunit.services.read_notes import ANSWER

    refuse_other(out, json_lines_with(ANSWER), replace)
    with private_draft(out) as draft:
        text = io.TextIOWrapper(draft, encoding="utf-8", write_through=True)
        yield text
        text.detach()
