"""Deposits and payments that share a trace number: which belong together, and by how much they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

SMALL = 10  # deposits or payments of one trace among which a part is looked for


@dataclass(frozen=True)
class Bound:
    """Deposits and payments that hang together, as keys; `off_cents` is deposited less remitted."""

    deposits: tuple[int, ...]
    remits: tuple[int, ...]
    off_cents: int


def bind(pairs: Iterable[tuple[int, int]], deposits: dict[int, int], remits: dict[int, int]) -> list[Bound]:
    """What pairs (deposit, remit) of one trace come to, amounts in cents by key.

    Everything of a trace together where the sums agree. Otherwise the one part of it that agrees; one deposit or one
    payment alone on its side stays bound, short or over. Where several parts agree nothing is bound.
    """
    made: list[Bound] = []
    for ours, theirs in _together(pairs):
        given, owed = sum(deposits[key] for key in ours), sum(remits[key] for key in theirs)
        if given == owed or (len(ours) == 1 and len(theirs) == 1):
            made.append(Bound(ours, theirs, given - owed))
        elif len(ours) == 1:
            made += [Bound(ours, part, 0) for part in _parts(theirs, remits, given)]
        elif len(theirs) == 1:
            parts = _parts(ours, deposits, owed) or [ours]
            made += [Bound(part, theirs, sum(deposits[key] for key in part) - owed) for part in parts]
        else:
            made += _equals(ours, theirs, deposits, remits)
    return made


def _together(pairs: Iterable[tuple[int, int]]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The pairs gathered into groups that share no deposit and no payment."""
    by_deposit: dict[int, set[int]] = defaultdict(set)
    by_remit: dict[int, set[int]] = defaultdict(set)
    for deposit, remit in pairs:
        by_deposit[deposit].add(remit)
        by_remit[remit].add(deposit)
    made: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    seen: set[int] = set()
    for first in sorted(by_deposit):
        if first in seen:
            continue
        ours: set[int] = set()
        theirs: set[int] = set()
        waiting = [first]
        while waiting:
            deposit = waiting.pop()
            if deposit in ours:
                continue
            ours.add(deposit)
            for remit in by_deposit[deposit] - theirs:
                theirs.add(remit)
                waiting += by_remit[remit]
        seen |= ours
        made.append((tuple(sorted(ours)), tuple(sorted(theirs))))
    return made


def _parts(keys: tuple[int, ...], cents: dict[int, int], wanted: int) -> list[tuple[int, ...]]:
    """The one part of these whose sum is wanted, in a list; an empty list where none or several are."""
    if len(keys) > SMALL:
        return []
    sizes = (combinations(keys, size) for size in range(1, len(keys)))
    found = [part for each in sizes for part in each if sum(cents[key] for key in part) == wanted]
    return found if len(found) == 1 else []


def _equals(
    ours: tuple[int, ...], theirs: tuple[int, ...], deposits: dict[int, int], remits: dict[int, int]
) -> list[Bound]:
    """Pairs of equal amounts that no other of the group shares."""
    made = []
    for deposit in ours:
        same = [remit for remit in theirs if remits[remit] == deposits[deposit]]
        others = [one for one in ours if deposits[one] == deposits[deposit]]
        if len(same) == 1 and len(others) == 1:
            made.append(Bound((deposit,), (same[0],), 0))
    return made
