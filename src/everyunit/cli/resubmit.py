"""`everyunit resubmit`: claims sent again, as the payer takes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("resubmit")(resubmit)


def resubmit(
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    out: Annotated[Path, typer.Option("--out", help="The 837P file to write. It names patients.")],
    wanted: Annotated[str, typer.Option("--as", help="corrected (frequency 7), void (8) or new (1)")],
    claims: Annotated[list[str] | None, typer.Argument(help="Numbers of claims (CLM01).", show_default=False)] = None,
    queue: Annotated[bool, typer.Option("--queue", help="Also every claim that waits to go out so.")] = False,
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="What it shall read: 2.modifiers=GP:KX, 2.units=1, "
            "2.charge=80, 2.code=97530, 2.pointers=1:2, authorization=NUMBER.",
        ),
    ] = None,
    without: Annotated[list[int] | None, typer.Option(help="Number of a line to leave out.")] = None,
    changes: Annotated[Path | None, typer.Option(help="CSV with claim and change, for several claims.")] = None,
    payer: Annotated[str, typer.Option(help="The payer's number, where the claim went to several.")] = "",
    day: Annotated[str, typer.Option(help="Day it is dated (2026-03-12); else today, or the last file's.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that stands there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What was written and refused, as JSON.")] = False,
) -> None:
    """Write claims again into one 837P: corrected, void or new. What the payer does not take is refused with the way
    that it does take."""
    from everyunit.cli.show import note
    from everyunit.services.batch import changes_of, waiting
    from everyunit.services.paper_day import paper_day
    from everyunit.services.private import refuse_taken, write_private
    from everyunit.services.resubmit import resubmit as again

    refuse_taken(out, replace)
    each = changes_of(changes) if changes else {}
    numbers = list(dict.fromkeys([*(claims or ()), *each, *(waiting(home, wanted) if queue else ())]))
    done = again(home, numbers, wanted, paper_day(home, day), payer, change or (), without or (), each)
    write_private(out, done.data, replace)
    for turned in done.refused:
        note(f"Not written: {turned['claim_id']}: {turned['why']}")
    if as_json:
        typer.echo(json.dumps({"file": str(out), "written": done.written, "refused": done.refused}))
        return
    _told(done.written, out, home)


def _told(written: list[dict[str, Any]], out: Path, home: Path) -> None:
    from everyunit.cli.show import show, table
    from everyunit.money import dollars

    made = table(
        f"Written to {out}", ("claim", "payer", "frequency", "charged", "names", "at the payer by"), ("charged",)
    )
    for row in written:
        made.add_row(
            row["claim_id"], row["payer"], row["frequency"], dollars(row["charge_cents"] or 0),
            row["reference"] or "", row["deadline"] or "",
        )  # fmt: skip
    words = [f"{row['claim_id']}: {row['word']}" for row in written if row["word"]]
    show(
        made,
        *words,
        f"When it is sent, import it, so that its answer is followed: everyunit import {out} --home {home}",
    )
