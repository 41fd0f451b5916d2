"""Do a day's units of a timed code pass the ceiling that the payer edits against?

Units count that one provider gave: on a professional claim the therapists of one discipline, on an institutional one
the house. Indicator 1 counts a line, 2 a day without exception, 3 a day unless the record supports more. Where
several visits of a day pass it together, each gives back what of its own units lies above. Untimed codes over their
ceiling are `untimed_repeated`; of a code that counts once a month (98980) the dollars stand with `remote_repeated`.
Outside its quarter a ceiling is carried and the finding says so.

A payer's own limits stand in practice.toml: `ceilings` of a code a day, in place of the official ones, and
`units_a_day` of all timed codes together; what the lines bear beyond that, in their order, lies above.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit.checks import COUNTED, PSEUDO
from everyunit.audit.engine import bring
from everyunit.audit.facts import Facts
from everyunit.audit.hits import day_words, nothing, of_its_day, seen, side, told, trait, with_codes
from everyunit.audit.months import FIRST
from everyunit.rulebook.practice import FILE

_LINE, _UNLESS = 1, 3
_WORDS = {1: "a line", 2: "a day", 3: "a day unless the record supports more"}
_DAY = ("patient_id", "service_day")
FIRM = "Correct the claim to the ceiling; the payer makes no exception."
LOOSE = "Correct the claim to the ceiling; if the note shows more, keep it at hand, for the payer asks."
OWN_FIX = "Correct the claim to what the payer pays, or ask it for more before the care."


def units(facts: Facts) -> pl.DataFrame:
    """ceiling_over: units above the ceiling come off."""
    parts = [_official(facts) if facts.federal else nothing(), *_agreed(facts)]
    return pl.concat([part for part in parts if part.height] or [nothing()], how="diagonal")


def _timed(facts: Facts) -> nw.LazyFrame[Any]:
    """Lines with units, of timed codes and of claims without a visit, and of codes timed by the month."""
    alone = nw.col("visit_id").str.starts_with(PSEUDO)
    of_month = nw.col("code").is_in(sorted(facts.book.monthly))
    return facts.lines.filter((nw.col("timed") | of_month | alone) & (nw.col("units") > 0))


def _official(facts: Facts) -> pl.DataFrame:
    held = facts.book.ceilings.filter(pl.col("ceiling") > 0)
    lines = _timed(facts).filter(nw.col("federal"))
    own = _own(facts)
    if not own.is_empty():
        lines = lines.join(bring(own.select("payer_no", "code"), lines), on=["payer_no", "code"], how="anti")
    by_day = nw.col("units").sum().over(*_DAY, "side", "code")
    lines = with_codes(lines, held).filter(of_its_day()).with_columns(side=side())
    lines = lines.with_columns(day_units=by_day)
    single = nw.col("indicator") == _LINE
    passed = nw.when(single).then(nw.col("units")).otherwise(nw.col("day_units")) > nw.col("ceiling")
    rows = _shared(seen(lines.filter(passed)))
    count = pl.when(pl.col("indicator") == _LINE).then("units").otherwise("day_units")
    unknown = ~pl.col("service_day").is_between("known_from", "known_to")
    asof = pl.format(" (as of {}, unchecked)", day_words("known_from"))
    carried = pl.when(unknown).then(asof).otherwise(pl.lit(""))
    what = pl.col("indicator").replace_strict(_WORDS, return_dtype=pl.String)
    message = pl.format("{} stands with {} units; the ceiling is {} {}{}.", "code", count, "ceiling", what, carried)
    message = pl.concat_str(message, pl.when(_once(facts)).then(pl.lit(COUNTED)).otherwise(pl.lit("")))
    fix = pl.when(pl.col("indicator") == _UNLESS).then(pl.lit(LOOSE)).otherwise(pl.lit(FIRM))
    return told(
        rows, "ceiling_over", message, fix, units_off=pl.col("above"), billed_units=count,
        earned_units=pl.col("ceiling"), checked=~unknown, source=pl.col("source"),
        cents=pl.when(_once(facts)).then(pl.lit(0, pl.Int64)),
    )  # fmt: skip


def _once(facts: Facts) -> pl.Expr:
    """Whether a code counts once in a calendar month."""
    remote = trait(facts, "remote")
    return pl.col("code").is_in(remote.filter(pl.col("remote").is_in(FIRST))["code"].to_list())


def _own(facts: Facts) -> pl.DataFrame:
    """payer_no, code, ceiling of practice.toml."""
    rows = [(number, *limit) for number, terms in enumerate(facts.named) for limit in sorted(terms.ceilings.items())]
    schema = {"payer_no": pl.Int64, "code": pl.String, "ceiling": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _agreed(facts: Facts) -> list[pl.DataFrame]:
    """What lies above the payers' own limits: of a code, and of all timed units of a day less what that takes off."""
    own = _own(facts)
    whole = [(number, terms.day_units) for number, terms in enumerate(facts.named) if terms.day_units]
    most = pl.DataFrame(whole, schema={"payer_no": pl.Int64, "most": pl.Int64}, orient="row")
    if own.is_empty() and most.is_empty():
        return []
    payers = pl.concat([own.select("payer_no"), most.select("payer_no")]).unique()
    lines = _timed(facts)
    lines = lines.join(bring(payers, lines), on="payer_no", how="inner")
    wanted = ("visit_id", "claim_id", "claim_key", "line", "code", "units", "timed", "payer_no", "payer_name", *_DAY)
    rows = seen(lines.select(*wanted)).sort(*_DAY, "payer_no", "claim_key", "line")
    rows = rows.join(own, on=["payer_no", "code"], how="left", maintain_order="left")
    rows = rows.join(most, on="payer_no", how="left", maintain_order="left")
    rows = _beyond(rows, "ceiling", "units", "code").rename({"beyond": "above"})
    rows = rows.with_columns(left=pl.when("timed").then(pl.col("units") - pl.col("above")).otherwise(0))
    rows = _beyond(rows, "most", "left").rename({"beyond": "past"})
    code_units = pl.col("units").sum().over(*_DAY, "payer_no", "code")
    day_units = pl.col("units").filter("timed").sum().over(*_DAY, "payer_no")
    rows = rows.with_columns(code_units=code_units, day_units=day_units, off=pl.col("above") + pl.col("past"))
    over = rows.filter(pl.col("off") > 0)
    one = pl.format("{} stands with {} units; {} pays {} a day.", "code", "code_units", "payer_name", "ceiling")
    day = pl.format("The day stands with {} timed units; {} pays {}: {} of {} lie above.", "day_units", "payer_name",
                    "most", "past", "code")  # fmt: skip
    message = pl.when(pl.col("above") > 0).then(one).otherwise(day)
    return [told(over, "ceiling_over", message, OWN_FIX, units_off=pl.col("off"), billed_units=pl.col("units"),
                 earned_units=pl.col("units") - pl.col("off"), source=pl.lit(FILE),
                 cents=pl.when(_once(facts)).then(pl.lit(0, pl.Int64)))]  # fmt: skip


def _beyond(rows: pl.DataFrame, limit: str, units: str, *more: str) -> pl.DataFrame:
    """Adds beyond: of the units of a line those that lie past the limit when the lines of the day are added up."""
    so_far = pl.col(units).cum_sum().over(*_DAY, "payer_no", *more)
    past = so_far - pl.max_horizontal(pl.col(limit), so_far - pl.col(units))
    return rows.with_columns(beyond=pl.when(pl.col(limit).is_null()).then(0).otherwise(past.clip(0)))


def _shared(rows: pl.DataFrame) -> pl.DataFrame:
    """Lines and, of a day's ceiling, visits that stand above it, with the units that do (`above`)."""
    single = rows.filter(pl.col("indicator") == _LINE).with_columns(above=pl.col("units") - pl.col("ceiling"))
    day = rows.filter(pl.col("indicator") > _LINE).with_columns(
        visit_units=pl.col("units").sum().over("visit_id", "side", "code")
    )
    day = day.unique(["visit_id", "side", "code"], keep="first", maintain_order=True)
    so_far = pl.col("visit_units").cum_sum().over(*_DAY, "side", "code")
    before = pl.max_horizontal("ceiling", so_far - pl.col("visit_units"))
    day = day.with_columns(above=so_far - before).filter(pl.col("above") > 0)
    supported = (pl.col("indicator") == _UNLESS) & pl.col("recorded") & (pl.col("earned") >= pl.col("day_units"))
    return pl.concat([single, day.filter(~supported).select(single.columns)])
