"""`everyunit resubmit`: claims sent again, as the payer takes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from everyunit.services.unit_changes import UnitChanges


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
    findings: Annotated[
        bool, typer.Option("--findings", help="Changes as the audit's findings of units ask: billed to earned.")
    ] = False,
    unchanged: Annotated[bool, typer.Option("--unchanged", help="Also a correction that changes nothing.")] = False,
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
    from everyunit.services.unit_changes import UnitChanges

    refuse_taken(out, replace)
    each = changes_of(changes) if changes else {}
    numbers = list(dict.fromkeys([*(claims or ()), *each, *(waiting(home, wanted) if queue else ())]))
    asked = UnitChanges()
    if findings:
        asked = _by_findings(home, numbers, wanted, payer, alone=not (change or without or changes))
        each = asked.each()
    words = paper_day(home, day), payer, change or (), without or (), each, unchanged
    done = again(home, numbers, wanted, *words)
    write_private(out, done.data, replace)
    for turned in done.refused:
        note(f"Not written: {turned['claim_id']}: {turned['why']}")
    if as_json:
        told = {"file": str(out), "written": done.written, "refused": done.refused}
        typer.echo(json.dumps(told | ({"changes": asked.rows, "left": asked.left} if findings else {})))
        return
    went = {row["claim_id"] for row in done.written}
    _told(done.written, out, home, [row for row in asked.rows if row["claim_id"] in went])


def _by_findings(home: Path, numbers: list[str], wanted: str, payer: str, alone: bool) -> UnitChanges:
    """What the findings ask of these claims; refused where a void or other changes are asked for beside them."""
    from everyunit.cli.show import note
    from everyunit.errors import UsageError
    from everyunit.services.unit_changes import nothing_of, unit_changes

    if not alone or wanted == "void":
        raise UsageError(
            "--findings says what the claims shall read; a void, --set, --without and --changes do not go with it.",
            remedy="Take one of them.",
        )
    asked = unit_changes(home, numbers, payer)
    if len(numbers) == 1 and not asked.rows:
        raise nothing_of(numbers[0], asked)
    for row in asked.left:
        note(f"Left to you: {row['claim_id']}: {row['why']}")
    return asked


def _told(written: list[dict[str, Any]], out: Path, home: Path, changes: list[dict[str, Any]]) -> None:
    from everyunit.cli.show import show, table
    from everyunit.money import dollars
    from everyunit.services.unit_changes import line_words

    made = table(
        f"Written to {out}", ("claim", "payer", "frequency", "charged", "names", "at the payer by"), ("charged",)
    )
    for row in written:
        made.add_row(
            row["claim_id"], row["payer"], row["frequency"], dollars(row["charge_cents"] or 0),
            row["reference"] or "", row["deadline"] or "",
        )  # fmt: skip
    words = [f"{row['claim_id']}: {line_words(row)} Finding {row['finding_id']}" for row in changes]
    words += [f"{row['claim_id']}: {row['word']}" for row in written if row["word"]]
    show(
        made,
        *words,
        f"When it is sent, import it, so that its answer is followed: everyunit import {out} --home {home}",
    )
