"""Balances that a payer carries from one payment to a later one, followed until they are settled.

FB below zero carries a balance on, FB above zero takes one; WO below zero names an overpayment to be taken later, WO
above zero takes it. A balance is found by its reference; a bare FB also by its amount, where one alone is open of it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

CARRIES = ("FB", "WO")

Row = dict[str, Any]
Place = tuple[str, int, int]


@dataclass
class Carried:
    """`balances` are rows of BALANCES; `matched` says of a row that carries or takes how it was found; `beyond` how
    many cents a row takes beyond what was carried."""

    balances: list[Row] = field(default_factory=list)
    matched: dict[Place, str] = field(default_factory=dict)
    beyond: dict[Place, int] = field(default_factory=dict)


def carried(rows: list[Row]) -> Carried:
    """Follow the balances of provider adjustments that stand in the order of time.

    Each row has source_id, transaction, segment, ordinal, day, payer_id, provider_id, reason, reference and
    amount_cents. Within a payment what is taken comes before what is carried on.
    """
    made = Carried()
    open_ones: dict[tuple[str, str], list[Row]] = defaultdict(list)
    ours = [row for row in rows if row["reason"] in CARRIES and row["amount_cents"]]
    payments: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in ours:
        payments[row["source_id"], row["transaction"]].append(row)
    for group in payments.values():
        took: list[Row] = []
        for row in group:
            if row["amount_cents"] > 0:
                took += _take(row, open_ones[row["payer_id"], row["provider_id"]], made)
        carries = [row for row in group if row["amount_cents"] < 0 and not _refunded(row, group)]
        for one in took:
            one["carried_on"] = one["carried_on"] or bool(carries)
        for row in carries:
            balance = _opened(row)
            made.balances.append(balance)
            open_ones[row["payer_id"], row["provider_id"]].append(balance)
            made.matched[_place(row)] = "opened"
    return made


def _place(row: Row) -> Place:
    return row["source_id"], row["segment"], row["ordinal"]


def _reference(row: Row) -> str:
    return (row["reference"] or "").strip().upper()


def _refunded(row: Row, group: list[Row]) -> bool:
    """Whether the same payment takes the same amount under the same reference: nothing is carried then."""
    return any(
        other["amount_cents"] == -row["amount_cents"] and _reference(other) == _reference(row) for other in group
    )


def _opened(row: Row) -> Row:
    names = (
        "source_id",
        "transaction",
        "segment",
        "ordinal",
        "day",
        "payer_id",
        "provider_id",
        "reason",
        "reference",
    )
    amount = -row["amount_cents"]
    sums = {
        "carried_cents": amount,
        "settled_cents": 0,
        "open_cents": amount,
        "settled_day": None,
        "carried_on": False,
    }
    return {**{name: row[name] for name in names}, **sums}


def _take(row: Row, held: list[Row], made: Carried) -> list[Row]:
    """Take an amount of the open balances it belongs to, the oldest first; the balances it was taken of."""
    waiting = [one for one in held if one["open_cents"] > 0]
    ours, by = [one for one in waiting if _reference(row) and _reference(one) == _reference(row)], "reference"
    if not ours and row["reason"] == "FB":
        ours, by = [one for one in waiting if one["open_cents"] == row["amount_cents"]], "amount"
        ours = ours if len(ours) == 1 else []
    left = row["amount_cents"]
    took = []
    for one in ours:
        part = min(left, one["open_cents"])
        if part:
            one["open_cents"] -= part
            one["settled_cents"] += part
            one["settled_day"] = row["day"]
            left -= part
            took.append(one)
    if took:
        made.matched[_place(row)] = by
        if left and row["reason"] == "FB":
            made.beyond[_place(row)] = left
    return took
