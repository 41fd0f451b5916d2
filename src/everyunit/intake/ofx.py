"""OFX, the download of banks for bookkeeping programs: 1.x with open tags, 2.x as XML.

A small strict scanner: tags and the text behind them, the five usual entities, nothing declared and nothing fetched.
A file that declares entities is refused. Source: Open Financial Exchange specification 2.2, ch. 11 (banking).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from everyunit.days import to_day
from everyunit.errors import Unreadable
from everyunit.intake.bank_rows import entry, frame, whole_text
from everyunit.intake.receipts import Receipt
from everyunit.money import to_cents
from everyunit.x12.files import Opener

_HEAD = re.compile(rb"^(\xef\xbb\xbf)?\s*(OFXHEADER\s*:|<\?OFX\b|<OFX>|<\?xml[^>]*\?>\s*(<\?OFX\b|<OFX>))", re.I)
_TAG = re.compile(r"<(/?)([A-Za-z0-9._]{1,40})\s*>([^<]*)")
_ENTITY = re.compile(r"&(lt|gt|amp|nbsp|apos|quot|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "nbsp": " ", "apos": "'", "quot": '"'}
_EXPORT = "Export the file again from the bank's page."
LONGEST = 1_000
LONGEST_AMOUNT = 40


def looks_like_ofx(head: bytes) -> bool:
    """Whether a file begins as OFX does."""
    return bool(_HEAD.match(head))


def read_ofx(opener: Opener, source_id: str, receipt: Receipt) -> Iterator[dict[str, pl.DataFrame]]:
    """The credits (and debits, below zero) of every bank account; what cannot be read is refused with its line.

    Unreadable where the file declares entities or a document type.
    """
    text = whole_text(opener)
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise Unreadable("It declares a document type or entities, which no bank's OFX needs.", remedy=_EXPORT)
    rows: list[dict[str, Any]] = []
    once = _Once(receipt)
    account, currency, card, last = "", "USD", False, ""
    open_entry: dict[str, str] | None = None
    line, at = 1, 0
    for match in _TAG.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        closing, tag, value = match.group(1), match.group(2).upper(), _plain(match.group(3))
        last = closing + tag
        if tag == "STMTTRN":
            if open_entry is not None:
                rows += once.keep(account, _entry(open_entry, account, currency, receipt))
            open_entry = None if closing else {"line": str(line)}
        elif tag == "BANKTRANLIST" and closing and open_entry is not None:
            rows += once.keep(account, _entry(open_entry, account, currency, receipt))
            open_entry = None
        elif open_entry is not None and not closing and not card:
            open_entry.setdefault(tag, value)
        elif tag == "CCSTMTRS":
            card = not closing
            receipt.say("It holds a credit card's statement, which was left out.")
        elif tag == "ACCTID" and not closing:
            account = value
        elif tag == "CURDEF" and not closing:
            currency = value.upper()
    if open_entry is not None:  # its amount may have lost digits
        receipt.refuse(int(open_entry["line"]), "", "", "is not closed; the file breaks off within it", _EXPORT)
    if last != "/OFX":
        receipt.problem("file end", "The file ends without its last tag (/OFX); entries may be missing.", _EXPORT)
    yield frame(rows, source_id)


class _Once:
    """Keeps the first entry of each number of the bank (FITID, which stands once in an account)."""

    def __init__(self, receipt: Receipt) -> None:
        self._receipt = receipt
        self._seen: dict[tuple[str, str], dict[str, Any]] = {}

    def keep(self, account: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows whose number did not stand before. One that says the same is counted, any other refused."""
        return [row for row in rows if self._first(account, row)]

    def _first(self, account: str, row: dict[str, Any]) -> bool:
        number = json.loads(row["extra"] or "{}").get("bank_reference")
        held = self._seen.setdefault((account, number), row) if number else row
        if held is row:
            return True
        if {**held, "row": 0} == {**row, "row": 0}:
            self._receipt.repeated += 1
        else:
            message = "stands in the file before, with other values"
            self._receipt.refuse(row["row"], "FITID", "", message, "Hold both entries against the bank's page.")
        return False


def _plain(text: str) -> str:
    """The text with the usual entities as characters; any other stays as it is written."""

    def one(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in _NAMED:
            return _NAMED[name]
        number = int(name[2:], 16) if name.startswith("#x") else int(name[1:])
        return chr(number) if 32 <= number < 0x110000 and not 0xD800 <= number < 0xE000 else " "

    return " ".join(_ENTITY.sub(one, text).split())[:LONGEST]


def _entry(held: dict[str, str], account: str, currency: str, receipt: Receipt) -> list[dict[str, Any]]:
    """One entry as a row; refused where its day, amount or currency cannot be taken."""
    line = int(held["line"])
    if len(held) == 1:
        return []
    if currency not in ("", "USD") or held.get("CURSYM", "USD").upper() != "USD":
        receipt.refuse(line, "CURDEF", "", "is not in dollars", "Bring the file of a dollar account.")
        return []
    try:
        day = to_day(held.get("DTPOSTED", "")[:8])
    except ValueError:
        receipt.refuse(line, "DTPOSTED", "", "is no date", _EXPORT)
        return []
    amount = held.get("TRNAMT", "")
    try:
        if len(amount) > LONGEST_AMOUNT:
            raise ValueError("too long")
        cents = to_cents(amount.replace(",", ".") if re.fullmatch(r"[+-]?\d+,\d{1,2}", amount) else amount)
    except ValueError:
        receipt.refuse(line, "TRNAMT", "", "is no amount", _EXPORT)
        return []
    words = " ".join(held.get(name, "") for name in ("NAME", "MEMO"))
    told = {"bank_reference": held.get("FITID", ""), "type": held.get("TRNTYPE", ""), "account": account[-4:]}
    return [entry(day, cents, held.get("CHECKNUM") or held.get("REFNUM", ""), words, line, **told)]
