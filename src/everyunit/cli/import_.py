"""`everyunit import`: take in what a practice has."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from everyunit.cli.show import path_named

if TYPE_CHECKING:
    from everyunit.services.take_in import Progress

LISTED = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(import_)


def import_(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Files, folders or zips.", parser=path_named)
    ],
    home: Annotated[
        Path,
        typer.Option(
            "--home", help="Folder of the ledger; made where it is missing.", metavar="<path>", parser=path_named
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a file, then what is unlinked.")] = False,
) -> None:
    """Take in claims, remittances, visits, services and notes; print a receipt for each file."""
    from everyunit.cli.show import note
    from everyunit.errors import Unreadable
    from everyunit.services.take_in import not_linked, take_in

    got = unread = 0
    with _bar() as progress:
        for receipt in take_in(paths, home, progress):
            got += receipt["status"] in ("taken", "held")
            unread += receipt["status"] == "unread"
            typer.echo(json.dumps(receipt) if as_json else _words(receipt))
    if not got:
        raise Unreadable(
            "None of these files could be taken in.",
            place=", ".join(path.name for path in paths[:3]),
            remedy="The receipts say why for each; bring X12 files, visits.csv, services.csv or notes.jsonl.",
        )
    left = not_linked(home)
    typer.echo(json.dumps({"unlinked": left}) if as_json else _unlinked(left))
    if unread:
        note(f"{_many(unread, 'file was', 'files were')} not read; the receipts say why.")


@contextmanager
def _bar() -> Iterator[Progress | None]:
    """A progress bar on stderr where a person looks on."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from everyunit.errors import harmless

    shown = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*shown, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("import")

        def show(name: str, done: int, whole: int) -> None:
            bar.update(task, description=escape(harmless(name)), completed=done, total=whole)

        yield show


def _words(receipt: dict[str, Any]) -> str:
    from everyunit.errors import harmless

    said = {"taken": "taken in", "held": "held already", "skipped": "skipped", "unread": "not read"}
    lines = [f"{receipt['file']}: {said[receipt['status']]}"]
    rows = ", ".join(f"{count:,} {name}" for name, count in sorted(receipt["rows"].items()))
    lines += [f"  {rows}"] if rows else []
    lines += [f"  {word}" for word in receipt["words"]]
    if receipt["repeated"]:
        stand = _many(receipt["repeated"], "row stands", "rows stand")
        lines.append(f"  {stand} twice in the file and {'counts' if receipt['repeated'] == 1 else 'count'} once")
    lines += _refused(receipt) + _problems(receipt["problems"])
    return "\n".join(map(harmless, lines))  # a line end in a name would part it into lines of its own


def _refused(receipt: dict[str, Any]) -> list[str]:
    if not receipt["refused"]:
        return []
    rest = "; the others are in" if any(receipt["rows"].values()) else ""
    lines = [f"  {_many(receipt['refused'], 'row', 'rows')} refused{rest}"]
    for one in receipt["refusals"][:LISTED]:
        column = f", {one['column']}" if one["column"] else ""
        seen = f" ({one['seen']})" if one["seen"] else ""
        lines.append(f"    row {one['row']}{column}: {one['message']}{seen}. {one['remedy']}")
    if receipt["refused"] > LISTED:
        lines += [
            f"    and more: {_many(count, 'time', 'times')} {reason}" for reason, count in receipt["reasons"].items()
        ]
    return lines


def _problems(problems: list[dict[str, Any]]) -> list[str]:
    if not problems:
        return []
    lines = [f"  {_many(len(problems), 'fault', 'faults')} in the file; what could be read is in"]
    for one in problems[:LISTED]:
        place = f"segment {one['segment']}: " if one["segment"] else ""
        lines.append(f"    {place}{one['message']}")
    return lines + (["    and more"] if len(problems) > LISTED else [])


def _many(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


_UNLINKED = {
    "visits_without_their_claim": ("visit names a claim", "visits name a claim", " that was not brought"),
    "claims_without_visit": ("claim has", "claims have", " no visit"),
    "services_without_visit": ("service has", "services have", " no visit"),
    "notes_without_visit": ("note has", "notes have", " no visit"),
    "remit_claims_without_claim": (
        "decision in remittances is", "decisions in remittances are", " about a claim that was not brought",
    ),
    "remit_lines_without_line": (
        "line of remittances fits", "lines of remittances fit", " no billed line, or more than one",
    ),
}  # fmt: skip


def _unlinked(left: dict[str, int]) -> str:
    lines = []
    for name, count in left.items():
        one, several, rest = _UNLINKED[name]
        lines += [f"  {_many(count, one, several)}{rest}"] if count else []
    whole = "Every visit, service, note, claim and line of a remittance finds its other half."
    return "\n".join(["Not linked, and not guessed:", *lines]) if lines else whole
