"""`everyunit sample OUT`: a make-believe practice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def sample(
        out: Annotated[Path, typer.Argument(help="Folder to write to: new, empty, or an earlier sample.")],
        visits: Annotated[int, typer.Option(help="Scheduled visits.", min=1)] = 4_000,
        seed: Annotated[int, typer.Option(help="Another seed, another practice; the same seed, the same bytes.")] = 1,
        clean: Annotated[bool, typer.Option("--clean", help="Plant nothing: a practice with nothing wrong.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of words.")] = False,
    ) -> None:
        """Write a believable practice with planted leaks (truth.csv) to try things on. Nobody in it exists."""
        from rich.console import Console
        from rich.progress import Progress

        from everyunit.services.make_sample import make_sample

        with Progress(console=Console(stderr=True), disable=not Console(stderr=True).is_terminal) as bar:
            task = bar.add_task("Visits", total=visits)
            made = make_sample(
                out, visits=visits, seed=seed, clean=clean, progress=lambda done: bar.update(task, completed=done)
            )
        leaks = sum(made.leaks.values())
        if as_json:
            told = {
                "out": out.as_posix(), "visits": made.visits, "kept": made.kept, "clinics": made.clinics,
                "seed": seed, "leaks": made.leaks, "notes_told_otherwise": made.retold,
            }  # fmt: skip
            typer.echo(json.dumps(told))
            return
        typer.echo(
            f"{made.visits:,} visits at {made.clinics} clinics, {made.kept:,} of them kept, {leaks:,} with a planted "
            f"leak (truth.csv); {made.retold:,} notes tell otherwise than record and claim (truth_notes.csv).\n"
            f"Next: everyunit import {out.as_posix()} --home HOME"
        )
