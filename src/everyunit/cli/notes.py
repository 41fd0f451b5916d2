"""`everyunit notes`: a file of notes read, one answer a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from everyunit.errors import Unreadable, UsageError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("notes")(notes)


def notes(
    source: Annotated[str, typer.Argument(metavar="IN.jsonl", help="one note a line, as JSON (- for stdin)")],
    out: Annotated[str, typer.Option(help="file for the answers (stdout when absent)")] = "",
) -> None:
    """Read notes: what was done, the code its words carry, passages, what is documented, and findings."""
    from everyunit.services.read_notes import Taken, read_lines

    shown = "stdin" if source == "-" else source
    if out and source != "-" and Path(out).resolve() == Path(source).resolve():
        raise UsageError("The answers would stand in place of the notes.", remedy="Name another file with --out.")
    if source == "-" and sys.stdin is None:
        raise Unreadable("there is no stdin.", remedy="Name a file of notes that is there.")
    taken = Taken()
    try:
        place: str | int = sys.stdin.fileno() if source == "-" else source
        with open(place, "rb", closefd=source != "-") as lines, _target(out) as target:
            for answer in read_lines(lines, taken):
                target.write(json.dumps(answer) + "\n")
    except FileNotFoundError:
        raise UsageError(
            "This path does not exist.", place=shown, remedy="Check both paths and run it again."
        ) from None
    except OSError as error:
        raise Unreadable(f"{error.strerror}.", place=shown, remedy="Name a file of notes that is there.") from None
    for problem in taken.problems:
        typer.echo(f"{shown} {problem}", err=True)
    if not taken.read:
        raise Unreadable("no note could be read.", place=shown, remedy="Write one note a line: id, discipline, note.")
    typer.echo(f"{taken.read} notes read", err=True)


@contextmanager
def _target(out: str) -> Iterator[TextIO]:
    if not out:
        yield sys.stdout
        return
    with Path(out).open("w", encoding="utf-8") as file:
        yield file
