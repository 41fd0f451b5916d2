"""What was written off, taken off what is open: approved amounts leave the queue and what is owed, and stay seen.

A part of a write-off is one denial (by its item), one line of a case of underpayment, or one claim at a gate of
aging. It never takes more than is open now: what was paid since is not written off.
"""

from __future__ import annotations

import polars as pl

REASONS = {
    "late": "the last day to act is over",
    "cost": "the work costs more than it is expected to bring",
    "agreed": "the payer is right by the contract",
    "authorization": "no authorization, and none to be had",
    "record": "the record does not bear it out",
    "small_balance": "a small balance of a patient",
    "hardship": "a patient who cannot pay, by the practice's written policy",
    "other": "another reason, told in words",
}
PARTS = {
    "item_id": pl.String, "kind": pl.String, "claim_id": pl.String, "line": pl.Int64, "cents": pl.Int64,
}  # fmt: skip
"""`kind` is denied, underpaid or a gate of aging (rejected, unanswered, reversed, patient)."""
_OPEN = ("open", "waiting")
DONE = "written_off"


def denials_after(denials: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """DENIALS with what is still at risk; where nothing is left the state is written_off."""
    taken = _by(parts, "denied", "item_id")
    met = denials.join(taken, on="item_id", how="left", maintain_order="left")
    ours = pl.col("state").is_in(_OPEN) & pl.col("taken").is_not_null()
    left = pl.max_horizontal(0, pl.col("at_risk_cents") - pl.col("taken"))
    gone = ours & (left.fill_null(0) == 0)
    return met.with_columns(
        at_risk_cents=pl.when(ours).then(left.fill_null(0)).otherwise("at_risk_cents"),
        state=pl.when(gone).then(pl.lit(DONE)).otherwise("state"),
    ).select(denials.columns)


def lines_after(lines: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """PAID_OFF with what is still short; lines that are written off whole are left out."""
    taken = _by(parts, "underpaid", "claim_id", "line")
    met = lines.join(taken, on=["claim_id", "line"], how="left", maintain_order="left")
    short = pl.col("direction") == "underpaid"
    left = pl.min_horizontal(0, pl.col("off_cents") + pl.col("taken").fill_null(0))
    met = met.with_columns(off_cents=pl.when(short).then(left).otherwise("off_cents"))
    return met.filter(pl.col("off_cents") != 0).select(lines.columns)


def cases_after(cases: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """CASES with what the lines of `lines_after` are still short; those without any are left out."""
    left = lines.group_by("case_id").agg(pl.col("off_cents").sum().alias("left"))
    met = cases.join(left, on="case_id", maintain_order="left")
    return met.with_columns(off_cents=pl.col("left")).select(cases.columns)


def owed_after(owed: pl.DataFrame, denials: pl.DataFrame, lines: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """OWED with `written_off_cents` beside what is still owed. `denials` and `lines` are as before any write-off."""
    gates = parts.filter(~pl.col("kind").is_in(["denied", "underpaid"])).select(
        "claim_id", gate="kind", taken="cents"
    )
    open_ = denials.filter(pl.col("state").is_in(_OPEN)).join(_by(parts, "denied", "item_id"), on="item_id")
    refused = open_.select(
        "claim_id", gate=pl.lit("denied"), taken=pl.min_horizontal("taken", "at_risk_cents").fill_null(0)
    )
    short = lines.filter(pl.col("direction") == "underpaid").join(
        _by(parts, "underpaid", "claim_id", "line"), on=["claim_id", "line"]
    )
    paid = short.select("claim_id", gate=pl.lit("underpaid"), taken=pl.min_horizontal("taken", -pl.col("off_cents")))
    every = pl.concat([part.with_columns(pl.col("taken").cast(pl.Int64)) for part in (gates, refused, paid)])
    sums = every.group_by("claim_id", "gate").agg(pl.col("taken").sum())
    met = owed.join(sums, on=["claim_id", "gate"], how="left", maintain_order="left")
    taken = pl.col("taken").fill_null(0)
    off = pl.when(pl.col("owed_cents").is_null()).then(taken).otherwise(pl.min_horizontal("owed_cents", taken))
    left = pl.when(pl.col("owed_cents").is_null() & pl.col("taken").is_not_null()).then(0)
    return met.with_columns(
        owed_cents=left.otherwise(pl.col("owed_cents") - off), written_off_cents=off.cast(pl.Int64)
    ).drop("taken")


def statements_after(statements: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """STATEMENTS with what patients still owe, line by line of each claim."""
    met = statements.join(_by(parts, "patient", "claim_id"), on="claim_id", how="left", maintain_order="left")
    before = pl.col("owed_cents").cum_sum().over("claim_id") - pl.col("owed_cents")
    left = pl.min_horizontal("owed_cents", pl.max_horizontal(0, before + pl.col("owed_cents") - pl.col("taken")))
    return met.with_columns(
        owed_cents=pl.when(pl.col("taken").is_not_null()).then(left).otherwise("owed_cents")
    ).select(statements.columns)


def _by(parts: pl.DataFrame, kind: str, *keys: str) -> pl.DataFrame:
    ours = parts.filter(pl.col("kind") == kind)
    return ours.group_by(keys).agg(pl.col("cents").sum().alias("taken"))
