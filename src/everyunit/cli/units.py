"""`everyunit units`: minutes to units by hand or for a whole file."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from everyunit.errors import Unreadable, UsageError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("units")(units)


def units(
    given: Annotated[
        list[str] | None, typer.Argument(help="CODE=MINUTES, such as 97110=33", show_default=False)
    ] = None,
    rule: Annotated[str, typer.Option(help="cms pools the day, ama counts each code alone")] = "",
    batch: Annotated[Path | None, typer.Option(help="CSV file (- for stdin): case_id, rule, code, minutes")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Count the units that minutes earn, with the proof."""
    if batch and (given or rule):
        raise UsageError("--batch stands alone.", remedy="The file names rule and minutes of each case.")
    if batch:
        _batch(str(batch), as_json)
        return
    if not rule:
        raise UsageError(
            "--rule is missing.", remedy="Write --rule cms (pooled day) or --rule ama (each code alone)."
        )
    _by_hand(rule, given or [], as_json)


def _by_hand(rule: str, given: list[str], as_json: bool) -> None:
    from everyunit.services.units import by_hand, rule_name

    counted, entry = by_hand(rule, given)
    if as_json:
        body = {
            "rule": rule_name(rule), "units": counted.units, "total": counted.total,
            "timed_total": counted.timed_total, "tied": list(counted.tied), "steps": counted.steps,
            "source": entry.source, "checked": entry.checked,
        }  # fmt: skip
        typer.echo(json.dumps(body))
        return
    for code, number in counted.units.items():
        typer.echo(f"{code:<8}{number:>4}")
    typer.echo(f"{'total':<8}{counted.total:>4}\n")
    for step in counted.steps:
        typer.echo(f"  {step}")
    typer.echo(f"\nBook: {entry.source} ({'checked' if entry.checked else 'not checked'})")


def _batch(name: str, as_json: bool) -> None:
    from everyunit.services.plain_input import opened_text, shown_as
    from everyunit.services.units import count_batch, read_batch

    shown = shown_as(name)
    with opened_text(name, "a CSV file") as lines:
        batch = read_batch(lines, shown)
    for problem in batch.problems:
        typer.echo(f"{shown} {problem}", err=True)
    if batch.left_out:
        typer.echo(f"{shown}: {batch.left_out} cases are not counted because of such rows.", err=True)
    if batch.problems and batch.left_out == len(batch.cases):
        raise Unreadable("no case could be read.", place=shown, remedy="Mend the rows named above.")
    if as_json:
        for case_id, counted in count_batch(batch):
            row = {"case_id": case_id, "units": counted.units, "total": counted.total, "tied": list(counted.tied)}
            typer.echo(json.dumps(row))
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("case_id", "code", "units", "tie"))
    for case_id, counted in count_batch(batch):
        tie = int(bool(counted.tied))
        writer.writerows((case_id, code, number, tie) for code, number in counted.units.items())
