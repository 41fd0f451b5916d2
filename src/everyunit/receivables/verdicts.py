"""What became of each deposit and each payment, in words: matched, short, missing, waiting, or alone and why."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from typing import Any

import polars as pl

from everyunit.days import iso
from everyunit.money import dollars
from everyunit.receivables.shared import Bound
from everyunit.receivables.tables import BANKED, EXPECTED, LINKS
from everyunit.receivables.traces import stated

LATE = {"CHK": 30}  # days after which a payment that no deposit fits is missing; a check travels
USUAL = 5  # ACH: the operating rules give three banking days between money and remittance (CAQH CORE 370)
NEAREST, NEAR_DAYS = 3, 30

Row = dict[str, Any]


@dataclass(frozen=True)
class Verdicts:
    """BANKED, EXPECTED and LINKS; `as_of` is the last day of the bank's files, None where there is none."""

    banked: pl.DataFrame
    expected: pl.DataFrame
    links: pl.DataFrame
    as_of: int | None


def verdicts(
    deposits: pl.DataFrame, payments: pl.DataFrame, bound: list[tuple[Bound, str]], unsure: Counter[int],
    touched: set[int],
) -> Verdicts:  # fmt: skip
    """Word what was matched. `deposits` and `payments` have index; payments also moves."""
    banked, expected = deposits.to_dicts(), payments.to_dicts()
    by_deposit = {key: (one, how) for one, how in bound for key in one.deposits}
    by_remit = {key: (one, how) for one, how in bound for key in one.remits}
    days = [row["day"] for row in banked if row["day"] is not None]
    span = (min(days), max(days)) if days else None
    near = _Near([row for row in expected if row["moves"] and row["index"] not in by_remit])
    cents = {row["index"]: row["amount_cents"] for row in expected}
    for row in banked:
        row |= _deposit(row, by_deposit.get(row["index"]), unsure.get(row["index"]), near, cents)
    when = {row["index"]: row["day"] for row in banked}
    for row in expected:
        row |= _payment(row, by_remit.get(row["index"]), span, row["index"] in touched, when)
    return Verdicts(
        pl.DataFrame([{name: row[name] for name in BANKED.names} for row in banked], schema=BANKED.schema),
        pl.DataFrame([{name: row[name] for name in EXPECTED.names} for row in expected], schema=EXPECTED.schema),
        _links(bound, banked, expected),
        span[1] if span else None,
    )


def _links(bound: list[tuple[Bound, str]], banked: list[Row], expected: list[Row]) -> pl.DataFrame:
    ours, theirs = {row["index"]: row for row in banked}, {row["index"]: row for row in expected}
    made = [
        {"deposit_source_id": ours[deposit]["source_id"], "deposit_row": ours[deposit]["row"],
         "source_id": theirs[remit]["source_id"], "transaction": theirs[remit]["transaction"], "how": how}
        for one, how in bound for deposit in one.deposits for remit in one.remits
    ]  # fmt: skip
    return pl.DataFrame(made, schema=LINKS.schema)


def _state(off_cents: int) -> str:
    return "matched" if off_cents == 0 else "short" if off_cents < 0 else "over"


def _deposit(
    row: Row, found: tuple[Bound, str] | None, answers: int | None, near: _Near, cents: dict[int, int]
) -> Row:
    if row["amount_cents"] is None or row["amount_cents"] <= 0:
        return {**_ALONE, "state": "withdrawn"}
    if found is None:
        return {**_ALONE, "state": "unmatched", "words": _alone(row, answers, near)}
    one, how = found
    paid = sum(cents[key] for key in one.remits)
    if len(one.deposits) > 1:
        paid = row["amount_cents"]
    state = _state(one.off_cents)
    made = {"state": state, "how": how, "payments": len(one.remits), "paid_cents": paid, "off_cents": one.off_cents}
    return {**made, "words": None if state == "matched" else _differs(one)}


_ALONE: Row = {"how": "", "payments": 0, "paid_cents": 0, "off_cents": None, "words": None}


def _differs(one: Bound) -> str:
    way = "less" if one.off_cents < 0 else "more"
    several = (
        "The deposits of this trace come to" if len(one.deposits) > 1 else "The trace agrees, and the deposit is"
    )
    said = f"{several} {dollars(abs(one.off_cents))} {way} than the remittance says."
    return f"{said} Ask the bank for the entry and the payer for the payment."


def _alone(row: Row, answers: int | None, near: _Near) -> str:
    if answers:
        several = f"{answers} payments or sums of payments fit it" if answers > 1 else "Another deposit fits it too"
        return f"{several}, so none was taken. The trace number on the bank's page settles it."
    if answers == 0:
        return "Too many sums of payments fit it to be certain. The trace number on the bank's page settles it."
    if trace := stated(row["description"]):
        return f"It names the payment {trace}, which no 835 that was brought bears. Bring that 835. {near.words(row)}"
    return f"No payment or sum of payments fits it. If it is a payer's, bring its 835. {near.words(row)}".strip()


class _Near:
    """Payments without a deposit, by amount, to name the nearest."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = sorted(rows, key=lambda row: (row["amount_cents"], row["index"]))
        self._cents = [row["amount_cents"] for row in self._rows]

    def words(self, deposit: Row) -> str:
        """The payments nearest in amount that may be meant, as a sentence; empty where there is none."""
        place = bisect_left(self._cents, deposit["amount_cents"])
        held = self._rows[max(place - 2 * NEAREST, 0) : place + 2 * NEAREST]
        held = [row for row in held if _near(row, deposit)]
        held.sort(key=lambda row: (abs(row["amount_cents"] - deposit["amount_cents"]), row["index"]))
        told = [
            f"{row['trace'] or 'without trace'} of {iso(row['day'])} over {dollars(row['amount_cents'])}"
            for row in held[:NEAREST]
        ]
        return f"Nearest without a deposit: {', '.join(told)}." if told else ""


def _near(row: Row, deposit: Row) -> bool:
    """Whether a payment may be meant: paid up to a month before, its amount within a tenth or five dollars."""
    off = abs(row["amount_cents"] - deposit["amount_cents"])
    soon = row["day"] is not None and -2 <= deposit["day"] - row["day"] <= NEAR_DAYS
    return soon and (off <= 500 or 10 * off <= deposit["amount_cents"])


def _payment(
    row: Row, found: tuple[Bound, str] | None, span: tuple[int, int] | None, touched: bool, when: dict[int, int]
) -> Row:
    nothing = {"how": "", "deposit_day": None, "off_cents": None, "words": None}
    if found is not None:
        one, how = found
        state = _state(one.off_cents)
        last = max(when[key] for key in one.deposits)
        words = None if state == "matched" else _differs(one)
        return {"state": state, "how": how, "deposit_day": last, "off_cents": one.off_cents, "words": words}
    if not row["moves"]:
        return {**nothing, "state": "not_needed"}
    state, words = _without(row, span, touched)
    return {**nothing, "state": state, "words": words}


def _without(row: Row, span: tuple[int, int] | None, touched: bool) -> tuple[str, str]:
    """State and words of a payment that no deposit was matched to."""
    if span is None:
        return "unread", "No deposits have been brought. Bring the bank's file (CSV, BAI2 or OFX)."
    first, last = span
    if row["day"] is None:
        return "unclear", "The 835 bears no day of payment, so its deposit cannot be awaited."
    if touched:
        return "unclear", "A deposit fits it and another payment too. The trace number on the bank's page settles it."
    if row["day"] < first:
        return (
            "before",
            f"It was paid before {iso(first)}, the first day of the bank's files. Bring the file of that time.",
        )
    waited = last - row["day"]
    if waited <= LATE.get(row["method"] or "", USUAL):
        return "waiting", f"Paid {waited} days before the last day of the bank's files; it may still arrive."
    said = f"No deposit fits it {waited} days after it was paid."
    return (
        "missing",
        f"{said} Ask the payer for proof of payment {row['trace'] or ''}".rstrip() + " and the bank for the entry.",
    )
