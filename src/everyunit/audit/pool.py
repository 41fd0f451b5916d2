"""What was performed and what was billed, side by side, in the pools in which minutes are counted.

Minutes pool per patient, day, payer and discipline (`pool`); dollars are priced per patient, day and payer (`scope`).
Both are named by the first visit in them. A kept visit without a claim is a pool of its own: its minutes cannot
have been meant by another visit's claim.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit import steps
from everyunit.audit.charges import Charges, rooted
from everyunit.audit.engine import bring, settle
from everyunit.audit.inputs import Inputs
from everyunit.audit.terms import Terms, tariff
from everyunit.frames import polars

REFUSED, UNCOUNTED = 1, 2  # why a pool is shut: refused rows of its record, no counting rule for its day
IN_GROUP = 1 << 20  # each service in a group adds this beside its minutes
LANES = {"PT": 0, "OT": 1, "SLP": 2}  # order of the claims of a day; other disciplines come behind
_TEXTS = ("clinic", "patient_id", "payer_id", "payer_name", "discipline", "clinician_npi", "status")
BEHIND = 1 << 40  # a visit that recorded only the base code of an add-on gives way to one that recorded the add-on
HALF = 510  # places in the record of the first visit of a pool; those of later visits come behind
_NO = nw.lit(0, nw.Int64)
_NULL = nw.lit(None, nw.Int64)


def visits_of(inputs: Inputs, charges: Charges) -> nw.LazyFrame[Any]:
    """Visits with visit_key (rises with visit_id), kept, claimed, and the claim in force that charges each.

    A visit without a status counts as kept; one without a payer takes the payer of its claim; one without a patient
    stands alone.
    """
    visits = inputs.frame("visits").filter(~nw.col("visit_id").is_null() & ~nw.col("service_day").is_null())
    visits = visits.with_row_index("visit_key", order_by="visit_id").with_columns(
        nw.col("visit_key").cast(nw.Int64), *[nw.col(name).fill_null("") for name in _TEXTS]
    )
    winners = charges.winners.filter(nw.col("top")).select(
        "root", "service_day", "claim_payer_id", "claim_payer_name", claim_in_force="claim_id"
    )
    joined = rooted(visits, charges.standing.aliases).join(winners, on=["root", "service_day"], how="left")
    alone = nw.concat_str(nw.lit("?"), nw.col("visit_id"))
    kept = nw.col("status").is_in(["", "kept"])
    unnamed = nw.col("payer_id") == ""
    return joined.with_columns(
        kept=kept,
        claimed=kept & ~nw.col("claim_in_force").is_null(),
        patient_id=nw.when(nw.col("patient_id") == "").then(alone).otherwise(nw.col("patient_id")),
        payer_id=nw.when(unnamed).then(nw.col("claim_payer_id").fill_null("")).otherwise(nw.col("payer_id")),
        payer_name=nw.when(unnamed & (nw.col("payer_name") == ""))
        .then(nw.col("claim_payer_name").fill_null(""))
        .otherwise(nw.col("payer_name")),
        refused=nw.col("visit_id").is_in(refused_visits(inputs)),
    ).drop("claim_payer_id", "claim_payer_name")


def refused_visits(inputs: Inputs) -> list[str]:
    """Visits of whose record rows were refused: in the file that is in force for the visit, or in any where none is.

    A service that does not say which file it came from counts as of the same.
    """
    if inputs.refusals is None:
        return []
    rows = polars(inputs.frame("refusals").filter(~nw.col("visit_id").is_null()).unique())
    if rows.is_empty():
        return []
    services = inputs.frame("services").select("visit_id", in_force="source_id").filter(~nw.col("visit_id").is_null())
    wanted = bring(rows.select("visit_id").unique(), services)
    held = polars(services.join(wanted, on="visit_id", how="inner").unique())
    joined = rows.join(held, on="visit_id", how="left")
    same = pl.col("in_force").is_null() | (pl.col("in_force") == pl.col("source_id"))
    return sorted(joined.filter(same)["visit_id"].unique())


def pooled(visits: nw.LazyFrame[Any], terms: Terms) -> nw.LazyFrame[Any]:
    """The kept visits with scope, pool, payer_no, cms, tariff, lane (0 PT, 1 OT, 2 SLP, 3 other) and shut.

    `shut`: why the units of the pool are not judged (REFUSED, UNCOUNTED), 0 where they are.
    """
    kept = visits.filter(nw.col("kept"))
    for small, on in (
        (terms.payers, ["payer_id", "payer_name"]),
        (terms.places, ["clinic"]),
        (terms.periods, ["service_day"]),
    ):
        kept = kept.join(bring(small, kept), on=on, how="inner")
    lane = nw.lit(3, nw.Int64)
    for name, number in LANES.items():
        lane = nw.when(nw.col("discipline") == name).then(number).otherwise(lane)
    scope = nw.col("visit_key").min().over("patient_id", "payer_id", "service_day")
    contracts = not terms.agreed.is_empty()
    if contracts:
        kept = kept.join(bring(terms.agreed, kept), on=["payer_no", "place", "service_day"], how="left")
    kept = kept.with_columns(scope=scope, lane=lane.cast(nw.Int64), tariff=tariff(contracts))
    shared = nw.col("visit_key").min().over("scope", "discipline", "claimed")
    kept = kept.with_columns(pool=nw.when(nw.col("claimed")).then(shared).otherwise(nw.col("visit_key")))
    shut = (
        nw.when(~nw.col("counted")).then(UNCOUNTED).otherwise(nw.when(nw.col("refused")).then(REFUSED).otherwise(0))
    )
    return (
        kept.with_columns(_shut=shut).with_columns(shut=nw.col("_shut").max().over("pool")).drop("_shut", "counted")
    )


def items(
    inputs: Inputs, charges: Charges, visits: nw.LazyFrame[Any], shelf: pl.DataFrame, pairs: steps.Pairs
) -> nw.LazyFrame[Any]:
    """One row a pool and code: minutes, grouped, performed, missing, stated, seq, by_visit; billed, odd, list_cents,
    line, on_visit.

    `by_visit` recorded the code first, `on_visit` bears the claim that bills it. Minutes of group mode do not count.
    """
    done = performed(inputs, visits, shelf)
    parts = [done, *steps_of(done, pairs), billed(charges, visits, shelf)]
    summed = nw.concat(parts, how="vertical").group_by("pool", "rank").agg(
        nw.col("minutes").sum(), nw.col("grouped").sum(), nw.col("performed").max(), nw.col("missing").max(),
        nw.col("stated").max(), nw.col("seq").min(), nw.col("by_visit").min(), nw.col("billed").sum(),
        nw.col("odd").max(), nw.col("list_cents").sum(), nw.col("line").min(), nw.col("on_visit").min(),
    )  # fmt: skip
    columns = ("rank", "timed", "monthly", "known", "mpu", "family", "allowed")
    shape = bring(shelf.select(*columns).with_columns(timed=pl.col("timed") & ~pl.col("monthly")), summed)
    bears = (nw.col("billed") > 0) | nw.col("by_visit").is_null()
    summed = summed.with_columns(on_visit=nw.when(bears).then(nw.col("on_visit")))
    return summed.with_columns(by_visit=nw.col("by_visit") % BEHIND).join(shape, on="rank", how="inner")


def performed(inputs: Inputs, visits: nw.LazyFrame[Any], shelf: pl.DataFrame) -> nw.LazyFrame[Any]:
    """One row a service of a kept visit, as numbers. `stated`: days or minutes of a period that `remote` judges."""
    services = inputs.frame("services").filter(~nw.col("code").is_null())
    services = services.join(visits.select("visit_id", "visit_key", "pool"), on="visit_id", how="inner")
    services = services.join(
        bring(shelf.select("code", "rank", "timed", "monthly"), services), on="code", how="inner"
    )
    alone = nw.col("mode").fill_null("") != "group"
    unknown = nw.col("timed") & alone & nw.col("minutes").is_null()
    later = nw.when(nw.col("visit_key") > nw.col("pool")).then(HALF).otherwise(0)
    return services.select(
        "pool", "rank",
        minutes=nw.when(alone).then(nw.col("minutes").fill_null(0)).otherwise(0),
        grouped=nw.when(alone).then(0).otherwise(nw.col("minutes").fill_null(0) + IN_GROUP).cast(nw.Int64),
        performed=nw.lit(1, nw.Int64),
        missing=nw.when(unknown).then(1).otherwise(0).cast(nw.Int64),
        stated=nw.when(nw.col("monthly") | ~nw.col("data_days").is_null()).then(1).otherwise(0).cast(nw.Int64),
        seq=nw.min_horizontal(nw.col("seq").fill_null(0), nw.lit(HALF - 1, nw.Int64)) + later,
        by_visit=nw.col("visit_key"),
        billed=_NO, odd=_NO, list_cents=_NO, line=_NULL, on_visit=_NULL,
    )  # fmt: skip


def steps_of(done: nw.LazyFrame[Any], pairs: steps.Pairs) -> list[nw.LazyFrame[Any]]:
    """Rows, empty of minutes, of the add-ons that units may move to."""
    return [
        done.filter(nw.col("rank") == base).with_columns(
            rank=nw.lit(target, nw.Int64),
            minutes=_NO,
            grouped=_NO,
            performed=_NO,
            missing=_NO,
            stated=_NO,
            seq=nw.lit(steps.LAST, nw.Int64),
            by_visit=nw.col("by_visit") + BEHIND,
        )
        for base, target in pairs
    ]


def billed(charges: Charges, visits: nw.LazyFrame[Any], shelf: pl.DataFrame) -> nw.LazyFrame[Any]:
    """One row a charge in force that joins a kept visit by claim and day, as numbers.

    Where one claim charges several pools of a day, the lines go by the discipline their modifiers name, else to the
    first of them.
    """
    lines = charges.lines.join(bring(shelf.select("code", "rank"), charges.lines), on="code", how="inner")
    both = placed(lines, visits, ("rank", "units", "odd", "list_cents", "line"))
    return both.select(
        "pool", "rank", minutes=_NO, grouped=_NO, performed=_NO, missing=_NO, stated=_NO,
        seq=nw.lit(steps.LAST, nw.Int64), by_visit=_NULL,
        billed=nw.col("units"), odd=nw.col("odd").cast(nw.Int64), list_cents=nw.col("list_cents"),
        line=nw.col("line").cast(nw.Int64), on_visit=nw.col("on_visit"),
    )  # fmt: skip


def placed(lines: nw.LazyFrame[Any], visits: nw.LazyFrame[Any], columns: tuple[str, ...]) -> nw.LazyFrame[Any]:
    """Lines (root, service_day, discipline) that join a kept visit by claim and day: `columns`, pool and on_visit."""
    claimed = visits.filter(nw.col("claimed"))
    lanes = claimed.group_by("root", "service_day", "discipline").agg(
        nw.col("pool").min().alias("lane_pool"), nw.col("visit_key").min().alias("lane_visit")
    )
    pools = claimed.with_columns(_first=nw.col("pool").min().over("root", "service_day"))
    days = settle(pools.group_by("root", "service_day").agg(
        nw.col("pool").min().alias("pool"), nw.col("pool").max().alias("last_pool"),
        nw.when(nw.col("pool") == nw.col("_first")).then(nw.col("visit_key")).min().alias("on_visit"),
    ))  # fmt: skip
    one = lines.join(days.filter(nw.col("pool") == nw.col("last_pool")), on=["root", "service_day"], how="inner")
    many = lines.join(days.filter(nw.col("pool") != nw.col("last_pool")), on=["root", "service_day"], how="inner")
    many = many.join(lanes, on=["root", "service_day", "discipline"], how="left").with_columns(
        pool=nw.coalesce(nw.col("lane_pool"), nw.col("pool")),
        on_visit=nw.coalesce(nw.col("lane_visit"), nw.col("on_visit")),
    )
    wanted = (*columns, "pool", "on_visit")
    return nw.concat([one.select(*wanted), many.select(*wanted)], how="vertical")
