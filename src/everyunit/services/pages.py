"""What each page of the web door shows, ready to be laid out. Figures come from the audit; nothing is judged here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.measures.gates import GAPS, GATES, Gates, Part, gates
from everyunit.services.asked import Asked, cut_findings, cut_visits, in_period
from everyunit.services.export import csv_text
from everyunit.services.held import Held, NotJudged, held
from everyunit.services.receivables import Receivables, at_hand

__all__ = [
    "GATES", "Asked", "Gates", "Held", "Listed", "NotJudged", "Part", "Sums",
    "findings_csv", "findings_page", "held", "practice_page", "shortlist", "visits_page",
]  # fmt: skip

PAGE = 50


@dataclass(frozen=True)
class Sums:
    """Both ways at once, in cents. `back_cents` is negative or zero, `past_cents` of the gain no payer takes now.

    `mend_cents` is what payers would refuse of a claim as it stands, `document_cents` what hangs on the record.
    """

    rows: int
    gain_rows: int
    gain_cents: int
    past_cents: int
    back_rows: int
    back_cents: int
    mend_rows: int
    mend_cents: int
    document_rows: int
    document_cents: int


@dataclass(frozen=True)
class OpenMonths:
    """Billed visits of a period that no remit has answered, and what they are expected to bring."""

    visits: int
    waiting: int
    waiting_cents: int


@dataclass(frozen=True)
class Listed:
    """One page of a list: its rows, the sums over all pages, and where it stands.

    `beside` are the sums of the same period and places with every kind and way, so that no list stands one-sided.
    """

    rows: list[dict[str, Any]]
    sums: Sums
    beside: Sums
    page: int
    pages: int
    total: int


def practice_page(home: str | Path, asked: Asked) -> tuple[Held, Gates, OpenMonths]:
    """The four gates of what is asked for, and what is still open in them."""
    state = held(home)
    bank = None if asked.clinic or asked.clinician else at_hand(home)
    made = _gates(_Key(state), asked, bank)
    waiting = next(part for part in made.parts if part.gap == "no_remit")
    return state, made, OpenMonths(made.charged_visits, waiting.rows, waiting.cents)


class _Key:
    """A state of a home as a key: equal where the home's files are."""

    def __init__(self, state: Held) -> None:
        self.state = state

    def __hash__(self) -> int:
        return hash(self.state.state)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.state is self.state


@lru_cache(maxsize=64)
def _gates(key: _Key, asked: Asked, bank: Receivables | None) -> Gates:
    state = key.state
    place = _place(asked)
    cut = (cut_visits(state.visits, place), cut_findings(state.findings, place), _remits(state, asked))
    return gates(*cut, banked=_banked(bank, asked))


def _banked(bank: Receivables | None, asked: Asked) -> pl.DataFrame | None:
    """The payments of the period that money was looked for; None where no deposits were brought."""
    if bank is None or not bank.scan("banked").select(pl.len()).collect().item():
        return None
    tests = [*in_period("day", asked), pl.col("state") != "not_needed"]
    if asked.payer:
        tests.append(pl.col("payer_id") == asked.payer)
    found = bank.scan("expected").filter(pl.all_horizontal(tests))
    return found.select("state", "amount_cents", "off_cents").collect()


def _place(asked: Asked) -> Asked:
    """The same period and places, every kind and way."""
    return replace(asked, kinds=(), direction="", gate="", way="", gap="", words="", sort="dollars")


def _remits(state: Held, asked: Asked) -> pl.DataFrame:
    tests = in_period("paid_day", asked)
    if asked.payer:
        tests.append(pl.col("payer_id") == asked.payer)
    return state.remits.filter(pl.all_horizontal(tests)) if tests else state.remits


def shortlist(state: Held, asked: Asked, way: str, rows: int = 5) -> tuple[list[dict[str, Any]], Sums]:
    """The findings of one way with the most dollars, and the sums of all of that way."""
    found = cut_findings(state.findings, replace(asked, way=way, sort="dollars"))
    return found.head(rows).to_dicts(), sums(found)


def sums(found: pl.DataFrame) -> Sums:
    """Counts and cents of findings, both ways, to mend and to document."""
    stake = pl.col("cents_at_stake").fill_null(0)
    gain, back, mend, document = (pl.col("way") == way for way in ("gain", "back", "mend", "document"))
    risk = pl.col("at_risk_cents").fill_null(0)
    row = found.select(
        rows=pl.len(),
        gain_rows=gain.sum(),
        gain_cents=stake.filter(gain).sum(),
        past_cents=stake.filter(gain & pl.col("past_limit")).sum(),
        back_rows=back.sum(),
        back_cents=stake.filter(back).sum(),
        mend_rows=mend.sum(),
        mend_cents=risk.filter(mend).sum(),
        document_rows=document.sum(),
        document_cents=risk.filter(document).sum(),
    ).row(0, named=True)
    return Sums(**{name: int(value) for name, value in row.items()})


def findings_page(home: str | Path, asked: Asked, page: int) -> tuple[Held, Listed]:
    """One page of the findings asked for. A page number beyond the last gives the last."""
    state = held(home)
    found = cut_findings(state.findings, asked)
    every = cut_findings(state.findings, _place(asked))
    return state, _listed(found, sums(found), sums(every), page)


def findings_csv(home: str | Path, asked: Asked) -> str:
    """The findings asked for, all of them, as CSV without formulas."""
    return csv_text(cut_findings(held(home).findings, asked).drop("way"))


def visits_page(home: str | Path, asked: Asked, page: int) -> tuple[Held, Listed]:
    """One page of visits with what each earned, was charged and was paid; `gap` and `words` narrow it."""
    state = held(home)
    frame = cut_visits(state.visits, asked)
    if asked.gap == "reduced":  # a visit that is paid below may be reduced too
        frame = frame.filter(pl.col("reduced_cents") > 0).with_columns(gap_cents="reduced_cents")
    elif asked.gap in GAPS:
        frame = frame.filter(pl.col("gap") == asked.gap)
    if asked.words:
        sought = asked.words.strip().lower()
        fields = [pl.col(name).fill_null("").str.to_lowercase() for name in ("visit_id", "claim_id")]
        frame = frame.filter(pl.any_horizontal(field.str.contains(sought, literal=True) for field in fields))
    total = int(frame.get_column("gap_cents").fill_null(0).sum())
    both = Sums(frame.height, 0, 0, 0, 0, 0, 0, 0, 0, total)
    by = frame.select("gap_cents" if asked.gap else "service_day").with_row_index("at")
    order = by.sort(by.columns[1], descending=True, nulls_last=True, maintain_order=True).get_column("at")
    return state, _listed(frame, both, both, page, order)


def _listed(frame: pl.DataFrame, both: Sums, beside: Sums, page: int, order: pl.Series | None = None) -> Listed:
    pages = max(1, -(-frame.height // PAGE))
    here = min(max(page, 1), pages)
    first = (here - 1) * PAGE
    rows = frame.slice(first, PAGE) if order is None else frame[order.slice(first, PAGE)]
    return Listed(rows.to_dicts(), both, beside, here, pages, frame.height)
