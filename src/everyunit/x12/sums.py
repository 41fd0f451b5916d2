"""What is counted while a transaction is open, and the faults that show when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from everyunit.money import dollars
from everyunit.x12 import kinds
from everyunit.x12.elements import numbers
from everyunit.x12.index import Segments
from everyunit.x12.words import packed

if TYPE_CHECKING:
    from everyunit.x12.envelope import Transaction

_WANTED = {
    "837": {
        "BHT": "BHT, the beginning of the claim file",
        "NM1*85": "NM1*85, the billing provider",
        "CLM": "CLM, a claim",
    },
    "835": {
        "BPR": "BPR, the payment",
        "TRN": "TRN, the payment's trace number",
        "N1*PR": "N1*PR, the payer",
        "N1*PE": "N1*PE, the payee",
    },
}


class Tally:
    """Sums over one transaction, taken up piece by piece."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.remitted_cents: int | None = None
        self.claims_cents = self.providers_cents = 0
        self.sound = True
        self.service = ""

    def take(self, segments: Segments, low: int, high: int) -> None:
        """Count the rows from `low` up to `high`."""
        for tag in ("BHT", "CLM", "BPR", "TRN", "SV1", "SV2", "SV3", "CLP"):
            if tag not in self.seen and len(_within(segments, tag, low, high)):
                self.seen.add(tag)
                if tag.startswith("SV") and not self.service:
                    self.service = tag
        for tag, entity in (("NM1", "85"), ("N1", "PR"), ("N1", "PE")):
            rows = _within(segments, tag, low, high)
            if f"{tag}*{entity}" not in self.seen and (segments.word(rows, 1) == packed(entity)).any():
                self.seen.add(f"{tag}*{entity}")
        if self.remitted_cents is None and (rows := _within(segments, "BPR", low, high)).size:
            self.remitted_cents = self._sum(segments, rows[:1], 2)
        self.claims_cents += self._sum(segments, _within(segments, "CLP", low, high), 4)
        held = _within(segments, "PLB", low, high)
        for number in range(4, 15, 2):
            self.providers_cents += self._sum(segments, held, number)

    def _sum(self, segments: Segments, rows: np.ndarray, number: int) -> int:
        if not rows.size:
            return 0
        found = numbers(segments, segments.element(rows, number), 2)
        self.sound &= not found.bad.any()
        return int(found.value[found.given].sum())

    def faults(self, type_: str) -> list[tuple[str, str]]:
        """Missing segments, and a payment that is not the sum of its claims."""
        found = [
            ("segment_missing", f"The transaction lacks {words}; ask the sender for a whole one.")
            for tag, words in _WANTED.get(type_, {}).items()
            if tag not in self.seen
        ]
        due = self.claims_cents - self.providers_cents
        if type_ == "835" and self.sound and self.remitted_cents is not None and self.remitted_cents != due:
            found.append((
                "bpr_balance",
                f"BPR02 is {dollars(self.remitted_cents)}, claims less provider adjustments are {dollars(due)}; "
                "ask the payer which is right before posting.",
            ))  # fmt: skip
        return found

    def kind(self, transaction: Transaction) -> str:
        """Name of the kind, by the service segments where the version does not say."""
        if transaction.kind == kinds.CLAIM and self.service:
            return {"SV1": "837P", "SV2": "837I", "SV3": "837D"}[self.service]
        if transaction.kind in (kinds.STATUS, kinds.OTHER, kinds.NONE):
            return transaction.type
        return kinds.KINDS[transaction.kind]


def _within(segments: Segments, tag: str, low: int, high: int) -> np.ndarray:
    rows = segments.rows(tag)
    return rows[np.searchsorted(rows, low) : np.searchsorted(rows, high)]
