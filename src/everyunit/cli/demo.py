"""`everyunit demo`: a make-believe practice, imported, audited and shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where the demo practice and its ledger are kept.")] = Path(
        "demo"
    ),
    visits: Annotated[int, typer.Option("--visits", min=50, help="Scheduled visits to make up.")] = 4000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same practice.")] = 7,
    port: Annotated[int, typer.Option("--port", help="Port of the web page on this machine.")] = 8765,
    check: Annotated[bool, typer.Option("--check", help="Do all of it, print a summary and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Make a believable practice, import and audit it, and show it on a web page of this machine."""
    from everyunit.services.demo import prepare
    from everyunit.services.serve import probe, serve

    summary = prepare(folder, visits=visits, seed=seed, say=_say)
    if check:
        summary["page_status"] = probe(folder / "home")
    typer.echo(json.dumps(summary) if as_json else _words(summary))
    if not check:
        serve(folder / "home", port=port, say=lambda line: typer.echo(line))


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _words(summary: dict[str, Any]) -> str:
    from everyunit.money import dollars

    lines = [
        f"{summary['visits']:,} visits, {summary['files']} files taken in, {summary['findings']:,} findings.",
        f"Can rightly be gained  {dollars(summary['gain_cents']):>14}",
        f"Should be given back   {dollars(-summary['give_back_cents']):>14}",
        f"Depends on it          {dollars(summary['at_risk_cents']):>14}",
    ]
    lines.append(
        f"Of what was planted, {summary['missed']} missed; of what was found, {summary['unplanted']} not planted."
    )
    if "page_status" in summary:
        lines.append(f"The web page answered {summary['page_status']}.")
    return "\n".join(lines)
