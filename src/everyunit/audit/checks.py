"""The checks of visits and claims: which there are, how they are run, and how what they see becomes findings.

A check is a function of `Facts` (see `facts`) in a file named after its rule. It gives rows in the columns of HITS
and never raises for what the facts say. DAY checks see all visits of some days; COURSE checks see all days of some
patients; PRACTICE checks see everything (they group before they look closer).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit import worth
from everyunit.audit.day import Day
from everyunit.audit.engine import bring, collect, settle
from everyunit.audit.facts import Facts
from everyunit.audit.inputs import FINDINGS
from everyunit.audit.taken import taken
from everyunit.audit.wording import given_back
from everyunit.days import iso
from everyunit.frames import conform, table
from everyunit.rulebook import Book
from everyunit.rulebook.uses import unchecked

Check = Callable[[Facts], pl.DataFrame]
COUNTED = " Its dollars stand with the finding that takes these units off the day."
PSEUDO = "~"  # begins the visit_id of a claim's day for which no visit was brought

HITS = table(
    "hits", "what one check saw", "visit_id code kind",
    "visit_id text Visit whose claim or record it is about; empty for a hit on a clinician's practice",
    "kind text One of `everyunit book kinds`",
    "code text Procedure code; empty where it is about the visit or the claim",
    "claim_id text Number of the claim; null: the visit's",
    "line int Line of the claim, null where none",
    "billed_units int:units Units on the claim",
    "earned_units int:units Units that are right; null where not judged",
    "units_off int:units Units of the code that the change takes off that day (below 0: adds); valued of DAY checks",
    "cents int:cents Cents at stake where the check knows them itself; null: by units_off, else 0",
    "risk_cents int:cents What depends on it; null: 0",
    "message text What was seen and what the book says",
    "fix text What clears it",
    "source text Beside the kind's own source; null where nothing is to add",
    "checked flag False where a value was used that was not seen at its source; null: true",
    "clinic text Only for hits without a visit",
    "clinician_npi text Only for hits without a visit",
    "service_day day Only for hits without a visit: last day of the span looked at",
    "discipline text Only for hits without a visit",
)  # fmt: skip
_KEY = ["visit_id", "code", "kind", "clinician_npi", "service_day"]
_SUMMED = ("billed_units", "earned_units", "units_off", "cents", "risk_cents")
_VISIT = ("clinic", "clinician_npi", "payer_id", "payer_name", "discipline")


def run(checks: Sequence[Check], facts: Facts) -> pl.DataFrame:
    """What the checks see, one row a visit, code and kind.

    Several lines of a code stand under the lowest of them with their numbers added up; what is said of a whole visit
    is said once.
    """
    seen = [conform(hits, HITS) for hits in (check(facts) for check in checks) if hits.height]
    if not seen:
        return HITS.empty()
    rows = pl.concat(seen)
    rows = rows.sort(*_KEY, "line", "claim_id", nulls_last=True, maintain_order=True)
    rows = rows.unique([*_KEY, "line", "claim_id"], keep="first", maintain_order=True)
    lines = pl.col("code") != ""
    rows = rows.with_columns(
        pl.when(lines & pl.col(name).is_not_null().any().over(_KEY))
        .then(pl.col(name).sum().over(_KEY))
        .otherwise(name)
        for name in _SUMMED
    ).with_columns(pl.col("checked").fill_null(True).all().over(_KEY))
    return rows.unique(_KEY, keep="first", maintain_order=True)


def valued(hits: pl.DataFrame, day: Day) -> pl.DataFrame:
    """Hits with `cents` of those that state units_off: the patient's whole day with the change, less without.

    Units that a finding of units already takes off the code bear their dollars there, and none here.
    """
    aimed = hits.with_row_index("_hit").filter(pl.col("cents").is_null() & (pl.col("units_off").fill_null(0) != 0))
    if aimed.is_empty():
        return hits
    ranked = aimed.join(day.shelf.select("code", "rank"), on="code")
    small = ranked.select("_hit", "visit_id", "rank", "units_off").cast({"_hit": pl.Int64})
    pools = day.kept.select("visit_id", "pool")
    sought = bring(small, day.kept).join(pools, on="visit_id", how="inner")
    rows = day.rows.join(sought, on=["pool", "rank"], how="inner")
    off = nw.when(nw.col("units_off") > 0).then(
        nw.max_horizontal(nw.col("units_off") - taken(), nw.lit(0, nw.Int64))
    ).otherwise(nw.col("units_off"))  # fmt: skip
    rows = rows.with_columns(target=nw.max_horizontal(nw.col("billed") - off, nw.lit(0)), took=taken())
    rows = settle(rows)
    priced = collect(worth.change_of_code(day.rows, rows).select("_hit", "cents", "took"), ["_hit"])
    priced = priced.unique("_hit", keep="first").select(pl.col("_hit").cast(pl.UInt32), "took", found="cents")
    joined = hits.with_row_index("_hit").join(priced, on="_hit", how="left", maintain_order="left")
    elsewhere = (pl.col("took") >= pl.col("units_off")) & (pl.col("units_off") > 0)
    said = pl.when(elsewhere).then(pl.concat_str("message", pl.lit(COUNTED))).otherwise("message")
    return joined.with_columns(pl.coalesce("cents", "found").alias("cents"), message=said).drop(
        "_hit", "found", "took"
    )


def findings_of_hits(hits: pl.DataFrame, visits: nw.LazyFrame[Any], book: Book, sent: bool = False) -> pl.DataFrame:
    """Hits as FINDINGS; `visits` bear visit_id, service_day, claim_id and whose they are.

    Of claims that were `sent`, what is over-billed says by when it goes back.
    """
    if hits.is_empty():
        return FINDINGS.empty()
    sought = visits.join(bring(hits.select("visit_id").unique(), visits), on="visit_id", how="inner")
    columns = ["visit_id", "service_day", "claim_id", "federal", *_VISIT]
    known = collect(sought.select(columns), columns).unique("visit_id", keep="first")
    rows = hits.join(known, on="visit_id", how="left", suffix="_known")
    for name in ("claim_id", "service_day", "clinic", "clinician_npi", "discipline"):
        rows = rows.with_columns(pl.coalesce(name, f"{name}_known").alias(name))
    kinds = [(k.kind, k.direction, k.owner_role, k.rule, k.source, k.checked) for k in book.kinds().values()]
    headed = ["kind", "direction", "owner_role", "rule", "kind_source", "kind_checked"]
    rows = rows.join(pl.DataFrame(kinds, schema=headed, orient="row"), on="kind")
    more = pl.when(pl.col("source").fill_null("") == "").then(pl.lit("")).otherwise(pl.format("; {}", "source"))
    untaken = pl.col("cents").is_null() & (pl.col("units_off").fill_null(0) != 0)
    rows = rows.with_columns(
        cents_at_stake=pl.when(untaken).then(None).otherwise(pl.col("cents").fill_null(0)),
        at_risk_cents=pl.col("risk_cents").fill_null(0),
        source=pl.concat_str("kind_source", more),
        checked=pl.col("kind_checked") & pl.col("checked").fill_null(True) & ~unchecked(book.shelf),
        billed_units=pl.col("billed_units").fill_null(0),
        **{name: pl.col(name).fill_null("") for name in ("claim_id", "clinic", "clinician_npi", "payer_id")},
    )
    back = pl.lit(sent) & (pl.col("direction") == "over") & (pl.col("cents_at_stake") < 0)
    clock = pl.when(back.fill_null(False)).then(given_back()).otherwise(pl.lit(""))
    rows = rows.with_columns(fix=pl.concat_str("fix", clock))
    return conform(_named(rows).with_columns(past_limit=False), FINDINGS).sort("visit_id", "code", "kind")


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds finding_id and the day as text; a claim's day without a visit loses the name made for it."""
    keys = rows.select("visit_id", "code", "kind", "clinician_npi", "service_day").rows()
    names = [finding_name(*key) for key in keys]
    dates = {number: iso(number) for number in rows["service_day"].drop_nulls().unique()}
    visit = pl.when(pl.col("visit_id").str.starts_with(PSEUDO)).then(pl.lit("")).otherwise("visit_id")
    return rows.with_columns(
        pl.Series("finding_id", names, pl.String),
        pl.col("service_day").replace_strict(dates, default=None, return_dtype=pl.String).alias("date_of_service"),
        visit.alias("visit_id"),
    )


def finding_name(visit_id: str, code: str, kind: str, clinician: str = "", day: int | None = None) -> str:
    """The name that stays: sixteen digits of visit, code and kind; of the practice's findings with whom and when."""
    parts = (visit_id, code, kind) if visit_id else ("", code, kind, clinician, str(day))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
