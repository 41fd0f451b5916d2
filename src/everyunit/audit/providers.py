"""Are the providers of a claim named rightly: check digits, the certifying physician, the therapist's taxonomy?

Medicare enrols therapists, not assistants: an assistant does not stand as the rendering provider. Whoever treats does
not certify the plan. Where the taxonomy is that of the visit's discipline and the lines name another, the modifier is
at fault, and `disciplines` says so.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import nothing, seen, told
from everyunit.frames import polars

_ROLES = {"billing_npi": "billing", "rendering_npi": "rendering", "referring_npi": "referring"}
PREFIX = 24  # what the card prefix 80840 adds to the sum (CMS, NPI check digit)


def npi_valid(npi: str) -> bool:
    """Ten digits whose last is the check digit of the rest, counted with the prefix 80840 (CMS NPI standard)."""
    if len(npi) != 10 or not (npi.isascii() and npi.isdigit()):
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in npi[-2::-2])
    return (PREFIX + sum(doubled) + sum(int(digit) for digit in npi[-1::-2])) % 10 == 0


def numbers(facts: Facts) -> pl.DataFrame:
    """npi_invalid, referring_missing and taxonomy_mismatch, one a visit."""
    return pl.concat([_invalid(facts), _referring(facts), _taxonomy(facts)], how="diagonal")


def _invalid(facts: Facts) -> pl.DataFrame:
    made = []
    for column, role in _ROLES.items():
        every = polars(facts.lines.select(column).unique())[column].drop_nulls().to_list()
        wrong = [npi for npi in every if npi and not npi_valid(npi)]
        if wrong:
            rows = _visits(facts, nw.col(column).is_in(wrong))
            message = pl.format("The NPI of the {} provider, {}, fails its check digit.", pl.lit(role), column)
            made.append(told(rows, "npi_invalid", message, "Correct the NPI in the practice's setup.", **_whole()))
    return pl.concat(made, how="diagonal") if made else nothing()


def _referring(facts: Facts) -> pl.DataFrame:
    if not facts.medicare:
        return nothing()
    referring = nw.col("referring_npi").fill_null("")
    themselves = (referring == nw.col("rendering_npi")).fill_null(False)
    none = nw.col("medicare") & (nw.col("form") == "837P") & ((referring == "") | themselves)
    message = pl.when(pl.col("referring_npi").fill_null("") == "").then(
        pl.lit("The claim names no referring physician; Medicare asks for the one who certifies the plan.")
    ).otherwise(
        pl.lit("The therapist who treated stands as the referring provider; Medicare asks for the one who certifies.")
    )  # fmt: skip
    fix = "Name the physician or practitioner who certifies the plan, with NPI (qualifier DN)."
    return told(_visits(facts, none), "referring_missing", message, fix, **_whole())


def _taxonomy(facts: Facts) -> pl.DataFrame:
    known = facts.book.taxonomies.filter(pl.col("discipline") != "")
    own = {row[0]: row[1] for row in known.select("taxonomy", "discipline").rows()}
    helpers = known.filter("assistant")["taxonomy"].to_list()
    agrees = pl.col("rendering_taxonomy").replace_strict(own, default="", return_dtype=pl.String)
    rows = seen(facts.lines.filter(nw.col("rendering_taxonomy").is_in(list(own)) & (nw.col("named") != "")))
    if rows.is_empty():
        return nothing()
    rows = rows.with_columns(of=agrees, visit_cents=pl.col("price_cents").fill_null(0).sum().over("visit_id"))
    fits = (pl.col("of") == pl.col("named")) | (pl.col("of") == pl.col("discipline")).fill_null(False)
    helper = pl.col("rendering_taxonomy").is_in(helpers) & pl.col("medicare")
    rows = rows.with_columns(helper=helper.any().over("visit_id"), fits=fits.any().over("visit_id"))
    rows = rows.filter(~pl.col("fits") | pl.col("helper")).unique("visit_id", keep="first", maintain_order=True)
    message = (
        pl.when("fits").then(pl.lit("An assistant stands as the rendering provider; Medicare takes the therapist."))
        .otherwise(pl.format("The rendering provider's taxonomy is of {}; the lines are {}.", "of", "named"))
    )  # fmt: skip
    fix = (
        pl.when("fits").then(pl.lit("Name the supervising therapist as rendering, and CQ or CO on the units given."))
        .otherwise(pl.lit("Correct the rendering provider, or the modifiers of the lines."))
    )  # fmt: skip
    return told(rows, "taxonomy_mismatch", message, fix, **_whole())


def _visits(facts: Facts, test: nw.Expr) -> pl.DataFrame:
    """The visits whose lines pass the test, with what they are worth in all."""
    rows = seen(facts.lines.filter(test & (nw.col("units") > 0)))
    if rows.is_empty():
        return rows
    worth = pl.col("price_cents").fill_null(0).sum().over("visit_id").alias("visit_cents")
    return rows.with_columns(worth).unique("visit_id", keep="first", maintain_order=True)


def _whole() -> dict[str, pl.Expr]:
    return {"code": pl.lit(""), "billed_units": pl.lit(0), "risk_cents": pl.col("visit_cents")}
