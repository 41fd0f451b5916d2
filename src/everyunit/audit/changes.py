"""What a change of one line is worth to a check that sees courses: the patient's day with it, less without it.

For the few lines that such a check names; checks of single days leave it to `checks.valued`.
"""

from __future__ import annotations

import polars as pl

from everyunit.audit.engine import bring
from everyunit.audit.facts import Facts
from everyunit.audit.hits import seen
from everyunit.errors import BookRefusal
from everyunit.rulebook import price_day

_DAY = ("patient_id", "payer_id", "service_day")
Units = dict[str, int]


def with_cents(facts: Facts, rows: pl.DataFrame) -> pl.DataFrame:
    """Adds `cents`, null where a code that changes has no price.

    Rows bear patient_id, payer_id, clinic, service_day, and the change: `less` units of `code`, `more` units of
    `other` (null: of none). Units that the count of the day takes off bear their dollars there, and none here.
    """
    if rows.is_empty():
        return rows.with_columns(cents=pl.lit(None, pl.Int64))
    billed = _billed(facts, rows)
    columns = [*_DAY, "clinic", "code", "less", "other", "more"]
    made = [
        _change(facts, clinic, payer, day, billed.get((patient, payer, day), {}), (code, less), (other, more))
        for patient, payer, day, clinic, code, less, other, more in rows.select(columns).rows()
    ]
    return rows.with_columns(pl.Series("cents", made, pl.Int64))


def _billed(facts: Facts, rows: pl.DataFrame) -> dict[tuple[str, str, int], Units]:
    """Units in force by patient, payer and day, then by code, less those that the count of the day takes off."""
    days = bring(rows.select(_DAY).unique(), facts.lines)
    lines = seen(facts.lines.join(days, on=list(_DAY), how="inner").select(*_DAY, "pool", "code", "units", "taken"))
    summed = lines.group_by(*_DAY, "pool", "code", maintain_order=True).agg(
        pl.col("units").sum() - pl.col("taken").first()
    )
    made: dict[tuple[str, str, int], Units] = {}
    for patient, payer, day, _, code, units in summed.rows():
        held = made.setdefault((patient, payer, day), {})
        held[code] = held.get(code, 0) + max(units, 0)
    return made


def _change(
    facts: Facts,
    clinic: str,
    payer_id: str,
    day: int,
    billed: Units,
    off: tuple[str, int],
    on: tuple[str | None, int],
) -> int | None:
    changed = dict(billed)
    changed[off[0]] = max(changed.get(off[0], 0) - off[1], 0)
    if on[0]:
        changed[on[0]] = changed.get(on[0], 0) + on[1]
    touched = {code for code in changed if changed[code] != billed.get(code, 0)}
    totals = [_total(facts, clinic, payer_id, day, units, touched) for units in (changed, billed)]
    return None if totals[0] is None or totals[1] is None else totals[0] - totals[1]


def _total(facts: Facts, clinic: str, payer_id: str, day: int, units: Units, touched: set[str]) -> int | None:
    """Expected allowed cents of the day; null where a code that is touched has no price, others without are left out.

    A payer that practice.toml does not name is priced by Medicare's schedule.
    """
    terms, place = facts.practice.payers.get(payer_id), facts.practice.clinics.get(clinic, ("", ""))
    table = terms.fees if terms and isinstance(terms.fees, dict) else None
    agreed = terms.contract_on(day) if terms else None
    kept = []
    for code in units:
        try:
            price_day([(code, 1)], day, *place, facts.book, table, agreed)
            kept.append((code, units[code]))
        except BookRefusal:
            if code in touched:
                return None
    return price_day(kept, day, *place, facts.book, table, agreed).total_cents
