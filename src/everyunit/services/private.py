"""Files that name patients: written whole or not at all, for their owner alone, never over another by accident."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from everyunit.errors import UsageError
from everyunit.services.places import refuse_unwritable, writing


def write_private(path: Path, data: bytes, replace: bool = False) -> None:
    """Write a file readable by its owner alone. UsageError where it cannot be written, or stands there already and
    is not to be replaced."""
    refuse_taken(path, replace)
    with private_draft(path) as stream:
        stream.write(data)


@contextmanager
def private_draft(path: Path) -> Iterator[IO[bytes]]:
    """A stream to a draft that becomes the file where all of it was written, and goes away where not. A device or a
    pipe is written to as it stands. UsageError where the disk says no."""
    with writing(path):
        if path.exists() and not path.is_file():
            with path.open("wb") as straight:
                yield straight
            return
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:64]}.")
        try:
            with os.fdopen(number, "wb") as stream:
                yield stream
            os.replace(name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise


def refuse_taken(path: Path, replace: bool) -> None:
    """UsageError where no file can be written, or where something stands at the path and is not to be replaced: it
    may have been sent."""
    refuse_unwritable(path)
    if path.exists() and not replace:
        raise UsageError(
            "a file stands there already, and it may have been sent.", place=str(path),
            remedy="Name another, or say --replace.",
        )  # fmt: skip
