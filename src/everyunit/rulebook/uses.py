"""Which values of the book each rule reads, so that a finding shows them and says where one was not checked.

{code}: of the finding; {beside}: another code of the day; {taxonomy}: the rendering provider's; {payer}: the payer's
kind; {lane}: pt_slp or ot.
"""

from __future__ import annotations

import polars as pl

from everyunit.rulebook.shelves import Shelves

RULES: dict[str, tuple[str, ...]] = {
    "units": ("counting.cms", "counting.ama", "codes.{code}"),
    "untimed": ("codes.{code}", "codes.{code}.ceiling"),
    "pairs": ("pairs.{beside}.{code}", "pairs.{code}.{beside}"),
    "ceilings": ("codes.{code}.ceiling", "indicators.{code}"),
    "disciplines": ("codes.{code}", "traits.{code}.bound_to", "traits.{code}.not_under"),
    "assistants": ("thresholds.assistant_de_minimis", "thresholds.assistant_midpoint", "thresholds.assistant_two_low",
                   "thresholds.assistant_two_high", "thresholds.assistant_factor"),
    "add_ons": ("traits.{code}.base",),
    "bundled": ("relative_values.{code}", "traits.{code}.instead", "traits.{code}.refused"),
    "list_prices": ("fees.{code}",),
    "caregiver": ("thresholds.caregiver_first",),
    "thresholds": ("thresholds.kx_pt_slp", "thresholds.kx_ot", "thresholds.review_pt_slp", "thresholds.kx_far_below"),
    "plans": ("thresholds.certification_due", "thresholds.plan_longest", "thresholds.plan_sent"),
    "evaluations": ("thresholds.episode_gap", "traits.{code}.evaluation"),
    "re_evaluations": ("thresholds.re_evaluation_gap", "traits.{code}.re_evaluation"),
    "progress": ("thresholds.progress_report",),
    "telehealth": ("thresholds.telehealth_allowed", "traits.{code}.hands_on"),
    "remote": ("traits.{code}.remote",),
    "providers": ("taxonomies.{taxonomy}",),
    "workdays": ("thresholds.units_a_day",),
    "mixes": ("thresholds.minutes_a_unit",),
    "filing": ("thresholds.filing_{payer}",),
    "overlaps": ("codes.{code}.one_on_one",),
    "groups": ("codes.{code}.one_on_one",),
    "resubmissions": ("corrections.{payer}",),
}  # fmt: skip
_DAYS = ("traits.{code}.remote", "traits.{code}.shorter", "thresholds.remote_full", "thresholds.remote_short")
_MINUTES = ("traits.{code}.remote", "traits.{code}.shorter", "thresholds.remote_full_management",
            "thresholds.remote_short_management", "thresholds.remote_more_management")  # fmt: skip
KINDS: dict[str, tuple[str, ...]] = {
    "kx_missing": ("thresholds.kx_{lane}",),
    "kx_unneeded": ("thresholds.kx_{lane}", "thresholds.kx_far_below"),
    "review_threshold": ("thresholds.review_{lane}",),
    "remote_days_over": _DAYS,
    "remote_days_under": _DAYS,
    "remote_minutes_over": _MINUTES,
    "remote_minutes_under": _MINUTES,
    "remote_not_billed": (*_MINUTES, *_DAYS[2:]),
    "remote_contact_missing": ("traits.{code}.remote", "thresholds.remote_contact"),
    "plan_missing": ("thresholds.plan_longest",),
    "plan_expired": ("thresholds.plan_longest",),
    "plan_not_certified": ("thresholds.certification_due", "thresholds.plan_sent"),
}  # what kinds of one rule read apart from each other
LANES = ("pt_slp", "ot")


def keys_of(kind: str, rule: str) -> tuple[str, ...]:
    """The forms of the keys that a kind of finding reads; none where it rests on the practice's own files alone."""
    return KINDS.get(kind) or RULES.get(rule, ())


def unchecked(shelf: Shelves) -> pl.Expr:
    """Whether a finding (kind, rule, service_day) rests on an amount or a counting rule not checked for its day.

    What hangs on a code or a payer is looked at where it is read.
    """
    tests = []
    for column, table in (("kind", KINDS), ("rule", RULES)):
        for name, forms in table.items():
            spans = {span for form in forms for span in _spans(shelf, form)}
            own = (
                pl.col(column) == name
                if column == "kind"
                else (pl.col("rule") == name) & ~pl.col("kind").is_in(KINDS)
            )
            tests += [own & pl.col("service_day").is_between(*span) for span in sorted(spans)]
    return pl.any_horizontal(*tests).fill_null(False) if tests else pl.lit(False)


def _spans(shelf: Shelves, form: str) -> list[tuple[int, int]]:
    """The days on which a value of that form is not checked."""
    keys = [form.format(lane=lane) for lane in LANES] if "{lane}" in form else [form]
    held = [value for key in keys if "{" not in key for value in shelf.values.get(key, [])]
    return [(value.first_day, value.last_day) for value in held if not value.checked]
