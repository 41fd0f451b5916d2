"""Tables laid out at once: types, nulls, long and short text; and frames that outlive what they were made of."""

from __future__ import annotations

import gc

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from everyunit.frames import table
from everyunit.x12.columns import Ints, Same, frame, joined, texts

SHAPE = table("t", "a row", "number", "number int n", "day day d", "text text t", "same text s", "absent text a")


@given(st.lists(st.tuples(st.text(max_size=40), st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1)))))
def test_a_table_holds_what_was_laid_out(rows):
    words = texts([text.encode() for text, _ in rows] or [b""], np.arange(len(rows)))
    numbers = np.array([number or 0 for _, number in rows], dtype=np.int64)
    known = np.array([number is not None for _, number in rows], dtype=bool)
    columns = {"number": Ints(numbers, known), "day": Ints(numbers, known), "text": words, "same": Same("x" * 16)}
    made = frame(SHAPE, columns, len(rows))
    del words, numbers, known, columns
    gc.collect(0)  # what was just made; a whole collection takes seconds where many tests ran before
    assert made.schema == pl.Schema(SHAPE.schema)
    expected = [(number, number, text or None, "x" * 16, None) for text, number in rows]
    assert made.rows() == expected


@given(st.lists(st.lists(st.sampled_from(["", "A", "M5450", "a long word beyond twelve"]), max_size=4), max_size=6))
def test_texts_of_an_owner_are_joined_in_order(owners):
    flat = [text.encode() for values in owners for text in values]
    owner = np.repeat(np.arange(len(owners)), [len(values) for values in owners])
    made = joined(texts(flat or [b""], np.arange(len(flat))), owner.astype(np.int64), len(owners)).series()
    assert made.to_list() == [":".join(filter(None, values)) or None for values in owners]
