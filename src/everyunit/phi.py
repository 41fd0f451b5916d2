"""Identifiers that cannot print themselves: a slip in a log line shows a mark, not a person."""

from __future__ import annotations

import hashlib


class Identifier(str):
    """A patient's identifier or name. Its text is reached only through `reveal()`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<identifier {mark(str.__str__(self))}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def reveal(self) -> str:
        """The bare text, for the one place that must show or write it."""
        return "".join(list(self))


def mark(text: str) -> str:
    """Six hexadecimal digits that stand for a text in messages; not reversible for names, only for guessing."""
    return hashlib.sha256(text.encode()).hexdigest()[:6]
