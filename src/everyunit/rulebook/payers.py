"""How a payer counts: what practice.toml says, else what the book knows of payers of that kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from everyunit.rulebook.shelves import Shelves

if TYPE_CHECKING:
    from everyunit.rulebook.contracts import Contract

Rule = Literal["cms", "ama"]
FALLBACK = "any_other"


@dataclass(frozen=True)
class PayerTerms:
    """How one payer counts units and pays.

    `fees` is "medicare" or the payer's own table, code -> cents a unit. `declared` says that practice.toml names the
    payer; otherwise `source`, `checked` and `note` say where the rule comes from. On the days of `contracts` those
    say what is paid, and not `fees`. `fees_file` names the file of the own table. `day_units` are the most timed
    units that it pays a day (0: not told), `ceilings` the most of one code, code -> units a day.
    """

    id: str
    name: str
    rule: Rule
    fees: str | dict[str, int]
    declared: bool
    source: str = ""
    checked: bool = True
    note: str = ""
    contracts: tuple[Contract, ...] = ()
    filing_days: int = 0  # days to file a claim; 0: the book's
    fees_file: str = ""
    day_units: int = 0
    ceilings: Mapping[str, int] = field(default_factory=dict, hash=False)

    def contract_on(self, day: int) -> Contract | None:
        """The contract in force that day."""
        return next((contract for contract in self.contracts if contract.holds(day)), None)


def default_terms(shelf: Shelves, payer_id: str, payer_name: str, filing_code: str = "") -> PayerTerms:
    """Terms of a payer that practice.toml does not name: a payer's kind by filing code, else by its name.

    Dollars of such a payer are expected by Medicare's schedule, for want of its own.
    """
    key = payer_kind(shelf, payer_name, filing_code)
    value = shelf.values[f"payers.{key}"][-1]
    checked = value.checked and key != FALLBACK
    rule: Rule = "cms" if value.value == "cms" else "ama"
    return PayerTerms(payer_id, payer_name, rule, "medicare", False, value.source, checked, value.note)


def payer_kind(shelf: Shelves, payer_name: str, filing_code: str = "") -> str:
    """The book's key of a payer: by filing code, else by name, else any_other."""
    by_name = kind_by_name(shelf, payer_name)
    key = shelf.filing.get(filing_code.strip().upper(), "") or by_name or FALLBACK
    return by_name if key == "medicare" and by_name == "railroad_medicare" else key


def kind_by_name(shelf: Shelves, payer_name: str) -> str:
    """The first payer of the book one of whose words stands in the name, or nothing."""
    bare = f" {re.sub(r'[^a-z0-9]+', ' ', payer_name.lower())} "
    for key, words in shelf.words.items():
        if any(f" {re.sub(r'[^a-z0-9]+', ' ', word.lower()).strip()}" in bare for word in words):
            return key
    return ""
