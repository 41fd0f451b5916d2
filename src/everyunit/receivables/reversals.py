"""Reversals and what they undo: same claim number, payer and payer control number, equal opposite amounts.

Each reversal takes the nearest decision before it that none has undone. The decision that follows on the same claim
by the same payer is its correction. What fits nothing is listed with the reason; nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl

from everyunit.money import dollars
from everyunit.receivables.decisions import TIME
from everyunit.receivables.tables import REVERSALS

Row = dict[str, Any]


def reversals(every: pl.LazyFrame) -> pl.DataFrame:
    """REVERSALS out of `decisions.decided`, in the order of time."""
    by = ["claim_id", "payer_id"]
    touched = every.filter("reversal").select(by).unique()
    rows = every.join(touched, on=by, how="semi").sort(TIME).collect().to_dicts()
    undone, following = _paired(rows), _following(rows)
    open_ones = _left(rows, {id(one) for one in undone.values()})
    made = []
    for place, row in enumerate(rows):
        if row["reversal"]:
            near = [] if place in undone else [one for at, one in open_ones[_key(row)] if at < place]
            made.append(_row(row, undone.get(place), following.get(place), near))
    return pl.DataFrame(made, schema=REVERSALS.schema, orient="row")


def _key(row: Row) -> tuple[str, str]:
    return row["claim_id"], row["payer_id"]


def _left(rows: list[Row], taken: set[int]) -> dict[tuple[str, str], list[tuple[int, Row]]]:
    """Decisions that no reversal undoes, with their places, by claim and payer."""
    found: dict[tuple[str, str], list[tuple[int, Row]]] = defaultdict(list)
    for place, row in enumerate(rows):
        if not row["reversal"] and id(row) not in taken:
            found[_key(row)].append((place, row))
    return found


def _paired(rows: list[Row]) -> dict[int, Row]:
    """Place of each reversal -> the decision that it undoes."""
    waiting: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    found: dict[int, Row] = {}
    for place, row in enumerate(rows):
        sign = -1 if row["reversal"] else 1
        amounts = (sign * row["charge_cents"], sign * row["paid_cents"])
        open_ones = waiting[row["claim_id"], row["payer_id"], row["payer_control"], amounts]
        if not row["reversal"]:
            open_ones.append(row)
        elif open_ones:
            found[place] = open_ones.pop()
    return found


def _following(rows: list[Row]) -> dict[int, Row]:
    """Place of each reversal -> the next decision of the same payer on the same claim, up to its next reversal."""
    found: dict[int, Row] = {}
    last: dict[tuple[str, str], int] = {}
    for place, row in enumerate(rows):
        if row["reversal"]:
            last[_key(row)] = place
        elif _key(row) in last:
            found[last.pop(_key(row))] = row
    return found


def _row(row: Row, undone: Row | None, corrected: Row | None, near: list[Row]) -> dict[str, Any]:
    made = {name: row[name] for name in ("source_id", "transaction", "segment", "claim", "claim_id", "payer_id")}
    made |= {name: row[name] for name in ("payer_control", "day", "charge_cents", "paid_cents")}
    for name, other in (("undone", undone), ("corrected", corrected)):
        for column in ("source_id", "transaction", "claim", "day"):
            made[f"{name}_{column}"] = other[column] if other else None
    made["corrected_paid_cents"] = corrected["paid_cents"] if corrected else None
    made["change_cents"] = row["paid_cents"] + (corrected["paid_cents"] if corrected else 0)
    made["words"] = None if undone else _why(row, near)
    return made


def _why(row: Row, near: list[Row]) -> str:
    """Why a reversal undoes nothing that is held."""
    if not near:
        return "No earlier decision on this claim by this payer is held. Bring the 835 that decided it first."
    last = near[-1]
    if (last["charge_cents"], last["paid_cents"]) == (-row["charge_cents"], -row["paid_cents"]):
        return (
            "An earlier decision has these amounts under another payer control number. Ask the payer which it undoes."
        )
    said = f"{dollars(last['charge_cents'])} charged and {dollars(last['paid_cents'])} paid"
    taken = f"{dollars(-row['charge_cents'])} and {dollars(-row['paid_cents'])}"
    return f"The nearest earlier decision is {said}; the reversal takes back {taken}. Ask the payer which it undoes."
