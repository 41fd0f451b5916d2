"""Text columns without a Python string per value: Arrow string views over one buffer, handed to Polars.

The layout is the Arrow C data interface (https://arrow.apache.org/docs/format/CDataInterface.html), format `vu`.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import polars as pl

from everyunit.x12.words import LENGTH_MASK


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


_RELEASE_SCHEMA = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))
_RELEASE_ARRAY = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))
_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", _RELEASE_SCHEMA),
    ("private_data", ctypes.c_void_p),
]
_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", _RELEASE_ARRAY),
    ("private_data", ctypes.c_void_p),
]
_capsule = ctypes.pythonapi.PyCapsule_New
_capsule.restype = ctypes.py_object
_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]

_held: dict[int, tuple[Any, ...]] = {}  # buffers that Polars still looks into, by the address of their array


@_RELEASE_SCHEMA
def _release_schema(schema: Any) -> None:
    schema.contents.release = _RELEASE_SCHEMA(0)


@_RELEASE_ARRAY
def _release_array(array: Any) -> None:
    _held.pop(array.contents.private_data, None)
    array.contents.release = _RELEASE_ARRAY(0)


class _Views:
    """String views, their validity and the buffer they look into, as one exportable Arrow array."""

    def __init__(self, views: np.ndarray, valid: np.ndarray, nulls: int, raw: np.ndarray) -> None:
        bits = np.packbits(valid, bitorder="little")
        sizes = np.array([raw.nbytes], dtype=np.int64)
        addresses = [bits.ctypes.data, views.ctypes.data, raw.ctypes.data, sizes.ctypes.data]
        self.pointers = (ctypes.c_void_p * 4)(*addresses)
        self.schema = _Schema(b"vu", b"", None, 2, 0, None, None, _release_schema, None)
        self.array = _Array(len(views), nulls, 0, 4, 0, self.pointers, None, None, _release_array, id(self))
        _held[id(self)] = (self, bits, views, raw, sizes)

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        schema = _capsule(ctypes.addressof(self.schema), b"arrow_schema", None)
        return schema, _capsule(ctypes.addressof(self.array), b"arrow_array", None)


def nothing(size: int) -> pl.Series:
    """A text column of nulls."""
    return pl.Series([None], dtype=pl.String).new_from_index(0, size)


def strings(raw: np.ndarray, words: np.ndarray, start: np.ndarray, end: np.ndarray) -> pl.Series:
    """Text between two places of a UTF-8 buffer, one value a pair; null where it is empty.

    `words` are the buffer's overlapping 8-byte words; the buffer must have 16 spare bytes at its end.
    """
    if not len(start):
        return pl.Series(dtype=pl.String)
    length = end - start
    longest = int(length.max())
    if longest == 0:
        return nothing(len(start))
    views = np.empty((len(start), 2), dtype=np.uint64)
    first = words[start] & LENGTH_MASK.take(length, mode="clip")
    size = length.astype(np.uint64)
    views[:, 0] = size | (first << np.uint64(32))
    views[:, 1] = words[start + 4] & LENGTH_MASK.take(length - 4, mode="clip") if longest > 4 else 0
    if longest > 12:
        long = length > 12
        views[long, 1] = start[long].astype(np.uint64) << np.uint64(32)
    valid = length > 0
    return pl.Series(_Views(views, valid, int(len(valid) - np.count_nonzero(valid)), raw))
