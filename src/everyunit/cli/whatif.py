"""`everyunit whatif`: the practice's own claims under another rule, other fees, another contract or mix."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from everyunit.services.whatif import Answer

_SHOWN = 12


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("whatif")(whatif)


def whatif(
    home: Annotated[Path, typer.Option(help="Folder of the ledger.")],
    rule: Annotated[
        str, typer.Option(help='another counting rule: "ACME counts by cms" or "ACME counts by ama"')
    ] = "",
    fees: Annotated[int | None, typer.Option(help="year of the fees, 2026; with --on")] = None,
    on: Annotated[int | None, typer.Option(help="year of the claims that --fees prices, 2025")] = None,
    contract: Annotated[Path | None, typer.Option(help="an offer, in the form of practice.toml")] = None,
    code_mix: Annotated[str, typer.Option(help="97110:97530:10, ten of a hundred units of one as the other")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Recompute the claims under one change, and print the difference by payer, clinic and code."""
    from everyunit.services.whatif import Question, whatif

    def say(words: str) -> None:
        sys.stderr.write(f"{words}\n")

    answer = whatif(home, Question(rule, fees, on, contract, code_mix), say)
    if as_json:
        tables = {name: answer.by(name).to_dicts() for name in ("payer", "clinic", "code")}
        body = {"compares": answer.what, "difference_cents": answer.cents, "assumed": answer.assumed, "by": tables}
        typer.echo(json.dumps(body))
        return
    _show(answer)


def _show(answer: Answer) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    from everyunit.money import dollars
    from everyunit.services.whatif import told_difference

    console = Console()
    whole = [dollars(cents) for cents in answer.totals]
    console.print(f"[bold]What is {answer.what}[/bold]: {told_difference(answer.cents)}", soft_wrap=True)
    console.print(f"Expected of all payers: {whole[0]} now, {whole[1]} then.", soft_wrap=True)
    for name in ("payer", "clinic", "code"):
        rows = answer.by(name)
        table = Table(title=f"By {name}", title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0))
        for head in (name, "units", "now", "then", "difference"):
            table.add_column(head, justify="left" if head == name else "right")
        for row in rows.head(_SHOWN).iter_rows(named=True):
            now, then = f"{row['now_units']:,}", f"{row['then_units']:,}"
            table.add_row(
                row[name] or "–", now if now == then else f"{now} to {then}", dollars(row["now_cents"]),
                dollars(row["then_cents"]), dollars(row["difference_cents"], sign=True),
            )  # fmt: skip
        if rows.height:
            console.print(table)
        if rows.height > _SHOWN:
            console.print(f"{rows.height - _SHOWN} more; --json lists them", soft_wrap=True)
    console.print("Assumed:", *[f"  {sentence}" for sentence in answer.assumed], sep="\n", soft_wrap=True)
