"""From a reason and its remarks to cause, department, way out and deadline, by the book."""

from __future__ import annotations

import polars as pl

from everyunit.rulebook import Book
from everyunit.rulebook.denials import OTHER, UNKNOWN

_CLASS = ("label", "cause", "department", "preventable", "way", "remedy", "source", "checked")
_UNPROCESSABLE = "MA130"
_BY = {"correct": ("correct",), "new": ("new", "correct"), "papers": ("appeal",), "appeal": ("appeal",)}
_ASK = "look the code up in the payer's list, and tell the book"


def classed(items: pl.DataFrame, book: Book) -> pl.DataFrame:
    """Adds label, cause, owner_role, preventable, way, remedy, source and checked.

    Where the reason only points to a remark (16, 96, 252 ...), or the book lacks the reason, the first remark that
    the book calls a denial speaks. MA130 (unprocessable) asks for a new claim whatever the reason.
    """
    reasons = book.reasons
    by_reason = reasons.filter(pl.col("list") == "CARC").select("by_remark", *_CLASS, reason="code")
    of_remark = reasons.filter((pl.col("list") == "RARC") & pl.col("denial") & (pl.col("code") != _UNPROCESSABLE))
    of_remark = of_remark.select(pl.col(name).alias(f"{name}_told") for name in _CLASS).with_columns(
        told=of_remark["code"]
    )
    known = of_remark["told"].implode()
    told = pl.col("remarks").fill_null("").str.split(":").list.eval(pl.element().filter(pl.element().is_in(known)))
    made = items.with_columns(told=told.list.first())
    made = made.join(by_reason, on="reason", how="left", maintain_order="left")
    made = made.join(of_remark, on="told", how="left", maintain_order="left")
    speaks = pl.col("told").is_not_null() & pl.col("by_remark").fill_null(True)
    taken = [pl.when(speaks).then(f"{name}_told").otherwise(name).alias(name) for name in _CLASS]
    made = made.with_columns(taken)
    unprocessable = pl.col("remarks").fill_null("").str.split(":").list.contains(_UNPROCESSABLE)
    return made.with_columns(
        pl.col("label").fill_null("a code the book does not know"),
        pl.col("cause").fill_null(UNKNOWN),
        pl.col("department").fill_null("biller").alias("owner_role"),
        pl.col("preventable", "checked").fill_null(False),
        pl.when(unprocessable).then(pl.lit("new")).otherwise(pl.col("way").fill_null(UNKNOWN)).alias("way"),
        pl.when(unprocessable)
        .then(pl.lit("correct it and send a new claim; an appeal is not open"))
        .otherwise(pl.col("remedy").fill_null(_ASK))
        .alias("remedy"),
        pl.col("source").fill_null("not in the book"),
    )


def with_deadline(items: pl.DataFrame, book: Book) -> pl.DataFrame:
    """Adds deadline_day and deadline_source: from the day of service to correct, from the last remit to appeal.

    A kind of payer without a deadline of its own takes that of any other payer; where there is none either it is
    null, for the contract alone knows.
    """
    rows = book.deadlines.filter(pl.col("days").is_not_null())
    wanted = pl.DataFrame(
        [(way, taken, place) for way, order in _BY.items() for place, taken in enumerate(order)],
        schema={"way": pl.String, "taken": pl.String, "place": pl.Int64}, orient="row",
    )  # fmt: skip
    every = wanted.join(rows.rename({"way": "taken"}), on="taken").sort("place")
    first = every.unique(["way", "kind"], keep="first", maintain_order=True).drop("taken", "place")
    usual = first.filter(pl.col("kind") == OTHER).drop("kind")
    made = items.join(first, on=["kind", "way"], how="left", maintain_order="left")
    made = made.join(usual, on="way", how="left", maintain_order="left", suffix="_usual")
    names = ("days", "from_service", "deadline_source", "deadline_checked")
    made = made.with_columns(pl.coalesce(name, f"{name}_usual").alias(name) for name in names)
    since = pl.when("from_service").then(pl.col("service_day")).otherwise(pl.col("last_day"))
    return made.with_columns(
        deadline_day=since + pl.col("days"),
        checked=pl.col("checked") & pl.col("deadline_checked").fill_null(True),
    )
