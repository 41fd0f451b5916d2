"""What the pages of remittances show: the list that can be narrowed, and one remittance with its proof."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.frames import polars
from everyunit.ledger import Ledger
from everyunit.receivables.wording import CLEARS
from everyunit.services.home import open_home
from everyunit.services.receivables import Receivables, receivables
from everyunit.services.remits import file_names

Row = dict[str, Any]
PAGE = 50
CLAIMS = 300
LOOK_FOR = ("missing", "short", "over", "unclear")
SHOWS = ("faults", "alone", "money", "reversals")
GROUPS = ("CO", "PR", "OA", "PI", "CR")
_REMIT = ["source_id", "transaction"]


@dataclass(frozen=True)
class RemitsPage:
    """One page of the list; `counts` by what can be shown, `cents` the payments of all that fit."""

    rows: list[Row]
    counts: dict[str, int]
    payers: dict[str, str]
    total: int
    cents: int
    page: int
    pages: int


@dataclass(frozen=True)
class RemitPage:
    """One remittance: its sums, the claims in it, what was taken off by group, and what fails or stands alone."""

    remit: Row
    file: str
    claims: list[Row]
    more: int
    groups: dict[str, int]
    faults: list[Row]
    reversals: list[Row]
    withheld: list[Row]
    money: Row
    deposits: list[Row]
    clears: str


def remits_page(home: str | Path, show: str = "", payer: str = "", words: str = "", page: int = 1) -> RemitsPage:
    """The remittances, the newest first; a page number beyond the last gives the last."""
    every = _listed(receivables(home))
    tests = {"faults": pl.col("faults") > 0, "alone": pl.col("alone") > 0, "reversals": pl.col("reversals") > 0,
             "money": pl.col("state").is_in(LOOK_FOR)}  # fmt: skip
    counts = {name: int(every.select(test.sum()).item() or 0) for name, test in tests.items()}
    found = every.filter(tests[show]) if show in tests else every
    if payer:
        found = found.filter(pl.col("payer_id") == payer)
    if words:
        sought = words.strip().upper()
        found = found.filter(pl.col("trace").fill_null("").str.to_uppercase().str.contains(sought, literal=True))
    pages = max(1, -(-found.height // PAGE))
    here = min(max(page, 1), pages)
    names = every.select("payer_id", "payer_name").unique().sort("payer_name", "payer_id").rows()
    return RemitsPage(
        found.slice((here - 1) * PAGE, PAGE).to_dicts(), counts, {one: name or one for one, name in names if one},
        found.height, int(found["amount_cents"].fill_null(0).sum()), here, pages,
    )  # fmt: skip


def _listed(held: Receivables) -> pl.DataFrame:
    money = held.scan("expected").select(*_REMIT, "state", "deposit_day", deposit_off="off_cents")
    parts = [
        held.scan(name).filter(pl.col("words").is_not_null()).select(_REMIT) for name in ("reversals", "recoupments")
    ]
    alone = pl.concat(parts).group_by(_REMIT).agg(pl.len().alias("alone"))
    sums = held.scan("remit_sums").join(money, on=_REMIT, how="left", maintain_order="left")
    joined = sums.join(alone, on=_REMIT, how="left", maintain_order="left").with_columns(pl.col("alone").fill_null(0))
    name = pl.concat_str("source_id", pl.lit("-"), "transaction")
    return polars(joined.with_columns(remit=name, proved=pl.col("faults") == 0))


def remit_page(home: str | Path, remit: str) -> RemitPage | None:
    """The remittance of this number (digits of its file, a hyphen, its transaction); None where there is none."""
    source, _, transaction = remit.rpartition("-")
    if not (transaction.isascii() and transaction.isdigit() and len(transaction) < 9):
        return None
    ledger, held = open_home(home), receivables(home)
    ours = (pl.col("source_id") == source) & (pl.col("transaction") == int(transaction))
    sums = held.scan("remit_sums").filter(ours).collect().to_dicts()
    if not sums:
        return None
    faults = held.scan("faults").filter(ours).sort("segment").collect()
    links = held.scan("links").filter(ours).rename({"source_id": "remit_source"})
    on = {"left_on": ["deposit_source_id", "deposit_row"], "right_on": ["source_id", "row"]}
    deposits = polars(links.join(held.scan("banked"), **on).sort("day"))  # type: ignore[arg-type]
    claims = _claims(ledger, held, ours, faults)
    return RemitPage(
        remit={**sums[0], "remit": remit},
        file=file_names(ledger).get(source, ""),
        claims=claims.head(CLAIMS).to_dicts(),
        more=max(claims.height - CLAIMS, 0),
        groups=_groups(ledger, ours),
        faults=faults.to_dicts(),
        reversals=held.scan("reversals").filter(ours).collect().to_dicts(),
        withheld=held.scan("recoupments").filter(ours).sort("segment", "ordinal").collect().to_dicts(),
        money=held.scan("expected").filter(ours).collect().row(0, named=True),
        deposits=deposits.to_dicts(),
        clears=CLEARS,
    )


def _claims(ledger: Ledger, held: Receivables, ours: pl.Expr, faults: pl.DataFrame) -> pl.DataFrame:
    """The claims of the remittance in its order, those whose sums fail first."""
    wrong = faults.filter(pl.col("claim").is_not_null()).group_by("claim").agg(pl.len().alias("failing"))
    turns = held.scan("decisions").filter(ours).select("claim", "turn", "stands", "early", "prior_cents")
    rows = ledger.scan("remit_claims").filter(ours)
    joined = rows.join(turns, on="claim", how="left").join(wrong.lazy(), on="claim", how="left")
    joined = joined.with_columns(pl.col("failing").fill_null(0))
    return polars(joined.sort(pl.col("failing") == 0, "claim"))


def _groups(ledger: Ledger, ours: pl.Expr) -> dict[str, int]:
    """Cents taken off by adjustment group, the usual groups in their order."""
    taken = ledger.scan("adjustments").filter(ours & (pl.col("side") == "835"))
    sums = dict(taken.group_by("group_code").agg(pl.col("amount_cents").fill_null(0).sum()).collect().rows())
    return {group: sums[group] for group in (*GROUPS, *sorted(set(map(str, sums)) - set(GROUPS))) if sums.get(group)}
