"""One row a remittance: its sums, and how many of them fail."""

from __future__ import annotations

import polars as pl

from everyunit.receivables.inputs import Remitted, in_order
from everyunit.receivables.tables import REMIT_SUMS

REMIT = ["source_id", "transaction"]


def remit_sums(remitted: Remitted, every: pl.LazyFrame, proofs: pl.LazyFrame) -> pl.LazyFrame:
    """REMIT_SUMS, the newest payment first. `every` is `decisions.decided`, `proofs` what `compared` gives."""
    claims = every.group_by(REMIT).agg(
        pl.len().alias("claims"), pl.col("lines").sum(), (pl.col("lines") == 0).sum().alias("unlined"),
        pl.col("charge_cents").sum(), pl.col("paid_cents").sum().alias("claims_cents"),
        pl.col("patient_cents").sum(), pl.col("reversal").sum().alias("reversals"),
    )  # fmt: skip
    held = remitted.provider_adjustments.group_by(REMIT).agg(
        pl.len().alias("provider_adjustments"), pl.col("amount_cents").sum().alias("withheld_cents")
    )
    failing = (pl.col("off_cents") != 0).fill_null(True)
    faults = proofs.group_by(REMIT).agg(failing.sum().alias("faults"))
    whole = proofs.filter(pl.col("level") == "remit").select(*REMIT, "off_cents")
    joined = in_order(remitted)
    for part in (claims, held, faults, whole):
        joined = joined.join(part, on=REMIT, how="left")
    counted = [name for name, kind in REMIT_SUMS.schema.items() if name not in _TEXT]
    return joined.sort("day", "made", *REMIT, descending=[True, True, False, False]).select(
        pl.col(name).fill_null(0).cast(kind) if name in counted else pl.col(name).cast(kind)
        for name, kind in REMIT_SUMS.schema.items()
    )


_TEXT = (*REMIT, "segment", "day", "payer_id", "payer_name", "trace", "method", "amount_cents", "off_cents")
