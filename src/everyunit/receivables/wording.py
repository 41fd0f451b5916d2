"""Sentences of this room as expressions: what was seen, by how many cents, and what clears it."""

from __future__ import annotations

import polars as pl

CLEARS = "Ask the payer for a corrected remittance before it is posted."


def money(cents: pl.Expr) -> pl.Expr:
    """Cents as text, such as -$12.30."""
    size = cents.abs()
    sign = pl.when(cents < 0).then(pl.lit("-$")).otherwise(pl.lit("$"))
    return pl.format("{}{}.{}", sign, size // 100, (size % 100).cast(pl.String).str.zfill(2))


def proof_words() -> pl.Expr:
    """One sentence for each sum that fails or cannot be taken, null for one that holds."""
    off = pl.col("off_cents")
    given, taken, paid = (money(pl.col(f"{name}_cents")) for name in ("given", "taken", "paid"))
    due = money(pl.col("given_cents") - pl.col("taken_cents"))
    size = pl.when(off.abs() == 1).then(pl.lit("1 cent")).otherwise(money(off.abs()))
    way = pl.when(off > 0).then(pl.lit("more")).otherwise(pl.lit("less"))
    claim = pl.col("claim_id").fill_null("without a number")
    line = pl.format("SVC02 {} less the line's adjustments {} leaves {}, and SVC03 says {}", given, taken, due, paid)
    whole = pl.format("CLP03 {} less all adjustments {} leaves {}, and CLP04 says {}", given, taken, due, paid)
    remit = pl.format("The claims' payments {} less PLB {} make {}, and BPR02 says {}", given, taken, due, paid)
    said = (
        pl.when(pl.col("level") == "line").then(pl.format("Claim {}, line {}: {}", claim, pl.col("line"), line))
        .when(pl.col("level") == "claim").then(pl.format("Claim {}: {}", claim, whole))
        .otherwise(remit)
    )  # fmt: skip
    failing = pl.format("{}, {} {}. The fault lies in {}.", said, size, way, pl.col("place"))
    open_ended = "is missing or cannot be read, so the sum cannot be taken."
    unread = (
        pl.when(pl.col("level") == "remit").then(pl.lit(f"BPR02, a CLP04 or a PLB amount {open_ended}"))
        .when(pl.col("level") == "claim").then(pl.format(f"Claim {{}}: an amount of it {open_ended}", claim))
        .otherwise(pl.format(f"Claim {{}}, line {{}}: an amount of it {open_ended}", claim, pl.col("line")))
    )  # fmt: skip
    return pl.when(off.is_null()).then(unread).when(off != 0).then(failing).alias("words")
