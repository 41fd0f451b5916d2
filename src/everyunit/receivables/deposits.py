"""Deposits at the bank held against the payments (835) that announce them. Nothing is guessed.

First by trace number. Then a deposit that names none takes the payment, or the payments of one payer and day, whose
sum it is to the cent within a few days; last, several deposits of one day that name a payer make up one of its
payments. Each only where one answer alone fits and no other deposit has a claim to it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from everyunit.receivables.downloads import counted_once
from everyunit.receivables.inputs import Remitted, in_order
from everyunit.receivables.shared import Bound, bind
from everyunit.receivables.sums import Answer, Part, unique_sums
from everyunit.receivables.traces import named, stated
from everyunit.receivables.verdicts import Verdicts, verdicts

EARLY = 2  # days that a bank may book before the payment's own day
LATEST = {"CHK": 14}  # days by which money may follow its payment and still be taken for it without a trace
USUAL = 5

Row = dict[str, Any]


@dataclass
class _Desk:
    """Both sides while they are matched, by row number; amounts in cents."""

    deposits: list[Row]
    remits: list[Row]
    bound: list[tuple[Bound, str]] = field(default_factory=list)
    unsure: Counter[int] = field(default_factory=Counter)  # deposit -> answers that fit it, none alone
    touched: set[int] = field(default_factory=set)  # remits that stand in such an answer
    traced: set[int] = field(default_factory=set)  # deposits that name a trace

    def free_deposits(self) -> list[Row]:
        """Deposits that name no trace and are in nothing yet."""
        taken = {key for one, _ in self.bound for key in one.deposits} | self.traced
        return [row for row in self.deposits if row["index"] not in taken]

    def free_remits(self) -> list[Row]:
        """Payments that are in nothing yet."""
        taken = {key for one, _ in self.bound for key in one.remits}
        return [row for row in self.remits if row["index"] not in taken]


def match_deposits(remitted: Remitted) -> Verdicts:
    """Every deposit and every payment with what became of it, and the links between them."""
    every = counted_once(remitted.deposits.collect()).with_row_index("index")
    payments = in_order(remitted).sort("day", "made", "source_id", "transaction").collect().with_row_index("index")
    moving = payments.filter(moves_money())
    received = every.filter(pl.col("amount_cents") > 0)
    desk = _Desk(received.to_dicts(), moving.to_dicts())
    _by_trace(desk, received, moving)
    _rest(desk)
    payers = _payers(desk)
    _by_amount(desk, payers)
    _by_payer(desk, payers)
    return verdicts(every, payments.with_columns(moves=moves_money()), desk.bound, desk.unsure, desk.touched)


def moves_money() -> pl.Expr:
    """Whether a payment brings money to the bank: above zero and no mere notice (BPR04 NON)."""
    return (pl.col("amount_cents").fill_null(0) > 0) & (pl.col("method").fill_null("") != "NON")


def _by_trace(desk: _Desk, received: pl.DataFrame, moving: pl.DataFrame) -> None:
    pairs = named(received, moving).rows()
    amounts = [{row["index"]: row["amount_cents"] for row in side} for side in (desk.deposits, desk.remits)]
    desk.bound += [(one, "trace") for one in bind(pairs, *amounts)]
    desk.traced |= {deposit for deposit, _ in pairs}
    desk.traced |= {row["index"] for row in desk.deposits if stated(row["description"])}


def _rest(desk: _Desk) -> None:
    """A deposit that names one payment and holds more: the rest may be other payments of that payer and day."""
    over = {one.deposits[0]: one for one, _ in desk.bound if one.off_cents > 0 and len(one.deposits) == 1}
    about = {row["index"]: row for row in desk.remits}
    key = {deposit: about[one.remits[0]] for deposit, one in over.items()}
    targets = [Part(deposit, one.off_cents, key[deposit]["day"] or 0, deposit) for deposit, one in over.items()]

    def fits(deposit: Part, remit: Part) -> bool:
        own, other = key[deposit.key], about[remit.key]
        return all(own[name] == other[name] for name in ("payer_id", "day", "method"))

    for deposit, found in unique_sums(targets, _parts(desk.free_remits()), fits).found.items():
        one = over[deposit]
        place = desk.bound.index((one, "trace"))
        desk.bound[place] = (Bound(one.deposits, (*one.remits, *found), 0), "sum")


def _words(text: str | None) -> str:
    return " ".join("".join(mark if mark.isalnum() else " " for mark in (text or "").upper()).split())


def _payers(desk: _Desk) -> dict[int, set[str]]:
    """Payers that the bank's words of each free deposit name in full, the longest name alone."""
    names = {(_words(row["payer_name"]), row["payer_id"]) for row in desk.remits if row["payer_name"]}
    made: dict[int, set[str]] = {}
    for row in desk.free_deposits():
        said = f" {_words(row['description'])} "
        found = [(name, payer) for name, payer in names if f" {name} " in said]
        longest = max((len(name) for name, _ in found), default=0)
        if found:
            made[row["index"]] = {payer for name, payer in found if len(name) == longest}
    return made


def _parts(rows: list[Row], grouped: bool = True) -> list[Part]:
    """Amounts that have a day; remits grouped by payer, day and way of paying, others each for itself."""
    dated = [row for row in rows if row["day"] is not None]
    groups = [(row["payer_id"], row["day"], row["method"]) if grouped else row["index"] for row in dated]
    return [
        Part(row["index"], row["amount_cents"], row["day"], group) for row, group in zip(dated, groups, strict=True)
    ]


def _within(deposit_day: int, remit_day: int, method: str | None) -> bool:
    return -EARLY <= deposit_day - remit_day <= LATEST.get(method or "", USUAL)


def _by_amount(desk: _Desk, payers: dict[int, set[str]]) -> None:
    """One free deposit, one payment or several of the same payer, day and way of paying."""
    remits = desk.free_remits()
    about = {row["index"]: row for row in remits}

    def fits(deposit: Part, remit: Part) -> bool:
        row = about[remit.key]
        told = payers.get(deposit.key)
        return _within(deposit.day, remit.day, row["method"]) and (told is None or row["payer_id"] in told)

    answer = unique_sums(_parts(desk.free_deposits(), grouped=False), _parts(remits), fits)
    _take(desk, answer, lambda key, found: Bound((key,), found, 0))
    for key, held in answer.fitting.items():
        if key not in answer.found:
            desk.unsure[key] = held
    desk.touched |= answer.touched


def _by_payer(desk: _Desk, payers: dict[int, set[str]]) -> None:
    """Several free deposits of one day that name the same payer, and one payment of it."""
    rows = [row for row in desk.free_deposits() if len(payers.get(row["index"], ())) == 1]
    parts = [
        Part(row["index"], row["amount_cents"], row["day"], (next(iter(payers[row["index"]])), row["day"]))
        for row in rows
    ]
    remits = [row for row in desk.free_remits() if row["index"] not in desk.touched]
    about = {row["index"]: row for row in remits}

    def fits(remit: Part, deposit: Part) -> bool:
        row = about[remit.key]
        return row["payer_id"] in payers[deposit.key] and _within(deposit.day, remit.day, row["method"])

    answer = unique_sums(_parts(remits, grouped=False), parts, fits, least=2)
    _take(desk, answer, lambda key, found: Bound(found, (key,), 0))


def _take(desk: _Desk, answer: Answer, bound: Any) -> None:
    for key, found in answer.found.items():
        how = "sum" if len(found) > 1 else "amount"
        desk.bound.append((bound(key, found), how))
