"""An empty path is refused by name: it would mean this folder, and mostly is an empty variable of the shell."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import get_args

import pytest
from typer.models import OptionInfo
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.cli.show import path_named
from everyunit.errors import UsageError


def said_on_the_line(name, told):
    """How an option is named on the line; '' for an argument."""
    if not isinstance(told, OptionInfo):
        return ""
    named = [one for one in (told.default, *(told.param_decls or ())) if str(one).startswith("--")]
    return named[0] if named else f"--{name.replace('_', '-')}"


def commands(some=app, before=()):
    """Words and function of every command."""
    for command in some.registered_commands:
        name = command.name or command.callback.__name__.replace("_", "-")
        yield " ".join((*before, name)), command.callback
    for group in some.registered_groups:
        yield from commands(group.typer_instance, (*before, group.name or group.typer_instance.info.name))


def paths():
    """Every path that a command takes: the words of the command, and how it is named on the line."""
    for words, called in commands():
        for name, hint in called.__annotations__.items():
            kind, told = (*get_args(hint), None, None)[:2] if hasattr(hint, "__metadata__") else (None, None)
            if kind is not None and Path in (kind, *get_args(kind)):
                yield words, called, said_on_the_line(name, told)


EVERY = [pytest.param(*one, id=f"{one[0]} {one[2]}") for one in paths()]


@pytest.mark.parametrize("empty", ["", "  ", "\t"])
@pytest.mark.parametrize(("words", "called", "named"), EVERY)
def test_every_path_of_every_command(words, called, named, empty, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    line = [*words.split(), *([named, empty] if named else [empty])]
    for name, hint in called.__annotations__.items():
        needed = inspect.signature(called).parameters.get(name)
        if needed is None or needed.default is not inspect.Parameter.empty:
            continue
        other = said_on_the_line(name, get_args(hint)[1])
        if other != named:
            line += [other, "x"] if other else ["x"]
    done = CliRunner().invoke(app, line)
    assert isinstance(done.exception, UsageError), (line, done.exception, done.output)
    assert done.exception.sentence().startswith("A path is empty. Name a file or folder, . for this one")
    assert list(tmp_path.iterdir()) == []


def test_commands_take_paths_in_many_places():
    assert len(EVERY) > 35 and {"audit --out", "import ", "units --batch", "write-off propose --home"} <= {
        one.id for one in EVERY
    }


@pytest.mark.parametrize("words", [("notes",), ("note",)])
def test_a_text_to_read(words):
    done = CliRunner().invoke(app, [*words, " "])
    assert isinstance(done.exception, UsageError) and "A path is empty" in done.exception.sentence()


def test_a_path_stays_as_it_is_named():
    assert path_named(" my file ") == Path(" my file ") and path_named(".") == Path()
