"""What an audit found, in figures: by kind and direction, both ways, and what was left unjudged and why."""

from __future__ import annotations

from typing import Any

import polars as pl

from everyunit.money import dollars
from everyunit.services.audit import Audited

_WORDS = {
    "claim_days_without_a_kept_visit": "claims have no visit on a day they charge: bring visits.csv",
    "claims_that_charge_visits_not_kept": "claims charge a visit marked no_show or cancelled: void the claim or "
    "correct the status",
    "claims_set_aside_as_sent_again": "claims were sent again: the later one counts",
    "replacements_whose_original_is_not_known": "replacements or voids name an original that is not known: it still "
    "counts",
    "visits_on_days_outside_the_book": "kept visits lie on days without a fee in the book: no dollars",
    "medicare_visits_on_days_without_a_kx_amount": "Medicare visits lie on days without a KX amount in the book: KX "
    "is not looked at; everyunit book check says how to bring it",
    "services_and_lines_with_codes_the_book_does_not_know": "services or lines bear codes the book lacks",
    "visits_priced_at_the_national_rate": "kept visits take the national rate: name each clinic in practice.toml",
    "payers_without_terms_of_their_own": "payers are not in practice.toml: the book's usual terms were taken",
}
_WHY = {
    "no_counting_rule_for_that_day": "kept visits are not judged: the book holds no counting rule for that day",
    "refused_rows": "kept visits are not judged: rows of services.csv were refused, see the receipt",
    "no_services_on_record": "kept visits have nothing on record: bring services.csv for them",
    "minutes_missing_or_no_whole_units": "kept visits lack minutes or whole units, or exceed a day: units not judged",
    "no_claims_brought": "kept visits have nothing to be held against: bring the claims (837)",
}

_ONE = {
    "visits": "visit", "claims": "claim", "payers": "payer", "findings": "finding",
    "services": "service", "lines": "line", "replacements": "replacement", "voids": "void", "have": "has",
    "are": "is", "lie": "lies", "take": "takes", "miss": "misses", "charge": "charges", "stand": "stands",
    "name": "names", "lack": "lacks", "exceed": "exceeds", "bear": "bears", "were": "was",
}  # fmt: skip


def summary(done: Audited) -> dict[str, Any]:
    """Counts and cents: `gain_cents` and `give_back_cents` are signed sums, `kinds` a row for each kind.

    `past_limit_cents` is the part of the gain that its payer takes no longer, as far as the files reach.
    """
    stake = pl.col("cents_at_stake").fill_null(0)
    sums = (
        pl.len().alias("findings"),
        stake.filter(stake > 0).sum().alias("gain_cents"),
        stake.filter((stake > 0) & pl.col("past_limit")).sum().alias("past_limit_cents"),
        stake.filter(stake < 0).sum().alias("give_back_cents"),
        pl.col("at_risk_cents").fill_null(0).sum().alias("at_risk_cents"),
        (pl.col("cents_at_stake").is_null() | pl.col("at_risk_cents").is_null()).sum().alias("without_price"),
    )
    kinds = done.findings.group_by("kind", "direction").agg(*sums).sort("direction", "kind")
    total = done.findings.select(*sums).row(0, named=True)
    kept = done.visit_values.filter(pl.col("status").fill_null("").is_in(["", "kept"]))
    unjudged = kept.filter(~pl.col("judged")).group_by("why_not").agg(pl.len()).sort("why_not").rows()
    return {
        "visits": done.visit_values.height,
        "kept": kept.height,
        "judged": int(kept["judged"].sum()),
        **total,
        "kinds": kinds.to_dicts(),
        "not_judged": {why.replace(" ", "_"): count for why, count in unjudged},
        "notes": dict(done.counts),
    }


def left_out(told: dict[str, Any]) -> list[str]:
    """Sentences on what was not judged and why."""
    lines = [f"{told['kept']:,} kept visits, {told['judged']:,} of them judged."]
    lines += [_said(count, _WHY[why]) for why, count in told["not_judged"].items() if why in _WHY]
    lines += [_said(count, _WORDS[name]) for name, count in told["notes"].items() if count and name in _WORDS]
    if told["past_limit_cents"]:
        lines.append(f"{dollars(told['past_limit_cents'])} of what is to gain is past its payer's filing limit.")
    if told["without_price"]:
        lines.append(_said(told["without_price"], "findings stand without dollars: no price is known for them"))
    return lines


def _said(count: int, words: str) -> str:
    """The sentence with its number; of one, the first clause stands in the singular."""
    if count != 1:
        return f"{count:,} {words}."
    head, colon, rest = words.partition(":")
    return f"1 {' '.join(_ONE.get(word, word) for word in head.split())}{colon}{rest}."
