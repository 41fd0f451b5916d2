"""What a patient owes after the payers answered, line by line, by reason, and whether the practice may ask for it.

A line adds up: charge = taken off + paid + still with a payer + deductible, coinsurance, copay and other shares. What
the contract takes off (CO) is never the patient's. What was collected at the visits is taken off the shares of its
claim.
Nothing is asked of the patient while another payer is to answer, or where the book says that nobody may ask.
"""

from __future__ import annotations

import polars as pl

from everyunit.frames import polars, table
from everyunit.receivables.billed import Billed
from everyunit.receivables.buckets import KEY
from everyunit.receivables.turns import Decisions
from everyunit.rulebook.papers import CONTRACT, MANUALS
from everyunit.rulebook.patients import PatientRules

SHARES = {"1": "deductible", "2": "coinsurance", "3": "copay"}
PARTS = (*SHARES.values(), "other")
ASKED = ("patient", "other_payer", "nobody", "check")
_SENT_ON = ("19", "20", "21", "23")
_TAKEN = ("contractual", "sequestration", "reduction", "prior_payer")
_PAID = ("primary_paid", "secondary_paid")
_REFUSED = ("denied", "unknown")
_OPEN = ("denied", "duplicate", "unknown", "reversed", "unanswered")

STATEMENTS = table(
    "statements", "one claim line of which a patient bears a part", "claim_id line",
    "patient_id text Patient's number in visits.csv; the member number of the claim where no visit names it",
    "visit_id text First visit of the claim; empty where none is known",
    "claim_id text Number of the claim in force",
    "line small Line of the claim, 0 for the whole claim",
    "service_day day Day of service",
    "code text Procedure code",
    "payer_id text Payer that the claim was sent to",
    "payer_name text Name of that payer",
    "clinic text Clinic of the visit",
    "decided_day day Day of the last decision that counts",
    "charge_cents int:cents List charge",
    "taken_cents int:cents Taken off by contract, reduction, sequestration or an earlier payer",
    "paid_cents int:cents Paid by payers",
    "with_payer_cents int:cents Refused, or not answered: between practice and payer",
    "deductible_cents int:cents PR-1",
    "coinsurance_cents int:cents PR-2",
    "copay_cents int:cents PR-3",
    "other_cents int:cents Put on the patient for another reason (PR-45 and its like)",
    "refused_cents int:cents Part of what lies with the payer that it calls the patient's (a refusal under PR)",
    "collected_cents int:cents Collected at the visits (or set off by a line below zero), taken by this line",
    "ahead_cents int:cents Collected beyond all shares of the claim, on its last line",
    "asked text patient, other_payer (it is to answer first), nobody, check (only other shares are left), or held "
    "(units of the line are to be given back first)",
    "owed_cents int:cents What the patient may be asked for now",
    "refused_asked text Of the refused part: patient, nobody, or empty where there is none",
    "words text Who may be asked, and why",
    "source text Where that stands",
    find_by="claim_id",
)  # fmt: skip


def statements(
    units: pl.DataFrame, made: Decisions, best: pl.DataFrame, marked: pl.DataFrame, people: pl.DataFrame,
    rules: PatientRules,
) -> pl.DataFrame:  # fmt: skip
    """STATEMENTS out of units (`at_grain`), decisions, the chosen ones, the adjustments with their buckets and
    `people` (see below)."""
    wanted = _wanted(units, people)
    ours = best.join(wanted.select(KEY), on=KEY, how="semi")
    decided = ours.group_by(KEY).agg(
        pl.col("day").max().alias("decided_day"), pl.col("rank").max().alias("last_rank")
    )
    rows = wanted.join(decided, on=KEY).join(people, on="root_no", how="left")
    rows = rows.join(_by_reason(wanted, ours, marked), on=KEY, how="left")
    rows = rows.join(_refused(ours, marked), on=KEY, how="left")
    rows = rows.join(_told(made, ours, rules), on=KEY, how="left")
    rows = rows.join(rules.kinds, on="kind", how="left", maintain_order="left").with_columns(
        pl.col(f"{part}_cents").fill_null(0) for part in (*PARTS, "refused", "collected")
    )
    rows = _collected(rows.sort(KEY), units)
    shown = pl.any_horizontal(pl.col("patient_cents") != 0, pl.col("refused_cents") > 0, pl.col("ahead_cents") > 0)
    rows = _judged(rows.filter(shown), rules).with_columns(
        taken_cents=pl.sum_horizontal(f"{name}_cents" for name in _TAKEN),
        paid_cents=pl.sum_horizontal(f"{name}_cents" for name in _PAID),
    )
    rest = pl.col("charge_cents") - pl.sum_horizontal("taken_cents", "paid_cents", "patient_cents")
    shaped = rows.with_columns(rest.alias("with_payer_cents")).select(
        pl.col(name).fill_null("").cast(kind) if kind == pl.String else pl.col(name).cast(kind)
        for name, kind in STATEMENTS.schema.items()
    )
    return shaped.sort("patient_id", "service_day", "claim_id", "line")


def _wanted(units: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Units in which a patient may have a part: few of many."""
    paid = people.filter(pl.col("collected_cents") > 0).select("root_no", paid=pl.lit(True))
    met = units.join(paid, on="root_no", how="left", maintain_order="left")
    part = pl.any_horizontal(pl.col(f"{name}_cents") != 0 for name in ("patient", *_REFUSED))
    return met.filter(part | pl.col("paid").is_not_null()).drop("paid")


def people(visits: pl.LazyFrame, claims: pl.LazyFrame, billed: Billed, collected: dict[int, int]) -> pl.DataFrame:
    """root_no, patient_id, visit_id, collected_cents and `later` (the claim was sent to a later payer in turn)."""
    named = billed.aliases.lazy()
    came = visits.select("visit_id", "patient_id", "claim_id").drop_nulls("claim_id").join(named, on="claim_id")
    first = came.pipe(polars).sort("visit_id").unique("root_no", keep="first", maintain_order=True)
    sent = claims.select("claim_id", "member_id", "sequence").join(named, on="claim_id")
    turn = pl.col("sequence").fill_null("P")
    said = sent.group_by("root_no").agg(
        pl.col("member_id").filter(turn == "P").min().alias("member"), (turn.is_in(["S", "T"])).any().alias("later")
    ).pipe(polars)  # fmt: skip
    paid = pl.DataFrame(
        list(collected.items()), schema={"root_no": pl.Int64, "collected_cents": pl.Int64}, orient="row"
    )
    every = billed.lines.select("root_no").unique()
    for other in (first.select("root_no", "patient_id", "visit_id"), said, paid):
        every = every.join(other, on="root_no", how="left")
    patient = pl.when(pl.col("patient_id").fill_null("") != "").then("patient_id").otherwise("member")
    return every.with_columns(patient_id=patient, later=pl.col("later").fill_null(False)).drop("member")


def _by_reason(units: pl.DataFrame, best: pl.DataFrame, marked: pl.DataFrame) -> pl.DataFrame:
    """The patient's share of each unit by PARTS: the last payer's reasons first, an earlier one's for the rest."""
    turns = best.select(*KEY, "rank", "turn")
    given = marked.filter((pl.col("bucket") == "patient") & (pl.col("amount_cents") > 0)).select(
        "turn", "unit", part=pl.col("reason").replace_strict(SHARES, default="other", return_dtype=pl.String),
        cents="amount_cents",
    )  # fmt: skip
    met = given.join(turns, on=["turn", "unit"]).join(units.select(*KEY, "patient_cents"), on=KEY)
    met = met.with_columns(spare=pl.col("cents").sum().over(KEY) != pl.col("patient_cents"))
    several = met.filter("spare").sort(*KEY, "rank", "part", descending=[False, False, True, False])
    before = pl.col("cents").cum_sum().over(KEY) - pl.col("cents")
    several = several.with_columns(
        cents=pl.max_horizontal(0, pl.min_horizontal("cents", pl.col("patient_cents") - before))
    )
    met = pl.concat([met.filter(~pl.col("spare")), several])
    sums = met.group_by(KEY).agg(
        *(pl.col("cents").filter(pl.col("part") == part).sum().alias(f"{part}_cents") for part in SHARES.values())
    )
    every = units.select(*KEY, "patient_cents").filter(pl.col("patient_cents") != 0).join(sums, on=KEY, how="left")
    shares = [f"{part}_cents" for part in SHARES.values()]
    every = every.with_columns(pl.col(shares).fill_null(0))
    return every.with_columns(other_cents=pl.col("patient_cents") - pl.sum_horizontal(shares)).drop("patient_cents")


def _refused(best: pl.DataFrame, marked: pl.DataFrame) -> pl.DataFrame:
    """What the last payer refuses and calls the patient's (PR), by unit."""
    last = best.sort("rank").unique(KEY, keep="last", maintain_order=True).select(*KEY, "turn")
    of_patient = (pl.col("group_code") == "PR") & pl.col("bucket").is_in(_REFUSED) & (pl.col("amount_cents") > 0)
    given = marked.filter(of_patient).select("turn", "unit", "amount_cents")
    return (
        given.join(last, on=["turn", "unit"]).group_by(KEY).agg(pl.col("amount_cents").sum().alias("refused_cents"))
    )


def _told(made: Decisions, best: pl.DataFrame, rules: PatientRules) -> pl.DataFrame:
    """`free`: a remark on the unit or its claim frees the patient; `sent_on`: the last payer sent the claim on."""
    codes = "|".join(rules.protected)
    on, free = pl.col("status").is_in(_SENT_ON), pl.col("remarks").str.contains(codes).fill_null(False)
    said = made.all.select("turn", on=on, of_claim=free).filter(pl.col("on") | pl.col("of_claim"))
    last = (pl.col("rank") == pl.col("rank").max().over(KEY)).alias("last")
    marked = best.select(*KEY, "turn", last, free=free)
    met = marked.join(said, on="turn", how="left").filter(pl.col("on").is_not_null() | pl.col("free"))
    met = met.with_columns(pl.col("on", "of_claim").fill_null(False))
    return met.group_by(KEY).agg(
        free=(pl.col("free") | pl.col("of_claim")).any(), sent_on=(pl.col("on") & pl.col("last")).any()
    )


def _collected(rows: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """What was collected fills the shares of its claim line by line; what is beyond stands on the last line, once
    nothing of the claim lies with a payer any more."""
    share = pl.max_horizontal(0, pl.col("patient_cents"))
    below = pl.min_horizontal(0, pl.col("patient_cents")).sum().over("root_no")
    held = pl.col("collected_cents") - below
    before = share.cum_sum().over("root_no") - share
    filled = pl.max_horizontal(0, pl.min_horizontal(share, held - before))
    beyond = pl.max_horizontal(0, held - share.sum().over("root_no"))
    with_payer = units.filter(pl.sum_horizontal(f"{name}_cents" for name in _OPEN) != 0).select("root_no").unique()
    rows = rows.join(with_payer.with_columns(held=pl.lit(True)), on="root_no", how="left", maintain_order="left")
    last = (pl.col("unit") == pl.col("unit").max().over("root_no")) & pl.col("held").is_null()
    return rows.with_columns(ahead_cents=pl.when(last).then(beyond).otherwise(0), collected_cents=filled)


def _judged(rows: pl.DataFrame, rules: PatientRules) -> pl.DataFrame:
    """Adds asked, owed_cents, refused_asked, words and source."""
    free = pl.col("free").fill_null(False)
    waits = (pl.col("last_rank") == 1) & (pl.col("later") | pl.col("sent_on").fill_null(False))
    due = pl.sum_horizontal("deductible_cents", "coinsurance_cents", "copay_cents")
    signed = pl.any_horizontal(
        pl.col("modifiers").fill_null("").str.contains(mark, literal=True) for mark in rules.notices
    )
    refused = (
        pl.when(free).then(pl.lit("nobody"))
        .when(pl.col("refused") != "notice").then("refused")
        .when(signed).then(pl.lit("patient"))
        .otherwise(pl.lit("nobody"))
    )  # fmt: skip
    asked = (
        pl.when(waits).then(pl.lit("other_payer"))
        .when(free | (pl.col("share") == "nobody")).then(pl.lit("nobody"))
        .when((due <= 0) & (pl.col("other_cents") > 0)).then(pl.lit("check"))
        .otherwise(pl.lit("patient"))
    )  # fmt: skip
    left = pl.max_horizontal(0, due - pl.col("collected_cents"))
    rows = rows.with_columns(asked=asked).with_columns(
        owed_cents=pl.when(pl.col("asked") == "patient").then(left).otherwise(0),
        refused_asked=pl.when(pl.col("refused_cents") > 0).then(refused).otherwise(pl.lit("")),
        source=pl.when("free").then(pl.lit(rules.protected_source)).otherwise("patient_source"),
    )
    return rows.with_columns(words=_words())


def _words() -> pl.Expr:
    paper = pl.col("kind").replace_strict(MANUALS, default=CONTRACT, return_dtype=pl.String)
    share = (
        pl.when(pl.col("asked") == "other_payer").then(pl.lit("Another payer is to answer first."))
        .when("free").then(pl.lit("The remittance says that the patient may not be asked."))
        .when(pl.col("asked") == "nobody").then(pl.lit("Patients of this payer are not asked."))
        .when(pl.col("asked") == "check")
        .then(pl.format("The payer leaves it beyond its shares; see {} before the patient is asked.", paper))
        .when(pl.col("owed_cents") > 0).then(pl.lit("The patient may be asked for it."))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    other = pl.when((pl.col("other_cents") > 0) & (pl.col("asked") == "patient")).then(
        pl.format("Other shares are not in it: see {} first.", paper)
    )
    refused = (
        pl.when(pl.col("refused_asked") == "patient")
        .then(pl.lit("What it refused may be asked for once it stands; work the denial first."))
        .when((pl.col("refused_asked") == "nobody") & (pl.col("refused") == "notice"))
        .then(pl.lit("What it refused may not be asked for: no notice signed before the service is on the claim."))
        .when(pl.col("refused_asked") == "nobody")
        .then(pl.lit("What it refused may not be asked for."))
    )
    ahead = pl.when(pl.col("ahead_cents") > 0).then(pl.lit("More was collected than is the patient's: give it back."))
    parts = [share, *(pl.coalesce(one.otherwise(pl.lit("")), pl.lit("")) for one in (other, refused, ahead))]
    return pl.concat_str(parts, separator=" ").str.replace_all(r" +", " ").str.strip_chars()
