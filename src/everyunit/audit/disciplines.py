"""Do the lines say under which discipline's plan of care they stand, once and rightly?

Medicare refuses a line of the always-therapy list without GP, GO or GN, and a line of the sometimes-therapy list
where a therapist gave it. A line bears exactly one of them, the one of the visit's discipline; some codes belong to
one discipline alone, and some are not given by speech therapists.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from everyunit.audit.facts import Facts
from everyunit.audit.hits import DISCIPLINE, at_risk, nothing, seen, told, trait, with_codes

_FIX = "Correct the modifier on the claim, or the discipline on the visit."


def modifiers(facts: Facts) -> pl.DataFrame:
    """discipline_modifier_missing and discipline_modifier_wrong."""
    return pl.concat([_missing(facts), _wrong(facts)], how="diagonal")


def _missing(facts: Facts) -> pl.DataFrame:
    if not facts.medicare:
        return nothing()
    bare = facts.lines.filter(nw.col("medicare") & (nw.col("named") == "") & (nw.col("units") > 0))
    rows = seen(with_codes(bare, facts.book.codes().select("code", "therapy_list")))
    rows = rows.filter(
        (pl.col("therapy_list") == "always") | ((pl.col("therapy_list") == "sometimes") & _by_therapist(facts))
    )
    if rows.is_empty():
        return nothing()
    wanted = pl.col("discipline").replace_strict(DISCIPLINE, default="GP, GO or GN")
    message = pl.format("{} bears none of GP, GO and GN. Medicare refuses a therapy line without it.", "code")
    fix = pl.format("Add {} to the line.", wanted)
    return told(rows, "discipline_modifier_missing", message, fix, risk_cents=at_risk())


def _by_therapist(facts: Facts) -> pl.Expr:
    """By the taxonomy of who rendered, else by the discipline of the visit."""
    known = facts.book.taxonomies.filter(pl.col("discipline") != "")["taxonomy"].to_list()
    taxonomy = pl.col("rendering_taxonomy").fill_null("")
    unsaid = (taxonomy == "") & pl.col("discipline").is_in(list(DISCIPLINE))
    return taxonomy.is_in(known) | unsaid.fill_null(False)


def _wrong(facts: Facts) -> pl.DataFrame:
    lines = with_codes(facts.lines.filter(nw.col("named") != ""), trait(facts, "bound_to"), "left")
    lines = with_codes(lines, trait(facts, "not_under"), "left")
    borne = nw.sum_horizontal(
        *[
            nw.when(nw.col("modifiers").str.contains(f":{m}:", literal=True)).then(1).otherwise(0)
            for m in DISCIPLINE.values()
        ]
    )
    visit = nw.col("discipline").is_in(list(DISCIPLINE)) & (nw.col("discipline") != nw.col("named"))
    bound = ~nw.col("bound_to").is_null() & (nw.col("bound_to") != nw.col("named"))
    strange = (nw.col("not_under") == nw.col("named")).fill_null(False)
    lines = lines.with_columns(borne=borne, bound=bound, visit=visit, strange=strange)
    rows = seen(lines.filter((nw.col("borne") > 1) | nw.col("bound") | nw.col("visit") | nw.col("strange")))
    if rows.is_empty():
        return nothing()
    mark = pl.col("named").replace_strict(DISCIPLINE, default="")
    message = (
        pl.when(pl.col("borne") > 1)
        .then(pl.format("{} bears {} discipline modifiers; a line bears one.", "code", "borne"))
        .when("bound").then(pl.format("{} belongs to {}; the line bears {}.", "code", "bound_to", mark))
        .when("strange").then(pl.format("{} is no service of {}; the line bears {}.", "code", "not_under", mark))
        .otherwise(pl.format("{} bears {}; the visit is {}.", "code", mark, "discipline"))
    )  # fmt: skip
    return told(rows, "discipline_modifier_wrong", message, _FIX, risk_cents=at_risk())
