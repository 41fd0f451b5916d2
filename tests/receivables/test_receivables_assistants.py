"""What an assistant gave, paid by other payers than Medicare: each is held to its own way, once it has one."""

from __future__ import annotations

import polars as pl
import pytest

from everyunit.receivables.assistants import LINES, by_habit

WHOLE, LESS = 5_406, 4_970


def lines(*received, payer="P", refused=0, most=WHOLE, least=LESS):
    rows = [(payer, least, most, cents, 3, refused) for cents in received]
    names = ["payer_id", "least", "most", "received_cents", "allowance", "refused"]
    return pl.DataFrame(rows, schema=names, orient="row")


def expected(frame):
    return by_habit(frame).select("least", "most").unique().rows()


@pytest.mark.parametrize(
    ("received", "between"),
    [
        ([WHOLE] * LINES + [4_796], (WHOLE, WHOLE)),  # it pays the whole: what is short is short of that
        ([WHOLE - 3] * LINES + [4_796], (WHOLE, WHOLE)),  # within the rounding of each unit
        ([LESS] * LINES + [WHOLE - 100], (LESS, LESS)),  # it takes the 15 percent: what is above may go back
        ([WHOLE] * (LINES - 1) + [4_796], (LESS, WHOLE)),  # too few to make a habit
        ([WHOLE] * LINES + [LESS], (LESS, WHOLE)),  # it does both: nothing is known
    ],
)
def test_a_payer_is_held_to_the_way_it_keeps_to(received, between):
    assert expected(lines(*received)) == [between]


def test_each_payer_tells_of_itself_alone():
    both = pl.concat([lines(*[WHOLE] * LINES, payer="A"), lines(*[WHOLE] * (LINES - 1), payer="B")])
    found = by_habit(both).group_by("payer_id").agg(pl.col("least").unique()).sort("payer_id")
    assert found["least"].to_list() == [[WHOLE], [LESS]]


def test_what_was_refused_and_what_tells_nothing_make_no_habit():
    """A line refused in part, one whose two amounts lie within the rounding, one without a price."""
    assert expected(lines(*[WHOLE] * LINES, refused=1)) == [(LESS, WHOLE)]
    assert expected(lines(*[WHOLE] * LINES, least=WHOLE - 6)) == [(WHOLE - 6, WHOLE)]
    bare = lines(*[WHOLE] * LINES).with_columns(least=pl.lit(None, pl.Int64), most=pl.lit(None, pl.Int64))
    assert expected(bare) == [(None, None)]
