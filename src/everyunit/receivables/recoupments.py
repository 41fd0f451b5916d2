"""What payers withhold or add beside the claims (PLB): meaning, sign, and the claim or payment each belongs to.

The reference is held against payer control numbers (CLP07), claim numbers (CLP01) and trace numbers (TRN02) of the
same payer, whole or by its parts. Only one claim may answer; otherwise the row says why it stands alone.
"""

from __future__ import annotations

import polars as pl

from everyunit.money import dollars
from everyunit.receivables.balances import Carried, carried
from everyunit.receivables.inputs import Remitted, in_order
from everyunit.receivables.tables import BALANCES, RECOUPMENTS

ROW = ["source_id", "segment", "ordinal"]
SHORTEST = 4  # characters of a part of a reference that may name a claim by itself
_LEVELS = {1: ("claim", "CLP07"), 2: ("claim", "CLP01"), 3: ("payment", "TRN02")}
_NEEDS = ("recovery", "refund")


def recoupments(remitted: Remitted, every: pl.LazyFrame, book: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """RECOUPMENTS and BALANCES, in the order of time. `every` is `decisions.decided`, `book` the reasons of the book
    (`Book.provider_adjustments`)."""
    told = in_order(remitted).select("source_id", "transaction", "day", "made", "payer_id", "trace")
    given = remitted.provider_adjustments.join(told, on=["source_id", "transaction"], how="left")
    given = given.with_columns(pl.col("payer_id", "reason", "provider_id", "made").fill_null(""))
    rows = given.sort("day", "made", "source_id", "transaction", "segment", "ordinal").collect()
    named = _named(rows.lazy(), every, told)
    chain = carried(rows.to_dicts())
    told_rows = _explained(rows.join(named, on=ROW, how="left", maintain_order="left"), book)
    return _worded(told_rows, chain), pl.DataFrame(chain.balances, schema=BALANCES.schema, orient="row")


def _named(rows: pl.LazyFrame, every: pl.LazyFrame, remits: pl.LazyFrame) -> pl.DataFrame:
    """What the reference of each row leads to: source_id, segment, ordinal, about, claim_id, payer_control,
    matched_by, `fits` (claims that answer at the best level)."""
    bare = pl.col("reference").str.strip_chars().str.to_uppercase()
    parts = pl.concat_list(bare.str.split(" "), bare.str.replace_all(r"[^A-Z0-9]+", " ").str.split(" "))
    words = rows.select(*ROW, "payer_id", whole=bare, word=parts).explode("word").filter(pl.col("word") != "")
    words = words.filter((pl.col("word").str.len_chars() >= SHORTEST) | (pl.col("word") == pl.col("whole")))
    whole = rows.select(*ROW, "payer_id", whole=bare, word=bare).filter(pl.col("word") != "")
    asked = pl.concat([whole, words]).unique()
    numbers = pl.concat([
        every.select("payer_id", word="payer_control", claim_id="claim_id", payer_control="payer_control", level=1),
        every.select("payer_id", word="claim_id", claim_id="claim_id", payer_control="payer_control", level=2),
        remits.select(pl.col("payer_id").fill_null(""), word="trace", claim_id=pl.lit(None, dtype=pl.String),
                      payer_control=pl.lit(None, dtype=pl.String), level=3),
    ]).with_columns(pl.col("word").str.to_uppercase())  # fmt: skip
    wanted = asked.select("word").unique()
    hits = numbers.join(wanted, on="word", how="semi").unique().join(asked, on=["payer_id", "word"])
    hits = hits.with_columns(rank=pl.col("level") * 2 + (pl.col("word") != pl.col("whole")).cast(pl.Int32))
    best = hits.filter(pl.col("rank") == pl.col("rank").min().over(ROW)).sort("payer_control", nulls_last=True)
    found = best.group_by(ROW).agg(
        pl.col("level").first(), pl.col("claim_id").n_unique().alias("fits"), pl.col("claim_id").first(),
        pl.col("payer_control").last(),
    )  # fmt: skip
    one = pl.col("fits") == 1
    return found.select(
        *ROW, "fits",
        pl.when(one).then(pl.col("level").replace_strict({k: v[0] for k, v in _LEVELS.items()})).alias("about"),
        pl.when(one).then(pl.col("level").replace_strict({k: v[1] for k, v in _LEVELS.items()})).alias("matched_by"),
        pl.when(one).then("claim_id").alias("claim_id"), pl.when(one).then("payer_control").alias("payer_control"),
    ).collect()  # fmt: skip


def _explained(rows: pl.DataFrame, book: pl.DataFrame) -> pl.DataFrame:
    """The rows with what the book says of their reason on that day."""
    held = book.select("reason", "family", "label", "says", "first_day", "last_day")
    told = rows.select(*ROW, "reason", "day").join(held, on="reason")
    told = told.filter(pl.col("day").is_between(pl.col("first_day"), pl.col("last_day")))
    return rows.join(told.select(*ROW, "family", "label", "says"), on=ROW, how="left", maintain_order="left")


def _worded(rows: pl.DataFrame, chain: Carried) -> pl.DataFrame:
    made = []
    for row in rows.to_dicts():
        place = (row["source_id"], row["segment"], row["ordinal"])
        by = chain.matched.get(place)
        if by and (row["about"] is None or row["reason"] == "FB"):
            row |= {"about": "balance", "matched_by": by}
        row["words"] = None if row["about"] else _why(row)
        if beyond := chain.beyond.get(place):
            said = f"It takes {dollars(beyond)} beyond the balance that was carried."
            row["words"] = f"{said} Ask the payer what the rest belongs to."
        row["about"] = row["about"] or "nothing"
        made.append({name: row.get(name) for name in RECOUPMENTS.names})
    return pl.DataFrame(made, schema=RECOUPMENTS.schema, orient="row")


def _why(row: dict[str, object]) -> str:
    """Why a row leads to nothing, and what clears it."""
    if row["label"] is None:
        return "The book does not know this reason on that day. Ask the payer what it means."
    if not str(row["reference"] or "").strip():
        return "It bears no reference. Ask the payer which claim or balance it belongs to."
    if row["reason"] == "FB":
        return "No balance of this payer is open under this reference. Bring the earlier 835 that carried it."
    if row["fits"] and int(str(row["fits"])) > 1:
        return "Its reference fits several claims. Ask the payer which one it takes from."
    if row["family"] in _NEEDS:
        return "Its reference is no claim of this payer that is held. Bring the 835 that decided the claim."
    return "Its reference is no claim and no payment of this payer that is held."
