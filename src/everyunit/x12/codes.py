"""Composite procedure codes: code, modifiers in order, description."""

from __future__ import annotations

import numpy as np

from everyunit.x12.columns import Column, series
from everyunit.x12.fields import Span
from everyunit.x12.index import Segments
from everyunit.x12.texts import Text
from everyunit.x12.words import LENGTH_MASK

_BEYOND_Z = np.uint64(0x1F1F1F1F1F1F1F1F)  # lifts the small letters, and what stands behind them, to the high bit
_HIGH = np.uint64(0x8080808080808080)


def procedure(segments: Segments, span: Span) -> dict[str, Column]:
    """Qualifier, code, modifiers (parted by :) and description of a composite such as HC:97110:GP:59."""
    if not (span[1] > span[0]).any():
        return dict.fromkeys(("qualifier", "code", "modifiers", "description"))
    part = segments.components(span)
    return {
        "qualifier": segments.read(part(1)),
        "code": _upper(segments.read(part(2))),
        "modifiers": listed(segments, (part(3)[0], part(6)[1])),
        "description": segments.read(part(7)),
    }


def _upper(text: Text) -> Column:
    """The text in upper case; read slowly only where a small letter may stand."""
    length = text.end - text.start
    plain = len(length) == 0 or int(length.max()) <= 8
    if plain:
        word = text.words[text.start] & LENGTH_MASK.take(length, mode="clip")
        lifted = ((word & ~_HIGH) + _BEYOND_Z) | word
        plain = not (lifted & _HIGH).any()
    return text if plain else series(text).str.to_uppercase()


def listed(segments: Segments, span: Span) -> Column:
    """The components of a span parted by a colon, empty ones left out; null where there is none."""
    text, mark = segments.read(span), segments.marks.component
    filled = text.end > text.start
    ends = (text.raw[text.start] == 58) | (text.raw[text.end - 1] == 58)
    if mark in (-1, 58) and not segments.doubled() and not (ends & filled).any():
        return text
    found = series(text)
    if mark not in (-1, 58):
        found = found.str.replace_all(chr(mark), ":", literal=True)
    found = found.str.replace_all(":{2,}", ":").str.strip_chars(":")
    return found.set(found == "", None)
