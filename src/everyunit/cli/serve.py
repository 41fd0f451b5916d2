"""`everyunit serve`: the web page, on this machine only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on this machine.")] = 8765,
) -> None:
    """Show the web page of a home on this machine; prints its address and serves until Ctrl-C."""
    from everyunit.services.serve import serve as run

    run(home, port=port, say=lambda line: typer.echo(line), progress=lambda line: typer.echo(line, err=True))
