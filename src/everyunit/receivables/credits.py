"""What was paid too much, to whom it goes back, and by when.

Payers: paid above what is expected, or twice. Medicare and Medicaid: 60 days from being noticed (Social Security Act
1128J(d); 42 CFR 401.305), counted from the remittance, the first day it could be noticed. Of other payers the
contract says; the same 60 days are shown as a guide and called so.

Patients: collected at the visits beyond the share that payers left them. No federal rule dates that: the deadline is
the state's law or the contract's. It stands since the last decision or the visit, the later; a due day is shown only
where practice.toml says `patient_refund_days`.
"""

from __future__ import annotations

import polars as pl

from everyunit.frames import table
from everyunit.receivables.buckets import KEY
from everyunit.receivables.turns import Decisions
from everyunit.rulebook import Book

CLOCKS = ("law", "guide", "practice", "state")
PATIENT = "patient_ahead"
_BY_LAW = ("medicare", "railroad_medicare", "medicaid", "texas_medicaid")

CREDITS = table(
    "credits", "one line or claim that was paid too much", "claim_id line kind",
    "claim_id text Number of the claim in force",
    "line small Line of the claim, 0 for the whole claim",
    "kind text paid_above (of expected), paid_twice, or patient_ahead (a patient's credit)",
    "patient_id text Number of the patient whose credit it is, as in visits.csv; empty for a payer's",
    "payer_id text Payer",
    "payer_name text Name of that payer",
    "clinic text Clinic of the visit",
    "service_day day Day of service",
    "credit_cents int:cents What may have to go back",
    "noticed_day day First day it could be noticed: that of the remittance; for a patient not before the visit",
    "age_days int:days Days since then",
    "clock text law (60 days), guide (60 days; the contract says), practice (practice.toml) or state (its law says)",
    "due_day day Last day to return it by that clock; null where the state's law or the contract alone knows",
    "days_left int:days Days until then",
    find_by="claim_id",
)  # fmt: skip


def credits(
    units: pl.DataFrame, made: Decisions, best: pl.DataFrame, paid_off: pl.DataFrame, as_of: int, book: Book
) -> pl.DataFrame:
    """CREDITS of payers as of a day: paid above expected, and twice by the first payer without being taken back."""
    days = int(book.shelf.values["thresholds.overpayment"][-1].value)
    named = ("claim_id", "line", "payer_id", "payer_name", "clinic", "service_day")
    place = units.select(*KEY, *named, "expected_cents")
    above = paid_off.filter(pl.col("direction") == "overpaid").select(
        *named, kind=pl.lit("paid_above"), credit_cents="off_cents", noticed_day="paid_day"
    )
    first = made.all.filter(pl.col("stands") & (pl.col("rank") == 1)).select("turn", "root_no", "day")
    paid = made.amounts.filter(pl.col("paid_cents") > 0).join(first, on="turn").group_by(KEY).agg(
        pl.col("paid_cents").sum().alias("all_paid"), pl.len().alias("times"),
        pl.col("day").max().alias("noticed_day"),
    )  # fmt: skip
    counted = best.filter(pl.col("rank") == 1).select(*KEY, "paid_cents", share="patient_cents")
    again = paid.filter(pl.col("times") > 1).join(counted, on=KEY).join(place, on=KEY)
    extra = pl.col("all_paid") - pl.col("paid_cents")
    # a payment that only fills up what was expected is no second one
    beyond = (pl.col("all_paid") + pl.col("share") - pl.col("expected_cents")).fill_null(1 << 50)
    twice = again.with_columns(kind=pl.lit("paid_twice"), credit_cents=pl.min_horizontal(extra, beyond))
    twice = twice.filter(pl.col("credit_cents") > 0)
    rows = pl.concat([_typed(above), _typed(twice.select(above.columns))])
    kinds = units.select("claim_id", payer="kind").unique("claim_id", keep="any")
    rows = rows.join(kinds, on="claim_id", how="left", maintain_order="left")
    by_law = pl.col("payer").is_in(_BY_LAW).fill_null(False)
    clock = pl.when(by_law).then(pl.lit("law")).otherwise(pl.lit("guide"))
    return _shaped(rows.with_columns(patient_id=pl.lit(""), clock=clock, allowed=pl.lit(days)), as_of)


def patient_credits(statements: pl.DataFrame, as_of: int, refund_days: int = 0) -> pl.DataFrame:
    """CREDITS of patients as of a day, out of STATEMENTS; `refund_days` is the practice's own limit (0: none)."""
    rows = statements.filter(pl.col("ahead_cents") > 0).with_columns(
        kind=pl.lit(PATIENT), credit_cents="ahead_cents", clock=pl.lit("practice" if refund_days else "state"),
        noticed_day=pl.max_horizontal("decided_day", "service_day"),
        allowed=pl.lit(refund_days or None, pl.Int64),
    )  # fmt: skip
    return _shaped(rows.filter(pl.col("noticed_day") <= as_of), as_of)


def sooner(*parts: pl.DataFrame) -> pl.DataFrame:
    """CREDITS of several kinds as one, what is due first before the rest, then the oldest."""
    return pl.concat(parts).sort("due_day", "noticed_day", "claim_id", "line", "kind", nulls_last=True)


def _shaped(rows: pl.DataFrame, as_of: int) -> pl.DataFrame:
    noticed = pl.col("noticed_day").cast(pl.Int64)
    dated = rows.with_columns(due_day=noticed + pl.col("allowed"), age_days=as_of - noticed)
    dated = dated.with_columns(days_left=pl.col("due_day") - as_of)
    return dated.select(pl.col(name).cast(kind) for name, kind in CREDITS.schema.items())


def _typed(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(CREDITS.schema[name]) for name in rows.columns)
