"""What is in force of the charges, line by line, with the amount expected for each: where every cent begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from everyunit.audit import Inputs, charges_in_force, claims_standing, worth
from everyunit.audit.charges import DISCIPLINES
from everyunit.audit.compare import shelf_of
from everyunit.audit.pool import LANES
from everyunit.audit.terms import Terms, tariff, terms_of
from everyunit.frames import lazy, polars
from everyunit.rulebook import Book, Practice

_CLAIM = ["source_id", "claim"]
_KNOWN_FEES = ("medicare", "railroad_medicare")
TABLES = ("visits", "claims", "claim_lines", "transactions", "remit_claims")


@dataclass(frozen=True)
class Billed:
    """`lines`: one row a line in force. `aliases`: claim_id, root_no of every number a claim in force was sent under.

    Lines: root_no (names the claim and its corrections), unit (ordinal of the line in it, from 1), claim_id (the
    number in force), payer_id, payer_name, kind (of payer, by the book), clinic, service_day, code, modifiers,
    control_number, units, charge_cents, expected_cents (allowed amount of the line within the patient's day; null: no
    price), priced (the fees are the payer's own, or Medicare's for Medicare), scope (patient, day and payer),
    first_sent_day, last_sent_day, sent (how often a primary claim was made), source_id, claim, line.
    """

    lines: pl.DataFrame
    aliases: pl.DataFrame


def billed(frames: Mapping[str, Any], practice: Practice, book: Book, until: int | None = None) -> Billed:
    """The lines in force among the frames (by table name, see TABLES), as known at the end of the day `until`."""
    given = {name: frames[name].lazy() for name in TABLES}
    if until is not None:
        given["transactions"] = given["transactions"].filter(pl.col("created_day").fill_null(0) <= until)
        made = given["transactions"].select("source_id", "transaction")
        given["claims"] = given["claims"].join(made, on=["source_id", "transaction"], how="semi")
    inputs = Inputs(**given)
    standing = claims_standing(inputs)
    charges = charges_in_force(inputs, standing)
    keys = polars(standing.claims).select("claim_key", *_CLAIM, "root")
    won = polars(charges.winners).select("claim_key", "service_day", "claim_id", "claim_payer_id", "claim_payer_name")
    roots = keys.join(won.select("claim_key").unique(), on="claim_key", how="semi").select("root").unique()
    roots = roots.sort("root").with_row_index("root_no").with_columns(pl.col("root_no").cast(pl.Int64))
    places = won.join(keys, on="claim_key").join(roots, on="root").drop("root")
    aliases = _aliases(standing.aliases, roots)
    lines = _lines(given["claim_lines"], places)
    lines = lines.join(_visits(given["visits"], aliases), on="root_no", how="left", maintain_order="left")
    lines = lines.join(_sent(given, aliases), on="root_no", how="left", maintain_order="left")
    filing = dict(standing.payers.iter_rows())
    priced = _expected(_named(lines), filing, practice, book, shelf_of(inputs, charges, book))
    return Billed(priced, aliases)


def _aliases(amended: pl.DataFrame, roots: pl.DataFrame) -> pl.DataFrame:
    own = roots.select(claim_id="root", root_no="root_no")
    others = amended.join(roots, left_on="_root", right_on="root").select("claim_id", "root_no")
    return pl.concat([own, others]).unique("claim_id", keep="first", maintain_order=True)


def _lines(claim_lines: pl.LazyFrame, places: pl.DataFrame) -> pl.DataFrame:
    wanted = claim_lines.filter(pl.col("service_day").is_not_null() & pl.col("code").is_not_null()).select(
        *_CLAIM, "line", pl.col("service_day").cast(pl.Int64), "code", pl.col("modifiers").fill_null(""),
        "control_number", pl.col("units").cast(pl.Int64), pl.col("charge_cents").fill_null(0),
    )  # fmt: skip
    made = wanted.join(places.lazy(), on=[*_CLAIM, "service_day"]).pipe(polars)
    made = made.sort("root_no", "service_day", "claim_key", "line")
    return made.with_columns(unit=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("root_no"))


def _visits(visits: pl.LazyFrame, aliases: pl.DataFrame) -> pl.DataFrame:
    """root_no, patient, clinic of the first visit that names the claim."""
    held = visits.select("visit_id", "claim_id", patient="patient_id", clinic="clinic").drop_nulls("claim_id")
    found = held.join(aliases.lazy(), on="claim_id").pipe(polars).sort("visit_id")
    return found.unique("root_no", keep="first", maintain_order=True).select("root_no", "patient", "clinic")


def _sent(given: Mapping[str, pl.LazyFrame], aliases: pl.DataFrame) -> pl.DataFrame:
    """root_no, first_sent_day, last_sent_day, sent: of primary claims that are no voids; and member."""
    first = pl.col("sequence").fill_null("P").is_in(["", "P"]) & (pl.col("frequency").fill_null("1") != "8")
    claims = given["claims"].filter(first).select("source_id", "transaction", "claim_id", "member_id")
    days = given["transactions"].select("source_id", "transaction", "created_day")
    made = claims.join(aliases.lazy(), on="claim_id").join(days, on=["source_id", "transaction"], how="left")
    return (
        made.group_by("root_no")
        .agg(
            pl.col("created_day").min().cast(pl.Int64).alias("first_sent_day"),
            pl.col("created_day").max().cast(pl.Int64).alias("last_sent_day"),
            pl.len().cast(pl.Int64).alias("sent"),
            pl.col("member_id").min().alias("member"),
        )
        .pipe(polars)
    )


def _named(lines: pl.DataFrame) -> pl.DataFrame:
    """The payer of the claim, and `scope`: one patient, day and payer. A claim without a patient stands alone."""
    alone = pl.concat_str(pl.lit("?"), pl.col("root_no").cast(pl.String))
    patient = pl.when(pl.col("patient").fill_null("") != "").then("patient").otherwise(pl.col("member"))
    named = lines.rename({"claim_payer_id": "payer_id", "claim_payer_name": "payer_name"}).with_columns(
        pl.col("payer_id", "payer_name", "clinic").fill_null(""), who=pl.coalesce(patient, alone)
    )
    lane = pl.lit(3)
    for modifier, name in DISCIPLINES.items():
        lane = pl.when(pl.col("modifiers").str.contains(modifier, literal=True)).then(LANES[name]).otherwise(lane)
    scope = pl.struct("who", "payer_id", "service_day").rank("dense").cast(pl.Int64)
    return named.with_columns(scope=scope, lane=lane.cast(pl.Int64)).drop("who", "patient", "member")


def _expected(
    lines: pl.DataFrame, filing: dict[str, str], practice: Practice, book: Book, shelf: pl.DataFrame
) -> pl.DataFrame:
    payers = lines.select("payer_id", "payer_name").unique()
    clinics = lines["clinic"].unique().to_list()
    days = lines["service_day"].unique().to_list()
    terms = terms_of(payers, clinics, days, filing, practice, book, shelf)
    kinds = [book.payer_kind(one.name, filing.get(one.id, "")) for one in terms.named]
    own = [one.declared or kind in _KNOWN_FEES for one, kind in zip(terms.named, kinds, strict=True)]
    named = pl.DataFrame(
        {"payer_no": range(len(kinds)), "kind": kinds, "priced": own},
        schema={"payer_no": pl.Int64, "kind": pl.String, "priced": pl.Boolean},
    )
    rows = _tariffed(lines, terms, shelf).with_columns(
        billed=pl.col("units").fill_null(0), pool=pl.col("root_no"), place=pl.col("line").cast(pl.Int64)
    )
    wanted = rows.select("row", "tariff", "rank", "scope", "pool", "lane", "billed", line="place")
    priced = polars(worth.keepers(worth.priced(lazy(wanted.filter(pl.col("billed") > 0)), terms)))
    cents = pl.col("billed") * pl.col("reduced_cents") + pl.col("extra_cents")
    made = rows.join(priced.select("row", expected_cents=cents), on="row", how="left", maintain_order="left")
    made = made.join(named, on="payer_no", how="left", maintain_order="left")
    return made.select(COLUMNS).sort("root_no", "unit")


def _tariffed(lines: pl.DataFrame, terms: Terms, shelf: pl.DataFrame) -> pl.DataFrame:
    """Adds payer_no, tariff and rank."""
    made = lines.with_row_index("row")
    for small, on in ((terms.payers, ["payer_id", "payer_name"]), (terms.places, ["clinic"])):
        made = made.join(small, on=on, how="left", maintain_order="left")
    made = made.join(terms.periods, on="service_day", how="left", maintain_order="left")
    contracts = not terms.agreed.is_empty()
    if contracts:
        on = ["payer_no", "place", "service_day"]
        made = made.join(terms.agreed, on=on, how="left", maintain_order="left")
    made = polars(lazy(made).with_columns(tariff=tariff(contracts)))
    return made.join(shelf.select("code", "rank"), on="code", how="left", maintain_order="left").drop("place")


COLUMNS = (
    "root_no", "unit", "claim_id", "payer_id", "payer_name", "kind", "priced", "clinic", "service_day", "code",
    "modifiers", "control_number", "units", "charge_cents", "expected_cents", "scope", "first_sent_day",
    "last_sent_day", "sent", "source_id", "claim", "line",
)  # fmt: skip
