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


def sixteen(raw: np.ndarray) -> np.ndarray:
    """Every 16 bytes of a buffer, beginning at each byte; complex numbers only so that they are moved as one."""
    return np.ndarray((len(raw) - 15,), dtype=np.complex128, buffer=raw.data, strides=(1,))


def decimals(last: np.ndarray, width: np.ndarray, places: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Decimals of up to eight characters as whole numbers of 10**-places.

    `last` are the eight bytes up to the end of each, `width` how many of them count. Gives the values, whether each
    is clean, and 1 where a point was taken out.
    """
    short = np.clip(width, 0, 8)
    word = (last & _KEEP.take(short)) | _FILL.take(short)
    scale = np.full(len(word), 10**places, dtype=np.int64)
    point = np.zeros(len(word), dtype=bool)
    for behind in range(places + 1):
        lane = np.uint64(56 - 8 * behind)
        here = ((word >> lane) & np.uint64(255)) == 46
        if here.any():
            above = ((1 << (8 * behind)) - 1) << (64 - 8 * behind)
            below = (1 << (56 - 8 * behind)) - 1
            moved = (word & np.uint64(above)) | ((word & np.uint64(below)) << np.uint64(8)) | np.uint64(48)
            word = np.where(here & ~point, moved, word)
            scale[here & ~point] = 10 ** (places - behind)
            point |= here
    value, clean = _parsed(word - _ZEROS)
    return value * scale, clean & (width >= 0) & (width <= 8), point


def _parsed(value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eight digits in each word, the first in the lowest byte, as a number; and whether all are digits."""
    clean = ((value | (value + _OVER)) & _HIGH) == 0
    value = value * np.uint64(10) + (value >> np.uint64(8))
    value = ((value & _PAIRS) * _UPPER + ((value >> np.uint64(16)) & _PAIRS) * _LOWER) >> np.uint64(32)
    return value.astype(np.int64), clean


def digits(words: np.ndarray, end: np.ndarray, length: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers of up to eight digits that end at these places, and whether each is nothing but digits."""
    short = np.clip(length, 0, 8)
    value, clean = _parsed(((words[end - 8] & _KEEP.take(short)) | _FILL.take(short)) - _ZEROS)
    return value, clean & (length >= 0) & (length <= 8)
