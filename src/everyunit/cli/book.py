"""`everyunit book`: what the rule book says, on which days, and where it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

_SHOWN = 20
book = typer.Typer(help="Look things up in the rule book.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    app.add_typer(book, name="book")


@book.command()
def show(
    key: Annotated[str, typer.Argument(help="such as codes.97110, fees.97140.06102.15, payers.medicare")],
    on: Annotated[str, typer.Option(help="day of service, 2026-03-12; today when left out")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """What the book said about KEY that day, and why."""
    from everyunit.days import iso, words
    from everyunit.services.book import show as look_up

    value, day = look_up(key, on)
    if as_json:
        typer.echo(json.dumps({**value.as_dict(), "on": iso(day)}))
        return
    typer.echo(f"{value.key} on {words(day)}")
    for name, said in _lines(value.value):
        typer.echo(f"  {name:<18}{said}" if name else f"  {said}")
    typer.echo(f"  {'counted in':<18}{value.unit}")
    typer.echo(f"  {'source':<18}{value.source}")
    typer.echo(f"  {'in force':<18}{words(value.first_day)} to {words(value.last_day)}")
    typer.echo(f"  {'checked':<18}{'yes' if value.checked else 'no'}")
    if value.note:
        typer.echo(f"  {'note':<18}{value.note}")


@book.command()
def keys(
    prefix: Annotated[str, typer.Argument(help="beginning of the keys wanted, such as codes")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """List the keys that `show` answers; fees take .CONTRACTOR.LOCALITY behind the code."""
    from everyunit.services.book import keys as list_keys

    found = list_keys(prefix)
    typer.echo(json.dumps(found) if as_json else "\n".join(found))


@book.command()
def kinds(as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False) -> None:
    """List the kinds of findings: which way each runs, who can clear it, and where it stands."""
    from everyunit.services.book import kinds as list_kinds

    found = list_kinds()
    if as_json:
        typer.echo(json.dumps([kind.as_dict() for kind in found]))
        return
    width = max(len(kind.kind) for kind in found) + 2
    for kind in found:
        typer.echo(f"{kind.kind:<{width}}{kind.direction:<10}{kind.owner_role}")
        typer.echo(f"  {kind.meaning}")
        typer.echo(f"  Book: {kind.source} ({'checked' if kind.checked else 'not checked'})\n")


@book.command()
def check(
    on: Annotated[str, typer.Option(help="day to look from, 2026-03-12; today when left out")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="overdue values count as faults")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Look the book through: gaps, overlaps, values overdue for review. Exit 1 when something must be mended."""
    from datetime import date

    from everyunit.errors import HELD
    from everyunit.services.book_changes import check as look_through

    found = look_through(on or date.today())
    if as_json:
        typer.echo(json.dumps(vars(found)))
    else:
        for title, lines in (("To mend", found.faults), ("Overdue for review", found.overdue)):
            typer.echo(f"{title}: {len(lines)}")
            for line in lines[:_SHOWN]:
                typer.echo(f"  {line}")
            if len(lines) > _SHOWN:
                typer.echo(f"  and {len(lines) - _SHOWN} more; --json lists them")
        typer.echo(f"{found.values} values, {len(found.unchecked)} keys not read again in their source.")
    if found.faults or (strict and found.overdue):
        raise typer.Exit(HELD)


@book.command()
def load(
    files: Annotated[list[Path], typer.Argument(help="PPRRVU, GPCI, NCCI pairs, MUE: zip, csv, txt or xlsx")],
    first: Annotated[str, typer.Option("--from", help="first day to hold them for, where a file does not say")] = "",
    last: Annotated[str, typer.Option("--to", help="last day")] = "",
    into: Annotated[Path | None, typer.Option(help="folder of loaded tables; EVERYUNIT_BOOK names it too")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Take official CMS files into the book, as downloaded. Everything is taken, or nothing."""
    from everyunit.services.book_load import load as take

    told, left = take(files, first, last, into)
    if as_json:
        typer.echo(json.dumps({"taken": [vars(table) for table in told], "still_missing": left}))
        return
    for table in told:
        typer.echo(f"{table.sheet}: {table.rows:,} rows for {table.first_day} to {table.last_day} ({table.file})")
        typer.echo(f"  {table.passed:,} rows of codes that the book does not know were passed over")
    typer.echo("Nothing more is missing." if not left else "Still to be brought for those days:")
    for line in left:
        typer.echo(f"  {line}")


@book.command()
def diff(
    one: Annotated[str, typer.Argument(help="earlier day, 2025-12-31")],
    other: Annotated[str, typer.Argument(help="later day, 2026-01-01")],
    prefix: Annotated[str, typer.Option(help="only keys that begin so, such as fees")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """What the book says otherwise on the later day."""
    from everyunit.services.book_changes import diff as compare

    found = compare(one, other, prefix)
    if as_json:
        typer.echo(json.dumps([change.as_dict() for change in found]))
        return
    for change in found:
        sides = [_short(side.value) if side else "no value" for side in (change.before, change.after)]
        typer.echo(f"{change.key}: {sides[0]} -> {sides[1]}")
    typer.echo(f"{len(found)} keys differ.")


def _short(value: Any) -> str:
    return ", ".join(f"{name} {said}" for name, said in _lines(value) if name) or str(value)


def _lines(value: Any) -> list[tuple[str, str]]:
    """A value as lines of name and text; money as dollars, an unknown as a word."""
    if not isinstance(value, dict):
        return [("", str(value))]
    return [_line(name, said) for name, said in value.items()]


def _line(name: str, said: Any) -> tuple[str, str]:
    from everyunit.money import dollars

    if name.endswith("_cents"):
        return name.removesuffix("_cents").replace("_", " "), dollars(said)
    if isinstance(said, bool):
        return name.replace("_", " "), "yes" if said else "no"
    return name.replace("_", " "), "unknown" if said is None else str(said) or "none"
