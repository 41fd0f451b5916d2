"""Taking files in: each is recognised, read and committed on its own, and gives a receipt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from everyunit.errors import EveryUnitError
from everyunit.intake import receipts
from everyunit.intake.finding import Found, members, walk
from everyunit.intake.linking import unlinked
from everyunit.intake.receipts import Receipt
from everyunit.intake.recognise import X12, Known
from everyunit.ledger import Ledger
from everyunit.services.beside import Readers
from everyunit.services.home import open_home
from everyunit.services.take_one import look, take

Progress = Callable[[str, int, int], None]
TOGETHER = 200  # each write waits for the disk
_TURNED = (receipts.SKIPPED, receipts.UNREAD)
_TABLES = ("visits", "services", "notes", "claims", "claim_lines", "remit_claims", "remit_lines")


def take_in(paths: Sequence[Path], home: Path, progress: Progress | None = None) -> Iterator[dict[str, Any]]:
    """Take in files, folders and zips; yields the receipt of each file once it is safe on the disk.

    Makes the home where it is missing. `progress` hears the file, the bytes done and the bytes in all. Raises
    UsageError for a path that does not exist, Unreadable where the home cannot be written.
    """
    files = walk(list(paths), home)
    ledger = open_home(home, create=True)
    return _safe(_each(files, ledger, progress or (lambda name, done, whole: None)), ledger)


def _each(files: list[Path], ledger: Ledger, progress: Progress) -> Iterator[dict[str, Any]]:
    whole = sum(map(_bytes, files))
    done = 0
    waiting: deque[tuple[Path, bool, Future[dict[str, Any]]]] = deque()
    with Readers(ledger, whole) as readers, ThreadPoolExecutor(readers.count) as pool:
        try:
            for found, last in _ordered(files):
                progress(found.path.name, done, whole)
                waiting.append((found.path, last, _start(found, ledger, pool, readers)))
                while len(waiting) > 2 * readers.count or (waiting and waiting[0][2].done()):
                    done += _size(waiting[0])
                    yield waiting.popleft()[2].result()
            while waiting:
                done += _size(waiting[0])
                yield waiting.popleft()[2].result()
                progress("", done, whole)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _safe(told: Iterator[dict[str, Any]], ledger: Ledger) -> Iterator[dict[str, Any]]:
    """The receipts. The ledger keeps those of files that gave nothing too, so that they can be read later; many that
    follow one another are written, and told, together."""
    turned: list[dict[str, Any]] = []
    for receipt in told:
        if receipt["status"] in _TURNED:
            turned.append(receipt)
            if len(turned) < TOGETHER:
                continue
        ledger.turn_back(one for one in turned if receipt["status"] in _TURNED or one["file"] != receipt["file"])
        yield from turned
        turned = []
        if receipt["status"] not in _TURNED:
            yield receipt
    ledger.turn_back(turned)
    yield from turned


def _ordered(files: list[Path]) -> Iterator[tuple[Found, bool]]:
    """Each member of each file, and whether it is the last of its file. practice.toml comes behind all others: what
    it says is held against the fee tables that came with it."""
    later: list[tuple[Found, bool]] = []
    for path in files:
        for found, last in _marked(members(path)):
            if found.name.lower().endswith(".toml"):
                later.append((found, last))
            else:
                yield found, last
    yield from later


def _marked(found: Iterator[Found]) -> Iterator[tuple[Found, bool]]:
    """Each member of a file, and whether it is its last."""
    before: Found | None = None
    for one in found:
        if before:
            yield before, False
        before = one
    if before:
        yield before, True


def _size(item: tuple[Path, bool, Future[dict[str, Any]]]) -> int:
    return _bytes(item[0]) if item[1] else 0


def _bytes(path: Path) -> int:
    """Bytes of a file; 0 where it is none, or has gone since."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _start(found: Found, ledger: Ledger, pool: ThreadPoolExecutor, readers: Readers) -> Future[dict[str, Any]]:
    """Begin with a file. X12 is read beside others; what a later file may replace is taken in strictly in order."""
    receipt, known = look(found)
    if known is not None and known.kind == X12:
        return pool.submit(readers.take, found, known, receipt)
    done: Future[dict[str, Any]] = Future()
    done.set_result(_in_order(found, known, receipt, ledger).as_dict())
    return done


def _in_order(found: Found, known: Known | None, receipt: Receipt, ledger: Ledger) -> Receipt:
    """One file that is no X12. A fault of this program in one file must not keep the others out."""
    if known is None:
        return receipt
    try:
        return take(found, known, receipt, ledger)
    except EveryUnitError:
        raise
    except Exception as error:
        word = f"Reading it ended in a fault of this program ({type(error).__name__}); nothing of it was taken in."
        return Receipt(found.name, receipt.kind).close(receipts.UNREAD, f"{word} Please report it.")


def not_linked(home: Path) -> dict[str, int]:
    """How many rows of the ledger have no other half yet, by kind."""
    ledger = open_home(home)
    return unlinked({name: ledger.scan(name) for name in _TABLES})
