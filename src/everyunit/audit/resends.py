"""Which of several claims of one number and day were sent again, and which charge something else?

Many systems put the patient's account number into CLM01, so two claims of one number and day need not be one claim.
A claim that shares a line (code, and discipline where both name one) with a later claim that counts was sent again;
claims that share none both count.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

Line = tuple[str, int, int, str, str]
_FREE = ""  # a line whose modifiers name no discipline may be a line of any


def beside(lines: Iterable[Line]) -> tuple[list[tuple[str, int, int]], set[int]]:
    """Claims that count beside the latest one, as (root, day, claim key), and the keys of those set aside.

    `lines` are (root, service_day, claim_key, code, discipline) of the days with more than one claim; a larger key
    was made later.
    """
    counted, aside = [], set()
    for (root, day), rows in groupby(sorted(lines), key=lambda row: row[:2]):
        claims: dict[int, list[tuple[str, str]]] = {}
        for _, _, key, code, discipline in rows:
            claims.setdefault(key, []).append((code, discipline))
        latest, *earlier = sorted(claims, reverse=True)
        taken = _by_code(claims[latest])
        for key in earlier:
            if _meets(claims[key], taken):
                aside.add(key)
                continue
            counted.append((root, day, key))
            for code, names in _by_code(claims[key]).items():
                taken.setdefault(code, set()).update(names)
    return counted, aside


def _by_code(lines: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    made: dict[str, set[str]] = {}
    for code, discipline in lines:
        made.setdefault(code, set()).add(discipline)
    return made


def _meets(lines: Iterable[tuple[str, str]], taken: dict[str, set[str]]) -> bool:
    for code, discipline in lines:
        names = taken.get(code, set())
        if discipline in names or (names and (discipline == _FREE or _FREE in names)):
            return True
    return False
