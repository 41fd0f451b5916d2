"""The `everyunit` command: every other file of this folder adds one command to it."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path
from typing import Annotated, get_args, get_type_hints

import typer
from typer.models import OptionInfo, ParameterInfo

from everyunit import __version__, cli
from everyunit.cli.show import path_named
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


def _no_empty_path(some: typer.Typer) -> None:
    """Every option and argument of these commands that is a path refuses an empty one."""
    for command in some.registered_commands:
        assert command.callback is not None
        hints = get_type_hints(command.callback, include_extras=True)
        for kind, told in (get_args(hint) for hint in hints.values() if len(get_args(hint)) == 2):
            if isinstance(told, ParameterInfo) and told.parser is None and Path in (kind, *get_args(kind)):
                told.parser = path_named
                told.metavar = told.metavar or ("<path>" if isinstance(told, OptionInfo) else None)
        command.callback.__annotations__ = hints
    for group in some.registered_groups:
        assert group.typer_instance is not None
        _no_empty_path(group.typer_instance)


for _name in commands():
    importlib.import_module(f"everyunit.cli.{_name}").register(app)
_no_empty_path(app)


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
    except Exception as error:
        said = _told(error)
        if not said:
            raise
        sys.stderr.write(f"everyunit: {said}\n")
        sys.exit(UNREADABLE)


def _told(error: Exception) -> str:
    """A sentence on a damaged home, or a disk that fails where no command words it; empty for a fault of ours."""
    from everyunit.services.home import damage

    found = damage(error)
    if found:
        return found.sentence()
    if not isinstance(error, OSError):
        return ""
    place = f"{error.filename}: " if error.filename else ""
    return harmless(f"{place}the disk answered: {error.strerror or error}. Look after the disk and run it again.")
