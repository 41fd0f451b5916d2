"""Was the claim first sent within the payer's time to file?

The limit is that of practice.toml (`filing_days`), else the book's for that payer; where neither knows one, this is
silent. A corrected claim counts by the first one. Visits not billed yet tell their last day to file in their own
finding.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, day_words, nothing, seen, told
from everyunit.rulebook.filing import filing_limit


def late(facts: Facts) -> pl.DataFrame:
    """filing_late: on the first line of the visit's claim."""
    lines = facts.lines.filter((nw.col("units") > 0) & ~nw.col("sent_day").is_null())
    visits = lines.group_by("visit_id", "claim_id", "payer_id", "payer_kind", "service_day").agg(
        nw.col("price_cents").fill_null(0).sum().alias("price_cents"), nw.col("sent_day").min()
    )
    rows = seen(visits.filter(nw.col("sent_day") - nw.col("service_day") > _SHORTEST))
    if rows.is_empty():
        return nothing()
    keys = rows.select("payer_id", "payer_kind", "service_day").unique().rows()
    limits = [(one, kind, day, *filing_limit(one, kind, day, facts.book, facts.practice)) for one, kind, day in keys]
    schema = {"payer_id": pl.String, "payer_kind": pl.String, "service_day": pl.Int64, "limit": pl.Int64,
              "said": pl.String, "sure": pl.Boolean}  # fmt: skip
    known = pl.DataFrame(limits, schema=schema, orient="row").cast({"service_day": rows.schema["service_day"]})
    rows = rows.join(known, on=["payer_id", "payer_kind", "service_day"], how="inner", nulls_equal=True)
    rows = rows.filter(pl.col("sent_day") - pl.col("service_day") > pl.col("limit"))
    message = pl.format("The claim was first made on {}, {} days after the visit; the payer takes it for {} days.",
                        day_words("sent_day"), pl.col("sent_day") - pl.col("service_day"), "limit")  # fmt: skip
    fix = "Look for proof that an earlier claim was sent, or for the payer's reasons to accept a late one."
    return told(rows, "filing_late", message, fix, code=pl.lit(""), risk_cents=at_risk(), source=pl.col("said"),
                checked=pl.col("sure"))  # fmt: skip


_SHORTEST = 14  # no payer asks for less; visits sent sooner are not looked at again
