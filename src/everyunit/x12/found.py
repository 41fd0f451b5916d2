"""Segments found by tag and first element (REF*6R, NM1*85): the first under each claim or line, or in a range."""

from __future__ import annotations

import numpy as np

from everyunit.x12.fields import Picked, Scope, Tagged
from everyunit.x12.index import Segments
from everyunit.x12.words import packed

_FAR = np.iinfo(np.int64).max


class Found:
    """Places of the segments of a tag with one of some qualifiers, looked up once for all tables."""

    def __init__(self, segments: Segments) -> None:
        self.segments = segments
        self._words: dict[str, np.ndarray] = {}
        self._places: dict[tuple[str, ...], np.ndarray] = {}

    def places(self, tag: str, *qualifiers: str) -> np.ndarray:
        """Places among the segments of the tag of those whose first element is one of these; all without any."""
        held = self._places.get((tag, *qualifiers))
        if held is None:
            held = self._places[(tag, *qualifiers)] = self._searched(tag, qualifiers)
        return held

    def _searched(self, tag: str, qualifiers: tuple[str, ...]) -> np.ndarray:
        rows = self.segments.rows(tag)
        if not qualifiers:
            return np.arange(len(rows))
        words = self._words.get(tag)
        if words is None:
            words = self._words[tag] = self.segments.tagged(tag).word(1)[:-1]
        match = words == packed(qualifiers[0])
        for qualifier in qualifiers[1:]:
            match |= words == packed(qualifier)
        return np.flatnonzero(match)

    def rows(self, tag: str, *qualifiers: str) -> np.ndarray:
        """Rows of those segments."""
        return self.segments.rows(tag).take(self.places(tag, *qualifiers))

    def first(self, scope: Scope, tag: str, *qualifiers: str) -> Picked:
        """The first of them under each claim or line."""
        return scope.first(self.segments.tagged(tag), self.places(tag, *qualifiers))

    def between(self, low: np.ndarray, high: np.ndarray, tag: str, *qualifiers: str) -> Picked:
        """For each range [low, high) of rows the first of them inside."""
        tagged, places = self.segments.tagged(tag), self.places(tag, *qualifiers)
        return between(tagged, places, low, high)


def between(tagged: Tagged, places: np.ndarray, low: np.ndarray, high: np.ndarray) -> Picked:
    """For each range [low, high) of rows the first of these places of a tag that lies inside."""
    if not len(places):
        return tagged.pick(np.full(len(low), -1))
    rows = tagged.rows.take(places)
    at = np.searchsorted(rows, low)
    inside = np.append(rows, _FAR).take(at) < high
    return tagged.pick(np.where(inside, np.append(places, -1).take(at), -1))
