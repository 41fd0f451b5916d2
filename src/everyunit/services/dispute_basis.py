"""By what a line that was paid short is expected: the fee of its code that day, in words, with where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from everyunit.errors import BookRefusal
from everyunit.money import dollars
from everyunit.rulebook import Book, PayerTerms, Practice
from everyunit.rulebook.contracts import Contract, Unit
from everyunit.rulebook.fees import Price
from everyunit.rulebook.papers import is_public


@dataclass(frozen=True)
class Basis:
    """`agreed` names the contract or fee schedule, `own` whether it is the practice's own paper; `steps` count the
    line by it; `source` says where Medicare's fees stand (empty: none needed), `checked` whether they were seen."""

    agreed: str
    own: bool
    steps: str
    source: str
    checked: bool = True


def basis(row: dict[str, Any], practice: Practice, book: Book, kind: str) -> Basis:
    """The basis of one row of PAID_OFF of a payer of this kind, by the practice's terms, else by Medicare's fees."""
    terms = practice.payers.get(row["payer_id"]) or book.default_terms(row["payer_id"], row["payer_name"])
    place = practice.clinics.get(row["clinic"], ("", ""))
    contract = terms.contract_on(row["service_day"])
    agreed, source, checked = _agreed(terms, contract, row, place, book, is_public(kind))
    own = contract is not None or not isinstance(terms.fees, str)
    return Basis(agreed, own, "; ".join(_steps(row, terms, contract, place, book)), source, checked)


def _agreed(
    terms: PayerTerms,
    contract: Contract | None,
    row: dict[str, Any],
    place: tuple[str, str],
    book: Book,
    public: bool,
) -> tuple[str, str, bool]:
    if contract is not None:
        own = f"{'Your fee schedule as we hold it' if public else 'Our contract with you'}: {contract.told()}"
        if not isinstance(contract.fees, str) or contract.visit_cents is not None:
            return own, "", True
        source, checked = _schedule(row, place, book)
        return own, source, checked
    if not isinstance(terms.fees, str):
        return f"Your fee schedule as {'we hold it' if public else 'agreed with us'} ({terms.fees_file})", "", True
    where = f"locality {place[0]} {place[1]}" if place[0] else "national rate"
    source, checked = _schedule(row, place, book)
    whose = "Medicare's fee schedule" if terms.declared else "The Medicare fee schedule"
    return f"{whose}, {where}", source, checked


def _schedule(row: dict[str, Any], place: tuple[str, str], book: Book) -> tuple[str, bool]:
    """Where Medicare's fees of the line's codes stand, and whether all were seen there."""
    found = []
    for code in row["code"].split(":"):
        try:
            found.append(book.price(code, row["service_day"], *place))
        except BookRefusal:
            continue
    sources = "; ".join(dict.fromkeys(price.source for price in found))
    return sources or "Medicare's fee schedule", all(price.checked for price in found)


def _steps(
    row: dict[str, Any], terms: PayerTerms, contract: Contract | None, place: tuple[str, str], book: Book
) -> list[str]:
    """How the line comes to what is expected: its units by their fee, the list charge, the assistant's share."""
    allowed, units = row["allowed_cents"], row["units"] or 0
    told = []
    if contract is not None and contract.visit_cents is not None:
        told.append(f"rate of the visit, {dollars(allowed)} of it on this line")
    elif ":" in row["code"]:
        told.append(f"the lines of the claim together, {dollars(allowed)}")
    else:
        unit = _unit(row, terms, contract, place, book)
        told.append(f"{_counted(units, allowed, unit)} = {dollars(allowed)}")
    due = allowed
    if row["charge_cents"] < allowed:
        due = row["charge_cents"]
        told.append(f"no more than was charged, {dollars(due)}")
    if row["expected_cents"] < due:
        told.append(f"less the assistant's 15 percent of the payer's part, {dollars(row['expected_cents'])}")
    if row["off_cents"] > row["received_cents"] - row["expected_cents"]:
        told.append("the other lines of the day came to more, so that less is short")
    return told


def _unit(
    row: dict[str, Any], terms: PayerTerms, contract: Contract | None, place: tuple[str, str], book: Book
) -> tuple[int, int]:
    """Cents of one unit, whole and reduced."""
    scheduled = partial(book.price, row["code"], row["service_day"], *place)
    if contract is None and not isinstance(terms.fees, str):
        cents = terms.fees[row["code"]]
        return cents, cents
    price: Price | Unit = scheduled() if contract is None else contract.unit(row["code"], scheduled)
    return price.full_cents, price.reduced_cents if price.mppr else price.full_cents


def _counted(units: int, allowed: int, unit: tuple[int, int]) -> str:
    """`1 x $30.00 + 1 x $22.10 (reduced ...)`: which of the units stand at the whole fee."""
    full, reduced = unit
    for whole in (units, *range(units)):
        rest = units - whole
        if whole * full + rest * reduced == allowed:
            parts = [f"{whole} x {dollars(full)}"] if whole else []
            parts += [f"{rest} x {dollars(reduced)} (reduced as a further procedure of the day)"] if rest else []
            return " + ".join(parts)
    return f"{units} units"
