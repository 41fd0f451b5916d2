"""Units that the count of a day takes off by itself; another finding on these bears no dollars of its own."""

from __future__ import annotations

import narwhals as nw

from everyunit.audit import timed, untimed
from everyunit.audit.pool import UNCOUNTED


def taken() -> nw.Expr:
    """What `units_over`, `units_misallocated` or `untimed_repeated` takes off the code of a row, else 0."""
    moved = timed.misallocated() & (nw.col("billed") > nw.col("earned"))
    over = (timed.over() | moved) & (nw.col("shut") == 0)
    repeated = (
        nw.when(untimed.repeated() & (nw.col("shut") != UNCOUNTED))
        .then(nw.col("billed") - nw.col("allowed"))
        .otherwise(0)
    )
    return nw.when(over).then(nw.col("billed") - nw.col("earned")).otherwise(repeated)
