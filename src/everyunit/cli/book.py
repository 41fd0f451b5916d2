"""`everyunit book`: what the rule book says, on which days, and where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from everyunit.services.book_changes import Checked, Group

_SHOWN = 20
_SOURCES, _WORTH_A_LINE = 3, 5  # sources shown of a table, and the keys that earn one its line
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
    every: Annotated[bool, typer.Option("--all", help="each overdue key by itself")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Look the book through: gaps, overlaps, values overdue for review. Exit 1 when something must be mended."""
    from datetime import date

    from everyunit.errors import HELD
    from everyunit.services.book_changes import check as look_through

    found = look_through(on or date.today())
    if as_json:
        typer.echo(json.dumps(found.as_dict()))
    else:
        for line in _checked(found, every):
            typer.echo(line)
    if found.faults or (strict and found.overdue):
        raise typer.Exit(HELD)


def _checked(found: Checked, every: bool) -> Iterator[str]:
    yield f"To mend: {len(found.faults)}"
    yield from (f"  {line}" for line in found.faults)
    yield f"Overdue for review: {len(found.overdue):,} keys" + (
        f", {len(found.groups)} sources" if found.groups else ""
    )
    if every:
        yield from (f"  {line}" for line in found.overdue)
    else:
        yield from _by_table(found.groups)
        yield from ["  --all lists each key; --json every source"] if found.groups else []
    if found.loaded:
        yield f"Loaded: {len(found.loaded)} tables"
        yield from (f"  {line}" for line in found.loaded)
        yield f"Laid over other values for the same days: {len(found.overlaid)}"
        yield from _some(found.overlaid, every)
    if found.missing:
        yield "Still to be brought for the days of the fees:"
        yield from (f"  {line}" for line in found.missing)
    yield f"{found.values:,} values, {len(found.unchecked):,} keys not read again in their source."


def _by_table(groups: Sequence[Group]) -> Iterator[str]:
    """Tables by the keys that are overdue, with their largest sources."""
    tables: dict[str, list[Group]] = {}
    for group in groups:
        tables.setdefault(group.table, []).append(group)
    width = max(map(len, tables), default=0)
    for table, ours in sorted(tables.items(), key=lambda one: -sum(group.keys for group in one[1])):
        shown = [group for group in ours if group.keys >= _WORTH_A_LINE][:_SOURCES] if len(ours) > 1 else []
        rest = ours[len(shown) :]
        line = f"  {table:<{width}}  {sum(group.keys for group in ours):>5,}"
        yield line if shown else f"{line} {_ends(rest)}" + (f"  {rest[0].source}" if len(rest) == 1 else "")
        for group in shown:
            yield f"  {'':<{width}}  {group.keys:>5,} {_ends([group])}  {group.source}"
        if rest and shown:
            yield f"  {'':<{width}}  {sum(group.keys for group in rest):>5,} {_ends(rest)}"


def _ends(groups: Sequence[Group]) -> str:
    """When the values of some groups end, and of how many sources they are where of several."""
    first = min(group.last_day for group in groups)
    word = "ended" if any(group.over for group in groups) else "end"
    return f"  {word} on {first}" + (f", {len(groups)} sources" if len(groups) > 1 else "")


def _some(lines: Sequence[str], every: bool = False) -> Iterator[str]:
    """The first lines, and how many more there are."""
    shown = len(lines) if every else _SHOWN
    yield from (f"  {line}" for line in lines[:shown])
    if len(lines) > shown:
        yield f"  and {len(lines) - shown:,} more; `book check --all` lists them"


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

    done = take(files, first, last, into)
    if as_json:
        taken, over = [vars(table) for table in done.taken], [vars(one) for one in done.overlaid]
        typer.echo(json.dumps({"taken": taken, "in_place_of_others": over, "still_missing": done.missing}))
        return
    for table in done.taken:
        typer.echo(f"{table.sheet}: {table.rows:,} rows for {table.first_day} to {table.last_day} ({table.file})")
        if table.passed:
            typer.echo(f"  {table.passed:,} rows of codes that the book does not know were passed over")
    if done.overlaid:
        typer.echo(f"{len(done.overlaid):,} values hold in place of others for the same days:")
        for line in _some([one.sentence() for one in done.overlaid]):
            typer.echo(line)
    typer.echo("Nothing more is missing." if not done.missing else "Still to be brought for those days:")
    for line in done.missing:
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
