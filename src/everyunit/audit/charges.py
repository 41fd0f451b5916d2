"""Which charges are in force?

Per claim and day: a claim sent to a second payer does not charge again, a replaced or voided claim no longer charges,
and the same claim sent again counts once: the one made last, by the transaction's day and time, then its numbers.
Claims of one number and day that share no line both count (see `resends`).
Lines of one code are one charge, whatever their modifiers. The order of import never matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit import corrections, resends
from everyunit.audit.engine import bring, collect, settle
from everyunit.audit.inputs import Inputs
from everyunit.frames import polars

_CLAIMS = 1 << 24  # more than the claims of one file
_PRIMARY = 1 << 50  # a primary claim outranks every secondary one of its day
_CONTROLS = ("interchange_control", "group_control", "control_number")
_DIGITS = 20  # so padded, numbers come in the order of their value
DISCIPLINES = {"GP": "PT", "GO": "OT", "GN": "SLP"}


@dataclass(frozen=True)
class Standing:
    """`claims` that no correction took out of force, with claim_key, root and secondary; see `claims_standing`.

    `aliases`: claim_id, _root of corrections that bear another number than their original. `payers`: payer_id,
    filing_code. `any`: there are claims at all, in force or not. `orphans`: corrections whose original is not known.
    """

    claims: nw.LazyFrame[Any]
    aliases: pl.DataFrame
    payers: pl.DataFrame
    any: bool
    orphans: int = 0


@dataclass(frozen=True)
class Charges:
    """`lines`: root, service_day, code, discipline, units, odd (lines without whole units), list_cents, line.

    `winners`: root, service_day, claim_key, claim_id, claim_payer_id, claim_payer_name and top (the latest of its
    number and day), one row a claim and day. `resent`: claims set aside because a later one sends the same again.
    """

    lines: nw.LazyFrame[Any]
    winners: nw.LazyFrame[Any]
    standing: Standing
    resent: int = 0


def claims_standing(inputs: Inputs) -> Standing:
    """The claims that still stand, from claims, transactions and (for references) remittances."""
    claims = _claims(inputs)
    aliases = _aliases(claims, inputs)
    claims = rooted(claims, aliases)
    gone, orphans = _gone(claims, inputs)
    live = claims.join(bring(gone, claims), on="claim_key", how="anti")
    columns = ("source_id", "claim", "claim_key", "root", "secondary", "claim_id", "payer_id", "payer_name")
    live = settle(live.select(*columns))
    return Standing(live, aliases, _payers(claims), bool(polars(claims.head(1)).height), orphans)


def charges_in_force(inputs: Inputs, standing: Standing | None = None) -> Charges:
    """The charges that count, of the claim lines given. `standing` rests on all claims, where they come in parts."""
    standing = standing or claims_standing(inputs)
    live = standing.claims
    keys = live.select("source_id", "claim", "claim_key", "root", "secondary")
    lines = settle(_lines(inputs).join(keys, on=["source_id", "claim"], how="inner"))
    best = settle(_best(lines))
    also, aside = _beside(lines, best)
    chosen = best.select("root", "service_day", "claim_key", top=nw.lit(True))
    if also.height:
        more = bring(also, chosen).with_columns(top=nw.lit(False))
        chosen = nw.concat([chosen, more.select(chosen.collect_schema().names())], how="vertical")
    named = live.select("claim_key", "claim_id", claim_payer_id="payer_id", claim_payer_name="payer_name")
    winners = settle(chosen.join(named, on="claim_key", how="inner"))
    kept = lines.join(winners.select("service_day", "claim_key"), on=["service_day", "claim_key"], how="inner")
    columns = ("root", "service_day", "code", "discipline", "units", "odd", "list_cents", "line")
    return Charges(settle(kept.select(*columns)), winners, standing, aside)


def _best(lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Per number and day the latest primary claim (else the latest of all), and whether there are several."""
    primary = nw.col("secondary") == 0
    rank = (1 - nw.col("secondary")) * _PRIMARY + nw.col("claim_key")
    best = lines.group_by("root", "service_day").agg(
        rank.max().alias("_rank"), nw.when(primary).then(nw.col("claim_key")).min().alias("_first")
    )
    key = nw.col("_rank") % _PRIMARY
    return best.select("root", "service_day", claim_key=key, several=(nw.col("_first") != key).fill_null(False))


def _beside(lines: nw.LazyFrame[Any], best: nw.LazyFrame[Any]) -> tuple[pl.DataFrame, int]:
    """root, service_day, claim_key of primary claims that count beside the latest, and how many were sent again."""
    columns = ("root", "service_day", "claim_key")
    days = polars(best.filter(nw.col("several")).select("root", "service_day"))
    schema = {"root": pl.String, "service_day": pl.Int64, "claim_key": pl.Int64}
    if days.is_empty():
        return pl.DataFrame(schema=schema), 0
    sought = bring(days, lines)
    primary = lines.filter(nw.col("secondary") == 0).join(sought, on=["root", "service_day"], how="inner")
    counted, aside = resends.beside(polars(primary.select(*columns, "code", "discipline")).rows())
    return pl.DataFrame(counted, schema=schema, orient="row"), len(aside)


def rooted(frame: nw.LazyFrame[Any], aliases: pl.DataFrame) -> nw.LazyFrame[Any]:
    """Adds `root`, the number that a claim and its corrections share."""
    if aliases.is_empty():
        return frame.with_columns(root=nw.col("claim_id"))
    joined = frame.join(bring(aliases, frame), on="claim_id", how="left")
    return joined.with_columns(root=nw.coalesce(nw.col("_root"), nw.col("claim_id"))).drop("_root")


def _claims(inputs: Inputs) -> nw.LazyFrame[Any]:
    """Claims with `claim_key`, which rises with the moment they were made."""
    claims = inputs.frame("claims").filter(~nw.col("claim_id").is_null())
    claims = claims.with_columns(*[nw.col(name).fill_null("") for name in ("frequency", "sequence")])
    claims = claims.with_columns(secondary=nw.when(nw.col("sequence").is_in(["", "P"])).then(0).otherwise(1))
    sent = claims.select("source_id", "transaction").unique()
    made = sent.join(inputs.frame("transactions"), on=["source_id", "transaction"], how="left").with_columns(
        nw.col("created_day").fill_null(0), nw.col("created_time").fill_null(""),
        *[nw.col(name).fill_null("").str.zfill(_DIGITS) for name in _CONTROLS],
    )  # fmt: skip
    order = ["created_day", "created_time", *_CONTROLS, "source_id", "transaction"]
    turns = settle(made.with_row_index("turn", order_by=order).select("source_id", "transaction", "turn"))
    claims = claims.join(turns, on=["source_id", "transaction"], how="inner")
    return claims.with_columns(claim_key=nw.col("turn").cast(nw.Int64) * _CLAIMS + nw.col("claim")).drop("turn")


def _lines(inputs: Inputs) -> nw.LazyFrame[Any]:
    """Lines of a claim summed by day, code and the discipline their modifiers name."""
    lines = inputs.frame("claim_lines").filter(~nw.col("service_day").is_null() & ~nw.col("code").is_null())
    lines = lines.with_columns(
        discipline=discipline_named(), odd=nw.when(nw.col("units").is_null()).then(1).otherwise(0)
    )
    return lines.group_by("source_id", "claim", "service_day", "code", "discipline").agg(
        nw.col("units").fill_null(0).sum(),
        nw.col("odd").sum(),
        nw.col("charge_cents").fill_null(0).sum().alias("list_cents"),
        nw.col("line").min(),
    )


def discipline_named() -> nw.Expr:
    """PT, OT or SLP by the modifiers of a line, empty where they name none."""
    discipline = nw.lit("")
    for modifier, name in DISCIPLINES.items():
        bears = nw.col("modifiers").fill_null("").str.contains(modifier, literal=True)
        discipline = nw.when(bears).then(nw.lit(name)).otherwise(discipline)
    return discipline


def _aliases(claims: nw.LazyFrame[Any], inputs: Inputs) -> pl.DataFrame:
    """claim_id, _root of corrections under a number of their own."""
    amended = claims.filter(nw.col("frequency").is_in(["7", "8"]) & (nw.col("original_reference") != ""))
    rows = polars(amended.select("claim_id", "original_reference").unique())
    empty = pl.DataFrame(schema={"claim_id": pl.String, "_root": pl.String})
    if rows.is_empty():
        return empty
    sought = bring(rows.select(payer_control="original_reference").unique(), claims)
    remits = inputs.frame("remit_claims").filter(~nw.col("claim_id").is_null())
    by_control = polars(
        remits.join(sought, on="payer_control", how="inner").select("payer_control", "claim_id").unique()
    )
    own = claims.select("claim_id", payer_control=nw.col("claim_id"))
    by_number = polars(own.join(sought, on="payer_control", how="inner").select("payer_control", "claim_id").unique())
    fits: dict[str, set[str]] = {}
    for control, claim_id in [*by_control.rows(), *by_number.rows()]:
        fits.setdefault(control, set()).add(claim_id)
    found = corrections.roots(rows.rows(), fits)
    return pl.DataFrame(sorted(found.items()), schema=empty.schema, orient="row") if found else empty


def _gone(claims: nw.LazyFrame[Any], inputs: Inputs) -> tuple[pl.DataFrame, int]:
    """claim_key of the claims that corrections took out of force; how many corrections found no original."""
    amended = claims.filter(nw.col("frequency").is_in(["7", "8"])).select("root").unique()
    kin = settle(claims.join(amended, on="root", how="inner"))
    columns = ("claim_key", "root", "frequency", "secondary", "first_day", "last_day")
    rows = collect(kin.select(*columns), ["claim_key"])
    if rows.is_empty():
        return pl.DataFrame(schema={"claim_key": pl.Int64}), 0
    keys = kin.select("source_id", "claim", "claim_key")
    lines = inputs.frame("claim_lines").filter(~nw.col("code").is_null()).select("source_id", "claim", "code")
    codes: dict[int, set[str]] = {}
    for key, code in polars(
        lines.join(keys, on=["source_id", "claim"], how="inner").select("claim_key", "code")
    ).rows():
        codes.setdefault(key, set()).add(code)
    sent = [
        corrections.Sent(*row, codes=frozenset(codes.get(row[0], ())))  # type: ignore[misc]
        for row in rows.rows()
    ]
    gone, orphans = corrections.dead(sent)
    return pl.DataFrame({"claim_key": sorted(gone)}, schema={"claim_key": pl.Int64}), orphans


def _payers(claims: nw.LazyFrame[Any]) -> pl.DataFrame:
    """payer_id, filing_code: the kind of payer that most primary claims of a payer state."""
    stated = claims.filter(
        (nw.col("secondary") == 0) & ~nw.col("filing_code").is_null() & ~nw.col("payer_id").is_null()
    )
    counted = polars(stated.group_by("payer_id", "filing_code").agg(nw.len().alias("n")))
    first = counted.sort(["payer_id", "n", "filing_code"], descending=[False, True, False])
    return first.unique("payer_id", keep="first", maintain_order=True).select("payer_id", "filing_code")
