"""What became of each claim sent: adjudicated, rejected, accepted or unanswered, and since when.

Rejected is never denied: a rejected claim was turned back by the answer to its file (TA1, 999) or to itself (277CA)
and no payer decided it. Answers count for the last sending of a claim to a payer in turn: those made on its day or
later, and, where a 277 names the batch (TRN of the receiver = BHT03 of the 837), those of that batch alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import polars as pl

from everyunit.frames import conform, polars
from everyunit.receivables.answer_tables import ANSWERS
from everyunit.receivables.answer_words import judged_words, status_words
from everyunit.receivables.file_answers import REFUSED, file_answers

SEND = ["source_id", "claim"]
_TX = ["source_id", "transaction"]
_TURNS = {"1": "P", "19": "P", "2": "S", "20": "S", "3": "T", "21": "T"}  # CLP02 that name whose turn it was
_REVERSED, _VOID, _ACKNOWLEDGED = "22", "8", "X214"


@dataclass(frozen=True)
class Exchanged:
    """Tables of `x12/tables.py` that this reads, as lazy frames."""

    claims: pl.LazyFrame
    transactions: pl.LazyFrame
    acknowledgements: pl.LazyFrame
    acknowledgement_errors: pl.LazyFrame
    claim_statuses: pl.LazyFrame
    remits: pl.LazyFrame
    remit_claims: pl.LazyFrame

    @classmethod
    def of(cls, frames: Mapping[str, Any]) -> Exchanged:
        """From frames by table name, eager or lazy; others beside them are left."""
        return cls(**{name: frames[name].lazy() for name in cls.names()})

    @classmethod
    def names(cls) -> list[str]:
        """Names of the tables."""
        return [field.name for field in fields(cls)]


def last_day(exchanged: Exchanged) -> int | None:
    """Latest day that any file of the ledger bears; None where there is none."""
    made = exchanged.transactions.select(day="created_day")
    paid = exchanged.remits.select(day="paid_day")
    found = pl.concat([made, paid]).select(pl.col("day").max()).collect().item()
    return int(found) if found is not None else None


def answers(
    exchanged: Exchanged, statuses: pl.DataFrame, waits: Mapping[str, int], as_of: int | None = None
) -> pl.DataFrame:
    """One row of ANSWERS for each claim as it was sent last, looked at on the day `as_of` (default: `last_day`).

    `statuses` are the codes of the book (`Book.claim_statuses`), `waits` its days (`Book.waits`).
    """
    day = last_day(exchanged) if as_of is None else as_of
    sends = _sends(exchanged, day)
    told = _told(exchanged, sends, statuses, day)
    latest = sends.unique(["claim_id", "sequence"], keep="last", maintain_order=True)
    joined = (
        latest.join(told, on=SEND, how="left", maintain_order="left")
        .join(_decided(exchanged, latest, day), on=SEND, how="left", maintain_order="left")
        .join(file_answers(exchanged, latest, statuses, day), on=SEND, how="left", maintain_order="left")
        .join(_houses(told, sends), on="receiver", how="left", maintain_order="left")
    )
    return conform(_judged(joined, waits, day), ANSWERS).sort("sent_day", "claim_id", "sequence")


def turned_back(exchanged: Exchanged, statuses: pl.DataFrame) -> pl.LazyFrame:
    """The claims that any answer may have turned back, with every sending of theirs: few of many, so that the rest
    need not be looked at to tell which were rejected."""
    codes = statuses.filter((pl.col("list") == "category") & (pl.col("answer") == "rejected"))["code"].implode()
    told = exchanged.claim_statuses.filter(pl.col("category").is_in(codes)).select("claim_id")
    refused = exchanged.acknowledgements.filter(pl.col("status").is_in(REFUSED))
    made = exchanged.transactions.select(*_TX, group=_bare("group_control"), whole=_bare("interchange_control"))
    groups = refused.select(group=_bare("group_control")).drop_nulls().unique()
    wholes = refused.filter(pl.col("level") == "interchange").select(whole=_bare("control_number")).unique()
    files = pl.concat([made.join(groups, on="group", how="semi"), made.join(wholes, on="whole", how="semi")])
    within = exchanged.claims.join(files, on=_TX, how="semi").select("claim_id")
    return exchanged.claims.join(pl.concat([told, within]).unique(), on="claim_id", how="semi")


def _bare(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars_start("0")


def _sends(exchanged: Exchanged, day: int | None) -> pl.DataFrame:
    """Every claim sent, in order of time, with when and to whom."""
    made = exchanged.transactions.select(
        *_TX, "receiver", "reference", "group_control", "control_number", "interchange_control",
        sent_day="created_day", sent_time=pl.col("created_time").fill_null(""),
    )  # fmt: skip
    claims = exchanged.claims.select(
        *_TX, "claim", "claim_id", "frequency", "payer_id", "payer_name", "charge_cents", "first_day",
        pl.col("sequence").fill_null("P"),
    )  # fmt: skip
    known = claims.filter(pl.col("claim_id").is_not_null()).join(made, on=_TX, how="left")
    if day is not None:
        known = known.filter(pl.col("sent_day").fill_null(day) <= day)
    return known.sort("sent_day", "sent_time", "source_id", "claim").pipe(polars)


def _told(exchanged: Exchanged, sends: pl.DataFrame, statuses: pl.DataFrame, day: int | None) -> pl.DataFrame:
    """The last word of the 277s on each sending: its answer, codes, words, who can clear it."""
    made = exchanged.transactions.select(
        *_TX, "version", told_day="created_day", told_time=pl.col("created_time").fill_null("")
    )
    every = exchanged.claim_statuses.join(made, on=_TX, how="left").filter(pl.col("told_day").fill_null(0) <= day)
    told: pl.DataFrame = every.sort(*_TX, "segment", "ordinal").pipe(polars)
    batch = pl.when(pl.col("level") == "receiver").then("trace").forward_fill().over(_TX)
    named = told.with_columns(batch=batch).filter(pl.col("level").is_in(["claim", "line"]))
    known = sends.select("reference").drop_nulls().unique()["reference"].implode()
    own = sends.select(*SEND, "claim_id", "reference", "sent_day")
    met = named.join(own, on="claim_id", suffix="_sent").filter(
        (pl.col("told_day") >= pl.col("sent_day")).fill_null(True)
        & (~pl.col("batch").is_in(known).fill_null(False) | (pl.col("batch") == pl.col("reference")))
    )  # fmt: skip
    category = statuses.filter(pl.col("list") == "category").select(category="code", said="answer")
    met = met.join(category, on="category", how="left", maintain_order="left").filter(
        pl.col("said").fill_null("unknown") != "unknown"
    )
    rejected = (pl.col("said") == "rejected").alias("rejected")
    met = met.with_columns(rejected).sort("told_day", "told_time", "rejected", "segment", "ordinal")
    own_send = ["source_id_sent", "claim"]
    last = met.filter(
        (pl.struct("told_day", "told_time") == pl.struct("told_day", "told_time").last().over(own_send))
        & (pl.col("rejected") == pl.col("rejected").last().over(own_send))
    )
    return _summed(last.drop("source_id").rename({"source_id_sent": "source_id"}), statuses)


def _summed(last: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """One row a sending out of the statuses of its last answer; the first that names a fault speaks for it."""
    worded = status_words(last, statuses)
    houses = pl.col("version").fill_null("").str.contains(_ACKNOWLEDGED, literal=True)
    return worded.group_by(SEND, maintain_order=True).agg(
        pl.col("said").first(),
        pl.col("level").first().alias("told_level"),
        pl.col("told_day").first(),
        pl.col("category", "status", "entity", "department").first(),
        pl.col("code_text").unique(maintain_order=True).str.join(" ").alias("told_codes"),
        pl.col("told_words").unique(maintain_order=True).str.join("; "),
        pl.col("told_clears").drop_nulls().unique(maintain_order=True).str.join("; "),
        pl.col("payer_control").drop_nulls().first().alias("told_control"),
        houses.any().alias("acknowledged"),
    )


def decisions_on(exchanged: Exchanged, sends: pl.DataFrame, day: int | None) -> pl.DataFrame:
    """What payers decided on these sendings (rows of `claims` with sent_day), reversals too, in order of time.

    Columns: source_id, claim of the sending; decided_source, decided_claim (of the CLP), decided_day, said_status,
    payer_control, frequency. A decision is the sending's where no other payer in turn had the claim, where CLP02 says
    whose turn it was, else where the payer's number is the claim's.
    """
    made = exchanged.transactions.select(*_TX, "created_day")
    paid = exchanged.remits.select(*_TX, "paid_day", "produced_day", remit_payer="payer_id").join(
        made, on=_TX, how="left"
    )
    paid = paid.with_columns(decided_day=pl.coalesce("paid_day", "produced_day", "created_day"))
    claims = exchanged.remit_claims.select(
        *_TX, "claim_id", "payer_control", said_status="status", decided_source="source_id", decided_claim="claim"
    )
    known = claims.join(paid.select(*_TX, "remit_payer", "decided_day"), on=_TX).drop(_TX)
    ours = sends.select(*SEND, "claim_id", "sequence", "payer_id", "frequency", "sent_day").lazy()
    turn = pl.col("said_status").replace_strict(_TURNS, default=None, return_dtype=pl.String)
    alone = pl.len().over("claim_id") == 1
    met = ours.with_columns(alone=alone).join(known, on="claim_id").filter(
        (pl.col("decided_day") <= day)
        & (pl.col("decided_day") >= pl.col("sent_day")).fill_null(True)
        & (
            pl.col("alone")
            | (turn == pl.col("sequence")).fill_null(False)
            | (turn.is_null() & (pl.col("remit_payer") == pl.col("payer_id")).fill_null(False))
        )
    )  # fmt: skip
    return met.sort("decided_day", "decided_source", "decided_claim").pipe(polars)


def _decided(exchanged: Exchanged, latest: pl.DataFrame, day: int | None) -> pl.DataFrame:
    """Sendings that a payer decided: last day of it, the payer's number. A void is decided by a reversal."""
    every = decisions_on(exchanged, latest, day).filter(
        ((pl.col("said_status") == _REVERSED) == (pl.col("frequency") == _VOID)).fill_null(True)
    )
    return every.group_by(SEND, maintain_order=True).agg(
        pl.col("decided_day").last(), pl.col("payer_control").drop_nulls().last().alias("decided_control")
    )


def _houses(told: pl.DataFrame, sends: pl.DataFrame) -> pl.DataFrame:
    """receiver, house_since: from which day on claims sent there were answered by 277CA at all."""
    known = told.filter(pl.col("acknowledged")).select(SEND).join(sends, on=SEND)
    return known.group_by("receiver").agg(pl.col("sent_day").min().alias("house_since"))


def _judged(joined: pl.DataFrame, waits: Mapping[str, int], day: int | None) -> pl.DataFrame:
    decided, said = pl.col("decided_day").is_not_null(), pl.col("said").fill_null("")
    refused = (pl.col("file") == "refused").fill_null(False) & (said == "")
    answer = (
        pl.when(decided).then(pl.lit("adjudicated"))
        .when((said == "rejected") | refused).then(pl.lit("rejected"))
        .when(said != "").then(pl.lit("accepted"))
        .otherwise(pl.lit("unanswered"))
    )  # fmt: skip
    age = pl.lit(day, pl.Int64) - pl.col("sent_day")
    expected = (pl.col("sent_day") >= pl.col("house_since")).fill_null(False) & (pl.col("answer") == "unanswered")
    late = (
        pl.when(pl.col("answer").is_in(["adjudicated", "rejected"])).then(None)
        .when(pl.col("age_days") > waits["no_835_long"]).then(pl.lit("no_835_long"))
        .when(pl.col("age_days") > waits["no_835"]).then(pl.lit("no_835"))
        .when((pl.col("age_days") > waits["no_277ca"]) & expected).then(pl.lit("no_277ca"))
    )  # fmt: skip
    told = said != ""
    placed = joined.with_columns(answer=answer, age_days=age).with_columns(late=late)
    placed = placed.with_columns(
        level=pl.when(decided).then(pl.lit("remit")).when(told).then("told_level").otherwise("file_level"),
        answered_day=pl.when(decided).then("decided_day").when(told).then("told_day").otherwise("file_day"),
        codes=pl.when(told).then("told_codes").otherwise("file_codes"),
        payer_control=pl.coalesce("decided_control", "told_control"),
    )
    return placed.with_columns(judged_words(waits))
