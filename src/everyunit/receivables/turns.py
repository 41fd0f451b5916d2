"""What payers decided on the charges in force, in the order of time, and which decisions still stand.

A reversal (CLP02 = 22) undoes the latest decision before it under the same number of the payer. Lines of a remittance
are matched to billed lines by control number (REF*6R), else by code, modifiers, units and day where exactly one line
fits; where the last word on a claim does not match in full, the whole claim is read at claim level.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from everyunit.frames import polars
from everyunit.receivables.billed import Billed
from everyunit.receivables.inputs import Remitted, in_order

_REMIT = ["source_id", "transaction"]
_CLAIM = ["source_id", "claim"]
_REVERSED = "22"
_FORECAST = "25"  # CLP02: a predetermination pays nothing
_RANKS = {"2": 2, "20": 2, "3": 3, "21": 3}
PRIOR = "23"
_UNIT = ("root_no", "unit")
WHOLE = 0  # the unit of what was decided on a claim as a whole


@dataclass(frozen=True)
class Decisions:
    """`all`: one row a decision: turn (rises with time), root_no, source_id, claim, day, payer_id, payer_name,
    status, rank (1 primary, 2 secondary, 3), reversal, stands, charge_cents, paid_cents, payer_control, remarks.

    `amounts`: turn, unit, charge_cents, paid_cents, remarks, decided_code (where the payer changed it).
    `adjustments`: turn, unit, group_code, reason, amount_cents. `whole`: root_no of claims read at claim level.
    `strays`: decisions on claims that are not in force here. Reversals have no amounts of their own.
    """

    all: pl.DataFrame
    amounts: pl.DataFrame
    adjustments: pl.DataFrame
    whole: pl.DataFrame
    strays: int


def decisions(remitted: Remitted, billed: Billed, until: int | None = None) -> Decisions:
    """The decisions on `billed`, as known at the end of the day `until` (epoch day; None: all)."""
    days = in_order(remitted).select(*_REMIT, "day", "made", "payer_id", "payer_name")
    if until is not None:
        days = days.filter(pl.col("day") <= until)
    every = remitted.remit_claims.join(days, on=_REMIT).join(billed.aliases.lazy(), on="claim_id", how="left")
    held = every.filter(pl.col("status").fill_null("") != _FORECAST).select(
        "root_no", *_REMIT, "claim", pl.col("day").cast(pl.Int64), "made", "payer_id", "payer_name",
        pl.col("status").fill_null(""), pl.col("charge_cents", "paid_cents").fill_null(0),
        pl.col("payer_control").fill_null(""), "remarks",
    ).pipe(polars)  # fmt: skip
    known = held.filter(pl.col("root_no").is_not_null())
    given = remitted.adjustments.filter(pl.col("side") == "835").select(
        *_CLAIM, "line", "group_code", "reason", pl.col("amount_cents").fill_null(0)
    )
    made = _standing(_ranked(known, given))
    turns = made.filter(~pl.col("reversal")).select(*_CLAIM, "turn", "root_no", "rank", "stands")
    adjusted = given.join(turns.lazy(), on=_CLAIM).pipe(polars)
    lines = _matched(remitted.remit_lines, turns, billed.lines)
    denied = _denied_whole(made, adjusted, billed.lines)
    whole = _whole(made, lines, denied)
    spread = denied.join(whole, on="root_no", how="anti").join(
        billed.lines.select(*_UNIT, charge="charge_cents"), on="root_no"
    )
    lines = lines.join(denied.select("turn"), on="turn", how="anti")
    amounts = pl.concat([_by_line(lines, whole), _by_claim(made, lines, whole, adjusted), _spread_amounts(spread)])
    reasons = pl.concat([_adjustments(adjusted, lines, whole, spread), _spread_reasons(spread)])
    return Decisions(made, amounts, reasons, whole, held.height - known.height)


def _ranked(known: pl.DataFrame, given: pl.LazyFrame) -> pl.DataFrame:
    """Turns in order of time; who names an earlier payer's effect (OA-23) speaks second at least."""
    order = ["day", "made", "source_id", "transaction"]
    below = (pl.col("charge_cents") < 0) | ((pl.col("charge_cents") == 0) & (pl.col("paid_cents") < 0))
    reversal = (pl.col("status") == _REVERSED) | below
    prior = given.filter((pl.col("reason") == PRIOR) & (pl.col("amount_cents") != 0)).select(_CLAIM).unique()
    said = pl.col("status").replace_strict(_RANKS, default=1, return_dtype=pl.Int64)
    marked = known.lazy().join(prior.with_columns(prior=pl.lit(2, pl.Int64)), on=_CLAIM, how="left").collect()
    sorted_ = marked.with_columns(reversal=reversal).sort([*order, ~reversal, "claim"])
    ranked = sorted_.with_columns(rank=pl.max_horizontal(said, pl.col("prior").fill_null(1)))
    return ranked.with_row_index("turn").with_columns(pl.col("turn").cast(pl.Int64)).drop("prior", "made")


def _standing(ranked: pl.DataFrame) -> pl.DataFrame:
    """Adds `stands`. A reversal under a number that no decision bears undoes the latest of equal and opposite pay."""
    owner = pl.when(pl.col("payer_control") != "").then(pl.col("payer_control")).otherwise(pl.lit("?"))
    keyed = ranked.with_columns(pair=owner)
    met = keyed.filter(~pl.col("reversal")).select("root_no", "pair").unique().with_columns(met=pl.lit(True))
    keyed = keyed.join(met, on=["root_no", "pair"], how="left", maintain_order="left")
    lost = keyed.filter(pl.col("reversal") & pl.col("met").is_null()).select("turn", "root_no", "paid_cents")
    if lost.height:
        before = keyed.filter(~pl.col("reversal")).select("root_no", found="pair", first="turn", gave="paid_cents")
        fits = lost.join(before, on="root_no").filter(
            (pl.col("first") < pl.col("turn")) & (pl.col("gave") == -pl.col("paid_cents"))
        )
        latest = fits.sort("first").unique("turn", keep="last", maintain_order=True).select("turn", "found")
        keyed = keyed.join(latest, on="turn", how="left", maintain_order="left").with_columns(
            pair=pl.coalesce("found", "pair")
        ).drop("found")  # fmt: skip
    step = pl.when(pl.col("reversal")).then(-1).otherwise(1)
    depth = keyed.with_columns(depth=step.cum_sum().over("root_no", "pair"))
    least = pl.col("depth").cum_min(reverse=True).over("root_no", "pair")
    stands = ~pl.col("reversal") & (least >= pl.col("depth"))
    return depth.with_columns(stands=stands).drop("depth", "met", "pair")


def _matched(remit_lines: pl.LazyFrame, turns: pl.DataFrame, billed: pl.DataFrame) -> pl.DataFrame:
    """Remitted lines with turn, root_no and `unit`: the billed line, null where not exactly one fits."""
    changed = pl.col("submitted_code").is_not_null() & (pl.col("submitted_code") != pl.col("code"))
    lines = remit_lines.join(turns.lazy(), on=_CLAIM).select(
        "turn", "root_no", "rank", "stands", *_CLAIM, "line", "control_number",
        pl.col("charge_cents", "paid_cents").fill_null(0), "remarks",
        pl.coalesce("submitted_code", "code").alias("code"),
        pl.coalesce("submitted_modifiers", "modifiers").fill_null("").alias("modifiers"),
        (pl.coalesce("submitted_units_milli", "units_milli") // 1000).cast(pl.Int64).alias("units"),
        pl.col("service_day").cast(pl.Int64),
        pl.when(changed).then(pl.col("code")).alias("decided_code"),
    ).pipe(polars)  # fmt: skip
    keys = (
        ["root_no", "control_number"],
        ["root_no", "code", "modifiers", "units", "service_day"],
        ["root_no", "code", "modifiers", "service_day"],
    )
    for at, key in enumerate(keys):
        once = billed.drop_nulls(key).group_by(key).agg(pl.col("unit").max(), pl.len().alias("n"))
        fits = once.filter(pl.col("n") == 1).select(*key, pl.col("unit").alias(f"unit_{at}"))
        lines = lines.join(fits, on=key, how="left", maintain_order="left")
    return lines.with_columns(unit=pl.coalesce("unit_0", "unit_1", "unit_2")).drop("unit_0", "unit_1", "unit_2")


def _whole(made: pl.DataFrame, lines: pl.DataFrame, denied: pl.DataFrame) -> pl.DataFrame:
    """root_no of claims whose last standing decision, of any payer in turn, does not match line by line."""
    last = made.filter("stands").group_by("root_no", "rank").agg(pl.col("turn").max())
    last = last.join(denied.select("turn"), on="turn", how="anti")
    strayed = lines.filter(pl.col("unit").is_null()).select("turn").unique()
    bare = last.join(lines.select("turn").unique(), on="turn", how="anti")
    loose = last.join(strayed, on="turn", how="semi")
    return pl.concat([bare.select("root_no"), loose.select("root_no")]).unique().sort("root_no")


def _denied_whole(made: pl.DataFrame, adjusted: pl.DataFrame, billed: pl.DataFrame) -> pl.DataFrame:
    """turn, group_code, reason of decisions without pay whose one reason takes the whole charge of the claim."""
    totals = billed.group_by("root_no").agg(pl.col("charge_cents").sum().alias("total"))
    bare = made.filter(~pl.col("reversal") & (pl.col("paid_cents") == 0)).join(totals, on="root_no")
    of_one = adjusted.group_by("turn").agg(
        pl.len().alias("n"), pl.col("amount_cents").sum().alias("taken"), pl.col("line").max().alias("deepest"),
        pl.col("group_code").first(), pl.col("reason").first(),
    )  # fmt: skip
    met = bare.join(of_one, on="turn").filter(
        (pl.col("n") == 1) & (pl.col("deepest") == 0) & (pl.col("taken") == pl.col("total"))
    )
    return met.select("turn", "root_no", "group_code", "reason", "remarks")


_REASONS = ("turn", "unit", "group_code", "reason", "amount_cents")
_AMOUNTS = ("turn", "unit", "charge_cents", "paid_cents", "remarks", "decided_code")


def _by_line(lines: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    ours = lines.filter(pl.col("unit").is_not_null()).join(whole, on="root_no", how="anti")
    return (
        ours.group_by("turn", "unit")
        .agg(
            pl.col("charge_cents", "paid_cents").sum(), pl.col("remarks").drop_nulls().first(),
            pl.col("decided_code").drop_nulls().first(),
        )
        .select(_AMOUNTS)
    )  # fmt: skip


def _by_claim(made: pl.DataFrame, lines: pl.DataFrame, whole: pl.DataFrame, adjusted: pl.DataFrame) -> pl.DataFrame:
    """Unit 0: the whole claim where it is read so, else what the claim's own adjustments take beyond its lines."""
    given = made.filter(~pl.col("reversal")).select("turn", "root_no", "charge_cents", "paid_cents", "remarks")
    whole_rows = given.join(whole, on="root_no", how="semi")
    by_line = lines.group_by("turn").agg(pl.col("paid_cents").sum().alias("by_line"))
    own = adjusted.filter(pl.col("line") == 0).select("turn", own=pl.lit(True)).unique()
    others = given.join(whole, on="root_no", how="anti").join(by_line, on="turn").join(own, on="turn", how="left")
    beyond = pl.col("paid_cents") - pl.col("by_line")
    others = others.with_columns(beyond.alias("paid_cents"), charge_cents=pl.lit(0, pl.Int64))
    others = others.filter((pl.col("paid_cents") != 0) | pl.col("own").is_not_null())
    rows = pl.concat([whole_rows, others.select(whole_rows.columns)])
    return rows.with_columns(unit=pl.lit(WHOLE, pl.Int64), decided_code=pl.lit(None, pl.String)).select(_AMOUNTS)


def _spread_amounts(spread: pl.DataFrame) -> pl.DataFrame:
    """A decision that takes the whole charge for one reason denies each line its own charge."""
    zero, no = pl.lit(0, pl.Int64), pl.lit(None, pl.String)
    return spread.select("turn", "unit", "remarks", charge_cents="charge", paid_cents=zero, decided_code=no).select(
        _AMOUNTS
    )


def _spread_reasons(spread: pl.DataFrame) -> pl.DataFrame:
    return spread.select("turn", "unit", "group_code", "reason", amount_cents="charge").select(_REASONS)


def _adjustments(
    adjusted: pl.DataFrame, lines: pl.DataFrame, whole: pl.DataFrame, spread: pl.DataFrame
) -> pl.DataFrame:
    units = lines.select("turn", "line", "unit")
    at_claim = adjusted.join(whole, on="root_no", how="semi").with_columns(unit=pl.lit(WHOLE, pl.Int64))
    others = adjusted.join(whole, on="root_no", how="anti").join(
        spread.select("turn").unique(), on="turn", how="anti"
    )
    by_line = others.filter(pl.col("line") > 0).join(units, on=["turn", "line"]).filter(pl.col("unit").is_not_null())
    own = others.filter(pl.col("line") == 0).with_columns(unit=pl.lit(WHOLE, pl.Int64))
    own = own.join(lines.select("turn").unique(), on="turn", how="semi")
    return pl.concat([part.select(_REASONS) for part in (at_claim, by_line, own)])
