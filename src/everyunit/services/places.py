"""Where a result is to be written: a place that cannot be is refused, before the work where that shows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from everyunit.errors import UsageError


def named(text: str) -> str:
    """The path as it was named. UsageError for an empty one: it would mean the current folder, and mostly is a
    variable of the shell that holds nothing."""
    if not text.strip():
        remedy = "Name a file or folder, . for this one; a variable of the shell may be empty."
        raise UsageError("A path is empty.", remedy=remedy)
    return text


def refuse_unwritable(path: Path) -> None:
    """UsageError where no file can stand at the path: its folder is missing or closed, or the path is a folder."""
    folder = path.parent
    if not folder.is_dir():
        raise UsageError("The folder of the file to write is not there.", place=str(path), remedy="Make it first.")
    if path.is_dir():
        raise UsageError("it cannot be written: it is a folder.", place=str(path), remedy="Name a file in it.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError("it cannot be written: its folder is closed to you.", place=str(path), remedy=_ELSEWHERE)


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """What the disk says no with while a result is written there, as UsageError. A closed pipe stays one."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        said = f"it cannot be written: {error.strerror or error}."
        raise UsageError(said, place=str(place), remedy=_ELSEWHERE) from error


_ELSEWHERE = "Name another place, or make room there."
