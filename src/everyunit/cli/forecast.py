"""`everyunit forecast`: thirteen weeks of cash with an interval, and how the last quarter's did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("forecast")(forecast)


def forecast(
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    on: Annotated[str, typer.Option("--on", help="As known at the end of this day, 2026-03-12.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object: weeks ahead, and a look back.")] = False,
) -> None:
    """Cash of the next 13 weeks from the practice's own payment lags, with an interval and how often it held."""
    from everyunit.cli.show import show
    from everyunit.money import dollars
    from everyunit.services.forecast import cash_forecast, counted_words, error_bp, held_words, reckoned_words

    found = cash_forecast(home, on)
    if as_json:
        typer.echo(json.dumps(found.as_dict()))
        return
    if found.ahead:
        made = found.ahead
        show(
            _weeks(f"The next {made.weeks.height} weeks", made.weeks.to_dicts()),
            f"  {held_words(found.held)}",
            f"  {reckoned_words(made)}",
            f"  In all {dollars(made.expected_cents)}, from {dollars(made.low_cents)} to {dollars(made.high_cents)}.",
        )
    if found.back and found.back.actual_cents is not None:
        back = found.back
        show(
            _weeks("A quarter ago, and what came", back.weeks.to_dicts()),
            f"  Foretold {dollars(back.expected_cents)}, came {dollars(back.actual_cents or 0)}: "
            f"{(error_bp(back) or 0) // 100:+d} percent. {back.inside} of 13 weeks lay in the band, and the sum "
            f"{'lay in its own' if back.sum_inside else 'did not lie in its own'}.",
            *(f"  {line}" for line in counted_words(found)),
        )
    if found.why:
        show(f"  {found.why}")


def _weeks(title: str, rows: list[dict[str, Any]]) -> object:
    from everyunit.cli.show import table
    from everyunit.days import iso
    from everyunit.money import dollars

    numbers = ("low", "expected", "high", "of claims sent", "came")
    made = table(title, ("week from", *numbers), numbers)
    for row in rows:
        came = "" if row["actual_cents"] is None else dollars(row["actual_cents"])
        made.add_row(
            iso(row["first_day"]), dollars(row["low_cents"]), dollars(row["expected_cents"]),
            dollars(row["high_cents"]), dollars(row["of_sent_cents"]), came,
        )  # fmt: skip
    return made
