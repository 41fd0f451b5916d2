"""Sentences on answers to claims: what was said of a claim before it was decided, and what clears it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

_AGAIN = "Send it as a new claim: it was never adjudicated, so it is no denial and takes no appeal."


def status_words(rows: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """The rows of statuses with code_text, told_words, told_clears and department in the book's words."""
    for name in ("category", "status", "entity"):
        own = statuses.filter(pl.col("list") == name)
        named = own.select(
            **{name: "code", f"{name}_label": "label", f"{name}_who": "department", f"{name}_do": "remedy"}
        )
        rows = rows.join(named, on=name, how="left", maintain_order="left")
    code = pl.concat_str(*[pl.col(name).fill_null("") for name in ("category", "status", "entity")], separator=":")
    code = code.str.strip_chars_end(":")
    unknown = pl.format("status {}, which the book does not name", pl.col("status").fill_null("without a code"))
    what = pl.coalesce("status_label", unknown)
    whom = pl.when(pl.col("entity").is_not_null()).then(
        pl.format(" of {}", pl.coalesce("entity_label", pl.format("entity {}", "entity")))
    )
    line = pl.when(pl.col("level") == "line").then(
        pl.format(" (line {})", pl.coalesce("line_control", "code", pl.lit("without a number")))
    )
    head = pl.coalesce("category_label", pl.format("category {}", "category"))
    said = pl.concat_str(
        head, pl.lit(": "), what, whom.fill_null(""), line.fill_null(""), pl.lit(" ("), code, pl.lit(")")
    )
    return rows.with_columns(
        code_text=code,
        told_words=said,
        told_clears=pl.when(pl.col("rejected") & (pl.col("status_do") != "")).then("status_do"),
        department=pl.when(pl.col("status_who").fill_null("") != "").then("status_who").otherwise(pl.lit("biller")),
    )


def judged_words(waits: Mapping[str, int]) -> list[pl.Expr]:
    """words, clears and department of each claim: needs answer, late, told_* and file_*."""
    rejected, told = pl.col("answer") == "rejected", pl.col("told_words").is_not_null()
    payer = pl.coalesce("payer_name", "payer_id", pl.lit("the payer"))
    house = pl.coalesce("receiver", payer)
    age = pl.col("age_days").cast(pl.String)
    wait = {name: pl.lit(str(days)) for name, days in waits.items()}
    said = pl.format("Rejected before any decision: {}.", "told_words")
    words = (
        pl.when(rejected & told).then(said)
        .when(rejected).then(pl.col("file_words"))
        .when(pl.col("late") == "no_277ca").then(
            pl.format("No 277CA {} days after it was sent to {}; the book waits {}.", age, house, wait["no_277ca"])
        )
        .when(pl.col("late") == "no_835").then(
            pl.format("No remittance of {} {} days after it was sent; the book waits {}.", payer, age, wait["no_835"])
        )
        .when(pl.col("late") == "no_835_long").then(
            pl.format("No remittance of {} {} days after it was sent, beyond {}.", payer, age, wait["no_835_long"])
        )
    )  # fmt: skip
    first = pl.when(pl.col("told_clears").fill_null("") != "").then(
        pl.format(
            "{}. ", pl.col("told_clears").str.slice(0, 1).str.to_uppercase() + pl.col("told_clears").str.slice(1)
        )
    )
    clears = (
        pl.when(rejected & told).then(pl.concat_str(first.fill_null(""), pl.lit(_AGAIN)))
        .when(rejected).then(pl.lit("Mend the fault and send the claims of this file again as new claims."))
        .when(pl.col("late") == "no_277ca").then(
            pl.format("Ask {} whether the file arrived. Send again only what it does not hold.", house)
        )
        .when(pl.col("late").is_not_null()).then(
            pl.format("Ask {} for the status of the claim before anything is sent again.", payer)
        )
    )  # fmt: skip
    who = pl.when(rejected & told).then("department").when(words.is_not_null()).then(pl.lit("biller"))
    return [words.alias("words"), clears.alias("clears"), who.alias("department")]
