"""What the filters of commands name. A slip of the pen is told; it never looks like a clean bill."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from everyunit.errors import UsageError
from everyunit.rulebook.denials import CAUSES, UNKNOWN
from everyunit.rulebook.kinds import ROLES
from everyunit.services.home import open_home

LISTED = 12


def payer_named(home: str | Path, given: str) -> str:
    """The number of the payer that has this number or name; empty for empty. UsageError where there is none."""
    if not given:
        return ""
    ledger = open_home(home)
    tables = [ledger.scan(name).select("payer_id", "payer_name").unique() for name in ("visits", "claims")]
    paid = ledger.scan("remits").select("payer_id", "payer_name").unique()
    names = [(str(number), name or "") for number, name in pl.concat([*tables, paid]).collect().rows() if number]
    wanted = given.strip().casefold()
    for number, name in sorted(names):
        if wanted in (number.casefold(), name.casefold()):
            return number
    first = dict(reversed(names))  # as visits call them, before files of payers do
    raise _unknown("payer", given, [f"{number} ({first[number]})" for number in sorted(first)])


def clinic_named(home: str | Path, given: str) -> str:
    """The clinic of that name, whatever its capitals; empty for empty. UsageError where there is none."""
    return _of_visits(home, "clinic", "clinic", given)


def clinician_named(home: str | Path, given: str) -> str:
    """The clinician's number where visits bear it; empty for empty. UsageError where there is none."""
    return _of_visits(home, "clinician_npi", "clinician", given)


def role_named(given: str) -> str:
    """One of the roles of the book; empty for empty. UsageError where there is none."""
    return one_of("role", given, ROLES)


def cause_named(given: str) -> str:
    """One of the root causes of the book; empty for empty. UsageError where there is none."""
    return one_of("cause", given, (*CAUSES, UNKNOWN))


def one_of(what: str, given: str, known: Iterable[str]) -> str:
    """The one of `known` that is meant; empty for empty. UsageError where there is none."""
    listed = sorted(known)
    if not given:
        return ""
    wanted = given.strip().casefold().replace(" ", "_")
    for name in listed:
        if name.casefold().replace(" ", "_") == wanted:
            return name
    raise _unknown(what, given, listed)


def _of_visits(home: str | Path, column: str, what: str, given: str) -> str:
    if not given:
        return ""
    known = open_home(home).scan("visits").select(pl.col(column).drop_nulls().unique()).collect()[column]
    return one_of(what, given, known)


def _unknown(what: str, given: str, known: list[str]) -> UsageError:
    more = f" and {len(known) - LISTED:,} more" if len(known) > LISTED else ""
    listed = ", ".join(known[:LISTED]) + more if known else f"no {what} is in these files"
    return UsageError(f"There is no {what} {given}.", remedy=f"Known are: {listed}.")
