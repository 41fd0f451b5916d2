"""`everyunit deposits`: the bank against the payments that payers announced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

SHOWN = 40
_STATES = {
    "matched": "in the bank", "short": "in the bank, less than remitted", "over": "in the bank, more than remitted",
    "missing": "not found in the bank", "unclear": "several answers fit", "waiting": "may still arrive",
    "before": "before the bank's files begin", "unread": "no deposits brought", "not_needed": "no money moves",
    "unmatched": "no payment fits", "withdrawn": "leaves the account",
}  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("deposits")(deposits)


def deposits(
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object: totals, deposits and payments.")] = False,
) -> None:
    """Match deposits to payments (835) by trace, else by an amount that only one answer fits; list the rest."""
    from everyunit.cli.show import show
    from everyunit.services.deposits import deposits as read

    found = read(home)
    if as_json:
        typer.echo(json.dumps(found.as_dict()))
        return
    show(_table("Payments of payers", found.paid), _table("Deposits at the bank", found.banked))
    if found.as_of:
        show(f"The bank's files reach to {found.as_of}.")
    open_ones = [row for row in found.payments if row["state"] in ("missing", "short", "over", "unclear")]
    alone = [row for row in found.deposits if row["state"] == "unmatched"]
    for title, rows in (("Payments to look for", open_ones), ("Deposits that stand alone", alone)):
        if rows:
            show(_list(title, rows[:SHOWN]))
        if len(rows) > SHOWN:
            show(f"and {len(rows) - SHOWN:,} more; --json lists them")


def _table(title: str, counts: dict[str, Any]) -> object:
    from everyunit.cli.show import table
    from everyunit.money import dollars

    made = table(title, ("state", "meaning", "rows", "dollars"), ("rows", "dollars"))
    for state, sums in counts.items():
        if sums["rows"]:
            made.add_row(state.replace("_", " "), _STATES[state], f"{sums['rows']:,}", dollars(sums["cents"]))
    return made


def _list(title: str, rows: list[dict[str, Any]]) -> object:
    from everyunit.cli.show import table
    from everyunit.money import dollars

    made = table(title, ("day", "dollars", "what was seen"), ("day", "dollars"))
    for row in rows:
        made.add_row(row["day"] or "-", dollars(row["amount_cents"]), row["words"] or "")
    return made
