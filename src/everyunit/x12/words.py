"""Small texts as whole numbers: up to eight bytes in one machine word, so that a column is compared at once."""

from __future__ import annotations

import numpy as np

LENGTH_MASK = np.array([(1 << (8 * n)) - 1 for n in range(9)], dtype=np.uint64)
_ZEROS = np.uint64(0x3030303030303030)
_OVER = np.uint64(0x7676767676767676)
_HIGH = np.uint64(0x8080808080808080)
_EIGHT = np.uint64(8)
_ONES = np.uint64(0x0101010101010101)
_POINTS = np.uint64(0x1E1E1E1E1E1E1E1E)  # a point, where digits are their values
_LANES = {2: np.uint64(0x8080800000000000), 3: np.uint64(0x8080808000000000)}
_TOGETHER = np.uint64(1 + (1 << 7) + (1 << 14) + (1 << 21))  # moves the bits of the lanes together, to the top
_LOWEST = {2: np.uint64(61), 3: np.uint64(60)}
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


def gathered(words: np.ndarray, place: np.ndarray) -> np.ndarray:
    """The words at these places; the places go to numpy in its own type, for it converts others slowly."""
    found: np.ndarray = words[place.astype(np.int64, copy=False)]
    return found


def sixteen(raw: np.ndarray) -> np.ndarray:
    """Every 16 bytes of a buffer, beginning at each byte; complex numbers only so that they are moved as one."""
    return np.ndarray((len(raw) - 15,), dtype=np.complex128, buffer=raw.data, strides=(1,))


def decimals(last: np.ndarray, width: np.ndarray, places: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Decimals of up to eight characters as whole numbers of 10**-places, `places` 2 or 3.

    `last` are the eight bytes up to the end of each, `width` how many of them count. Gives the values, whether each
    is clean, and whether a point was taken out.
    """
    width = width.astype(np.int64, copy=False)
    # digits become their values; what stands before the number is shifted out, and zeros stand there instead
    spare = (np.int64(8) - width).view(np.uint64)
    spare <<= np.uint64(3)
    word = last ^ _ZEROS
    word >>= spare
    word <<= spare
    # a byte that is a point becomes zero, and of a zero byte the high bit is set; only the last bytes may be a point
    other = word ^ _POINTS
    points = other - _ONES
    points &= ~other
    points &= _LANES[places]
    points *= _TOGETHER
    points >>= _LOWEST[places]
    which = points.view(np.int64)  # one bit for each place where a point stands
    behind, before, scale = _CUTS[places]
    moved = word & before.take(which)
    moved <<= np.uint64(8)
    word &= behind.take(which)
    word |= moved
    value, clean = _parsed(word)
    value *= scale.take(which)
    clean &= width.view(np.uint64) <= _EIGHT
    return value, clean, which > 0


def _cuts(places: int) -> tuple[np.ndarray, ...]:
    """For each set of places of a point: bytes behind it, bytes before it, and the scale."""
    tables = np.zeros((2, 16), dtype=np.uint64)
    scales = np.full(16, 10**places, dtype=np.int64)
    tables[0] = 2**64 - 1
    for which in range(1, 16):
        # the lowest bit is the first point of the word; another behind it stays and makes the word unclean
        behind = places - ((which & -which).bit_length() - 1)
        if behind >= 0:
            tables[0, which] = ((1 << 8 * behind) - 1) << (64 - 8 * behind)
            tables[1, which] = (1 << (56 - 8 * behind)) - 1
            scales[which] = 10 ** (places - behind)
    return tables[0], tables[1], scales


_CUTS = {places: _cuts(places) for places in (2, 3)}


def _parsed(value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eight digits in each word, the first in the lowest byte, as a number; and whether all are digits."""
    value, clean = pairs(value)
    high = value & _PAIRS
    high *= _UPPER
    value >>= np.uint64(16)
    value &= _PAIRS
    value *= _LOWER
    value += high
    value >>= np.uint64(32)
    return value.view(np.int64), clean


def pairs(value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eight digits in each word as four numbers of two digits in every second byte; and whether all are digits."""
    clean = value + _OVER
    clean |= value
    clean &= _HIGH
    paired = value * np.uint64(10)
    value >>= np.uint64(8)
    paired += value
    return paired, clean == 0


def digit_pairs(words: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eight digits that begin at these places as four numbers of two, see `pairs`."""
    word = gathered(words, start)
    word -= _ZEROS
    return pairs(word)
