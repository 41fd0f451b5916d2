"""Does every line point at a diagnosis of its claim, and do the diagnoses look like codes that exist?

Injuries (S) and M80 have seven characters, X standing for those that are empty. Codes of the cause from outside (V to
Y) do not stand first. An 837 carries codes without their point, in capitals. Whether a code of the right shape exists
is not looked up.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import at_risk, seen, told

_REST = "0-9A-HJ-NP-Z"  # behind the first sign no code has the letters I and O
SHAPE = rf"^(U0[79]|[A-TV-Z][0-9][{_REST}])[{_REST}]{{0,4}}$"  # of the codes U those of the pandemic
_SEVEN = r"^(S[0-9]{2}|M80)"
_OUTSIDE = r"^[V-Y][0-9]"
PROFESSIONAL = "837P"


def pointers(facts: Facts) -> pl.DataFrame:
    """pointer_missing, pointer_dangling and diagnosis_shape, on professional claims."""
    wanted = ("visit_id", "claim_id", "line", "code", "units", "pointers", "diagnoses", "price_cents")
    rows = seen(facts.lines.filter((nw.col("form") == PROFESSIONAL) & (nw.col("units") > 0)).select(*wanted))
    held = pl.col("diagnoses").fill_null("").str.split(":").list.filter(pl.element() != "")
    aims = pl.col("pointers").fill_null("").str.split(":").list.filter(pl.element() != "")
    rows = rows.with_columns(held=held.list.len(), aims=aims, bad=_unshaped(held))
    none = rows.filter(pl.col("aims").list.len() == 0)
    far = pl.col("aims").list.eval(pl.element().cast(pl.Int64, strict=False)).list.max()
    lost = rows.with_columns(far=far).filter((pl.col("far") > pl.col("held")) & (pl.col("aims").list.len() > 0))
    bad = rows.filter(pl.col("bad").is_not_null()).unique("visit_id", keep="first", maintain_order=True)
    return pl.concat(
        [
            told(none, "pointer_missing", pl.format("{} points at no diagnosis; a line needs at least one.", "code"),
                 "Point the line at the diagnosis that it treats.", risk_cents=at_risk()),
            told(lost, "pointer_dangling",
                 pl.format("{} points at diagnosis {}; the claim holds {}.", "code", "far", "held"),
                 "Point the line at a diagnosis that stands on the claim.", risk_cents=at_risk()),
            told(bad, "diagnosis_shape",
                 pl.col("bad"), "Correct it on the claim and in the plan.", code="", billed_units=0,
                 risk_cents=at_risk()),
        ],
        how="diagonal",
    )  # fmt: skip


def _unshaped(held: pl.Expr) -> pl.Expr:
    """What is wrong with the first diagnosis of a claim that cannot be sent as it stands; null where none is."""
    one, first = pl.element(), held.list.first()
    pointed, outside = held.list.eval(one.filter(one.str.contains(".", literal=True))), first.str.contains(_OUTSIDE)
    odd = held.list.eval(one.filter(~one.str.contains(SHAPE)))
    short = held.list.eval(one.filter(one.str.contains(_SEVEN) & (one.str.len_chars() < 7)))
    return (
        pl.when(pointed.list.len() > 0).then(
            pl.format("{} stands with its point; an 837 carries the code without it.", pointed.list.first()))
        .when(odd.list.len() > 0).then(
            pl.format("{} has not the shape of an ICD-10-CM code.", odd.list.first()))
        .when(short.list.len() > 0).then(
            pl.format("{} lacks its seventh character; codes of its kind have seven.", short.list.first()))
        .when(outside).then(
            pl.format("{} names a cause from outside and stands first; the condition treated does.", first))
    )  # fmt: skip
