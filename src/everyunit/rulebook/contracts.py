"""What a payer agreed to pay, by days: a fee table, a percentage, a rate for the visit, a cap, lesser of charges.

Source: the practice's own contract, as it wrote it down in practice.toml under `[[payers.ID.contracts]]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from everyunit.days import iso, to_day
from everyunit.errors import BookRefusal
from everyunit.money import dollars, half_up, to_cents
from everyunit.rulebook.fees import Price

WHOLE = 10_000  # basis points of the whole
LAST = 2_932_896  # 9999-12-31
WORDS = ("from", "to", "fees", "percent", "per_visit", "unit_cap", "lesser_of", "reduction")
_INSTEAD = ("fees", "percent", "unit_cap", "lesser_of", "reduction")  # prices of units, which a rate stands in for
_MOST_BP = 100_000
_MOST_CENTS = 1_000_000
Note = Callable[[str, str], None]
Tables = Callable[[str], "dict[str, int] | None"]


@dataclass(frozen=True)
class Unit:
    """The price of one unit under a contract: whole, and as a further procedure of the day (equal: no reduction)."""

    full_cents: int
    reduced_cents: int
    pe_rank: int
    mppr: bool
    basis: str


@dataclass(frozen=True)
class Contract:
    """One agreement, in force from `first_day` to `last_day` (epoch days, both inside).

    `fees` is "medicare" or code -> cents a unit; `percent_bp` basis points of it; `visit_cents` a rate for the
    patient's day instead; `cap_cents` the most for one unit; `charges` the practice's own list prices (code -> cents
    a unit), of which and the price the lesser counts; `reduced` whether Medicare's reduction for several procedures
    applies to a percentage of it.
    """

    first_day: int
    last_day: int = LAST
    fees: str | Mapping[str, int] = "medicare"
    percent_bp: int = WHOLE
    visit_cents: int | None = None
    cap_cents: int | None = None
    charges: Mapping[str, int] | None = None
    reduced: bool = True

    def holds(self, day: int) -> bool:
        """Whether it is in force that day."""
        return self.first_day <= day <= self.last_day

    def limit(self, code: str, cents: int) -> int:
        """The price after cap and lesser of."""
        caps = [cap for cap in (self.cap_cents, (self.charges or {}).get(code)) if cap is not None]
        return min([cents, *caps])

    def unit(self, code: str, scheduled: Callable[[], Price]) -> Unit:
        """The price of one unit; `scheduled` gives Medicare's where the contract rests on it.

        Raises BookRefusal where fee table or book have none.
        """
        if isinstance(self.fees, str):
            price = scheduled()
            full, low = price.full_cents, price.reduced_cents if self.reduced else price.full_cents
            rank, basis = price.pe_rank, "Medicare's fee schedule"
        elif code in self.fees:
            full, low, rank, basis = self.fees[code], self.fees[code], -1, "the contract's fee table"
        else:
            raise BookRefusal(f"The payer's fee table holds no price for {code}.", remedy="Add a row for it.")
        if self.percent_bp != WHOLE:
            full, low = half_up(full * self.percent_bp, WHOLE), half_up(low * self.percent_bp, WHOLE)
            basis = f"{percent(self.percent_bp)} of {basis}"
        full, low = self.limit(code, full), self.limit(code, low)
        return Unit(full, low, rank, full != low, basis)

    def told(self) -> str:
        """The agreement in a sentence's worth of words."""
        what = "Medicare's fee schedule" if isinstance(self.fees, str) else "a fee table"
        said = [f"{percent(self.percent_bp)} of {what}" if self.percent_bp != WHOLE else what]
        if self.visit_cents is not None:
            said = [f"{dollars(self.visit_cents)} for the visit"]
        said += [f"at most {dollars(self.cap_cents)} a unit"] if self.cap_cents is not None else []
        said += ["never above the practice's own charge"] if self.charges is not None else []
        until = "" if self.last_day == LAST else f" to {iso(self.last_day)}"
        return f"{', '.join(said)} (contract from {iso(self.first_day)}{until})"


def percent(basis_points: int) -> str:
    """`112.5 %` of 11250."""
    return f"{basis_points // 100}{f'.{basis_points % 100:02d}'.rstrip('0').rstrip('.')} %"


def contracts_of(entry: Any, table: Tables, note: Note) -> tuple[Contract, ...]:
    """The contracts that practice.toml names for a payer, by first day.

    What cannot be taken is told to `note` (seen, remedy) and that contract is left out. `table` gives the fee table
    of a file name, None where the file is not there.
    """
    if not isinstance(entry, list):
        note("contracts is no list.", "Write [[payers.ID.contracts]] for each.")
        return ()
    made: list[Contract] = []
    for number, words in enumerate(entry, start=1):
        try:
            found = _contract(words, table, partial(_beside, note, number))
        except _Unfit as unfit:
            _beside(note, number, *unfit.args)
            continue
        if any(found.first_day <= other.last_day and other.first_day <= found.last_day for other in made):
            note(f"contract {number}: its days overlap those of another.", "End the older one the day before.")
            continue
        made.append(found)
    return tuple(sorted(made, key=lambda contract: contract.first_day))


def _beside(note: Note, number: int, seen: str, remedy: str) -> None:
    note(f"contract {number}: {seen}", remedy)


def _contract(words: Any, table: Tables, note: Note) -> Contract:
    if not isinstance(words, dict):
        raise _Unfit("this is no section.", "Write [[payers.ID.contracts]] and its lines below.")
    for word in words.keys() - set(WORDS):
        note(f"{word} is no word that is read here.", f"Take {', '.join(WORDS)}.")
    first_day, last_day = _days(words)
    if "per_visit" in words:
        cents = _cents(words["per_visit"], "per_visit")
        beside = [word for word in _INSTEAD if word in words]
        if beside:
            seen = f"per_visit is a rate for the patient's whole day and holds; not read: {', '.join(beside)}."
            note(seen, "Leave out per_visit, or leave out the others.")
        return Contract(first_day, last_day, visit_cents=cents)
    return Contract(
        first_day=first_day,
        last_day=last_day,
        fees=_fees(words.get("fees", "medicare"), table),
        percent_bp=_percent(words["percent"]) if "percent" in words else WHOLE,
        cap_cents=_cents(words["unit_cap"], "unit_cap") if "unit_cap" in words else None,
        charges=_charges(words["lesser_of"], table) if "lesser_of" in words else None,
        reduced=_yes(words.get("reduction", True), "reduction"),
    )


class _Unfit(Exception):
    """Seen and remedy of a word that cannot be taken."""


def _day(words: dict[str, Any], name: str) -> int:
    try:
        return to_day(str(words[name]))
    except (KeyError, ValueError):
        raise _Unfit(f"{name} is no day.", f'Write {name} = "2026-01-01".') from None


def _days(words: dict[str, Any]) -> tuple[int, int]:
    first_day, last_day = _day(words, "from"), _day(words, "to") if "to" in words else LAST
    if last_day < first_day:
        seen = f"to ({iso(last_day)}) is before from ({iso(first_day)}), so it would hold on no day."
        raise _Unfit(seen, "Mend one of the two days.")
    return first_day, last_day


def _yes(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise _Unfit(f"{name} is neither true nor false.", f"Write {name} = false, without quotes, or leave it out.")
    return value


def _fees(value: Any, table: Tables) -> str | dict[str, int]:
    name = str(value).strip()
    if name.lower() == "medicare":
        return "medicare"
    found = table(name)
    if found is None:
        raise _Unfit(f"the fee table {name} is not there.", 'Import that file too, or write fees = "medicare".')
    return found


def _charges(value: Any, table: Tables) -> dict[str, int]:
    found = table(str(value).strip())
    if found is None:
        raise _Unfit(
            f"the list of charges {value} is not there.", "Give a file of code and allowed, your charge a unit."
        )
    return found


def _percent(value: Any) -> int:
    try:
        points = Decimal(str(value)) * 100
    except ArithmeticError:
        points = Decimal("0.5")
    if points != points.to_integral_value() or not 0 < points <= _MOST_BP:
        raise _Unfit("percent is no percentage.", "Write percent = 112.5 for 112.5 % of the fees.")
    return int(points)


def _cents(value: Any, name: str) -> int:
    try:
        cents = to_cents(str(value)) if not isinstance(value, bool) else -1
    except ValueError:
        cents = -1
    if not 0 < cents <= _MOST_CENTS:
        raise _Unfit(f"{name} is no amount.", f'Write {name} = "95.00", at most $10,000.')
    return cents
