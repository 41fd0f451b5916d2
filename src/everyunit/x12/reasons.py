"""Claim adjustment groups and reason codes (CARC), as numbers alone.

The list is a generous one: every series of the published list whole, retired codes too, for old remittances bear
them. A code outside it was never published.
"""

from __future__ import annotations

GROUPS = ("CO", "PR", "OA", "PI", "CR")

# series of the list and the last number of each
_SERIES = {"": 309, "A": 8, "B": 23, "D": 23, "P": 32, "W": 9, "Y": 3}

REASONS = frozenset(f"{series}{number}" for series, last in _SERIES.items() for number in range(1, last + 1))
