"""What a finding says: what was seen, what the book says and where, and what clears it. One text for each kind."""

from __future__ import annotations

import polars as pl

from everyunit.audit.named import ABSENT, MOVED, VOIDED
from everyunit.audit.pool import REFUSED, UNCOUNTED
from everyunit.audit.tariffs import TABLES

_COUNTING = {
    "cms": "Medicare pools the timed minutes of the day",
    "ama": "each timed code counts by its own midpoint",
}
_AMA = "CPT rule for time: a unit is reached when its midpoint is passed"
_MISSED = "The visit was kept and no claim in force charges it."
_TIMED = ("units_over", "units_under", "units_misallocated")

FIX = {
    "units_over": "Correct the claim, or the minutes if the note says otherwise.",
    "units_under": "Correct the claim within the payer's filing limit, or the minutes if the note says otherwise.",
    "units_misallocated": "Correct the codes on the claim, or the minutes if the note says otherwise.",
    "not_billed": "Add the line with a corrected claim within the payer's filing limit, or take the service out of "
    "the record if it was not performed.",
    "not_recorded": "Complete the record if the service was performed and the note shows it; otherwise correct "
    "the claim.",
    "untimed_repeated": "Correct the claim to what one day allows.",
    "minutes_missing": "Enter the minutes that the note shows; then the units of the visit can be judged.",
    "visit_not_billed": "Send the claim within the payer's filing limit, or mark the visit as not kept.",
}


_BACK = ("units_over", "untimed_repeated")
_FEDERAL = " A federal payer wants its money back within 60 days of the finding."
_PAST = (
    "The payer took it until {}; these files reach {}: ask the payer whether an exception holds, else write it off. "
    "Or mark the visit as not kept."
)
_CONTRACT = " Give back what was paid by the payer's contract."


def given_back() -> pl.Expr:
    """By when money goes back to the payer of a row (column federal)."""
    return pl.when("federal").then(pl.lit(_FEDERAL)).otherwise(pl.lit(_CONTRACT))


def told(rows: pl.DataFrame, sent: bool = True) -> pl.DataFrame:
    """Adds message, fix, source and checked; of claims not `sent` yet nothing was paid that would go back."""
    by_time = (pl.col("kind").is_in(_TIMED)) | ((pl.col("kind") == "not_billed") & pl.col("timed").fill_null(False))
    rows = rows.with_columns(_by_time=by_time, _ama=by_time & (pl.col("counting") == "ama"))
    return rows.with_columns(
        pl.concat_str(_seen(), _claims(), _priced()).alias("message"),
        _fix(sent).alias("fix"),
        _source().alias("source"),
        past_limit=_past(),
        checked=(pl.col("shut") == 0)
        & pl.col("kind_checked")
        & (pl.col("terms_checked") | ~pl.col("_by_time"))
        & ~_guessed_fees(),
    )


def _fix(sent: bool) -> pl.Expr:
    usual = pl.col("kind").replace_strict(FIX, return_dtype=pl.String)
    back = given_back()
    beyond = pl.col("further").is_not_null() & (pl.col("kind") == "units_over") & (pl.col("earned_units") > 0)
    told_of = pl.format(" Time beyond the first period is billed on {}, once the record holds it there.", "further")
    usual = pl.when(beyond).then(pl.concat_str(usual, told_of)).otherwise(usual)
    says = pl.col("claim_says").fill_null("")
    return (
        pl.when(says == MOVED).then(pl.lit("Correct the day on the visit or on the claim."))
        .when(says == ABSENT).then(pl.lit("Bring the file of the claim, or send the claim."))
        .when(pl.col("kind").is_in(_BACK) & sent).then(pl.concat_str(usual, back))
        .when(_past())
        .then(pl.format(_PAST, pl.col("file_by"), pl.col("file_past")))
        .when((pl.col("kind") == "visit_not_billed") & pl.col("file_by").is_not_null())
        .then(pl.format("{} The payer takes it until {}.", usual, pl.col("file_by")))
        .otherwise(usual)
    )  # fmt: skip


def _past() -> pl.Expr:
    """Whether the payer's limit had passed on the last day in the files. A claim that may have been sent in time (for
    another day, or in a file not brought) is not past it."""
    sent = pl.col("claim_says").fill_null("").is_in((MOVED, ABSENT))
    return (pl.col("kind") == "visit_not_billed") & pl.col("file_past").is_not_null() & ~sent


def _of_claim() -> pl.Expr:
    """What became of the claim that the visit names."""
    named, says = pl.col("named"), pl.col("claim_says").fill_null("")
    return (
        pl.when(says == MOVED).then(pl.format(" Claim {}, which the visit names, states {}.", named, "claim_day"))
        .when(says == ABSENT).then(pl.format(" Claim {}, which the visit names, was not brought.", named))
        .when(says == VOIDED).then(pl.format(" Claim {} was voided.", named))
        .otherwise(pl.lit(""))
    )  # fmt: skip


def _missed() -> pl.Expr:
    return pl.concat_str(
        pl.when(pl.col("shut") == UNCOUNTED)
        .then(pl.lit(f"{_MISSED} The book holds no counting rule for that day: its units are not counted."))
        .when(pl.col("shut") == REFUSED)
        .then(pl.lit(f"{_MISSED} Rows of its services were refused: they are not counted, see the receipt."))
        .when(pl.col("any_record").fill_null(0) == 0).then(pl.lit(f"{_MISSED} Its services are not on record."))
        .when(pl.col("blocked").fill_null(0) > 0)
        .then(pl.lit(f"{_MISSED} Minutes are missing, or more than a day has: its timed units are not counted."))
        .otherwise(
            pl.format("The visit was kept, its record earns {}, no claim in force charges it.{}", *_earned_visit())
        ),
        _of_claim(),
    )  # fmt: skip


def _seen() -> pl.Expr:
    code, billed, earned = pl.col("code"), _units("billed_units"), pl.col("earned_units")
    none = pl.when(earned == 0).then(pl.lit("none")).otherwise(earned.cast(pl.String))
    nothing = pl.when(pl.col("any_record").fill_null(0) == 0)
    messages = {
        "units_over": pl.format("{} was billed {}; the minutes support {}. {}", code, billed, none, _minutes()),
        "units_under": pl.format("{} was billed {}; the minutes support {}. {}", code, billed, earned, _minutes()),
        "units_misallocated": pl.format(
            "{} was billed {}; the minutes support {}. "
            "The units of the day are right in sum: billed {}; earned {}. {}",
            code, billed, none, pl.col("billed_text").fill_null("none"), pl.col("right_units").fill_null("none"),
            _minutes(),
        ),
        "not_billed": pl.when("_by_time").then(
            pl.format("{} earned {} and has no line on the claim. {}", code, _units("earned_units"), _minutes())
        ).otherwise(pl.format("{} was performed and has no line on the claim. It is untimed: one unit a day.", code)),
        "not_recorded": nothing.then(
            pl.format("{} was billed {}; no service of this visit is on record.", code, billed)
        ).otherwise(pl.format("{} was billed {}; the record of the visit holds no such service.", code, billed)),
        "untimed_repeated": pl.format(
            "{} was billed {}. It is untimed: {} a day, however long it took.", code, billed, _units("earned_units")
        ),
        "minutes_missing": pl.format(
            "{} stands in the record without minutes. {}", code,
            pl.when(pl.col("monthly").fill_null(False))
            .then(pl.lit("It counts by the minutes of its month, which are not counted."))
            .otherwise(pl.lit("It is timed: its units and those beside it are not counted.")),
        ),
        "visit_not_billed": _missed(),
    }  # fmt: skip
    made = pl.lit("")
    for kind, text in messages.items():
        made = pl.when(pl.col("kind") == kind).then(text).otherwise(made)
    return made


def _claims() -> pl.Expr:
    """The claims of a day that is counted whole, where several charge it."""
    named = pl.format(" The day stands on claims {}, counted together.", "pool_claims")
    pooled = pl.col("pool_claims").is_not_null() & pl.col("kind").is_in((*_TIMED, "not_billed", "untimed_repeated"))
    return pl.when(pooled).then(named).otherwise(pl.lit(""))


def _earned_visit() -> tuple[pl.Expr, pl.Expr]:
    partly = pl.col("unknown").fill_null(False) & pl.col("cents_at_stake").is_not_null()
    left_out = pl.lit(" Services without a price in the book are left out of the dollars.")
    return _units("earned_units"), pl.when(partly).then(left_out).otherwise(pl.lit(""))


def _units(column: str) -> pl.Expr:
    number = pl.col(column).fill_null(0)
    return pl.concat_str(number, pl.when(number == 1).then(pl.lit(" unit")).otherwise(pl.lit(" units")))


def _minutes() -> pl.Expr:
    rule = pl.col("counting").replace_strict(_COUNTING, default="", return_dtype=pl.String)
    seen = pl.when(pl.col("pool_minutes").fill_null("") == "").then(pl.lit("none")).otherwise("pool_minutes")
    apart = pl.format("{} counts alone, outside the pool that Medicare makes of the timed minutes", pl.col("code"))
    rule = pl.when("alone", pl.col("counting") == "cms").then(apart).otherwise(rule)
    total, group = pl.col("pool_total").fill_null(0), pl.col("pool_grouped").fill_null("")
    return pl.format("Minutes {}, total {}: {}.{}", seen, total, rule, group)


def _outside() -> pl.Expr:
    return pl.col("tariff") < 0


def _guessed_fees() -> pl.Expr:
    """Priced by Medicare's schedule for want of the payer's own terms."""
    return ~pl.col("declared") & (pl.col("fee_table") < 0)


def _priced() -> pl.Expr:
    """What must be said about the dollars."""
    value = pl.coalesce(
        pl.when(pl.col("kind").is_in(["not_recorded", "minutes_missing"])).then("at_risk_cents"), "cents_at_stake"
    )
    unpriced = pl.when(value.is_null() & (pl.col("shut") == 0))
    national = (pl.col("place") == 0) & (pl.col("fee_table") < 0) & (pl.col("tariff") < TABLES) & value.is_not_null()
    return pl.concat_str(
        unpriced.then(
            pl.when(_outside()).then(pl.lit(" The book holds no fee for that day."))
            .when(pl.col("tariff") >= TABLES).then(pl.lit(" The payer's fee table holds no price for it."))
            .otherwise(pl.lit(" The book holds no fee for it."))
        ).otherwise(pl.lit("")),
        pl.when(_guessed_fees() & value.is_not_null()).then(
            pl.lit(" Priced by Medicare's schedule: practice.toml does not name this payer.")
        ).otherwise(pl.lit("")),
        pl.when(national).then(
            pl.lit(" Priced at the national rate: no locality is known for the clinic.")
        ).otherwise(pl.lit("")),
    )  # fmt: skip


def _source() -> pl.Expr:
    base = pl.when("_ama").then(pl.lit(_AMA)).otherwise("kind_source")
    whose = (
        pl.when("_by_time").then(pl.format("; the payer's rule: {}", pl.col("terms_source"))).otherwise(pl.lit(""))
    )
    return pl.concat_str(base, whose)
