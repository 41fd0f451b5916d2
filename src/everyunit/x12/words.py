"""Small texts as whole numbers: up to eight bytes in one machine word, so that a column is compared at once."""

from __future__ import annotations

import numpy as np

LENGTH_MASK = np.array([(1 << (8 * n)) - 1 for n in range(9)], dtype=np.uint64)
_KEEP = np.array([((1 << 64) - 1) ^ ((1 << (8 * (8 - n))) - 1) for n in range(9)], dtype=np.uint64)
_FILL = np.array([int.from_bytes(b"0" * (8 - n) + b"\0" * n, "little") for n in range(9)], dtype=np.uint64)
_ZEROS = np.uint64(0x3030303030303030)
_OVER = np.uint64(0x7676767676767676)
_HIGH = np.uint64(0x8080808080808080)
_PAIRS = np.uint64(0x000000FF000000FF)
_UPPER = np.uint64(0x000F424000000064)
_LOWER = np.uint64(0x0000271000000001)


def packed(text: str) -> np.uint64:
    """The word that stands for a text of at most eight bytes."""
    return np.uint64(int.from_bytes(text.encode(), "little"))


def unpacked(word: int) -> str:
    """The text that a word stands for."""
    return int(word).to_bytes(8, "little").rstrip(b"\0").decode("utf-8", "replace")


def overlapping(raw: np.ndarray) -> np.ndarray:
    """Every 8-byte word of a buffer, one at each byte (little endian, not copied)."""
    return np.ndarray((len(raw) - 7,), dtype="<u8", buffer=raw.data, strides=(1,))


def digits(words: np.ndarray, end: np.ndarray, length: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers of up to eight digits that end at these places, and whether each is nothing but digits."""
    short = np.clip(length, 0, 8)
    value = ((words[end - 8] & _KEEP[short]) | _FILL[short]) - _ZEROS
    clean = ((value | (value + _OVER)) & _HIGH) == 0
    value = value * np.uint64(10) + (value >> np.uint64(8))
    value = ((value & _PAIRS) * _UPPER + ((value >> np.uint64(16)) & _PAIRS) * _LOWER) >> np.uint64(32)
    return value.astype(np.int64), clean & (length >= 0) & (length <= 8)
