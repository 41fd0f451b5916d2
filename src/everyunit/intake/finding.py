"""The files under the paths a person names: folders in order of name, and the members of zip files."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from everyunit.errors import UsageError

MEMBERS = 10_000
MEMBER_BYTES = 4 << 30
RATIO = 300  # a zip that grows more than this, beyond 100 MB, is a trap


@dataclass(frozen=True)
class Found:
    """One file or zip member. `fault` says why it cannot be opened ('' where it can)."""

    name: str
    path: Path
    member: str | None
    size: int
    opener: Callable[[], BinaryIO]
    fault: str = ""

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
        inside = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        for one in inside:
            if home not in one.resolve().parents:
                made[one] = None
    return list(made)


def members(path: Path) -> Iterator[Found]:
    """The file itself, or every member of it where it is a zip. Spreadsheets are zips too and stay whole."""
    try:
        size = path.stat().st_size
        zipped = path.suffix.lower() not in (".xlsx", ".docx", ".ods") and zipfile.is_zipfile(path)
    except OSError as error:
        yield Found(path.name, path, None, 0, lambda: path.open("rb"), f"It cannot be opened: {error.strerror}.")
        return
    if not zipped:
        yield Found(path.name, path, None, size, lambda: path.open("rb"))
        return
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        yield Found(path.name, path, None, size, lambda: path.open("rb"), "It is a damaged zip file.")
        return
    for info in sorted(inside[:MEMBERS], key=lambda one: one.filename):
        yield _member(path, info)
    if len(inside) > MEMBERS:
        yield Found(path.name, path, None, size, lambda: path.open("rb"), f"It holds more than {MEMBERS} files.")


def _member(path: Path, info: zipfile.ZipInfo) -> Found:
    grown = info.file_size > MEMBER_BYTES or (
        info.file_size > 100 << 20 and info.file_size > RATIO * max(info.compress_size, 1)
    )
    fault = "It would unpack to more than a billing file holds." if grown else ""
    if info.flag_bits & 1:
        fault = "It is locked with a password."

    def opener() -> BinaryIO:
        return cast(BinaryIO, zipfile.ZipFile(path).open(info.filename))

    return Found(f"{path.name}/{info.filename}", path, info.filename, info.file_size, opener, fault)
