"""Whole tables handed to Polars at once: Arrow arrays laid into one buffer that Polars owns.

The layout is the Arrow C data interface (https://arrow.apache.org/docs/format/CDataInterface.html). The buffer is
exported by Polars itself, so it is let go by Polars' own callback: a callback into Python could wait for ever for the
interpreter on a thread of Polars.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import polars as pl


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_RELEASE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_NEXT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))
_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]
_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.c_void_p),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]
_Stream._fields_ = [
    ("get_schema", ctypes.c_void_p),
    ("get_next", _NEXT),
    ("get_last_error", ctypes.c_void_p),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]
_new_capsule: Any = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_pointer: Any = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype = ctypes.c_void_p
_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]


def _let_go(schema: int) -> None:
    _Schema.from_address(schema).release = None


_let_go_schema = _RELEASE(_let_go)  # called while the schema is read, in the thread that reads it


class Shape:
    """The Arrow schema of a table: names and formats of its columns, made once."""

    def __init__(self, columns: list[tuple[str, bytes]]) -> None:
        release = ctypes.cast(_let_go_schema, ctypes.c_void_p).value
        self.kept = [_Schema(form, name.encode(), None, 2, 0, None, None, release, None) for name, form in columns]
        self.children = (ctypes.c_void_p * len(columns))(*[ctypes.addressof(child) for child in self.kept])
        self.release = release

    def schema(self) -> _Schema:
        """A struct of the columns."""
        place = ctypes.addressof(self.children)
        return _Schema(b"+s", b"", None, 0, len(self.kept), place, None, self.release, None)


class Laid:
    """Columns of `size` rows laid into one buffer: of each its nulls and the places of its Arrow buffers."""

    def __init__(self, shape: Shape, size: int, buffer: np.ndarray, columns: list[tuple[int, list[int]]]) -> None:
        base = buffer.ctypes.data
        # of each column up to four buffers, and the ten words of its structure
        pointers = np.array([_four(base, places) for _, places in columns], dtype=np.int64)
        arrays = np.zeros((len(columns), 10), dtype=np.int64)
        arrays[:, 0] = size
        arrays[:, 1] = [nulls for nulls, _ in columns]
        arrays[:, 3] = [len(places) for _, places in columns]
        arrays[:, 5] = pointers.ctypes.data + 32 * np.arange(len(columns))
        children = arrays.ctypes.data + 80 * np.arange(len(columns))
        none = np.zeros(1, dtype=np.int64)
        self.kept = (shape, buffer, pointers, arrays, children, none)
        self.schema = shape.schema()
        self.array = _exported(buffer)
        self.array.length, self.array.null_count, self.array.offset = size, 0, 0
        self.array.n_buffers, self.array.buffers = 1, none.ctypes.data
        self.array.n_children, self.array.children = len(columns), children.ctypes.data

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        schema = _new_capsule(ctypes.addressof(self.schema), b"arrow_schema", None)
        return schema, _new_capsule(ctypes.addressof(self.array), b"arrow_array", None)

    def frame(self) -> pl.DataFrame:
        """The columns as a frame."""
        return pl.DataFrame(self)


def _four(base: int, places: list[int]) -> list[int]:
    """Addresses of the buffers of a column; 0 for one that is not there."""
    return [0 if place < 0 else base + place for place in places] + [0] * (4 - len(places))


def _exported(buffer: np.ndarray) -> Any:
    """An Arrow array of the bytes, held by Polars until its own callback lets them go."""
    capsule = pl.Series(buffer).__arrow_c_stream__()
    stream = _Stream.from_address(_pointer(capsule, b"arrow_array_stream"))
    array = _Array()
    if stream.get_next(ctypes.byref(stream), ctypes.byref(array)) or not array.release:
        raise MemoryError("Polars could not hold the columns")
    return array
