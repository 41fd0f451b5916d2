"""X12 text out of plain values: clean elements, amounts, days, and the envelope that counts what it holds."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import BinaryIO, NamedTuple

END = "~\n"
_KEPT = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !\"&'()+,-./;?=")
_EPOCH = date(1970, 1, 1)


@lru_cache(maxsize=65_536)
def clean(text: str) -> str:
    """The text in X12's basic character set: capitals, no accents, delimiters and other marks as spaces."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    return " ".join("".join(mark if mark in _KEPT else " " for mark in plain).split())


@lru_cache(maxsize=65_536)
def amount(cents: int) -> str:
    """`12.5` for 1250 cents: no needless zeros, a minus sign before negative amounts."""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    whole, rest = divmod(cents, 100)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}." + (f"{rest:02d}".rstrip("0"))


@lru_cache(maxsize=8_192)
def day8(day: int) -> str:
    """`20260312` for an epoch day."""
    return (_EPOCH + timedelta(days=day)).strftime("%Y%m%d")


def segment(tag: str, *elements: str) -> str:
    """One segment without its terminator; trailing empty elements are left out. Elements must be clean already."""
    last = len(elements)
    while last and not elements[last - 1]:
        last -= 1
    return "*".join((tag, *elements[:last]))


def procedure(code: str, modifiers: tuple[str, ...]) -> str:
    """The composite that names a service: `HC:97110:GP`."""
    return ":".join(("HC", code, *modifiers))


class Party(NamedTuple):
    """A person or organisation as NM1 names it, with the address and demographics that may follow.

    `qualifier` tells what `identifier` is (XX an NPI, MI a member's number, PI a payer's, 46 a submitter's).
    `born` is an epoch day; `sex` F, M or U.
    """

    name: str
    first: str = ""
    qualifier: str = ""
    identifier: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    born: int | None = None
    sex: str = ""
    person: bool = False

    def nm1(self, entity: str) -> str:
        """The NM1 segment in the role of `entity`."""
        return _nm1(entity, self.person, self.name, self.first, self.qualifier, self.identifier)

    def address(self) -> list[str]:
        """N3 and N4, or nothing where no street is known."""
        if not self.street:
            return []
        place = segment("N4", clean(self.city), clean(self.state), clean(self.zip_code))
        return [segment("N3", clean(self.street)), place]


@lru_cache(maxsize=65_536)
def _nm1(entity: str, person: bool, name: str, first: str, qualifier: str, identifier: str) -> str:
    kind = "1" if person else "2"
    return segment("NM1", entity, kind, clean(name), clean(first), "", "", "", qualifier, clean(identifier))


class Interchange:
    """One ISA..IEA with one functional group, written to `out` as transactions are added; `close` counts them.

    `function` is HC for claims, HP for remittances, HN and FA for answers to claims (277, 999); `day` and
    `control` date and number it.
    """

    def __init__(
        self, out: BinaryIO, *, function: str, version: str, sender: str, receiver: str, day: int, control: int
    ) -> None:
        self.out, self.version, self.control, self.count = out, version, control, 0
        ends = f"ZZ*{clean(sender):<15.15}*ZZ*{clean(receiver):<15.15}"
        isa = f"ISA*00*{'':10}*00*{'':10}*{ends}*{day8(day)[2:]}*0600*^*00501*{control:09d}*0*P*:{END}"
        group = segment("GS", function, clean(sender), clean(receiver), day8(day), "0600", str(control), "X", version)
        out.write((isa + group + END).encode("ascii"))

    def add(self, kind: str, body: str, segments: int) -> None:
        """One transaction `kind` (837, 835, 277 or 999) whose `body` holds `segments` segments between ST and SE."""
        self.count += 1
        number = f"{self.count:04d}"
        opened = segment("ST", kind, number, "" if kind == "835" else self.version)
        self.out.write(f"{opened}{END}{body}SE*{segments + 2}*{number}{END}".encode("ascii"))

    def close(self) -> None:
        """The trailers with their counts; `out` stays open."""
        self.out.write(f"GE*{self.count}*{self.control}{END}IEA*1*{self.control:09d}{END}".encode("ascii"))
