"""The `everyunit` command: every other file of this folder adds one command to it."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from typing import Annotated

import typer

from everyunit import __version__, cli
from everyunit.errors import UNREADABLE, EveryUnitError, harmless

app = typer.Typer(
    name="everyunit",
    help="Get paid for every unit you earned, and not one more.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def everyunit(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.", is_eager=True)] = False,
) -> None:
    """Get paid for every unit you earned, and not one more."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


def commands() -> list[str]:
    """Names of the modules that each add a command."""
    return sorted(found.name for found in pkgutil.iter_modules(cli.__path__) if found.name not in ("main", "show"))


for _name in commands():
    importlib.import_module(f"everyunit.cli.{_name}").register(app)


def run() -> None:
    """Entry point: an error that a person can act on becomes one line on stderr and its exit code."""
    try:
        app()
    except EveryUnitError as error:
        sys.stderr.write(f"everyunit: {error.sentence()}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:  # of a disk that fails where no command words it
        place = f"{error.filename}: " if error.filename else ""
        said = f"{place}the disk answered: {error.strerror or error}. Look after the disk and run it again."
        sys.stderr.write(f"everyunit: {harmless(said)}\n")
        sys.exit(UNREADABLE)
