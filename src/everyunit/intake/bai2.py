"""BAI2, the cash management file of banks: credits and debits of accounts by day.

Records 01 file, 02 group (day), 03 account, 16 entry, 88 more of the record before it, 49/98/99 their ends with
control totals. Amounts have no decimal point: cents of dollars. Type codes 100 to 399 are credits, 400 to 699 debits.
Source: BAI Cash Management Balance Reporting Specifications, version 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from everyunit.days import to_day
from everyunit.intake.bank_rows import entry, frame, whole_text
from everyunit.intake.receipts import Receipt
from everyunit.x12.files import Opener

_FIRST = re.compile(rb"^(\xef\xbb\xbf)?\s*01,[^,\r\n]*,[^,\r\n]*,\d{6},\d{0,4},")
_AMOUNT = re.compile(r"[+-]?\d{1,15}")
_SKIPPED = {"2": "a deletion", "4": "a test"}
_RESEND = "Ask the bank to send the file again."


def looks_like_bai2(head: bytes) -> bool:
    """Whether a file begins with a BAI2 file header."""
    return bool(_FIRST.match(head))


@dataclass
class _State:
    """Where the reader stands, and what it has counted of the open account."""

    day: int | None = None
    currency: str = ""
    dollars: bool = True
    skipped: str = ""
    account: str = ""
    total: int = 0
    records: int = 0
    entries: list[dict[str, Any]] = field(default_factory=list)


def read_bai2(opener: Opener, source_id: str, receipt: Receipt) -> Iterator[dict[str, pl.DataFrame]]:
    """The credits (and debits, below zero) of every account; what cannot be read is refused with its line."""
    state = _State()
    last = ""
    for line, text, size in _records(whole_text(opener)):
        code, last = text[:2], text[:2]
        state.records += size
        if code == "02":
            _group(state, text, line, receipt)
        elif code == "03":
            _account(state, text, size, line, receipt)
        elif code == "16":
            _detail(state, text, line, receipt)
        elif code == "49":
            _account_end(state, text, line, receipt)
        elif code not in ("01", "98", "99"):
            receipt.refuse(line, "", "", "is no record of BAI2", _RESEND)
    if last != "99":
        receipt.problem("file end", "The file ends without its trailer (99); entries may be missing.", _RESEND)
    yield frame(state.entries, source_id)


def _records(text: str) -> Iterator[tuple[int, str, int]]:
    """Line, text and physical records of each logical record; what continues it stands behind a line end."""
    held: tuple[int, str, int] | None = None
    for line, raw in enumerate(text.splitlines(), start=1):
        bare = raw.strip().removesuffix("/") if raw.strip().endswith("/") else raw.strip()
        if not bare:
            continue
        if bare[:3] in ("88,", "88") and held:
            held = (held[0], f"{held[1]}\n{bare[3:]}", held[2] + 1)
            continue
        if held:
            yield held
        held = (line, bare, 1)
    if held:
        yield held


def _group(state: _State, text: str, line: int, receipt: Receipt) -> None:
    parts = [*re.split(r"[,\n]", text), *[""] * 8]
    state.skipped = _SKIPPED.get(parts[3].strip(), "")
    state.currency = parts[6].strip().upper()
    try:
        state.day = to_day("20" + parts[4].strip())
    except ValueError:
        state.day = None
        receipt.refuse(line, "as-of date", "", "is no date; the entries of this group have no day", _RESEND)
    if state.skipped:
        receipt.say(f"A group of it is marked as {state.skipped}; its entries were left out.")


def _account(state: _State, text: str, size: int, line: int, receipt: Receipt) -> None:
    parts = [part.strip() for part in re.split(r"[,\n]", text)]
    state.account = parts[1][-4:] if len(parts) > 1 else ""
    state.records, state.total = size, 0
    currency = (parts[2].upper() if len(parts) > 2 else "") or state.currency  # without its own, the group's
    state.dollars = currency in ("", "USD")
    if not state.dollars:
        message = "is not dollars; only dollars are taken, and its entries were left out"
        receipt.refuse(line, "currency", currency[:3], message, "Bring the file of a dollar account.")
    at = 3
    while at + 1 < len(parts):
        if _AMOUNT.fullmatch(parts[at + 1]):
            state.total += int(parts[at + 1])
        at += 4 + _more(parts[at + 3 : at + 5])


def _more(funds: list[str]) -> int:
    """Fields that follow a funds type."""
    kind, after = ((*funds, "", "")[:2]) if funds else ("", "")
    if kind.upper() == "D":
        return 1 + 2 * int(after) if after.isdigit() and len(after) < 3 else 1
    return {"S": 3, "V": 2}.get(kind.upper(), 0)


def _detail(state: _State, text: str, line: int, receipt: Receipt) -> None:
    parts = re.split(r"[,\n]", text)
    code, amount = (part.strip() for part in (*parts[1:3], "", "")[:2])
    if not _AMOUNT.fullmatch(amount):
        if code == "890" and not amount:
            return  # words of the bank, no money
        receipt.refuse(line, "amount", "", "is no amount in cents without a point", _RESEND)
        return
    state.total += int(amount)
    if state.skipped or not state.dollars or state.day is None:
        return
    if not (code.isdigit() and 100 <= int(code) <= 699):
        receipt.refuse(line, "type", code[:3] if code.isdigit() else "", "is no type of a credit or debit", _RESEND)
        return
    head = 4 + _more([part.strip() for part in parts[3:5]])
    bank, customer, words = _behind(text, head)
    cents = int(amount) if int(code) < 400 else -int(amount)
    told = {"bank_reference": bank, "type": code, "account": state.account}
    state.entries.append(entry(state.day, cents, customer, words, line, **told))


def _behind(text: str, head: int) -> tuple[str, str, str]:
    """Bank reference, customer reference and words behind so many fields; line ends part fields, in words a space."""
    parts = [*re.split(r"[,\n]", text, maxsplit=head + 2), *[""] * (head + 3)]
    bank, customer, words = parts[head : head + 3]
    return bank.strip(), customer.strip(), words.replace("\n", " ")


def _account_end(state: _State, text: str, line: int, receipt: Receipt) -> None:
    """The control total of an account is the sum of all amounts in it; its records are counted."""
    parts = [part.strip() for part in (*text.split(","), "", "")]
    if _AMOUNT.fullmatch(parts[1]) and int(parts[1]) != state.total:
        said = "The control total of the account is not the sum of its amounts."
        receipt.problem(f"file line {line}", said, "Hold the entries against the bank's page.")
    if parts[2].isdigit() and int(parts[2]) != state.records:
        receipt.problem(f"file line {line}", "The account says another number of records than stand there.", _RESEND)
