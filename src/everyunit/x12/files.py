"""Files as they come: plain, gzip, or the members of a zip, within limits that a bomb does not pass."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from everyunit.errors import DAMAGED, Unreadable

MAX_MEMBERS = 10_000
MAX_BYTES = 8 << 30
MAX_RATIO = 300
_SMALL = 16 << 20  # below this a high ratio does no harm

Opener = Callable[[], AbstractContextManager[BinaryIO]]


class Member(NamedTuple):
    """One thing to read: the name to show, how to open it, and why it is not read (empty where it is)."""

    name: str
    opener: Opener
    problem: str = ""
    inside: str | None = None


class _Guarded(io.RawIOBase):
    """A stream that stops with a word where it unpacks to more than it may."""

    def __init__(self, inner: BinaryIO, limit: int, name: str) -> None:
        self.inner, self.left, self.name = inner, limit, name

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes; raises Unreadable beyond the limit or where the packing is broken."""
        try:
            data = self.inner.read(size)
        except (*DAMAGED, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk, not the packing: bzip2 and gzip raise a bare OSError
            raise Unreadable(
                "the packed data is broken.", place=self.name, remedy="Ask for the file again."
            ) from error
        self.left -= len(data)
        if self.left < 0:
            raise Unreadable(
                "it unpacks to far more than it holds.", place=self.name, remedy="Send the file unpacked."
            )
        return data

    def close(self) -> None:
        """Close the stream beneath."""
        self.inner.close()
        super().close()


def members(path: Path | str) -> Iterator[Member]:
    """A plain file as one member, a zip as one for each file in it; those that are not read carry a problem.

    Raises Unreadable where the path is no regular file, or a zip that is broken or empty.
    """
    path = Path(path)
    _regular(path)
    begin = _begins(path)
    if not zipfile.is_zipfile(path) or begin[:3] == b"ISA":
        if begin[:4] == b"PK\x03\x04":
            raise _broken(path)
        yield Member(path.name, lambda: open_member(path))
        return
    entries = _directory(path)
    if not entries:
        raise Unreadable("the zip holds no file.", place=path.name, remedy="Send the file itself.")
    total = 0
    for inside, entry in list(entries.items())[:MAX_MEMBERS]:
        total += entry.file_size
        problem = _refused(entry, total)
        yield Member(f"{path.name}!{inside}", lambda inside=inside: open_member(path, inside), problem, inside)  # type: ignore[misc]
    if len(entries) > MAX_MEMBERS:
        said = f"The zip holds {len(entries)} files; only the first {MAX_MEMBERS} were read. Send them in several."
        yield Member(path.name, lambda: open_member(path), said)


def _regular(path: Path) -> None:
    if path.exists() and not path.is_file():
        raise Unreadable("it is no regular file.", place=path.name, remedy="Send the file itself.")


def _broken(path: Path) -> Unreadable:
    return Unreadable("the zip is broken or cut short.", place=path.name, remedy="Ask for the file again.")


def _directory(path: Path) -> dict[str, zipfile.ZipInfo]:
    """The files of a zip by name, in order; where two bear one name, the later ones get a number behind it."""
    return _opened(path)[1]


def _opened(path: Path) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    known = path.stat()
    return _kept(path, known.st_mtime_ns, known.st_size)


@lru_cache(maxsize=4)
def _kept(path: Path, changed: int, size: int) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    """An open zip and its directory, read once however many members are opened."""
    try:
        packed = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _broken(path) from error
    entries: dict[str, zipfile.ZipInfo] = {}
    seen: Counter[str] = Counter()
    for entry in packed.infolist():
        if not entry.is_dir():
            seen[entry.filename] += 1
            number = seen[entry.filename]
            entries[entry.filename if number == 1 else f"{entry.filename} ({number})"] = entry
    return packed, entries


def _begins(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(8)


def _refused(entry: zipfile.ZipInfo, total: int) -> str:
    """Why a member of a zip is not read; empty where it is."""
    if entry.flag_bits & 1:
        return "It is encrypted; unpack it with its password and send the file itself."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "It is a link, not a file; send the file itself."
    if entry.filename.lower().endswith(".zip"):
        return "It is a zip within a zip; send the inner one on its own."
    if entry.file_size > _SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        return "It unpacks to far more than it holds; send the file unpacked."
    if total > MAX_BYTES:
        return "The zip unpacks to more than 8 GB; send its files in several."
    return ""


def open_member(path: Path, member: str | None = None) -> AbstractContextManager[BinaryIO]:
    """A guarded stream of a file (unpacked where it is gzip) or of a member of a zip.

    Raises Unreadable where it is missing, encrypted or broken.
    """
    try:
        _regular(path)
        size = path.stat().st_size
        if member is not None:
            packed, entries = _opened(path)
            entry = entries[member]
            limit = max(_SMALL, MAX_RATIO * max(entry.compress_size, 1), 0)
            inner = cast(BinaryIO, packed.open(entry))
            return cast(AbstractContextManager[BinaryIO], _Guarded(inner, limit, f"{path.name}!{member}"))
        if _begins(path)[:2] == b"\x1f\x8b":
            limit = max(_SMALL, MAX_RATIO * size)
            return cast(AbstractContextManager[BinaryIO], _Guarded(cast(BinaryIO, gzip.open(path)), limit, path.name))
        return path.open("rb")
    except (OSError, KeyError, *DAMAGED) as error:
        raise Unreadable(
            "it cannot be opened.", place=path.name, remedy="Check that it exists and is whole."
        ) from error
