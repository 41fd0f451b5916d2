"""The sums of a file, taken batch by batch: how many claims and lines, charged and paid."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl

SHOWN = 10_000  # problems listed in a summary; the table `problems` holds all


class Totals:
    """Counts and sums over the batches of one file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.transactions: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self.decided: Counter[str] = Counter()
        self.problems: list[dict[str, Any]] = []
        self.problem_count = self.batches = 0

    def take(self, batch: dict[str, pl.DataFrame]) -> None:
        """Add one batch."""
        self.batches += 1
        if (frame := batch.get("transactions")) is not None:
            self.transactions.update(_type(kind) for kind in frame["kind"].fill_null("").to_list())
        for name, counter, claims, paid in (
            ("claims", self.sent, "claims", False), ("claim_lines", self.sent, "lines", None),
            ("remit_claims", self.decided, "claims", True), ("remit_lines", self.decided, "lines", None),
        ):  # fmt: skip
            if (frame := batch.get(name)) is None:
                continue
            counter[claims] += frame.height
            if paid is not None:
                counter["charge_cents"] += _sum(frame["charge_cents"])
            if paid:
                counter["paid_cents"] += _sum(frame["paid_cents"])
        if (frame := batch.get("problems")) is not None:
            self.problem_count += frame.height
            room = max(0, SHOWN - len(self.problems))
            self.problems += frame.head(room).select("segment", "message").to_dicts()

    def summary(self) -> dict[str, Any]:
        """{file, transactions, "837": {...}, "835": {...}, problems}; 837 and 835 only where such claims stand."""
        made: dict[str, Any] = {"file": self.name, "transactions": dict(sorted(self.transactions.items()))}
        if self.transactions["837"] or self.sent:
            made["837"] = {name: self.sent[name] for name in ("claims", "lines", "charge_cents")}
        if self.transactions["835"] or self.decided:
            made["835"] = {name: self.decided[name] for name in ("claims", "lines", "charge_cents", "paid_cents")}
        made["problems"] = list(self.problems)
        if (more := self.problem_count - SHOWN) > 0:
            made["problems"].append({"segment": 0, "message": f"{more} more problems stand in the table problems."})
        return made


def _type(kind: str) -> str:
    """ST01 of a transaction from its kind."""
    return "837" if kind.startswith("837") else kind


def _sum(cents: pl.Series) -> int:
    """The exact sum, also where it does not fit in 64 bits."""
    part = 1_000_000_000
    return int((cents // part).sum()) * part + int((cents % part).sum())
