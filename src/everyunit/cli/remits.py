"""`everyunit remits`: every 835 with its proof and where its money is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

SHOWN = 60


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("remits")(remits)


def remits(
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object: totals, and every remittance.")] = False,
) -> None:
    """Prove each 835 to the cent; list reversals, provider adjustments (PLB) and the deposit of each."""
    from everyunit.cli.show import note, show
    from everyunit.services.remits import remits as read

    found = read(home)
    if as_json:
        typer.echo(json.dumps(found.as_dict()))
        return
    first = sorted(found.rows, key=lambda row: (row["proved"], not _open(row)))
    show(_table(first[:SHOWN]), *_sentences(found.totals))
    if len(first) > SHOWN:
        note(f"and {len(first) - SHOWN:,} more; --json lists them")
    faults = [fault for row in first for fault in row["faults"]]
    show(*[f"  {fault['words']} {fault['clears']}" for fault in faults[:SHOWN]])
    alone = [one for row in first for one in (*row["reversals"], *row["provider_adjustments"]) if one["words"]]
    show(*[f"  {one.get('reason') or 'reversal'} {one['claim_id'] or ''}: {one['words']}" for one in alone[:SHOWN]])


def _open(row: dict[str, Any]) -> bool:
    return row["deposit"]["state"] in ("missing", "short", "over", "unclear")


def _table(rows: list[dict[str, Any]]) -> object:
    from everyunit.cli.show import table
    from everyunit.money import dollars

    numbers = ("claims", "paid", "PLB", "off")
    made = table("Remittances", ("day", "payer", "trace", *numbers, "deposit"), numbers)
    for row in rows:
        off = "unreadable" if row["off_cents"] is None else dollars(row["off_cents"])
        state = "proved" if row["proved"] else off if row["off_cents"] != 0 else f"{len(row['faults'])} inside"
        paid = "-" if row["amount_cents"] is None else dollars(row["amount_cents"])
        made.add_row(
            row["day"] or "-", row["payer_name"], row["trace"] or "-", f"{row['claims']:,}", paid,
            dollars(row["withheld_cents"]) if row["provider_adjustments"] else "", state,
            row["deposit"]["state"].replace("_", " "),
        )  # fmt: skip
    return made


def _sentences(totals: dict[str, Any]) -> list[str]:
    from everyunit.money import dollars

    told = {name: f"{value:,}" for name, value in totals.items()}
    return [
        f"{told['remits']} remittances over {dollars(totals['amount_cents'])}; {told['proved']} prove themselves.",
        f"{told['reversals']} reversals, {told['reversals_paired']} of them paired with what they undo.",
        f"{told['provider_adjustments']} provider adjustments, {told['provider_adjustments_matched']} matched; "
        f"balances carried and still open: {dollars(totals['balances_open_cents'])}.",
    ]
