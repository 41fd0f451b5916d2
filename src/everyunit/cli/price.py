"""`everyunit price`: what lines are expected to pay, by hand or for a whole file."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from everyunit.errors import Unreadable, UsageError

if TYPE_CHECKING:
    from everyunit.services.price import PricedLine

_HEADING = ("claim_id", "line", "allowed_cents", "medicare_cents", "patient_cents")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("price")(price)


def price(
    given: Annotated[
        list[str] | None, typer.Argument(help="CODE=UNITS[:MODIFIER], 97110=2", show_default=False)
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            help="CSV of lines (- for stdin), a claim_id is one patient's day; deductible_left: what is open, $",
        ),
    ] = None,
    on: Annotated[str, typer.Option(help="day of service, 2026-03-12")] = "",
    mac: Annotated[str, typer.Option(help="Medicare contractor; empty: the national rate")] = "",
    locality: Annotated[str, typer.Option(help="Medicare locality")] = "",
    payer: Annotated[str, typer.Option(help="medicare, or a payer of the home's practice.toml")] = "medicare",
    home: Annotated[Path | None, typer.Option(help="folder of the ledger, for the practice's own fees")] = None,
    trace: Annotated[bool, typer.Option("--trace", help="every step of each price")] = False,
) -> None:
    """Price lines: allowed after the reduction for several procedures, the payer's part, the patient's part."""
    from everyunit.services.practice import practice_at
    from everyunit.services.price import by_hand, rate_words

    practice = practice_at(home)
    if batch:
        if given or on:
            raise UsageError("--batch stands alone.", remedy="The file names day, code and units of each line.")
        _batch(str(batch), practice, trace)
        return
    if not on:
        raise UsageError("--on is missing.", remedy="Write the day of service, --on 2026-03-12.")
    lines = by_hand(given or [], on, mac, locality, payer, practice)
    for found in lines:
        _told(found, trace)
    _sums(lines)
    typer.echo(rate_words(lines[0].line, practice))


def _told(found: PricedLine, trace: bool) -> None:
    from everyunit.money import dollars

    line = found.line
    if found.refusal or found.allowed_cents is None:
        typer.echo(f"{line.code} x {line.units}: no price. {found.refusal}")
        return
    parts = [f"allowed {dollars(found.allowed_cents)}"]
    if found.medicare_cents is not None and found.patient_cents is not None:
        parts += [f"Medicare {dollars(found.medicare_cents)}", f"patient {dollars(found.patient_cents)}"]
        kept = found.allowed_cents - found.medicare_cents - found.patient_cents
        parts += [f"kept back {dollars(kept)} (sequestration, an assistant's share)"] if kept else []
    typer.echo(f"{line.code} x {line.units}: {', '.join(parts)}")
    for step in found.steps if trace else found.doubts:
        typer.echo(f"  {step}")


def _sums(lines: list[PricedLine]) -> None:
    """The day in one line; exit 3 where none of its lines has a price."""
    from everyunit.money import dollars

    priced = [line.allowed_cents for line in lines if not line.refusal and line.allowed_cents is not None]
    if not priced:
        raise typer.Exit(3)
    if len(lines) > 1:
        left = f"; {len(lines) - len(priced)} of {len(lines)} lines have no price" if len(priced) < len(lines) else ""
        typer.echo(f"in all: allowed {dollars(sum(priced))}{left}")


def _batch(name: str, practice: object, trace: bool) -> None:
    from everyunit.services.plain_input import opened_text, shown_as
    from everyunit.services.price import price_batch, read_lines

    shown = shown_as(name)
    with opened_text(name, "a CSV file") as rows:
        lines = read_lines(rows, shown)
    for problem in lines.problems:
        typer.echo(f"{shown} {problem}", err=True)
    if lines.problems and not lines.claims:
        raise Unreadable("no line could be read.", place=shown, remedy="Mend the rows named above.")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow((*_HEADING, "trace") if trace else _HEADING)
    for found in price_batch(lines, practice):  # type: ignore[arg-type]
        if found.refusal:
            typer.echo(f"{shown} row {found.line.number}: {found.refusal}", err=True)
        cells = (found.allowed_cents, found.medicare_cents, found.patient_cents)
        row = (found.line.claim_id, found.line.line, *("" if cell is None else cell for cell in cells))
        writer.writerow((*row, " | ".join(found.steps)) if trace else row)
