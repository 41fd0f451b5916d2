"""Every 835 proves itself: each line, each claim and the whole payment, to the cent.

Line: SVC02 - CAS = SVC03. Claim: CLP03 - CAS of the claim and its lines = CLP04. Remittance: sum of CLP04 - sum of
PLB = BPR02. Where a sum fails, the sums beside it show which element was changed. Source: ASC X12 005010X221A1,
section on balancing.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from everyunit.frames import streamed
from everyunit.receivables.blame import claim_place, line_place, remit_place
from everyunit.receivables.inputs import Remitted, signed_payment
from everyunit.receivables.tables import PROOFS
from everyunit.receivables.wording import proof_words

REMIT = ["source_id", "transaction"]
CLAIM = ["source_id", "claim"]
LINE = [*CLAIM, "line"]
_UNREAD = "amount_unreadable"


@dataclass(frozen=True)
class Sums:
    """The sums of each level, with given, taken, paid and off cents."""

    lines: pl.LazyFrame
    claims: pl.LazyFrame
    remits: pl.LazyFrame


def prove(remitted: Remitted) -> pl.DataFrame:
    """One row of PROOFS for each line, claim and remittance, in no order."""
    return worded(compared(remitted).collect())


def compared(remitted: Remitted) -> pl.LazyFrame:
    """The same rows without their words. Only claims in which a sum fails are held against the sums beside them."""
    lazy = _sums(remitted)
    lines, claims, remits = (part.lazy() for part in streamed([lazy.lines, lazy.claims, lazy.remits]))
    failing = (pl.col("off_cents") != 0).fill_null(True)
    touched = pl.concat([part.filter(failing).select(CLAIM) for part in (lines, claims)]).unique()
    ours = [part.join(touched, on=CLAIM, how="semi") for part in (lines, claims)]
    found = _compared(Sums(ours[0], ours[1], remits))
    sound = [part.join(touched, on=CLAIM, how="anti").with_columns(place=pl.lit("")) for part in (claims, lines)]
    names = [name for name in PROOFS.names if name != "words"]
    return pl.concat([part.select(names) for part in (found.remits, found.claims, found.lines, *sound)])


def worded(proofs: pl.DataFrame) -> pl.DataFrame:
    """PROOFS out of `compared`, or of some of its rows."""
    whole = proofs.rechunk()  # Polars 2.1 cannot write texts of a part without rows
    return whole.with_columns(proof_words()).select(PROOFS.names)


def _zero(column: str) -> pl.Expr:
    return pl.col(column).fill_null(0)


def _sums(remitted: Remitted) -> Sums:
    bad = (pl.col("code") == _UNREAD) & ~pl.col("message").str.starts_with("CLP05")  # which enters no sum
    unread = remitted.problems.filter(bad).select("source_id", "segment").unique().with_columns(unread=pl.lit(True))
    ours = remitted.adjustments.filter((pl.col("side") == "835") & (pl.col("claim") > 0))
    marked = ours.join(unread, on=["source_id", "segment"], how="left")
    taken = marked.group_by(LINE).agg(_zero("amount_cents").sum().alias("taken_cents"), pl.col("unread").any())
    return Sums(
        lines=_lines(remitted, taken, unread),
        claims=_claims(remitted, taken, unread),
        remits=_remits(remitted, unread),
    )


def _proved(frame: pl.LazyFrame, level: str) -> pl.LazyFrame:
    """The frame with off_cents; null where any amount of it could not be read."""
    off = _zero("paid_cents") - _zero("given_cents") + _zero("taken_cents")
    unread = pl.any_horizontal(pl.col("^unread.*$").fill_null(False))
    return frame.with_columns(
        pl.lit(level).alias("level"),
        pl.when(~unread).then(off).alias("off_cents"),
        _zero("given_cents"), _zero("taken_cents"), _zero("paid_cents"),
    )  # fmt: skip


def _lines(remitted: Remitted, taken: pl.LazyFrame, unread: pl.LazyFrame) -> pl.LazyFrame:
    lines = remitted.remit_lines.select(
        *REMIT, "segment", "claim", "line", "claim_id", "paid_cents", given_cents="charge_cents"
    )
    joined = lines.join(taken, on=LINE, how="left").join(unread, on=["source_id", "segment"], how="left", suffix="_2")
    return _proved(joined, "line").with_columns(lines=pl.lit(None, dtype=pl.Int32))


def _claims(remitted: Remitted, taken: pl.LazyFrame, unread: pl.LazyFrame) -> pl.LazyFrame:
    own = pl.col("taken_cents").filter(pl.col("line") == 0).sum()
    each = taken.group_by(CLAIM).agg(pl.col("taken_cents").sum(), own.alias("own_cents"), pl.col("unread").any())
    claims = remitted.remit_claims.select(
        *REMIT, "segment", "claim", "claim_id", "paid_cents", "lines", given_cents="charge_cents"
    )
    joined = claims.join(each, on=CLAIM, how="left").join(
        unread, on=["source_id", "segment"], how="left", suffix="_2"
    )
    return _proved(joined, "claim").with_columns(_zero("own_cents"), line=pl.lit(None, dtype=pl.Int32))


def _remits(remitted: Remitted, unread: pl.LazyFrame) -> pl.LazyFrame:
    by_place = ["source_id", "segment"]
    claims = remitted.remit_claims.join(unread, on=by_place, how="left")
    paid = claims.group_by(REMIT).agg(_zero("paid_cents").sum().alias("given_cents"), pl.col("unread").any())
    held = remitted.provider_adjustments.join(unread, on=by_place, how="left")
    taken = held.group_by(REMIT).agg(
        _zero("amount_cents").sum().alias("taken_cents"), pl.col("unread").any(), pl.len().alias("given_reasons")
    )
    remits = remitted.remits.select(*REMIT, "segment", paid_cents=signed_payment())
    joined = remits.join(paid, on=REMIT, how="left").join(taken, on=REMIT, how="left", suffix="_2")
    joined = joined.with_columns(unread_3=pl.col("paid_cents").is_null())
    nothing = {"claim": pl.Int64, "line": pl.Int32, "lines": pl.Int32, "claim_id": pl.String}
    return _proved(joined, "remit").with_columns(pl.lit(None, dtype=kind).alias(n) for n, kind in nothing.items())


def _compared(sums: Sums) -> Sums:
    """Each level with `place`: what the sums above and below say of a fault."""
    failing = (pl.col("off_cents") != 0).fill_null(False)
    below = sums.lines.group_by(CLAIM).agg(
        pl.col("given_cents").sum().alias("lines_given"), pl.col("paid_cents").sum().alias("lines_paid"),
        _zero("off_cents").sum().alias("lines_off"), failing.cast(pl.Int64).sum().alias("lines_failing"),
    )  # fmt: skip
    lined = pl.col("lines_given").is_not_null()
    claims = sums.claims.join(below, on=CLAIM, how="left").with_columns(
        charge_gap=pl.when(lined).then(pl.col("given_cents") - pl.col("lines_given")),
        paid_gap=pl.when(lined).then(pl.col("paid_cents") - pl.col("lines_paid") + pl.col("own_cents")),
    )
    by_payment = (pl.col("charge_gap") == 0) & (pl.col("paid_gap") == pl.col("off_cents"))
    claims = claims.with_columns(suspect=pl.when(~lined | by_payment).then(pl.col("off_cents")).otherwise(0))
    whole = sums.remits.select(*REMIT, remit_off="off_cents")
    above = claims.filter(failing).group_by(REMIT).agg(pl.col("suspect").sum().alias("suspected"))
    claims = claims.join(whole, on=REMIT, how="left").join(above, on=REMIT, how="left")
    claims = claims.with_columns(place=claim_place())
    hints = claims.filter(failing | (pl.col("lines_failing") > 0)).select(
        *CLAIM, "lines_failing", "lines_off", "charge_gap", "paid_gap", claim_off="off_cents"
    )
    blamed = claims.filter(pl.col("place") == "CLP04").group_by(REMIT).agg(pl.col("off_cents").sum().alias("blamed"))
    return Sums(
        lines=sums.lines.join(hints, on=CLAIM, how="left").with_columns(place=line_place()),
        claims=claims,
        remits=sums.remits.join(blamed, on=REMIT, how="left").with_columns(place=remit_place()),
    )
