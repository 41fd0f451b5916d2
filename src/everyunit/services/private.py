"""Files that name patients: written whole or not at all, for their owner alone, never over another by accident."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from everyunit.errors import UsageError
from everyunit.services.places import refuse_unwritable, writing


def write_private(path: Path, data: bytes, replace: bool = False) -> None:
    """Write a file readable by its owner alone. UsageError where it cannot be written, or stands there already and
    is not to be replaced."""
    refuse_taken(path, replace)
    draft = path.with_name(path.name + ".tmp")
    with writing(path):
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
                stream.write(data)
            draft.replace(path)
        except OSError:
            with suppress(OSError):
                draft.unlink()
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
