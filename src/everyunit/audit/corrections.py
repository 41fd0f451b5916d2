"""Which claims were replaced or voided by a later one?

Frequency 7 replaces and 8 voids the claim it names: the same claim number, or another one whose number at the payer
(CLP07) or at the practice stands as its original reference. A reference that fits more than one claim is not guessed.
Where several claims of the number meet its days, it takes those that share a code with it, if any does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

REPLACES, VOIDS = "7", "8"


@dataclass(frozen=True)
class Sent:
    """One claim as sent. `key` rises with the moment of sending; days are epoch days, None where unknown."""

    key: int
    root: str
    frequency: str
    secondary: int
    first_day: int | None
    last_day: int | None
    codes: frozenset[str] = frozenset()

    def meets(self, other: Sent) -> bool:
        """Whether the days of the two claims overlap (unknown days count as overlapping)."""
        if None in (self.first_day, self.last_day, other.first_day, other.last_day):
            return True
        return self.first_day <= other.last_day and other.first_day <= self.last_day  # type: ignore[operator]


def roots(references: Iterable[tuple[str, str]], fits: dict[str, set[str]]) -> dict[str, str]:
    """Claim number of a correction -> number of the claim it goes back to.

    `references` are (claim number, original reference) of corrections, `fits` the claim numbers each reference fits.
    """
    names: dict[str, set[str]] = {}
    for claim_id, reference in references:
        found = fits.get(reference, set()) - {claim_id}
        if len(found) == 1:
            names.setdefault(claim_id, set()).update(found)
    step = {claim_id: next(iter(found)) for claim_id, found in names.items() if len(found) == 1}
    return {claim_id: _follow(claim_id, step) for claim_id in step}


def _follow(claim_id: str, step: dict[str, str]) -> str:
    seen = [claim_id]
    while seen[-1] in step:
        following = step[seen[-1]]
        if following in seen:
            return min(seen)
        seen.append(following)
    return seen[-1]


def dead(claims: Iterable[Sent]) -> tuple[set[int], int]:
    """Keys of the claims that a later replacement or void took out of force, and of the voids themselves.

    Beside them how many primary corrections met no earlier claim at all: their originals are not known.
    """
    families: dict[tuple[str, int], list[Sent]] = {}
    for claim in sorted(claims, key=lambda sent: sent.key):
        families.setdefault((claim.root, claim.secondary), []).append(claim)
    gone: set[int] = set()
    orphans = 0
    for (_, secondary), family in families.items():
        lost, alone = _dead_in(family)
        gone |= lost
        orphans += 0 if secondary else alone
    return gone, orphans


def _dead_in(family: list[Sent]) -> tuple[set[int], int]:
    alive: list[Sent] = []
    gone: set[int] = set()
    orphans = 0
    for number, claim in enumerate(family):
        if claim.frequency in (REPLACES, VOIDS):
            taken = _meant(claim, alive)
            orphans += not taken and not any(claim.meets(earlier) for earlier in family[:number])
            gone |= {earlier.key for earlier in taken}
            alive = [earlier for earlier in alive if earlier not in taken]
        if claim.frequency == VOIDS:
            gone.add(claim.key)
        else:
            alive.append(claim)
    return gone, orphans


def _meant(claim: Sent, alive: list[Sent]) -> list[Sent]:
    """The claims still standing that a correction takes out of force."""
    taken = [earlier for earlier in alive if claim.meets(earlier)]
    if len(taken) > 1:
        return [earlier for earlier in taken if earlier.codes & claim.codes] or taken
    if not taken and len(alive) == 1:  # a corrected date of service: only one claim it can mean
        return list(alive)
    return taken
