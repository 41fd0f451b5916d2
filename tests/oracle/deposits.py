"""Matching deposits by amount once more: every set of payments is tried, and every rival looked at."""

from __future__ import annotations

from itertools import combinations

EARLY, LATE = 2, 5


def answers(deposit: tuple[int, int], remits: list[tuple[int, int, str]]) -> list[tuple[int, ...]]:
    """Every set of payments (day, cents, payer) of one payer and day whose sum is the deposit (day, cents)."""
    found = []
    for size in range(1, len(remits) + 1):
        for chosen in combinations(range(len(remits)), size):
            days = {remits[one][0] for one in chosen}
            payers = {remits[one][2] for one in chosen}
            if len(days) != 1 or len(payers) != 1:
                continue
            wait = deposit[0] - days.pop()
            if -EARLY <= wait <= LATE and sum(remits[one][1] for one in chosen) == deposit[1]:
                found.append(chosen)
    return found


def by_amount(deposits: list[tuple[int, int]], remits: list[tuple[int, int, str]]) -> dict[int, tuple[int, ...]]:
    """Deposit -> its payments, where one answer alone fits and no other deposit has an answer with one of them."""
    every = [answers(deposit, remits) for deposit in deposits]
    made = {}
    for place, held in enumerate(every):
        rivals = {one for other, sets in enumerate(every) if other != place for chosen in sets for one in chosen}
        if len(held) == 1 and not rivals & set(held[0]):
            made[place] = held[0]
    return made
