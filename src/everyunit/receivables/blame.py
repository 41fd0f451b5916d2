"""Which element a failing sum points to. The other sums that hold the same element agree with it or do not.

A charge stands in its line and in the sum of charges, a payment in its line and in the sum of payments, an adjustment
of a line in its line and in its claim, CLP04 in its claim and in the payment. An element that alone explains what is
off is named; where several could, all of them are.
"""

from __future__ import annotations

import polars as pl

SUSPECT = "CLP04"
_LINE = "SVC02, CAS or SVC03"
_CLAIM = "CLP03, CAS or CLP04"


def _is(left: str, right: pl.Expr | int) -> pl.Expr:
    return (pl.col(left) == right).fill_null(False)


def _failing(place: pl.Expr) -> pl.Expr:
    """The place where a sum fails, `amounts` where one cannot be read, nothing where it holds."""
    off = pl.col("off_cents")
    return pl.when(off.is_null()).then(pl.lit("unreadable")).when(off == 0).then(pl.lit("")).otherwise(place)


def line_place() -> pl.Expr:
    """Of a line: needs lines_failing, lines_off, charge_gap, paid_gap and claim_off of its claim."""
    off = pl.col("off_cents")
    alone, claim_holds = _is("lines_failing", 1), _is("claim_off", 0)
    even = _is("charge_gap", 0) & _is("paid_gap", 0)
    return _failing(
        pl.when(even & _is("claim_off", pl.col("lines_off"))).then(pl.lit("CAS"))
        .when(alone & claim_holds & _is("charge_gap", off) & _is("paid_gap", 0)).then(pl.lit("SVC02"))
        .when(alone & claim_holds & _is("paid_gap", -off) & _is("charge_gap", 0)).then(pl.lit("SVC03"))
        .otherwise(pl.lit(_LINE))
    )  # fmt: skip


def claim_place() -> pl.Expr:
    """Of a claim: needs the gaps to its lines, remit_off, `suspected` and own_cents (adjustments of the claim)."""
    off = pl.col("off_cents")
    even = _is("charge_gap", 0) & _is("paid_gap", 0)
    by_payment = _is("remit_off", -pl.col("suspected"))
    remit_holds = _is("remit_off", 0)
    unlined = pl.col("charge_gap").is_null()
    payment = _is("paid_gap", off) & _is("charge_gap", 0)
    return _failing(
        pl.when(even & _is("lines_off", off)).then(pl.lit("CAS of a line"))
        .when(_is("charge_gap", -off) & _is("paid_gap", 0)).then(pl.lit("CLP03"))
        .when((payment | unlined) & by_payment).then(pl.lit(SUSPECT))
        .when(payment & remit_holds).then(pl.lit("CAS of the claim"))
        .when(payment).then(pl.lit("CAS of the claim or CLP04"))
        .when(unlined & remit_holds).then(pl.lit("CLP03 or CAS of the claim"))
        .otherwise(pl.lit(_CLAIM))
    )  # fmt: skip


def remit_place() -> pl.Expr:
    """Of a remittance: needs `blamed` (what claims are off by their CLP04) and given_reasons (of its PLB)."""
    return _failing(
        pl.when(_is("blamed", -pl.col("off_cents"))).then(pl.lit(SUSPECT))
        .when(_is("off_cents", pl.col("taken_cents"))).then(pl.lit("PLB, which BPR02 leaves out"))
        .when(_is("off_cents", 2 * pl.col("taken_cents"))).then(pl.lit("the sign of PLB"))
        .when(pl.col("given_reasons").is_null()).then(pl.lit("BPR02 or CLP04"))
        .otherwise(pl.lit("BPR02, CLP04 or PLB"))
    )  # fmt: skip
