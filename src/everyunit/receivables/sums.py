"""Which parts make up an amount, only where one answer alone fits and nothing else lays claim to its parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

SMALL = 12  # parts of a group whose sums are all written down
STEPS = 20_000  # of a search in a larger group; beyond it no answer is certain


@dataclass(frozen=True)
class Part:
    """One amount above zero in cents; `group` names those that may stand in one sum with it."""

    key: int
    cents: int
    day: int
    group: Hashable


@dataclass(frozen=True)
class Answer:
    """`found`: target -> its parts. `fitting`: every target with any answer -> how many (0: too many to count).
    `touched`: parts that stand in an answer of a target that has none of its own."""

    found: dict[int, tuple[int, ...]]
    fitting: dict[int, int]
    touched: frozenset[int]


Fits = Callable[[Part, Part], bool]


def unique_sums(targets: Sequence[Part], parts: Sequence[Part], fits: Fits, least: int = 1) -> Answer:
    """Match targets with sums of at least `least` parts of one group.

    `fits(target, part)` says whether any part of that group may belong to the target. A target is matched where it
    has exactly one answer and no other target has an answer with one of its parts.
    """
    groups: dict[Hashable, list[Part]] = defaultdict(list)
    for part in parts:
        groups[part.group].append(part)
    index = _index(groups, least)
    large = [group for group in groups.values() if len(group) > SMALL]
    answers: dict[int, list[tuple[Part, ...]]] = {}
    unsure: dict[int, bool] = {}
    for target in targets:
        held = [sum_ for sum_ in index.get(target.cents, []) if fits(target, sum_[0])]
        for group in large:
            if fits(target, group[0]):
                more = _search(group, target.cents, least)
                unsure[target.key] = unsure.get(target.key, False) or more is None
                held += more or []
        if held or unsure.get(target.key):
            answers[target.key] = held
    claims: dict[int, set[int]] = defaultdict(set)
    for key, held in answers.items():
        for sum_ in held:
            for part in sum_:
                claims[part.key].add(key)
    found = {
        key: tuple(part.key for part in held[0])
        for key, held in answers.items()
        if len(held) == 1 and not unsure.get(key) and all(claims[part.key] == {key} for part in held[0])
    }
    fitting = {key: 0 if unsure.get(key) else len(held) for key, held in answers.items()}
    touched = {part for part, keys in claims.items() if keys - found.keys()}
    return Answer(found, fitting, frozenset(touched))


def _index(groups: dict[Hashable, list[Part]], least: int) -> dict[int, list[tuple[Part, ...]]]:
    """Every sum of every small group: cents -> the parts that make it up."""
    made: dict[int, list[tuple[Part, ...]]] = defaultdict(list)
    for group in groups.values():
        if len(group) > SMALL:
            continue
        sums: list[tuple[int, tuple[Part, ...]]] = [(0, ())]
        for part in group:
            sums += [(cents + part.cents, (*held, part)) for cents, held in sums]
        for cents, held in sums:
            if len(held) >= max(least, 1):
                made[cents].append(held)
    return made


def _search(group: list[Part], cents: int, least: int) -> list[tuple[Part, ...]] | None:
    """Every sum of a large group that makes up the amount; None where the search grows too long to be certain."""
    ordered = sorted(group, key=lambda part: -part.cents)
    behind = [0] * (len(ordered) + 1)
    for place in range(len(ordered) - 1, -1, -1):
        behind[place] = behind[place + 1] + ordered[place].cents
    found: list[tuple[Part, ...]] = []
    waiting: list[tuple[int, int, tuple[Part, ...]]] = [(0, cents, ())]
    steps = 0
    while waiting:
        steps += 1
        if steps > STEPS:
            return None
        place, left, held = waiting.pop()
        if left == 0:
            if len(held) >= max(least, 1):
                found.append(held)
            continue
        if left < 0 or place == len(ordered) or behind[place] < left:
            continue
        waiting.append((place + 1, left, held))
        waiting.append((place + 1, left - ordered[place].cents, (*held, ordered[place])))
    return found
