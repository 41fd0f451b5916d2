"""Deposits at the bank and the payments in them; what is missing, short or over, and what stands alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.services.home import open_home
from everyunit.services.receivables import receivables
from everyunit.services.remits import day_or_none, file_names, number

Row = dict[str, Any]
STATES = ("matched", "short", "over", "missing", "unclear", "waiting", "before", "unread", "not_needed")
DEPOSIT_STATES = ("matched", "short", "over", "unmatched", "withdrawn")


@dataclass(frozen=True)
class Deposits:
    """`deposits` in the order of days, `payments` the newest first; `as_of` is the last day of the bank's files.

    `paid` and `banked` count both by state: rows and cents.
    """

    as_of: str | None
    deposits: list[Row]
    payments: list[Row]
    paid: dict[str, Row]
    banked: dict[str, Row]

    def as_dict(self) -> Row:
        """For machines; the bank's words stay out, for they may name a person."""
        told = [{name: value for name, value in row.items() if name != "description"} for row in self.deposits]
        totals = {"payments": self.paid, "deposits": self.banked}
        return {"as_of": self.as_of, "totals": totals, "deposits": told, "payments": self.payments}


def deposits(home: str | Path) -> Deposits:
    """Every deposit and every payment of a home with what became of it."""
    ledger, held = open_home(home), receivables(home)
    files = file_names(ledger)
    banked, expected, links = held.read("banked"), held.read("expected"), held.read("links")
    inside: dict[tuple[str, int], list[str]] = defaultdict(list)
    arrived: dict[str, list[Row]] = defaultdict(list)
    for row in links.to_dicts():
        inside[row["deposit_source_id"], row["deposit_row"]].append(number(row))
        arrived[number(row)].append({"file": files.get(row["deposit_source_id"], ""), "row": row["deposit_row"]})
    last = banked["day"].max()
    return Deposits(
        as_of=day_or_none(last if isinstance(last, int) else None),
        deposits=[_deposit(row, files, inside[row["source_id"], row["row"]]) for row in banked.to_dicts()],
        payments=[_payment(row, arrived[number(row)]) for row in reversed(expected.to_dicts())],
        paid=counted(expected, STATES),
        banked=counted(banked, DEPOSIT_STATES),
    )


def counted(frame: pl.DataFrame, states: tuple[str, ...]) -> dict[str, Row]:
    """Rows and cents by state, every state of the list in its order."""
    sums = frame.group_by("state").agg(
        pl.len().alias("rows"), pl.col("amount_cents").fill_null(0).sum().alias("cents")
    )
    found = {row["state"]: {"rows": row["rows"], "cents": row["cents"]} for row in sums.to_dicts()}
    return {state: found.get(state, {"rows": 0, "cents": 0}) for state in states}


def _deposit(row: Row, files: dict[str, str], remits: list[str]) -> Row:
    names = ("amount_cents", "trace", "description", "state", "how", "off_cents", "words")
    place = {"file": files.get(row["source_id"], ""), "row": row["row"], "day": day_or_none(row["day"])}
    return {**place, **{name: row[name] for name in names}, "remits": remits}


def _payment(row: Row, arrived: list[Row]) -> Row:
    names = ("payer_id", "payer_name", "trace", "method", "amount_cents", "state", "how", "off_cents", "words")
    days = {"day": day_or_none(row["day"]), "deposit_day": day_or_none(row["deposit_day"])}
    return {"remit": number(row), **days, **{name: row[name] for name in names}, "deposits": arrived}
