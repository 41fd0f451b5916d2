"""A ledger's facts in parts of some days each, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from everyunit.audit import Inputs

VISITS_AT_ONCE = 400_000
FAR = 1 << 30  # no day of service lies beyond


def spans(inputs: Inputs) -> list[tuple[int, int]]:
    """First and last day of each part, so that a part holds about VISITS_AT_ONCE visits or claims, without a gap."""
    visits, claims = _a_day(inputs.visits.lazy(), "service_day"), _a_day(inputs.claims.lazy(), "first_day")
    both = visits.join(claims, on="day", how="full", coalesce=True)
    busy = pl.max_horizontal(pl.col("n").fill_null(0), pl.col("n_right").fill_null(0))
    days = both.select("day", n=busy).sort("day").collect()
    parted = days.with_columns(part=(pl.col("n").cum_sum() - pl.col("n")) // VISITS_AT_ONCE)
    firsts = parted.group_by("part", maintain_order=True).agg(pl.col("day").min())["day"].to_list()
    if not firsts:
        return [(0, 0)]
    return list(zip([-FAR, *firsts[1:]], [*[day - 1 for day in firsts[1:]], FAR], strict=True))


def _a_day(frame: pl.LazyFrame, day: str) -> pl.LazyFrame:
    return frame.group_by(day=pl.col(day)).agg(pl.len().cast(pl.Int64).alias("n")).drop_nulls()


def parts(inputs: Inputs, within: list[tuple[int, int]]) -> Iterator[Inputs]:
    """The facts of each span; all of them where there is one span only."""
    if len(within) == 1:
        yield inputs
        return
    for first, last in within:
        yield of_days(inputs, first, last)


def of_days(inputs: Inputs, first: int, last: int) -> Inputs:
    """The visits of these days with their services, and the lines of these days."""
    inside = pl.col("service_day").is_between(first, last)
    visits = inputs.visits.lazy().filter(inside).collect()
    ours = visits.lazy().select("visit_id").unique()
    return replace(
        inputs,
        visits=visits,
        services=inputs.services.join(ours, on="visit_id", how="semi"),
        claim_lines=inputs.claim_lines.filter(inside),
    )
