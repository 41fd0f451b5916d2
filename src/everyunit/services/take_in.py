"""Taking files in: each is recognised, read and committed on its own, and gives a receipt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from everyunit.errors import EveryUnitError, Unreadable
from everyunit.intake import receipts
from everyunit.intake.finding import Found, members, sentence, walk
from everyunit.intake.linking import unlinked
from everyunit.intake.readers import documents, read
from everyunit.intake.receipts import Receipt
from everyunit.intake.recognise import FEES, TOML, X12, Known, recognise
from everyunit.ledger import HomeRefused, Ledger, Source
from everyunit.services.home import open_home

Progress = Callable[[str, int, int], None]
THREADS = 2  # files of X12 read side by side
AHEAD = 4  # files begun before the first of them is done
_TABLES = ("visits", "services", "notes", "claims", "claim_lines", "remit_claims", "remit_lines")


def take_in(paths: Sequence[Path], home: Path, progress: Progress | None = None) -> Iterator[dict[str, Any]]:
    """Take in files, folders and zips; yields the receipt of each file once it is safe on the disk.

    Makes the home where it is missing. `progress` hears the file, the bytes done and the bytes in all. Raises
    UsageError for a path that does not exist, Unreadable where the home cannot be written.
    """
    files = walk(list(paths), home)
    return _each(files, open_home(home, create=True), progress or (lambda name, done, whole: None))


def _each(files: list[Path], ledger: Ledger, progress: Progress) -> Iterator[dict[str, Any]]:
    whole = sum(path.stat().st_size for path in files)
    done = 0
    waiting: deque[tuple[Path, bool, Future[Receipt]]] = deque()
    with ThreadPoolExecutor(THREADS) as pool:
        try:
            for path in files:
                progress(path.name, done, whole)
                for found, last in _marked(members(path)):
                    waiting.append((path, last, _start(found, ledger, pool)))
                    while len(waiting) > AHEAD or (waiting and waiting[0][2].done()):
                        done += _size(waiting[0])
                        yield waiting.popleft()[2].result().as_dict()
            while waiting:
                done += _size(waiting[0])
                yield waiting.popleft()[2].result().as_dict()
                progress("", done, whole)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _marked(found: Iterator[Found]) -> Iterator[tuple[Found, bool]]:
    """Each member of a file, and whether it is its last."""
    before: Found | None = None
    for one in found:
        if before:
            yield before, False
        before = one
    if before:
        yield before, True


def _size(item: tuple[Path, bool, Future[Receipt]]) -> int:
    return item[0].stat().st_size if item[1] else 0


def _start(found: Found, ledger: Ledger, pool: ThreadPoolExecutor) -> Future[Receipt]:
    """Begin with a file. X12 is read beside others; what a later file may replace is taken in strictly in order."""
    receipt, known = _known(found)
    if known is not None and known.kind == X12:
        return pool.submit(_one, found, known, receipt, ledger)
    done: Future[Receipt] = Future()
    done.set_result(receipt if known is None else _one(found, known, receipt, ledger))
    return done


def _known(found: Found) -> tuple[Receipt, Known | None]:
    """What the file is; None where it is not read, which the receipt then says."""
    receipt = Receipt(found.name)
    if found.fault:
        return receipt.close(receipts.UNREAD, found.fault), None
    try:
        known = recognise(found)
    except (Unreadable, OSError) as error:
        return receipt.close(receipts.UNREAD, _broken(error)), None
    receipt.kind = known.shape.table if known.shape else known.kind
    if not known.kind:
        return receipt.close(receipts.SKIPPED, known.word), None
    return receipt, known


def _broken(error: Unreadable | OSError) -> str:
    if isinstance(error, Unreadable):
        return sentence(f"{error.seen} {error.remedy}")
    return f"It cannot be read: {error.strerror or 'the file is damaged'}."


def _one(found: Found, known: Known, receipt: Receipt, ledger: Ledger) -> Receipt:
    try:
        sha256 = found.sha256()
    except (Unreadable, OSError) as error:
        return receipt.close(receipts.UNREAD, _broken(error))
    before = ledger.holds(sha256)
    if before is not None:
        return _held(receipt, before)
    return _commit(found, known, sha256, receipt, ledger)


def _commit(found: Found, known: Known, sha256: str, receipt: Receipt, ledger: Ledger) -> Receipt:
    source = Source(sha256, found.name, receipt.kind)

    def close(rows: dict[str, int]) -> dict[str, Any]:
        receipt.rows = rows
        if not rows and known.kind not in (TOML, FEES):
            raise _Nothing
        return receipt.as_dict()

    try:
        if ledger.commit(source, read(found, known, source.source_id, receipt), close, documents(found, known)):
            return receipt
    except _Nothing:
        return receipt.close(receipts.UNREAD, "No row of it could be taken in.")
    except HomeRefused:
        raise
    except Unreadable as error:
        return receipt.close(receipts.UNREAD, _broken(error))
    return _held(Receipt(found.name, receipt.kind), ledger.holds(sha256) or {})


def _held(receipt: Receipt, before: dict[str, Any]) -> Receipt:
    receipt.rows = before.get("rows", {})
    return receipt.close(receipts.HELD, f"The same bytes were taken in before, as {before.get('file', 'a file')}.")


class _Nothing(EveryUnitError):
    """No row came out of a file, so nothing is committed."""

    def __init__(self) -> None:
        super().__init__("No row could be taken in.")


def not_linked(home: Path) -> dict[str, int]:
    """How many rows of the ledger have no other half yet, by kind."""
    ledger = open_home(home)
    return unlinked({name: ledger.scan(name) for name in _TABLES})
