"""Was the same service of a day sent twice: on two claims, or on two lines of one that nothing tells apart?

Of two claims of which only one belongs to a visit, by the number of the member, the other is told.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, seen, told

_SAME = ("patient_id", "payer_id", "service_day", "code", "modifiers")
_REPEATED = ":(76|77|59|X[EPSU]):"


def lines(facts: Facts) -> pl.DataFrame:
    """duplicate_claim (the later claim's units come off) and split_line (one code on several lines of a claim)."""
    plain = facts.lines.filter((nw.col("units") > 0) & ~nw.col("modifiers").str.contains(_REPEATED))
    first = nw.col("claim_key").min().over(*_SAME)
    line = nw.col("line").min().over(*_SAME, "claim_key")
    plain = plain.with_columns(first_claim=first, first_line=line)
    theirs = nw.when(nw.col("claim_key") == nw.col("first_claim")).then(nw.col("claim_id"))
    plain = plain.with_columns(other_claim=theirs.max().over(*_SAME))
    twice = seen(plain.filter(nw.col("claim_key") > nw.col("first_claim")))
    split = seen(
        plain.filter((nw.col("claim_key") == nw.col("first_claim")) & (nw.col("line") > nw.col("first_line")))
    )
    other = told(
        twice, "duplicate_claim",
        pl.format(
            "{} of this day also stands on {} of the same patient and payer.", "code",
            pl.coalesce(pl.format("claim {}", "other_claim"), pl.lit("another claim")),
        ),
        "Void the claim sent twice, or mark a second session of the day as one.", units_off=pl.col("units"),
    )  # fmt: skip
    same = told(
        split, "split_line",
        pl.format("{} stands on lines {} and {} alike; payers refuse the second.", "code", "first_line", "line"),
        "Put the units on one line.", risk_cents=at_risk(),
    )  # fmt: skip
    return pl.concat([other, same], how="diagonal")


def without_visit(kept: Facts, alone: Facts, members: nw.LazyFrame[Any]) -> pl.DataFrame:
    """duplicate_claim on lines of claims without a visit (`alone`) that stand on the claim of a visit too.

    `members` bears claim_key and member_id, by which the patient of both is known.
    """
    marked = nw.col("modifiers").str.contains(_REPEATED)
    same = ("member_id", "payer_id", "service_day", "code", "modifiers")
    theirs = kept.lines.filter((nw.col("units") > 0) & ~marked).join(members, on="claim_key", how="inner")
    theirs = theirs.group_by(*same).agg(nw.col("claim_id").min().alias("other_claim"))
    ours = alone.lines.filter((nw.col("units") > 0) & ~marked).join(members, on="claim_key", how="inner")
    rows = seen(ours.join(theirs, on=list(same), how="inner"))
    message = pl.format("{} of this day also stands on claim {} of the same patient and payer, and only that one "
                        "belongs to a visit.", "code", "other_claim")  # fmt: skip
    fix = "Void the claim sent twice, or bring the visit that it charges."
    return told(rows, "duplicate_claim", message, fix, cents=-at_risk())
