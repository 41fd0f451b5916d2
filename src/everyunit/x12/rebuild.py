"""The segments of a claim written again from the tables: what `segments` holds as written, the rest by column.

Each ordinal between two places must be accounted for by exactly one table; otherwise the claim cannot be rebuilt, and
nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from everyunit.errors import Unreadable
from everyunit.x12.writer import amount, day8

Rows = Iterable[Mapping[str, Any]]
TABLES = ("segments", "parties", "references", "amounts", "dates", "quantities", "adjustments", "remarks")
_BENEATH = ("N3", "N4", "DMG")
_MARKS = set("*~:^")


class Loops(NamedTuple):
    """One claim as sent: the loops above it and its own, each a tuple of segments as element lists."""

    header: tuple[list[str], ...]
    biller: tuple[list[str], ...]
    subscriber: tuple[list[str], ...]
    patient: tuple[list[str], ...]
    claim: tuple[list[str], ...]


class Transaction:
    """The segments of one transaction of claims, by ordinal; components are parted by a colon."""

    def __init__(self, tables: Mapping[str, Rows], claims: Iterable[int], first: int, last: int) -> None:
        """`tables` are rows of one transaction by table name (see TABLES), `claims` the ordinals of its CLM,
        `first` and `last` the ordinals of its ST and SE."""
        self.first, self.last = first, last
        self.claims = sorted(claims)
        self.known: dict[int, list[str]] = {}
        self.beneath: dict[int, list[list[str]]] = {}
        self._raw(tables["segments"])
        self._details(tables)
        for row in tables["parties"]:
            self._party(row)
        self.levels = sorted(place for place, values in self.known.items() if values[0] == "HL")

    def loops(self, claim: int) -> Loops:
        """The loops of the claim whose CLM has this ordinal. Unreadable where a segment is not to be found again."""
        above = [level for level in self.levels if level < claim]
        found = {}
        floor = self.first
        for code in ("20", "22", "23"):
            places = [level for level in above if level > floor and self.known[level][3:4] == [code]]
            found[code] = places[-1] if places else 0
            floor = found[code] or floor
        if not found["20"] or not found["22"]:
            raise _unbuilt("its billing provider or subscriber is missing")
        upper = {code: self._span(place, self._stop(place)) if place else () for code, place in found.items()}
        header, own = self._span(self.first + 1, self.levels[0]), self._span(claim, self._stop(claim))
        return Loops(header, upper["20"], upper["22"], upper["23"], own)

    def _stop(self, place: int) -> int:
        stops = [stop for stop in (*self.levels, *self.claims, self.last) if stop > place]
        return min(stops)

    def _span(self, start: int, stop: int) -> tuple[list[str], ...]:
        made: list[list[str]] = []
        waiting: list[list[str]] = []
        for place in range(start, stop):
            values = self.known.get(place)
            if values is None:
                if not waiting:
                    raise _unbuilt("a segment of it stands in no table")
                values = waiting.pop(0)
            elif values[0] in _BENEATH:
                waiting = [other for other in waiting if other[0] != values[0]]
            elif waiting:
                raise _unbuilt("an address or birthday of it stands in no place")
            waiting = list(self.beneath.get(place, waiting))
            made.append(values)
        return tuple(made)

    def _raw(self, rows: Rows) -> None:
        held = list(rows)
        component = _component(held)
        for row in held:
            text, tag = row["text"] or "", row["tag"] or ""
            values = text.split(text[len(tag)]) if len(text) > len(tag) else [tag]
            self.known[row["segment"]] = [value.strip() for value in values]
            if component not in ("", ":"):
                self.known[row["segment"]] = [_swapped(value, component) for value in self.known[row["segment"]]]

    def _details(self, tables: Mapping[str, Rows]) -> None:
        for row in tables["references"]:
            self._put(row, "REF", row["qualifier"], row["value"], row["description"])
        for row in tables["amounts"]:
            self._put(row, "AMT", row["qualifier"], _money(row["amount_cents"]))
        for row in tables["quantities"]:
            self._put(row, "QTY", row["qualifier"], _milli(row["quantity_milli"]))
        for row in tables["dates"]:
            self._put(row, "DTP", row["qualifier"], row["format"], row["text"])
        for row in tables["remarks"]:
            if row["list"] not in ("MOA", "MIA"):
                self._put(row, "LQ", row["list"], row["code"])
        reasons: dict[int, list[Mapping[str, Any]]] = {}
        for row in tables["adjustments"]:
            reasons.setdefault(row["segment"], []).append(row)
        for parts in reasons.values():
            values = [""] * (3 * max(row["ordinal"] for row in parts))
            for row in parts:
                at = 3 * row["ordinal"] - 3
                values[at : at + 3] = [row["reason"], _money(row["amount_cents"]), _milli(row["quantity_milli"])]
            self._put(parts[0], "CAS", parts[0]["group_code"], *values)

    def _put(self, row: Mapping[str, Any], tag: str, *values: str | None) -> None:
        """A segment out of columns, unless it stands as written already."""
        if row["segment"] not in self.known:
            self.known[row["segment"]] = _trimmed([tag, *[value or "" for value in values]])

    def _party(self, row: Mapping[str, Any]) -> None:
        names = ("entity", "entity_type", "name", "first_name", "middle_name")
        self._put(row, "NM1", *[row[n] for n in names], "", row["suffix"], row["id_qualifier"], row["identifier"])
        under = []
        if row["address"]:
            under.append(["N3", *row["address"].split(";")])
        if row["city"] or row["state"] or row["postal_code"]:
            under.append(_trimmed(["N4", row["city"] or "", row["state"] or "", row["postal_code"] or ""]))
        if row["born_day"] is not None:
            under.append(_trimmed(["DMG", "D8", day8(row["born_day"]), row["sex"] or ""]))
        self.beneath[row["segment"]] = under


def checked(values: list[str]) -> list[str]:
    """The elements, refused (Unreadable) where one holds a mark that parts elements or segments when written."""
    for value in values[1:]:
        if _MARKS & set(value) - {":"}:
            raise _unbuilt("an element of it holds a mark (* ~ ^) that parts elements")
    return values


def _component(rows: list[Mapping[str, Any]]) -> str:
    """What parts components in this transaction: it stands in CLM05 as 11:B:1."""
    for row in rows:
        if row["tag"] == "CLM":
            values = row["text"].split(row["text"][3])
            marks = [mark for mark in (values[5] if len(values) > 5 else "") if not mark.isalnum()]
            return marks[0] if marks else ":"
    return ":"


def _swapped(value: str, component: str) -> str:
    if ":" in value:
        raise _unbuilt("an element of it holds a colon, which parts components")
    return value.replace(component, ":")


def _unbuilt(what: str) -> Unreadable:
    remedy = "Send it from the billing software, or import the file it was sent in again."
    return Unreadable(f"The claim cannot be written again as it was sent: {what}.", remedy=remedy)


def _trimmed(values: list[str]) -> list[str]:
    while values and not values[-1]:
        values.pop()
    return values


def _money(cents: int | None) -> str:
    return "" if cents is None else amount(cents)


def _milli(milli: int | None) -> str:
    if milli is None:
        return ""
    whole, rest = divmod(abs(milli), 1000)
    return f"{'-' if milli < 0 else ''}{whole}" + (f".{rest:03d}".rstrip("0") if rest else "")
