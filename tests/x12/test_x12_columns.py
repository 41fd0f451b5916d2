"""Tables laid out at once: types, nulls, long and short text; and frames that outlive what they were made of."""

from __future__ import annotations

import gc

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from everyunit.frames import table
from everyunit.x12.columns import Ints, frame, series
from everyunit.x12.texts import Same, Text, joined, texts

SHAPE = table(
    "t", "a row", "number", "number int n", "day day d", "text text t", "same text s", "absent text a", "back text t"
)


@given(st.lists(st.tuples(st.text(max_size=40), st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1)))))
def test_a_table_holds_what_was_laid_out(rows):
    words = texts([text.encode() for text, _ in rows])
    numbers = np.array([number or 0 for _, number in rows], dtype=np.int64)
    known = np.array([number is not None for _, number in rows], dtype=bool)
    columns = {"number": Ints(numbers, known), "day": Ints(numbers, known), "text": words, "same": Same("x" * 16)}
    columns["back"] = words.taken(np.arange(len(rows))[::-1])
    made = frame(SHAPE, columns, len(rows))
    del words, numbers, known, columns
    gc.collect(0)  # what was just made; a whole collection takes seconds where many tests ran before
    assert made.schema == pl.Schema(SHAPE.schema)
    expected = [
        (number, number, text or None, "x" * 16, None, back or None)
        for (text, number), (back, _) in zip(rows, reversed(rows), strict=True)
    ]
    assert made.rows() == expected


@given(st.lists(st.lists(st.sampled_from(["", "A", "M5450", "a long word beyond twelve"]), max_size=4), max_size=6))
def test_texts_of_an_owner_are_joined_in_order(owners):
    flat = [text.encode() for values in owners for text in values]
    owner = np.repeat(np.arange(len(owners)), [len(values) for values in owners])
    made = series(joined(texts(flat), owner.astype(np.int64), len(owners)))
    assert made.to_list() == [":".join(filter(None, values)) or None for values in owners]


SHORT = st.lists(st.text(st.sampled_from("AB7é"), max_size=6), min_size=1)


@given(SHORT, SHORT, st.data())
def test_short_texts_are_taken_from_others(one, other, data):
    above = texts([text.encode() for text in one + other])
    first, second = (Text(above.raw, above.words, above.start[part], above.end[part]) for part in
                     (slice(len(one)), slice(len(one), None)))  # fmt: skip
    places = data.draw(st.lists(st.integers(-1, len(one + other) - 1)))
    for text in (above, first.above(second)):
        taken, cut = text.taken(np.array(places, dtype=np.int64)), text.taken(slice(1, None))
        made = frame(SHAPE, {"text": taken}, len(places))["text"].to_list()
        assert made == [(one + other)[place] or None for place in places]
        assert frame(SHAPE, {"text": cut}, len(one + other) - 1)["text"].to_list() == [
            text or None for text in (one + other)[1:]
        ]
