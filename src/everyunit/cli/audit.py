"""`everyunit audit`: hold what was earned against what was charged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from everyunit.cli.show import OTHERS


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("audit")(audit)


def audit(
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write the findings: .csv, .parquet or .xlsx.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help=OTHERS)] = False,
    again: Annotated[bool, typer.Option("--again", help="Judge anew, even where nothing changed.")] = False,
    notes: Annotated[
        bool, typer.Option("--notes", help="Read the notes too, and tell where note, record and claim part.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Hold what was earned against what was charged, and write every difference in both directions."""
    from everyunit.cli.show import note, show
    from everyunit.services.audit import audit as judge
    from everyunit.services.audit import notes_found
    from everyunit.services.export import writer_for
    from everyunit.services.summary import left_out, summary

    write = writer_for(out, replace) if out else None
    done = judge(home, again=again, say=note, notes=notes)
    if write:
        write(done.findings)
    told, more = summary(done), 0 if notes else notes_found(done.folder)
    if as_json:
        typer.echo(json.dumps({**told, "more_from_notes": more}))
        return
    said = [f"{more:,} more from notes, which stand on the web page too: everyunit audit --notes"] if more else []
    show(_kinds(told), *[f"  {line}" for line in (*left_out(told), *said)])
    if out:
        beside = f"; the {more:,} from notes are not in it (--notes)" if more else ""
        note(f"{len(done.findings):,} findings written to {out}{beside}")


WAYS = {"mis": "to mend", "document": "to document"}


def _kinds(told: dict) -> object:  # type: ignore[type-arg]
    from everyunit.cli.show import table
    from everyunit.money import dollars

    numbers = ("findings", "to gain", "to give back", "depends on it")
    made = table("Earned against charged", ("kind", "direction", *numbers), numbers)
    for row in told["kinds"]:
        made.add_row(
            row["kind"], WAYS.get(row["direction"], row["direction"]), f"{row['findings']:,}",
            dollars(row["gain_cents"]), dollars(row["give_back_cents"]), dollars(row["at_risk_cents"]),
        )  # fmt: skip
    made.add_section()
    made.add_row(
        "all", "", f"{told['findings']:,}", dollars(told["gain_cents"]), dollars(told["give_back_cents"]),
        dollars(told["at_risk_cents"]),
    )  # fmt: skip
    return made
