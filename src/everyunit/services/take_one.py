"""What becomes of one file: it is recognised, read and committed, or its receipt says why not."""

from __future__ import annotations

from typing import Any

from everyunit.errors import EveryUnitError, Unreadable
from everyunit.intake import receipts
from everyunit.intake.finding import Found, sentence
from everyunit.intake.readers import check_practice, documents, read
from everyunit.intake.receipts import Receipt
from everyunit.intake.recognise import FEES, TOML, Known, recognise
from everyunit.ledger import HomeRefused, Ledger, Source

MARKS = "refusals"  # rows about rows that were refused, which the receipt lists one by one


def look(found: Found) -> tuple[Receipt, Known | None]:
    """What the file is; None where it is not read, which the receipt then says."""
    receipt = Receipt(found.name)
    if found.fault:
        return receipt.close(receipts.SKIPPED if found.odd else receipts.UNREAD, found.fault), None
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


def take(found: Found, known: Known, receipt: Receipt, ledger: Ledger) -> Receipt:
    """Commit a file that was recognised and say how that went. HomeRefused where the home cannot take it."""
    try:
        sha256 = found.sha256()
    except (Unreadable, OSError) as error:
        return receipt.close(receipts.UNREAD, _broken(error))
    before = ledger.holds(sha256)
    if before is not None and ledger.damaged(sha256):
        _commit(found, known, sha256, Receipt(found.name, receipt.kind), ledger)
        receipt.say("What it brought before was damaged on the disk.")
        if ledger.damaged(sha256):
            receipt.say("It cannot be written as it was. Bring all files into a new home.")
        else:
            receipt.say("It is whole again.")
        return _held(receipt, before)
    if before is not None:
        if any(ledger.documents().get(name) != data for name, data in documents(found, known).items()):
            receipt.say(
                "A later file of this name counts. To bring this one back, change a comment in it and import it."
            )
        elif known.kind == TOML:
            check_practice(ledger.documents(), receipt)
        return _held(receipt, before)
    return _commit(found, known, sha256, receipt, ledger)


def _commit(found: Found, known: Known, sha256: str, receipt: Receipt, ledger: Ledger) -> Receipt:
    source = Source(sha256, found.name, receipt.kind)

    brought = documents(found, known)
    if known.kind == TOML:
        check_practice({**ledger.documents(), **brought}, receipt)

    def close(rows: dict[str, int]) -> dict[str, Any]:
        receipt.rows = {name: count for name, count in rows.items() if name != MARKS}
        if not receipt.rows and known.kind not in (TOML, FEES):
            raise _Nothing
        return receipt.as_dict()

    try:
        if ledger.commit(source, read(found, known, source.source_id, receipt), close, brought):
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
