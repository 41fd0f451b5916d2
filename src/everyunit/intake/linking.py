"""Payments to billed lines and to visits: by number, else by the one line that fits, else not at all.

All functions are lazy Polars; columns are those of the tables they are named after.
"""

from __future__ import annotations

import polars as pl

from everyunit.frames import streamed
from everyunit.rulebook import Book

_LINE = ("source_id", "claim", "line")
_RANK = {"2": 2, "20": 2, "3": 3, "21": 3}  # CLP02: who paid in which turn; all others count as the first


def linked(remit_lines: pl.LazyFrame, claim_lines: pl.LazyFrame) -> pl.LazyFrame:
    """Each line of a remittance with the billed line it decides.

    Columns: source_id, claim, line (of the remittance); billed_source_id, billed_claim, billed_line and `how`:
    `control` (line control number, REF*6R), `match` (the only line of the claim with that code, modifiers and day),
    or null where neither names exactly one line. A line sent in several claims of one number counts as one line.
    """
    paid = remit_lines.select(
        *_LINE,
        "claim_id",
        "control_number",
        "service_day",
        pl.coalesce("submitted_code", "code").alias("code"),
        pl.coalesce("submitted_modifiers", "modifiers").fill_null("").alias("modifiers"),
    )
    billed = claim_lines.select(
        "claim_id", "control_number", "code", pl.col("modifiers").fill_null(""), "service_day", *_LINE
    )
    by_number = _only(billed, ["claim_id", "control_number"]).with_columns(how=pl.lit("control"))
    by_content = _only(billed, ["claim_id", "code", "modifiers", "service_day"]).with_columns(how=pl.lit("match"))
    made = paid.join(by_number, on=["claim_id", "control_number"], how="left", maintain_order="left").join(
        by_content,
        on=["claim_id", "code", "modifiers", "service_day"],
        how="left",
        suffix="_match",
        maintain_order="left",
    )
    found = ("billed_source_id", "billed_claim", "billed_line", "how")
    numbered = pl.col("how").is_not_null()
    return made.select(
        *_LINE, *(pl.when(numbered).then(name).otherwise(f"{name}_match").alias(name) for name in found)
    )


def _only(billed: pl.LazyFrame, key: list[str]) -> pl.LazyFrame:
    """For each key that names one line ordinal only: the first sending of that line."""
    # One text for both, so that the least of it is one sending: struct columns have no order in Polars.
    first = pl.concat_str("source_id", pl.lit("/"), pl.col("claim").cast(pl.String).str.zfill(12)).min()
    grouped = (
        billed.drop_nulls(key)
        .group_by(key)
        .agg(
            first.str.extract("^(.*)/").alias("billed_source_id"),
            first.str.extract("/(.*)$").cast(pl.Int64).alias("billed_claim"),
            pl.col("line").min().alias("billed_line"),
            pl.col("line").max().alias("last_line"),
        )
    )
    return grouped.filter(pl.col("billed_line") == pl.col("last_line")).drop("last_line")


def paid_by_visit(
    visits: pl.LazyFrame, remit_claims: pl.LazyFrame, remit_lines: pl.LazyFrame, adjustments: pl.LazyFrame
) -> pl.LazyFrame:
    """What payers paid for each visit, and what they left to the patient. One row a visit that a remittance names.

    Columns: visit_id, paid_cents (reversals count as written), patient_cents (adjustments of group PR that
    are no denial, of the last payer in turn where a second one decided the claim). A claim of one visit gives it
    everything that was decided on the claim; a claim of several gives each visit the lines of its day, and a day that
    two visits share gives none.
    """
    held = visits.filter(pl.col("claim_id").is_not_null()).select("visit_id", "claim_id", "service_day")
    alone = held.filter(pl.len().over("claim_id") == 1).select("visit_id", "claim_id")
    days = held.filter((pl.len().over("claim_id") > 1) & (pl.len().over("claim_id", "service_day") == 1))
    last = _last_turn(remit_claims)
    reasons = Book.load().reasons.filter((pl.col("list") == "CARC") & pl.col("denial"))["code"].to_list()
    of_patient = (
        (pl.col("side") == "835") & (pl.col("group_code") == "PR") & ~pl.col("reason").is_in(reasons).fill_null(False)
    )
    shares = adjustments.filter(of_patient).join(last, on=["source_id", "claim"], how="semi")
    whole = _sum(remit_claims.select("claim_id", paid_cents="paid_cents"), alone, ["claim_id"], "paid_cents")
    owed = _sum(shares.select("claim_id", patient_cents="amount_cents"), alone, ["claim_id"], "patient_cents")
    lined = _sum(
        remit_lines.select("claim_id", "service_day", "paid_cents"), days, ["claim_id", "service_day"], "paid_cents"
    )
    dated = shares.join(remit_lines.select(*_LINE, "service_day"), on=_LINE).select(
        "claim_id", "service_day", patient_cents="amount_cents"
    )
    owed_by_day = _sum(dated, days, ["claim_id", "service_day"], "patient_cents")
    every = pl.concat([whole, owed, lined, owed_by_day], how="diagonal")
    return every.group_by("visit_id").agg(pl.col("paid_cents").sum(), pl.col("patient_cents").sum())


def _sum(amounts: pl.LazyFrame, visits: pl.LazyFrame, on: list[str], name: str) -> pl.LazyFrame:
    return amounts.group_by(on).agg(pl.col(name).sum()).join(visits, on=on).select("visit_id", name)


def _last_turn(remit_claims: pl.LazyFrame) -> pl.LazyFrame:
    """Decisions of the payer that came last in turn for each claim; a reversal belongs to what it reverses."""
    rank = pl.col("status").replace_strict(_RANK, default=1, return_dtype=pl.Int32)
    met = rank.max().over("claim_id", "payer_control")
    turn = pl.when(pl.col("payer_control").is_null()).then(rank).otherwise(met)
    ranked = remit_claims.select("source_id", "claim", "claim_id", turn.alias("turn"))
    return ranked.filter(pl.col("turn") == pl.col("turn").max().over("claim_id")).select("source_id", "claim")


def unlinked(tables: dict[str, pl.LazyFrame]) -> dict[str, int]:
    """How many rows could not be linked; they stay as they are, and nothing is guessed.

    `tables` holds visits, services, notes, claims, claim_lines, remit_claims and remit_lines.
    """
    visits, claims = tables["visits"], tables["claims"]
    known = visits.select("visit_id").unique()
    sent = claims.select("claim_id").unique()
    charged = visits.select("claim_id").drop_nulls().unique()
    lines = linked(tables["remit_lines"], tables["claim_lines"])
    counted = {
        "visits_without_their_claim": visits.drop_nulls("claim_id").join(sent, on="claim_id", how="anti"),
        "claims_without_visit": sent.join(charged, on="claim_id", how="anti"),
        "services_without_visit": tables["services"].join(known, on="visit_id", how="anti"),
        "notes_without_visit": tables["notes"].join(known, on="visit_id", how="anti"),
        "remit_claims_without_claim": tables["remit_claims"].join(sent, on="claim_id", how="anti"),
        "remit_lines_without_line": lines.filter(pl.col("how").is_null()),
    }
    found = streamed(frame.select(pl.len()) for frame in counted.values())
    return {name: int(frame.item()) for name, frame in zip(counted, found, strict=True)}
