"""`everyunit answers`: what became of each claim sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

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
    from everyunit.services.answers import summary, to_mend, with_last_days
    from everyunit.services.appeals_sent import followed

    day, rows = answered(home, as_day(as_of) if as_of else None)
    told, mend = summary(day, rows), with_last_days(home, to_mend(rows), day)
    if as_json:
        appeals = [one.as_dict() for one in followed(home)]
        dated = [{**row, "last_day": _day(row), "owner_role": row["department"]} for row in mend]
        for row in dated:
            del row["department"]
        typer.echo(json.dumps({**told, "to_mend": dated, "appeals": appeals}))
        return
    made = table(
        f"Claims sent, as of {told['as_of'] or 'no day'}", ("answer", "claims", "charged"), ("claims", "charged")
    )
    for state, held in told["answers"].items():
        made.add_row(state, f"{held['claims']:,}", dollars(held["charge_cents"]))
    late = ", ".join(f"{name}: {count:,}" for name, count in told["late"].items())
    lines = [f"  Late: {late}"]
    if len(mend) > _SHOWN:
        lines.append(f"and {len(mend) - _SHOWN:,} more; --json lists them")
    for one in followed(home):
        came = f"decided again on {iso(one.answered_day)}" if one.answered_day is not None else one.state
        about = one.claim_id or f"{one.claims:,} claims"
        lines.append(f"{about}  {one.name} sent on {iso(one.day)}: {came}, {one.waited_days:,} days")
    show(made, lines[0], *([_mended(mend[:_SHOWN])] if mend else []), *lines[1:])


def _mended(rows: list[dict[str, Any]]) -> object:
    """The claims to mend, each with the last day on which its payer takes it anew."""
    from everyunit.cli.show import table
    from everyunit.money import dollars
    from everyunit.services.answers import manual

    columns = ("claim", "charged", "last day", "what was said, and what clears it")
    made = table("To mend", columns, columns[:2])
    for row in rows:
        last = f"see {manual(row['kind'])}"
        if row["last_day"] is not None:
            left = row["days_left"]
            last = f"{_day(row)}, " + (f"over since {-left:,} days" if left < 0 else f"{left:,} days left")
        said = f"{row['words']}\n{row['clears']}"
        made.add_row(row["claim_id"], dollars(row["charge_cents"] or 0), last, said)
    return made


def _day(row: dict[str, Any]) -> str | None:
    from everyunit.days import iso

    return None if row["last_day"] is None else iso(row["last_day"])
