"""What is counted while a transaction is open, and the faults that show when it ends."""

from __future__ import annotations

import numpy as np

from everyunit.money import dollars
from everyunit.x12 import kinds
from everyunit.x12.elements import amounts
from everyunit.x12.index import Segments
from everyunit.x12.words import packed

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
_SERVICE = {"SV1": "837P", "SV2": "837I", "SV3": "837D"}
_COUNTED = ("BHT", "CLM", "BPR", "TRN", *_SERVICE)


class Ranges:
    """Counts and sums of a piece for every range between its envelope segments, all taken at once."""

    def __init__(self, segments: Segments, bounds: list[int]) -> None:
        self.segments, self.bounds = segments, np.array(bounds)
        rows = {tag: segments.fresh(tag) for tag in _COUNTED}
        for tag, entity in (("NM1", "85"), ("N1", "PR"), ("N1", "PE")):
            named = segments.fresh(tag)
            rows[f"{tag}*{entity}"] = named[segments.word(named, 1) == packed(entity)]
        self.counts = {tag: np.diff(np.searchsorted(found, self.bounds)).tolist() for tag, found in rows.items()}
        paid, self.sound = self._sums("CLP", (4,))
        self.claims = paid
        self.providers, sound = self._sums("PLB", range(4, 15, 2))
        remitted, also = self._sums("BPR", (2,))
        self.remitted = remitted
        self.sound = [one and two and three for one, two, three in zip(self.sound, sound, also, strict=True)]

    def _sums(self, tag: str, elements: range | tuple[int, ...]) -> tuple[list[int], list[bool]]:
        """Sum of some elements of a tag in each range, and whether all could be read."""
        rows = self.segments.fresh(tag)
        cents, bad = np.zeros(len(rows) + 1, dtype=np.int64), np.zeros(len(rows) + 1, dtype=np.int64)
        for number in elements if len(rows) else ():
            found = amounts(self.segments, rows, number, 2)
            cents[1:] += np.where(found.given, found.value, 0)
            bad[1:] += found.bad
        place = np.searchsorted(rows, self.bounds)
        return np.diff(np.cumsum(cents)[place]).tolist(), (np.diff(np.cumsum(bad)[place]) == 0).tolist()


class Tally:
    """Sums over one transaction, taken up range by range."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.remitted_cents = self.claims_cents = self.providers_cents = 0
        self.sound = True
        self.service = ""

    def take(self, ranges: Ranges, number: int) -> None:
        """Count one range of a piece."""
        for tag, counts in ranges.counts.items():
            if counts[number]:
                self.seen.add(tag)
                self.service = self.service or _SERVICE.get(tag, "")
        self.remitted_cents += ranges.remitted[number]
        self.claims_cents += ranges.claims[number]
        self.providers_cents += ranges.providers[number]
        self.sound &= ranges.sound[number]

    def faults(self, type_: str) -> list[tuple[str, str]]:
        """Missing segments, and a payment that is not the sum of its claims."""
        found = [
            ("segment_missing", f"The transaction lacks {words}; ask the sender for a whole one.")
            for tag, words in _WANTED.get(type_, {}).items()
            if tag not in self.seen
        ]
        due = self.claims_cents - self.providers_cents
        if type_ == "835" and self.sound and "BPR" in self.seen and self.remitted_cents != due:
            found.append((
                "bpr_balance",
                f"BPR02 is {dollars(self.remitted_cents)}, claims less provider adjustments are {dollars(due)}; "
                "ask the payer which is right before posting.",
            ))  # fmt: skip
        return found

    def kind_name(self, kind: int, type_: str) -> str:
        """Name of the kind, by the service segments where the version does not say."""
        if kind == kinds.CLAIM and self.service:
            return self.service
        return type_ if kind in (kinds.STATUS, kinds.OTHER, kinds.NONE) else kinds.KINDS[kind]
