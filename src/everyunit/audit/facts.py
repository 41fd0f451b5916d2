"""What the checks of visits and claims look at: every line in force and every service, with all that is known.

`lines`, one row a line of a claim in force that charges a kept visit:
- whose: visit_id, patient_id, payer_id, payer_name, payer_no, payer_kind (the book's key), medicare (Part B or a plan
  that stands for it), federal, clinic, clinician_npi, discipline (of the visit), scope, pool, service_day, status_day
- the claim: claim_id, root, claim_key, form (837P, 837I), frequency, original_reference, filing_code, diagnoses,
  place (of service), billing_npi, billing_taxonomy, rendering_npi, rendering_taxonomy, referring_npi,
  prior_authorization, sent_day (on which the first of its claims was made)
- the line: line, code, modifiers (`:GP:59:`: sought as `:59:`), units (0 where not whole),
  charge_cents, pointers, named (the discipline its modifiers name, else empty), price_cents (its share of the day's
  expected allowed amount, null where the book has no price)
- its record: recorded (the visit's record holds the code), minutes, earned (units of the code on that day), taken
  (units that the count of that day takes off by itself), known (the book knows the code), timed (by the minutes of
  its day), rank, and unrecorded (its day's record, or the span of the practice's, has no place for it)

`services`, one row a service of a kept visit: visit_id, patient_id, payer_no, payer_kind, medicare, clinic,
clinician_npi, discipline, scope, pool, service_day, claimed, seq, code, rank, timed, minutes, start_minute and
end_minute (minutes after midnight, null where not on record), mode, performed_by, assistant_minutes, joint_minutes,
data_days, live_contact (both null where not on record).

`visits`, one row a kept visit: the same names, with check_in_minute, check_out_minute, claim_id and claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit import worth
from everyunit.audit.charges import Standing, discipline_named, rooted
from everyunit.audit.day import MEDICARE, Day, recorded_span
from everyunit.audit.engine import bring, settle
from everyunit.audit.findings import is_federal
from everyunit.audit.inputs import Inputs
from everyunit.audit.pool import placed
from everyunit.audit.record import not_recorded
from everyunit.audit.taken import taken
from everyunit.rulebook import Book, PayerTerms, Practice

_CLOCK = r"^[0-2][0-9]:[0-5][0-9]$"
_LINES = 1 << 12  # more than the lines of one claim
WHOSE = (
    "visit_id", "patient_id", "payer_id", "payer_name", "payer_no", "payer_kind", "medicare", "federal", "clinic",
    "clinician_npi", "discipline", "scope", "pool", "service_day",
)  # fmt: skip
_CLAIM = (
    "frequency", "original_reference", "filing_code", "diagnoses", "billing_npi", "billing_taxonomy",
    "rendering_taxonomy", "referring_npi",
)  # fmt: skip
_RECORD = ("recorded", "minutes", "earned", "taken", "known", "timed", "rank", "unrecorded")
LINE = (
    *WHOSE, "claim_id", "root", "claim_key", *_CLAIM, "form", "place", "rendering_npi", "prior_authorization",
    "line", "code", "modifiers", "units", "charge_cents", "pointers", "named", "price_cents", *_RECORD, "sent_day",
)  # fmt: skip
_SERVICE = (
    "seq", "code", "rank", "timed", "minutes", "start_minute", "end_minute", "mode", "performed_by",
    "assistant_minutes", "joint_minutes", "data_days", "live_contact",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """Frames of the module's docstring, the practice's other tables as brought, and the book.

    `named` are the terms of the payers by payer_no; `shelf` the codes by rank, with everything `Book.codes` tells.
    `reaches` is the last day of all the files (epoch day), None where that is not known.
    `occurring` are the codes on lines and services, `medicare` and `federal` say whether any payer is such, as far as
    it is known: a check that could say nothing is over before it begins.
    """

    lines: nw.LazyFrame[Any]
    services: nw.LazyFrame[Any]
    visits: nw.LazyFrame[Any]
    notes: nw.LazyFrame[Any]
    plans: nw.LazyFrame[Any]
    authorizations: nw.LazyFrame[Any]
    readings: nw.LazyFrame[Any]
    codes: pl.DataFrame
    book: Book
    practice: Practice
    named: list[PayerTerms]
    occurring: frozenset[str] | None = None
    medicare: bool = True
    federal: bool = True
    reaches: int | None = None

    def without(self, codes: pl.DataFrame) -> bool:
        """Whether none of these codes (column code) occurs."""
        return self.occurring is not None and self.occurring.isdisjoint(codes["code"].to_list())


def facts_of(day: Day, inputs: Inputs, book: Book, practice: Practice) -> Facts:
    """The facts of one judgement; nothing is computed twice on either engine."""
    payers = _payers(day, book)
    visits = _visits(day, payers)
    return Facts(
        settle(_lines(day, inputs, visits).select(*LINE)),
        settle(_services(day, inputs, visits)),
        visits,
        inputs.frame("notes"),
        inputs.frame("plans"),
        inputs.frame("authorizations"),
        inputs.frame("readings"),
        book.codes(),
        book,
        practice,
        day.terms.named,
        frozenset(day.shelf.filter("occurs")["code"].to_list()),
        bool(payers["medicare"].any()),
        bool(payers["federal"].any()),
        inputs.reaches,
    )


def _payers(day: Day, book: Book) -> pl.DataFrame:
    filing = dict(day.charges.standing.payers.iter_rows())
    rows = []
    for number, terms in enumerate(day.terms.named):
        code = filing.get(terms.id, "")
        kind = book.payer_kind(terms.name, code)
        rows.append((number, kind, kind in MEDICARE, is_federal(terms, code)))
    schema = {"payer_no": pl.Int64, "payer_kind": pl.String, "medicare": pl.Boolean, "federal": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _visits(day: Day, payers: pl.DataFrame) -> nw.LazyFrame[Any]:
    kept = day.kept.join(bring(payers, day.kept), on="payer_no", how="inner")
    kept = with_minutes(kept, check_in_minute="check_in", check_out_minute="check_out").with_columns(
        claim_id=nw.coalesce(nw.col("claim_in_force"), nw.col("claim_id"))
    )
    more = ("visit_key", "root", "claimed", "status", "claim_id", "check_in_minute", "check_out_minute")
    return settle(kept.select(*WHOSE, *more))


def with_minutes(frame: nw.LazyFrame[Any], **times: str) -> nw.LazyFrame[Any]:
    """Adds columns: minutes after midnight of a time written 09:05 or 2026-03-12T09:05 (seconds may follow), else
    null. `times` names the column of each."""
    text = nw.col("_time")
    for name, column in times.items():
        frame = frame.with_columns(_time=nw.col(column).fill_null(""))
        dated = text.str.contains("T", literal=True)
        frame = frame.with_columns(_time=nw.when(dated).then(text.str.slice(11, 5)).otherwise(text.str.slice(0, 5)))
        frame = frame.with_columns(_time=nw.when(text.str.contains(_CLOCK)).then(text))
        hours, minutes = (text.str.slice(at, 2).cast(nw.Int64) for at in (0, 3))
        frame = frame.with_columns(**{name: hours * 60 + minutes})
    return frame.drop("_time")


def _lines(day: Day, inputs: Inputs, visits: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    standing = day.charges.standing
    keys = standing.claims.select("source_id", "claim", "claim_key", "root")
    claims = inputs.frame("claims").select(
        "source_id", "claim", "claim_id", *_CLAIM, claim_place="place_of_service", claim_rendering="rendering_npi",
        claim_authorization="prior_authorization", form="kind",
    )  # fmt: skip
    lines = inputs.frame("claim_lines").filter(~nw.col("service_day").is_null() & ~nw.col("code").is_null())
    lines = lines.with_columns(discipline=discipline_named())
    winners = day.charges.winners.select("root", "service_day", "claim_key")
    lines = lines.join(keys, on=["source_id", "claim"], how="inner")
    lines = lines.join(winners, on=["root", "service_day", "claim_key"], how="inner")
    columns = (
        "source_id", "claim", "claim_key", "root", "line", "code", "modifiers", "units", "charge_cents", "pointers",
        "place_of_service", "prior_authorization", "rendering_npi", "named",
    )  # fmt: skip
    lines = placed(lines.with_columns(named=nw.col("discipline")), day.kept, columns)
    lines = lines.join(claims, on=["source_id", "claim"], how="inner")
    lines = lines.join(_sent(inputs, standing), on="root", how="left")
    whose = visits.select("visit_key", *[name for name in WHOSE if name != "pool"])
    lines = lines.join(whose, left_on="on_visit", right_on="visit_key", how="inner")
    shelf = bring(day.shelf.select("code", "rank"), lines)
    lines = lines.join(shelf, on="code", how="inner").join(_worth(day, inputs), on=["pool", "rank"], how="inner")
    return _priced(lines).with_columns(
        modifiers=nw.concat_str(nw.lit(":"), nw.col("modifiers").fill_null(""), nw.lit(":")),
        units=nw.col("units").fill_null(0), charge_cents=nw.col("charge_cents").fill_null(0),
        place=nw.coalesce(nw.col("place_of_service"), nw.col("claim_place")),
        rendering_npi=nw.coalesce(nw.col("rendering_npi"), nw.col("claim_rendering")),
        prior_authorization=nw.coalesce(nw.col("prior_authorization"), nw.col("claim_authorization")),
    )  # fmt: skip


def _sent(inputs: Inputs, standing: Standing) -> nw.LazyFrame[Any]:
    """root, sent_day: the day on which the first claim of each was made."""
    made = inputs.frame("transactions").select("source_id", "transaction", "created_day")
    claims = inputs.frame("claims").select("source_id", "transaction", "claim_id")
    dated = rooted(claims.join(made, on=["source_id", "transaction"], how="inner"), standing.aliases)
    return settle(dated.group_by("root").agg(nw.col("created_day").min().alias("sent_day")))


def _worth(day: Day, inputs: Inputs) -> nw.LazyFrame[Any]:
    """pool, rank: what the record says of the code, its reduced price and what the keeper of the day adds."""
    rows = worth.keepers(day.rows.filter(nw.col("billed") > 0)).select("pool", "rank", "extra_cents")
    facts = day.rows.select(
        "pool", "rank", "reduced_cents", "minutes", "earned", "known", "timed", recorded=nw.col("performed") == 1,
        taken=taken(), unrecorded=(nw.col("shut") == 0) & not_recorded(*recorded_span(day, inputs)),
    )  # fmt: skip
    return facts.join(rows, on=["pool", "rank"], how="left")


def _priced(lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Adds price_cents: units at their reduced price, and on the first line of the keeper what it keeps.

    The first line is the lowest of the claim that was made first.
    """
    place = nw.col("claim_key") * _LINES + nw.min_horizontal(nw.col("line"), nw.lit(_LINES - 1)).cast(nw.Int64)
    lines = lines.with_columns(_place=place)
    first = nw.col("_place").min().over("pool", "rank")
    extra = nw.when(nw.col("_place") == first).then(nw.col("extra_cents").fill_null(0)).otherwise(0)
    return lines.with_columns(price_cents=nw.col("units").fill_null(0) * nw.col("reduced_cents") + extra)


def _by_day(shelf: pl.DataFrame) -> pl.DataFrame:
    """code, rank, timed: whether the minutes of its day make its units."""
    return shelf.select("code", "rank", pl.col("timed") & ~pl.col("monthly"))


def _services(day: Day, inputs: Inputs, visits: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    services = inputs.frame("services").filter(~nw.col("code").is_null())
    services = services.join(visits.select(*WHOSE, "claimed"), on="visit_id", how="inner")
    services = services.join(bring(_by_day(day.shelf), services), on="code", how="inner")
    services = with_minutes(services, start_minute="start", end_minute="end").with_columns(
        nw.col("assistant_minutes", "joint_minutes").fill_null(0), nw.col("mode", "performed_by").fill_null("")
    )
    return services.select(*WHOSE, "claimed", *_SERVICE)
