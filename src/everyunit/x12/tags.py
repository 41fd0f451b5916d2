"""Tags as small codes, by a hash without collisions, so that all rows of a tag are found in one pass over bytes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from everyunit.x12.words import packed

_TAGS = [
    "AK1", "AK2", "AK3", "AK4", "AK5", "AK9", "AMT", "BHT", "BPR", "CAS", "CLM", "CLP", "CTX", "DMG", "DTM", "DTP",
    "GE", "GS", "HI", "HL", "IEA", "IK3", "IK4", "IK5", "INS", "ISA", "LQ", "LX", "MIA", "MOA", "N1", "N3", "N4",
    "NM1", "PLB", "PRV", "QTY", "REF", "SBR", "SE", "ST", "STC", "SV1", "SV2", "SV3", "SVC", "SVD", "TA1", "TRN",
]  # fmt: skip


class Lexicon:
    """Words and the numbers that they stand for, found in one pass by a hash under which no two words meet."""

    def __init__(self, words: Iterable[str]) -> None:
        packed_ = np.array([packed(word) for word in words])
        self._shift = np.uint64(64 - max(8, 2 * len(packed_).bit_length() - 4))
        factor = 0x9E3779B97F4A7C15
        while len(np.unique((packed_ * np.uint64(factor)) >> self._shift)) < len(packed_):
            factor = (factor * 0x2545F4914F6CDD1D + 2) & (2**64 - 1) | 1
        self._factor = np.uint64(factor)
        place = (packed_ * self._factor >> self._shift).astype(np.int64)
        self._number = np.zeros(2 ** (64 - int(self._shift)), dtype=np.uint16)
        self._word = np.zeros(2 ** (64 - int(self._shift)), dtype=np.uint64)
        self._number[place], self._word[place] = np.arange(1, len(packed_) + 1), packed_

    def numbers(self, words: np.ndarray) -> np.ndarray:
        """Number of each word, counted from 1 in their order; 0 for a word that is none of them."""
        place = ((words * self._factor) >> self._shift).view(np.int64)
        return np.where(self._word.take(place) == words, self._number.take(place), 0)


_LEXICON = Lexicon(_TAGS)
CODES = {tag: number for number, tag in enumerate(_TAGS, 1)}


def coded(words: np.ndarray) -> np.ndarray:
    """Code of each tag; 0 for a tag that has no code."""
    return _LEXICON.numbers(words).astype(np.uint8)
