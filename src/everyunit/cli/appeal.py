"""`everyunit appeal`: the letter that asks a payer to decide again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("appeal")(appeal)


def appeal(
    named: Annotated[str, typer.Argument(metavar="CLAIM|FINDING", help="Claim, denial, underpayment or finding.")],
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    out: Annotated[Path | None, typer.Option("--out", help="The PDF to write. It names the patient.")] = None,
    payer: Annotated[str, typer.Option(help="The payer's number, where the claim went to several.")] = "",
    day: Annotated[str, typer.Option(help="Day of the letter (2026-03-12); else today, or the last file's.")] = "",
    form: Annotated[bool, typer.Option("--form", help="A form with enclosures, not a letter.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that stands there.")] = False,
    sent: Annotated[
        bool, typer.Option("--sent", help="Write down that it went out (with --by), to follow it.")
    ] = False,
    by: Annotated[str, typer.Option("--by", help="Who sent it.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="What was written, as JSON.")] = False,
) -> None:
    """Write the letter that asks a payer again as PDF, with the evidence on file: what was refused, or paid short."""
    from everyunit.cli.show import note
    from everyunit.errors import UsageError
    from everyunit.services.asking import keep, letter_for
    from everyunit.services.letter import pdf
    from everyunit.services.paper_day import paper_day
    from everyunit.services.private import refuse_taken, write_private

    if out is None and not sent:
        raise UsageError("Nothing is asked for.", remedy="Name the PDF (--out), or say that it went out (--sent).")
    if out is not None:
        refuse_taken(out, replace)
    dated = paper_day(home, day)
    made = letter_for(home, named, dated, payer, form)

    def write() -> None:
        if out is not None:
            write_private(out, pdf(made.template, made.letter), replace)

    if sent:
        keep(home, made, by, dated, write)
    else:
        write()
    if as_json:
        told = {
            "file": str(out) if out else None,
            "sent": sent,
            "claim_id": made.claim_id or None,
            "case_id": made.case_id or None,
            "claims": made.claims,
            "name": made.name,
            "deadline": made.deadline,
        }
        typer.echo(json.dumps({**told, "notes": made.notes}))
        return
    if sent:
        typer.echo(f"The {made.name} of {made.about} is written down as sent; answers lists it until it is decided")
    if out is None:
        return
    typer.echo(f"Request for {made.name} of {made.about} written to {out}")
    if made.letter["deadline"]:
        typer.echo(f"  It is due by {made.deadline}. Read it, sign it and send it with the record enclosed.")
    for line in made.notes:
        note(f"  {line}")
