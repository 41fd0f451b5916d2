"""`everyunit answers`: what became of each claim sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

_SHOWN = 40


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("answers")(answers)


def answers(
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    as_of: Annotated[str, typer.Option(help="Day to look at (2026-03-12); default: the latest of any file.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The counts and every claim to mend, as JSON.")] = False,
) -> None:
    """What became of each claim sent: adjudicated, rejected (never adjudicated), accepted or unanswered."""
    from everyunit.cli.show import show, table
    from everyunit.days import as_day, iso
    from everyunit.money import dollars
    from everyunit.services.answers import answers as answered
    from everyunit.services.answers import summary, to_mend
    from everyunit.services.appeals_sent import followed

    day, rows = answered(home, as_day(as_of) if as_of else None)
    told, mend = summary(day, rows), to_mend(rows)
    if as_json:
        appeals = [one.as_dict() for one in followed(home)]
        typer.echo(json.dumps({**told, "to_mend": mend, "appeals": appeals}))
        return
    made = table(
        f"Claims sent, as of {told['as_of'] or 'no day'}", ("answer", "claims", "charged"), ("claims", "charged")
    )
    for state, held in told["answers"].items():
        made.add_row(state, f"{held['claims']:,}", dollars(held["charge_cents"]))
    late = ", ".join(f"{name}: {count:,}" for name, count in told["late"].items())
    lines = [f"  Late: {late}"]
    for row in mend[:_SHOWN]:
        lines.append(f"{row['claim_id']}  {dollars(row['charge_cents'] or 0)}  {row['words']}")
        lines.append(f"  {row['clears']}")
    if len(mend) > _SHOWN:
        lines.append(f"and {len(mend) - _SHOWN:,} more; --json lists them")
    for one in followed(home):
        came = f"decided again on {iso(one.answered_day)}" if one.answered_day is not None else one.state
        about = one.claim_id or f"{one.claims:,} claims"
        lines.append(f"{about}  {one.name} sent on {iso(one.day)}: {came}, {one.waited_days:,} days")
    show(made, *lines)
