"""The files under the paths a person names: folders in order of name, and the members of zip files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from everyunit.errors import Unreadable, UsageError
from everyunit.x12.files import Opener, open_member
from everyunit.x12.files import members as x12_members

OFFICE = (".xlsx", ".xlsm", ".docx", ".pptx", ".ods", ".odt")


@dataclass(frozen=True)
class Found:
    """One file or zip member. `fault` says why it cannot be opened ('' where it can), `odd` that it is no file."""

    name: str
    path: Path
    member: str | None
    opener: Opener
    fault: str = ""
    odd: bool = False

    def sha256(self) -> str:
        """Hash of the bytes."""
        digest = hashlib.sha256()
        with self.opener() as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()


def walk(paths: list[Path], leave_out: Path) -> list[Path]:
    """Every file under the paths, each once, sorted within its folder; what lies in `leave_out` (the home) is left.

    UsageError where a path does not exist.
    """
    made: dict[Path, None] = {}
    home = leave_out.resolve()
    for path in paths:
        if not path.exists():
            raise UsageError("This path does not exist.", place=str(path), remedy="Check the path and run it again.")
        inside = sorted(one for one in path.rglob("*") if not one.is_dir()) if path.is_dir() else [path]
        for one in inside:
            if home not in Path(os.path.realpath(one)).parents:
                made[one] = None
    return list(made)


def members(path: Path) -> Iterator[Found]:
    """The file itself (unpacked where it is gzip), or each member where it is a zip; office files stay whole."""
    if not path.is_file() and (path.is_symlink() or path.exists()):
        said = "It is a link that leads nowhere." if path.is_symlink() else "It is no regular file."
        yield Found(path.name, path, None, lambda: open_member(path), said + " Bring the file itself.", odd=True)
        return
    if path.suffix.lower() in OFFICE:
        yield Found(path.name, path, None, lambda: open_member(path))
        return
    try:
        for one in x12_members(path):
            yield Found(one.name, path, one.inside, one.opener, one.problem)
    except (Unreadable, OSError) as error:
        said = error.seen if isinstance(error, Unreadable) else (error.strerror or "it cannot be opened")
        yield Found(path.name, path, None, lambda: open_member(path), sentence(said))


def sentence(text: str) -> str:
    """A text as a sentence of its own."""
    return text[:1].upper() + text[1:].rstrip(".") + "."
