"""Reading several X12 files side by side: in processes of their own where there is much to read.

`python -m everyunit.services.beside HOME` is such a process: one JSON line in names a file, one JSON line out is its
receipt. It ends with its input. The ledger is made for several writers, so each commits for itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any

from everyunit.intake import receipts
from everyunit.intake.finding import Found
from everyunit.intake.receipts import Receipt
from everyunit.intake.recognise import Known
from everyunit.ledger import HomeRefused, Ledger
from everyunit.services.home import open_home
from everyunit.services.take_one import look, take
from everyunit.x12 import open_member

MUCH = 24 << 20  # bytes from which starting processes pays
MOST = 4
COMMAND = (sys.executable, "-m", "everyunit.services.beside")


class Readers:
    """Takes X12 files in for several threads. Use it as a context; `count` threads may call `take`."""

    def __init__(self, ledger: Ledger, size: int) -> None:
        self._ledger = ledger
        self.count = min(MOST, os.cpu_count() or 1)
        self._apart = size >= MUCH and self.count > 1
        self._idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self._all: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Readers:
        if self._apart:
            for _ in range(self.count):
                self._idle.put(self._begin())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._all:
            process.communicate()

    def take(self, found: Found, known: Known, receipt: Receipt) -> dict[str, Any]:
        """The receipt of one X12 file. HomeRefused where the home cannot take it."""
        if not self._apart:
            return take(found, known, receipt, self._ledger).as_dict()
        process = self._idle.get()
        told = None
        try:
            told = self._ask(process, found)
        finally:
            self._idle.put(process if told is not None else self._begin())
        if told is None:
            return receipt.close(receipts.UNREAD, "Reading it ended early; import it again on its own.").as_dict()
        if "home_refused" in told:
            raise HomeRefused(told["home_refused"], place=told["place"], remedy=told["remedy"])
        return {**told, "file": found.name}

    def _begin(self) -> subprocess.Popen[str]:
        command = [*COMMAND, str(self._ledger.home)]
        made = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._all.append(made)
        return made

    def _ask(self, process: subprocess.Popen[str], found: Found) -> dict[str, Any] | None:
        assert process.stdin and process.stdout
        try:
            process.stdin.write(json.dumps([found.name, str(found.path), found.member]) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            return None
        told: dict[str, Any] | None = json.loads(line) if line else None
        return told


def main(home: str) -> None:
    """Take in the files that the input names, one by one."""
    ledger = open_home(home)
    for line in sys.stdin:
        name, path, member = json.loads(line)
        sys.stdout.write(json.dumps(_answer(_found(name, Path(path), member), ledger)) + "\n")
        sys.stdout.flush()


def _found(name: str, path: Path, member: str | None) -> Found:
    return Found(name, path, member, lambda: open_member(path, member))


def _answer(found: Found, ledger: Ledger) -> dict[str, Any]:
    receipt, known = look(found)
    try:
        return (receipt if known is None else take(found, known, receipt, ledger)).as_dict()
    except HomeRefused as error:
        return {"home_refused": error.seen, "place": error.place, "remedy": error.remedy}


if __name__ == "__main__":
    main(sys.argv[1])
