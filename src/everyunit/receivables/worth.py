"""What an open item is worth: what it is expected to bring, what the work costs, and how many days are left.

The chance of success is the practice's own: denials of that payer and cause that were worked (sent again, or
overturned) and settled, drawn toward all payers' rate of the cause, and that toward a survey's, the less there are
(a Beta prior with the book's `work.prior_overturned` and `work.prior_weight`). Chances are whole basis points.
"""

from __future__ import annotations

import polars as pl

from everyunit.frames import table
from everyunit.rulebook import Book

_WHOLE = 10_000
ADVICE = ("work", "drop", "late")

QUEUE = table(
    "queue", "one open denial, or one case of underpayment", "item_id",
    "item_id text Name of the item or case",
    "direction text denied or underpaid",
    "claim_id text Number of the claim; of a case the number of its claims in words",
    "line small Line of the claim, 0 for the whole claim",
    "code text Procedure codes, parted by :",
    "payer_id text Payer",
    "payer_name text Name of that payer",
    "kind text Kind of payer, by the book",
    "clinic text Clinic of the visit",
    "service_day day Day of service",
    "last_day day Day it was last denied or underpaid",
    "cause text Root cause",
    "owner_role text Department that can clear it",
    "preventable flag It can be prevented",
    "way text What to do",
    "at_risk_cents int:cents Expected amount not received",
    "chance_bp int Chance of success in basis points",
    "cases_behind int Settled cases of that payer and cause behind the chance",
    "expected_cents int:cents What it is expected to bring if it is worked",
    "minutes small:minutes Minutes of work",
    "cost_cents int:cents What those minutes cost",
    "hourly_cents int:cents Expected cents for an hour of work",
    "deadline_day day Last day to act; null: the book does not know",
    "days_left int Days until then",
    "advice text work, drop (the work costs more than it is expected to bring) or late (the deadline is over)",
    "message text What was seen and what clears it",
)  # fmt: skip

RELIABILITY = table(
    "reliability", "denials with a like chance", "chance_from_bp",
    "chance_from_bp int From this chance on, in basis points",
    "items int Denials settled after the split",
    "chance_bp int Mean chance that was foretold",
    "observed_bp int Share that was overturned",
)  # fmt: skip


def settled(denials: pl.DataFrame, as_of: int, book: Book) -> pl.DataFrame:
    """payer_id, cause, first_day, known_day, won (0 or 1) of denials that were worked and have come to an end.

    Lost is what was denied again, and what was sent again and not paid within the book's `work.settled_after` days.
    Wins and losses speak alike from that many days after they were worked (where no file says when, after the first
    refusal), or from their answer where it came later: whichever spoke sooner would outnumber the other.
    """
    limit = _work(book, "settled_after")
    won = pl.col("state") == "overturned"
    again = (pl.col("state") == "open") & (pl.col("times") > 1)
    worked = won | again | (pl.col("state") == "waiting")
    ripe = pl.coalesce("worked_day", "resent_day", "first_day").cast(pl.Int64) + limit
    answered = pl.when(won).then("settled_day").when(again).then("last_day")
    known = pl.max_horizontal(ripe, answered.cast(pl.Int64))
    rows = denials.filter(worked).with_columns(known_day=known).filter(pl.col("known_day") <= as_of)
    return rows.select(
        "payer_id", "cause", "first_day", "known_day", won=(pl.col("state") == "overturned").cast(pl.Int64)
    )


def chances(outcomes: pl.DataFrame, book: Book) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """By payer and cause, by cause, and for all others: chance_bp (and cases_behind, of payer and cause)."""
    prior, weight = _work(book, "prior_overturned") * 100, _work(book, "prior_weight")

    def drawn(base: pl.Expr) -> pl.Expr:
        most, n = pl.col("won") * _WHOLE + base * weight, pl.col("cases_behind") + weight
        return (2 * most + n) // (2 * n)

    counted = [pl.col("won").sum(), pl.len().cast(pl.Int64).alias("cases_behind")]
    by_cause = outcomes.group_by("cause").agg(counted).with_columns(of_cause_bp=drawn(pl.lit(prior)))
    by_payer = (
        outcomes.group_by("payer_id", "cause").agg(counted).join(by_cause.select("cause", "of_cause_bp"), on="cause")
    )
    by_payer = by_payer.with_columns(chance_bp=drawn(pl.col("of_cause_bp")))
    wanted = by_payer.select("payer_id", "cause", "chance_bp", "cases_behind")
    return wanted, by_cause.select("cause", "of_cause_bp"), prior


def foretold(items: pl.DataFrame, outcomes: pl.DataFrame, book: Book) -> pl.DataFrame:
    """The items (payer_id, cause) with chance_bp and cases_behind."""
    by_payer, by_cause, prior = chances(outcomes, book)
    made = items.join(by_payer, on=["payer_id", "cause"], how="left", maintain_order="left")
    made = made.join(by_cause, on="cause", how="left", maintain_order="left")
    chance = pl.coalesce("chance_bp", "of_cause_bp", pl.lit(prior, pl.Int64))
    return made.with_columns(chance_bp=chance, cases_behind=pl.col("cases_behind").fill_null(0)).drop("of_cause_bp")


def queue(
    denials: pl.DataFrame, cases: pl.DataFrame, as_of: int, book: Book, history: pl.DataFrame | None = None
) -> pl.DataFrame:
    """QUEUE of what is open on the day `as_of`: what can be worked first by cents for an hour, then the rest.

    The chances are told from `history`, where others than `denials` teach them."""
    items = pl.concat([_denied(denials), _underpaid(cases, as_of, book)], how="diagonal")
    made = foretold(items, settled(denials if history is None else history, as_of, book), book)
    minutes = {way: _work(book, f"minutes_{way}") for way in _WAYS}
    spent = pl.col("way").replace_strict(minutes, default=minutes["unknown"], return_dtype=pl.Int64)
    rate = _work(book, "cents_per_hour")
    expected = (2 * pl.col("at_risk_cents") * pl.col("chance_bp") + _WHOLE) // (2 * _WHOLE)
    hopeless = pl.col("way") == "write_off"
    made = made.with_columns(
        minutes=spent, expected_cents=pl.when(hopeless).then(0).otherwise(expected),
        days_left=pl.col("deadline_day").cast(pl.Int64) - as_of,
    ).with_columns(
        cost_cents=(2 * pl.col("minutes") * rate + 60) // 120,
        hourly_cents=pl.col("expected_cents") * 60 // pl.col("minutes"),
    )  # fmt: skip
    worthless = pl.col("expected_cents").fill_null(1 << 40) <= pl.col("cost_cents")
    advice = (
        pl.when((pl.col("days_left") < 0).fill_null(False)).then(pl.lit("late"))
        .when(worthless).then(pl.lit("drop"))
        .otherwise(pl.lit("work"))
    )  # fmt: skip
    shaped = made.with_columns(advice=advice).select(pl.col(name).cast(kind) for name, kind in QUEUE.schema.items())
    order = pl.col("advice").replace_strict({"work": 0, "late": 2}, default=1, return_dtype=pl.Int64)
    return shaped.sort(
        order, "hourly_cents", "deadline_day", "item_id", descending=[False, True, False, False], nulls_last=True
    )


PART_B = ("medicare", "railroad_medicare")
_WAYS = ("correct", "new", "papers", "appeal", "other_payer", "patient", "wait", "underpaid", "unknown")


def _denied(denials: pl.DataFrame) -> pl.DataFrame:
    return denials.filter(pl.col("state") == "open").with_columns(direction=pl.lit("denied"))


def _underpaid(cases: pl.DataFrame, as_of: int, book: Book) -> pl.DataFrame:
    owed = cases.filter(pl.col("direction") == "underpaid")
    number = pl.when(pl.col("claims") == 1).then(pl.lit("1 claim")).otherwise(pl.format("{} claims", "claims"))
    return owed.select(
        pl.col("case_id").alias("item_id"), "direction", number.alias("claim_id"), pl.lit(0, pl.Int32).alias("line"),
        "code", "payer_id", "payer_name", "kind", pl.lit("").alias("clinic"),
        pl.col("first_day").alias("service_day"),
        pl.col("last_paid_day").alias("last_day"), pl.lit("underpaid").alias("cause"),
        pl.lit("contracting").alias("owner_role"), pl.lit(False).alias("preventable"),
        pl.lit("underpaid").alias("way"), (-pl.col("off_cents")).alias("at_risk_cents"), "message",
        _asked_until(book, as_of).alias("deadline_day"),
    )  # fmt: skip


def _asked_until(book: Book, as_of: int) -> pl.Expr:
    """The last day to appeal what Medicare Part B paid short, by the first remittance of the case; where that day is
    over, by its last. Of other payers contract or program say how a payment is disputed."""
    ways = book.deadlines.filter((pl.col("way") == "appeal") & pl.col("kind").is_in(PART_B))
    days = pl.col("kind").replace_strict(dict(ways.select("kind", "days").iter_rows()), default=None)
    first, last = pl.col("first_paid_day").cast(pl.Int64) + days, pl.col("last_paid_day").cast(pl.Int64) + days
    return pl.when(first >= as_of).then(first).otherwise(last).cast(pl.Int32)


def reliability(denials: pl.DataFrame, as_of: int, book: Book) -> tuple[pl.DataFrame, int | None]:
    """RELIABILITY of what the practice's earlier cases foretold of its later ones, and the day that splits the two.

    The split is the middle denial by day; only what was known before it teaches. Empty where nothing was settled.
    """
    outcomes = settled(denials, as_of, book)
    if outcomes.height < 2:
        return RELIABILITY.empty(), None
    split = int(outcomes["first_day"].sort()[outcomes.height // 2])
    later = outcomes.filter(pl.col("first_day") >= split).with_columns(pl.col("won"))
    told = foretold(later.drop("won"), outcomes.filter(pl.col("known_day") < split), book).with_columns(later["won"])
    tenth = pl.min_horizontal(pl.col("chance_bp") // 1000, 9) * 1000
    sums = told.group_by(chance_from_bp=tenth).agg(
        pl.len().alias("items"),
        ((2 * pl.col("chance_bp").sum() + pl.len()) // (2 * pl.len())).alias("chance_bp"),
        ((2 * _WHOLE * pl.col("won").sum() + pl.len()) // (2 * pl.len())).alias("observed_bp"),
    )
    return sums.select(pl.col(name).cast(kind) for name, kind in RELIABILITY.schema.items()).sort(
        "chance_from_bp"
    ), split


def _work(book: Book, name: str) -> int:
    return int(book.shelf.values[f"work.{name}"][-1].value)
