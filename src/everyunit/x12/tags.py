"""Tags as small codes, by a hash without collisions, so that all rows of a tag are found in one pass over bytes."""

from __future__ import annotations

import numpy as np

from everyunit.x12.words import packed

_TAGS = [
    "AK1", "AK2", "AK3", "AK4", "AK5", "AK9", "AMT", "BHT", "BPR", "CAS", "CLM", "CLP", "CTX", "DMG", "DTM", "DTP",
    "GE", "GS", "HI", "HL", "IEA", "IK3", "IK4", "IK5", "INS", "ISA", "LQ", "LX", "MIA", "MOA", "N1", "N3", "N4",
    "NM1", "PLB", "PRV", "QTY", "REF", "SBR", "SE", "ST", "STC", "SV1", "SV2", "SV3", "SVC", "SVD", "TA1", "TRN",
]  # fmt: skip
_BITS = 12
_SHIFT = np.uint64(64 - _BITS)

CODES = {tag: number for number, tag in enumerate(_TAGS, 1)}


def _factor() -> np.uint64:
    """The first odd factor under which no two tags share a place."""
    words = np.array([packed(tag) for tag in _TAGS])
    factor = 0x9E3779B97F4A7C15
    while len(np.unique((words * np.uint64(factor)) >> _SHIFT)) < len(words):
        factor = (factor * 0x2545F4914F6CDD1D + 2) & (2**64 - 1) | 1
    return np.uint64(factor)


_FACTOR = _factor()
_CODE = np.zeros(1 << _BITS, dtype=np.uint8)
_WORD = np.zeros(1 << _BITS, dtype=np.uint64)
for _tag, _number in CODES.items():
    _place = int((np.array([packed(_tag)]) * _FACTOR)[0] >> _SHIFT)
    _CODE[_place], _WORD[_place] = _number, packed(_tag)


def coded(words: np.ndarray) -> np.ndarray:
    """Code of each tag; 0 for a tag that has no code."""
    place = ((words * _FACTOR) >> _SHIFT).astype(np.int64)
    return np.where(_WORD.take(place) == words, _CODE.take(place), 0).astype(np.uint8)
