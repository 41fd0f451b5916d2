"""`everyunit refund`: the letter that gives money back where the payer takes no corrected claim."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("refund")(refund)


def refund(
    claim: Annotated[str, typer.Argument(help="Number of the claim (CLM01).")],
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    out: Annotated[Path, typer.Option("--out", help="The PDF to write. It names the patient.")],
    payer: Annotated[str, typer.Option(help="The payer's number, where the claim went to several.")] = "",
    day: Annotated[str, typer.Option(help="Day of the letter (2026-03-12); else today, or the last file's.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that stands there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What was written, as JSON.")] = False,
) -> None:
    """Write the letter that gives back what the audit found paid too much, where no corrected claim is taken."""
    from everyunit.cli.show import note
    from everyunit.services.letter import pdf
    from everyunit.services.paper_day import paper_day
    from everyunit.services.private import refuse_taken, write_private
    from everyunit.services.refund import refund as letter_for

    refuse_taken(out, replace)
    made = letter_for(home, claim, paper_day(home, day), payer)
    write_private(out, pdf(made.template, made.letter), replace)
    if as_json:
        told = {"file": str(out), "claim_id": claim, "lines": len(made.letter["lines"]), "notes": made.notes}
        typer.echo(json.dumps(told))
        return
    typer.echo(f"Letter to give back on claim {claim} written to {out}")
    for line in made.notes:
        note(f"  {line}")
