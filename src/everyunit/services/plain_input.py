"""What a command reads line by line: a regular file or stdin, and no line without an end."""

from __future__ import annotations

import io
import json
import math
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, AnyStr, BinaryIO, NoReturn, TextIO

from everyunit.errors import Unreadable, UsageError
from everyunit.services.places import named

LONGEST = 16 << 20  # signs of a line; a file without line ends would fill the memory


@contextmanager
def opened(source: str, wanted: str) -> Iterator[BinaryIO]:
    """The bytes of a file, or of stdin where the source reads `-`; `wanted` says what is looked for ("a CSV file").

    UsageError where the path is empty or does not exist; Unreadable where it is no regular file (a device or a pipe
    may never end), or cannot be opened.
    """
    place: str | int = source
    if source == "-":
        if sys.stdin is None:
            raise Unreadable("there is no stdin.", remedy=f"Name {wanted} that is there.")
        place = sys.stdin.fileno()
    else:
        regular(Path(named(source)), wanted)
    try:
        stream = open(place, "rb", closefd=source != "-")  # noqa: SIM115 - closed below; only opening it is worded here
    except OSError as error:
        raise Unreadable(f"{error.strerror}.", place=source, remedy=f"Name {wanted} that is there.") from None
    with stream:
        yield stream


@contextmanager
def opened_text(source: str, wanted: str) -> Iterator[Iterator[str]]:
    """The lines of a text in UTF-8 as `lines` gives them, line ends left as they are. Raises as `opened` does."""
    with opened(source, wanted) as stream:
        text: TextIO = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
        yield lines(text, source)


def regular(path: Path, wanted: str) -> None:
    """UsageError where the path does not exist, Unreadable where it is no regular file."""
    try:
        if path.is_file():
            return
        there = path.exists()
    except (OSError, ValueError):
        there = False
    if not there:
        raise UsageError("This path does not exist.", place=str(path), remedy="Check the path and run it again.")
    said = "it is a folder." if path.is_dir() else "it is no regular file."
    raise Unreadable(said, place=str(path), remedy=f"Name {wanted}.")


def lines(stream: IO[AnyStr], source: str) -> Iterator[AnyStr]:
    """The lines of a stream; Unreadable for one longer than LONGEST, and where reading fails."""
    shown, number = shown_as(source), 0
    while True:
        number += 1
        try:
            line = stream.readline(LONGEST + 1)
        except OSError as error:
            raise Unreadable(f"{error.strerror}.", place=shown, remedy="Give the file again.") from None
        if not line:
            return
        if len(line) > LONGEST:
            said = f"the line is longer than {LONGEST >> 20} MB."
            raise Unreadable(
                said, place=f"{shown} row {number}", remedy="Its line ends may be missing; end each row."
            )
        yield line


def shown_as(source: str) -> str:
    """What a message calls the source."""
    return "stdin" if source == "-" else source


def json_rows(lines: Iterable[bytes]) -> Iterator[tuple[int, Any]]:
    """Number and value of each line that is not blank; None where it is no JSON, or holds a number without bound."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield number, json.loads(line, parse_float=_finite, parse_constant=_no_number)
            except (ValueError, RecursionError):
                yield number, None


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _no_number(digits)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
