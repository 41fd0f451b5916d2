"""What a unit of each code that the words carry is expected to bring: shown only where somebody asks on a page of the
biller or owner, never a reason for a code and never an order of anything. On the clinician's page before signing it
cannot be asked for, unless practice.toml says so."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from everyunit.days import Day
from everyunit.errors import BookRefusal
from everyunit.ledger import Ledger
from everyunit.rulebook import Book, price_day
from everyunit.services.home import open_home
from everyunit.services.inputs import practice_of

Payments = dict[str, int | None]


def of_visit(ledger: Ledger, visit: dict[str, Any], codes: Iterable[str]) -> Payments:
    """Expected allowed cents of one unit alone that day, by the terms of the visit's payer; None without a price."""
    practice, book = practice_of(ledger), Book.load()
    payer_id, day = visit["payer_id"] or "", int(visit["service_day"])
    terms = practice.payers.get(payer_id) or book.default_terms(payer_id, visit["payer_name"] or "")
    place = practice.clinics.get(visit["clinic"] or "", ("", ""))
    table = terms.fees if isinstance(terms.fees, dict) else None
    return {code: _cents(code, day, place, table, terms.contract_on(day)) for code in codes}


def before_signing(home: str | Path) -> bool:
    """Whether the practice lets it be asked for beside a draft: payment_before_signing in practice.toml."""
    return practice_of(open_home(home)).payment_before_signing


def of_draft(codes: Iterable[str], day: Day) -> Payments:
    """Expected allowed cents of one unit alone by Medicare's national rate on a day: a draft names no contract."""
    return {code: _cents(code, day, ("", ""), None, None) for code in codes}


def _cents(code: str, day: Day, place: tuple[str, str], table: Any, contract: Any) -> int | None:
    try:
        return int(price_day([(code, 1)], day, *place, Book.load(), table, contract).total_cents)
    except BookRefusal:
        return None
