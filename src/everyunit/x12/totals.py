"""The sums of a file, taken batch by batch: how many claims and lines, charged and paid."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

import polars as pl

from everyunit.x12.statuses import TAKEN, refused

_ANSWERED = ("interchanges", "groups", "transactions", "refused", "errors")
SHOWN = 10_000  # problems listed in a summary; the table `problems` holds all
_EXACT = 2**62


class Totals:
    """Counts and sums over the batches of one file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.transactions: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self.decided: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.problems: list[dict[str, Any]] = []
        self.problem_count = self.batches = 0

    def take(self, batch: dict[str, pl.DataFrame]) -> None:
        """Add one batch."""
        self.batches += 1
        if (frame := batch.get("transactions")) is not None:
            self.transactions.update(_type(kind or "") for kind in frame["kind"].to_list())
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
        if (frame := batch.get("acknowledgements")) is not None:
            self.answers.update(f"{level}s" for level in frame["level"].to_list())
            self.answers["refused"] += frame.filter(~pl.col("status").is_in(TAKEN)).height
        if (frame := batch.get("acknowledgement_errors")) is not None:
            self.answers["errors"] += frame.height
        if (frame := batch.get("claim_statuses")) is not None:
            each = frame.filter(pl.col("level") == "claim").group_by("segment").agg(refused())
            self.statuses["claims"] += each.height
            self.statuses["rejected"] += int(each["rejected"].sum())
            self.statuses["statuses"] += frame.height
        if (frame := batch.get("problems")) is not None:
            self.problem_count += frame.height
            room = max(0, SHOWN - len(self.problems))
            self.problems += frame.head(room).select("segment", "message").to_dicts()

    def summary(self) -> dict[str, Any]:
        """{file, transactions, "837": {...}, "835": {...}, problems}; 837, 835, acknowledgements (TA1, 999, 997)
        and 277 only where such stand."""
        made: dict[str, Any] = {"file": self.name, "transactions": dict(sorted(self.transactions.items()))}
        if self.transactions["837"] or self.sent:
            made["837"] = {name: self.sent[name] for name in ("claims", "lines", "charge_cents")}
        if self.transactions["835"] or self.decided:
            made["835"] = {name: self.decided[name] for name in ("claims", "lines", "charge_cents", "paid_cents")}
        if self.answers:
            made["acknowledgements"] = {name: self.answers[name] for name in _ANSWERED}
        if self.statuses:
            made["277"] = {name: self.statuses[name] for name in ("claims", "rejected", "statuses")}
        made["problems"] = list(self.problems)
        if (more := self.problem_count - SHOWN) > 0:
            made["problems"].append({"segment": 0, "message": f"{more} more problems stand in the table problems."})
        return made


def _type(kind: str) -> str:
    """ST01 of a transaction from its kind."""
    return "837" if kind.startswith("837") else kind


def _sum(cents: pl.Series) -> int:
    """The exact sum, also where it does not fit in 64 bits."""
    low, high = cast(int, cents.min() or 0), cast(int, cents.max() or 0)
    if max(-low, high) * len(cents) < _EXACT:
        return int(cents.sum())
    part = 1_000_000_000
    return int((cents // part).sum()) * part + int((cents % part).sum())
