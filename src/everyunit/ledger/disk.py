"""Every touch of the disk that a commit depends on, in one place, so that tests can watch and break its order.

`EVERYUNIT_FAULT=POINT:kill` ends the process at a named point the hard way; `POINT:full` answers as a full disk does.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from everyunit.errors import Unreadable


class HomeRefused(Unreadable):
    """The home cannot be written or read; nothing of the source went in."""


POINTS = (
    "after_write",
    "after_fsync",
    "after_rename",
    "after_dirsync",
    "before_insert",
    "after_insert",
    "after_commit",
)


def point(name: str) -> None:
    """A named place in a commit, where a test may end the process or fill the disk."""
    wanted, _, what = os.environ.get("EVERYUNIT_FAULT", "").partition(":")
    if wanted != name:
        return
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def write(path: Path, data: bytes | memoryview) -> None:
    """Write a new file that only its owner may read, and force it to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        point("after_write")
        os.fsync(handle)
    finally:
        os.close(handle)
    point("after_fsync")


def rename(old: Path, new: Path) -> None:
    """Give a finished file its name."""
    os.replace(old, new)
    point("after_rename")


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes; empty where it cannot be read."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError:
        return ""


def sync_folder(path: Path) -> None:
    """Force the names in a folder to the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def folder(path: Path) -> Path:
    """The folder, made for its owner alone where it is missing, its name forced to the disk."""
    if not path.is_dir():
        if not path.parent.is_dir():
            folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        sync_folder(path.parent)
    return path


@contextmanager
def locked(path: Path, *, alone: bool, wait: bool = True) -> Iterator[bool]:
    """Hold a lock file, shared or alone; yields whether it was got. It ends with the process, however that ends."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        how = (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | (0 if wait else fcntl.LOCK_NB)
        try:
            fcntl.flock(handle, how)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


@contextmanager
def worded(place: Path) -> Iterator[None]:
    """Turn what the disk says no with into a sentence."""
    try:
        yield
    except OSError as error:
        raise refusal(error, place) from error


def refusal(error: OSError, place: Path) -> HomeRefused:
    """The sentence for a disk that cannot take more."""
    remedies = {
        errno.ENOSPC: ("The disk is full.", "Free some space and import again; what was already taken in is safe."),
        errno.EDQUOT: ("The disk quota is used up.", "Free some space and import again."),
        errno.EROFS: ("The disk is read-only.", "Choose a home on a disk that can be written."),
        errno.EACCES: ("This folder may not be written.", "Choose another home or ask for the right to write here."),
        errno.EPERM: ("This folder may not be written.", "Choose another home or ask for the right to write here."),
    }
    made = ("No folder can be made here.", "Choose another home.")
    remedies |= dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG), made)
    said = (f"The disk answered: {error.strerror or error}.", "Import again; what was already taken in is safe.")
    seen, remedy = remedies.get(error.errno or 0, said)
    return HomeRefused(seen, place=place.name, remedy=remedy)
