"""What counts of overlapping downloads once more: rows in plain lists, one question at a time."""

from __future__ import annotations

from collections import Counter

WEEK = 7


def counted(rows: list[tuple]) -> list[tuple[int, int, str]]:
    """Day, cents and words of each deposit that counts, of (file, day, cents, trace, account, number, words)."""
    told = [_said(row, _lot(row, rows)) for row in rows]
    made = []
    for same in set(told):
        mine = [row for row, said in zip(rows, told, strict=True) if said == same]
        accounts = {row[4] for row in mine if row[4]}
        named = sum(_most(row for row in mine if row[4] == account) for account in accounts)
        unnamed = _most(row for row in mine if not row[4])
        made += [(same[0], same[1], same[3])] * max(named, unnamed)
    return made


def _most(rows) -> int:
    """How often the file has it that has it most often."""
    return max(Counter(row[0] for row in rows).values(), default=0)


def _lot(row: tuple, rows: list[tuple]) -> list[tuple]:
    """The rows that are one deposit with this by the bank's number: linked by steps of a week at most."""
    if not row[5]:
        return [row]
    like = [one for one in rows if (one[2], one[4], one[5]) == (row[2], row[4], row[5])]
    lot = [row]
    while more := [one for one in like if one not in lot and any(abs(one[1] - held[1]) <= WEEK for held in lot)]:
        lot += more
    return lot


def _said(row: tuple, lot: list[tuple]) -> tuple:
    """Day, cents, trace and words that count for the lot: of the row with the most words, then the latest."""
    best = min(lot, key=lambda one: (-len(one[6]), one[3] is None, -one[1], one[0]))
    return (best[1], row[2], best[3], best[6])
