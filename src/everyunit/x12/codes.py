"""Composite procedure codes: code, modifiers in order, description."""

from __future__ import annotations

import polars as pl

from everyunit.x12.arrow import nothing
from everyunit.x12.index import Segments, Span


def procedure(segments: Segments, span: Span) -> dict[str, pl.Series]:
    """Qualifier, code, modifiers (parted by :) and description of a composite such as HC:97110:GP:59."""
    if not (span[1] > span[0]).any():
        return dict.fromkeys(("qualifier", "code", "modifiers", "description"), nothing(len(span[0])))
    return {
        "qualifier": segments.read(segments.component(span, 1)),
        "code": segments.read(segments.component(span, 2)).str.to_uppercase(),
        "modifiers": listed(segments, (segments.component(span, 3)[0], segments.component(span, 6)[1])),
        "description": segments.read(segments.component(span, 7)),
    }


def listed(segments: Segments, span: Span) -> pl.Series:
    """The components of a span parted by a colon, empty ones left out; null where there is none."""
    found = segments.read(span)
    mark = segments.marks.component
    if mark not in (-1, 58):
        found = found.str.replace_all(chr(mark), ":", literal=True)
    empty = found.str.contains("::", literal=True) | found.str.starts_with(":") | found.str.ends_with(":")
    if empty.any():
        found = found.str.replace_all(":{2,}", ":").str.strip_chars(":")
        found = found.set(found == "", None)
    return found
