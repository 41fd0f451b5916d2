"""Can a corrected claim be taken as one: does it name the claim it corrects, and does the payer take such claims?

Medicare Part B takes none, so of a reference nothing is said there.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import nothing, seen, told

BARE = "The claim has frequency {} and names no original."
ADD = "Add the payer's number of the original claim (REF F8)."
TAKEN = "Frequency {}: Medicare Part B takes neither replacement nor void."
ASK = "Ask for a reopening, or appeal; send anew only what was unprocessable."


def frequencies(facts: Facts) -> pl.DataFrame:
    """reference_missing and replacement_to_medicare, one a visit."""
    again = nw.col("frequency").is_in(["7", "8"])
    rows = seen(facts.lines.filter(again & (nw.col("units") > 0)))
    if rows.is_empty():
        return nothing()
    worth = pl.col("price_cents").fill_null(0).sum().over("visit_id").alias("visit_cents")
    rows = rows.with_columns(worth).unique("visit_id", keep="first", maintain_order=True)
    whole = {"code": pl.lit(""), "billed_units": pl.lit(0), "risk_cents": pl.col("visit_cents")}
    bare = rows.filter((pl.col("original_reference").fill_null("") == "") & ~pl.col("medicare"))
    medicare = rows.filter(pl.col("medicare"))
    return pl.concat(
        [
            told(bare, "reference_missing",
                 pl.format(BARE, "frequency"), ADD, **whole),
            told(medicare, "replacement_to_medicare",
                 pl.format(TAKEN, "frequency"), ASK, **whole),
        ],
        how="diagonal",
    )  # fmt: skip
