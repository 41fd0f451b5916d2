"""Wording of errors and the exit codes that every command keeps."""

from __future__ import annotations

import lzma
import zipfile
import zlib

DONE = 0
HELD = 1
USAGE = 2
UNREADABLE = 3

# what the packings of a zip raise where its bytes are damaged (RuntimeError: a password or a packing not known)
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError)


def harmless(text: str) -> str:
    """The text with every mark that does not print spelled out, so that what a file holds cannot steer a terminal."""
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in text)


class EveryUnitError(Exception):
    """An error a person can act on: what was seen, where, and what clears it.

    `place` is a file, row or segment; `remedy` is one sentence. Neither may bear a patient's name.
    """

    exit_code = UNREADABLE

    def __init__(self, seen: str, *, place: str = "", remedy: str = "") -> None:
        self.seen, self.place, self.remedy = seen, place, remedy
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """The message as one line: place, what was seen, remedy; marks that steer a terminal are spelled out."""
        head = f"{self.place}: {self.seen}" if self.place else self.seen
        return harmless(f"{head} {self.remedy}".strip())


class UsageError(EveryUnitError):
    """The command or call was asked wrongly (exit 2)."""

    exit_code = USAGE


class Unreadable(EveryUnitError):
    """Nothing could be read from what was given (exit 3)."""


class BookRefusal(EveryUnitError):
    """The rule book holds no value for that key and day; it never answers with zero."""
