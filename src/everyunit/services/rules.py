"""What explains a kind of finding: the page of its rule, the cases that prove it, the values of the book it read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from everyunit.days import Day
from everyunit.errors import BookRefusal, UsageError
from everyunit.rulebook import Book
from everyunit.services.rule_text import blocks

VALUES = {
    "units": ("counting.cms", "counting.ama", "codes.{code}"),
    "untimed": ("codes.{code}",),
    "pairs": ("pairs.{beside}.{code}", "pairs.{code}.{beside}"),
    "ceilings": ("codes.{code}.ceiling", "indicators.{code}"),
    "disciplines": ("codes.{code}", "traits.{code}.bound_to"),
    "assistants": ("thresholds.assistant_de_minimis", "thresholds.assistant_midpoint", "thresholds.assistant_two_low",
                   "thresholds.assistant_two_high", "thresholds.assistant_factor"),
    "add_ons": ("traits.{code}.base",),
    "bundled": ("relative_values.{code}", "traits.{code}.instead"),
    "list_prices": ("fees.{code}",),
    "caregiver": ("thresholds.caregiver_first",),
    "thresholds": ("thresholds.kx_pt_slp", "thresholds.kx_ot", "thresholds.review_pt_slp", "thresholds.kx_far_below"),
    "plans": ("thresholds.certification_due", "thresholds.plan_longest", "thresholds.plan_sent"),
    "evaluations": ("thresholds.episode_gap", "traits.{code}.evaluation"),
    "re_evaluations": ("thresholds.re_evaluation_gap", "traits.{code}.re_evaluation"),
    "progress": ("thresholds.progress_report",),
    "telehealth": ("thresholds.telehealth_allowed", "traits.{code}.hands_on"),
    "remote": ("traits.{code}.remote", "thresholds.remote_full", "thresholds.remote_full_management",
               "thresholds.remote_short_management"),
    "providers": ("taxonomies.{taxonomy}",),
    "workdays": ("thresholds.units_a_day",),
    "mixes": ("thresholds.minutes_a_unit",),
}  # fmt: skip


@cache
def _held() -> dict[str, Any]:
    made: dict[str, Any] = json.loads((files("everyunit.rulebook") / "data" / "rules.json").read_text("utf-8"))
    return made


def rule_page(rule: str) -> dict[str, Any]:
    """rule, title, blocks (as `rule_text` gives them) and cases. Raises UsageError for no such rule."""
    held = _held().get(rule)
    if held is None:
        raise UsageError(f"The book has no page on {rule}.", remedy=f"It has {', '.join(sorted(_held()))}.")
    title, _, rest = held["page"].partition("\n")
    return {"rule": rule, "title": title.lstrip("# "), "blocks": blocks(rest), "cases": held["cases"]}


def rules() -> list[str]:
    """The rules that have a page."""
    return sorted(_held())


def values_used(
    rule: str, code: str, day: Day, day_codes: Iterable[str] = (), taxonomy: str = ""
) -> list[dict[str, Any]]:
    """The book's values that the rule reads for a code on a day, as plain JSON; what the book lacks is left out.

    `day_codes` are the codes billed that day, for a rule of pairs; `taxonomy` the rendering provider's.
    """
    made, book = [], Book.load()
    given = {"code": code, "taxonomy": taxonomy}
    for form in VALUES.get(rule, ()):
        others = sorted(set(day_codes) - {code}) if "{beside}" in form else [""]
        if any(f"{{{name}}}" in form and not said for name, said in given.items()):
            continue
        for other in others:
            try:
                value = book.value(form.format(beside=other, **given), day)
            except (BookRefusal, UsageError):
                continue
            if not (other and "ended" in str(value.value)):  # a pair that ended parts nothing
                made.append(value.as_dict())
    return made
