"""`everyunit resubmit`: claims sent again, as the payer takes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("resubmit")(resubmit)


def resubmit(
    claims: Annotated[list[str], typer.Argument(help="Numbers of claims (CLM01).", show_default=False)],
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    out: Annotated[Path, typer.Option("--out", help="The 837P file to write. It names patients.")],
    wanted: Annotated[str, typer.Option("--as", help="corrected (frequency 7), void (8) or new (1)")],
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="What it shall read: 2.modifiers=GP:KX, 2.units=1, "
            "2.charge=80, 2.code=97530, 2.pointers=1:2, authorization=NUMBER.",
        ),
    ] = None,
    without: Annotated[list[int] | None, typer.Option(help="Number of a line to leave out.")] = None,
    payer: Annotated[str, typer.Option(help="The payer's number, where the claim went to several.")] = "",
    day: Annotated[str, typer.Option(help="Day the file is dated (2026-03-12); default: today.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="What was written and refused, as JSON.")] = False,
) -> None:
    """Write claims again into one 837P: corrected, void or new. What the payer does not take is refused with the way
    that it does take."""
    from datetime import date

    from everyunit.cli.show import note, show, table
    from everyunit.days import as_day
    from everyunit.money import dollars
    from everyunit.services.resubmit import resubmit as again
    from everyunit.services.resubmit import write_private

    done = again(home, claims, wanted, as_day(day or date.today()), payer, change or (), without or ())
    write_private(out, done.data)
    for turned in done.refused:
        note(f"Not written: {turned['claim_id']}: {turned['why']}")
    if as_json:
        typer.echo(json.dumps({"file": str(out), "written": done.written, "refused": done.refused}))
        return
    made = table(
        f"Written to {out}", ("claim", "payer", "frequency", "charged", "names", "at the payer by"), ("charged",)
    )
    for row in done.written:
        made.add_row(
            row["claim_id"], row["payer"], row["frequency"], dollars(row["charge_cents"] or 0),
            row["reference"] or "", row["deadline"] or "",
        )  # fmt: skip
    words = [f"{row['claim_id']}: {row['word']}" for row in done.written if row["word"]]
    show(
        made,
        *words,
        f"When it is sent, import it, so that its answer is followed: everyunit import {out} --home {home}",
    )
