"""What explains a kind of finding: the page of its rule, the cases that prove it, the values of the book it read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from everyunit.days import Day
from everyunit.errors import BookRefusal, UsageError
from everyunit.rulebook import Book

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
    """rule, title, blocks (kind: heading, item or words; text) and cases. Raises UsageError for no such rule."""
    held = _held().get(rule)
    if held is None:
        raise UsageError(f"The book has no page on {rule}.", remedy=f"It has {', '.join(sorted(_held()))}.")
    title, _, rest = held["page"].partition("\n")
    return {"rule": rule, "title": title.lstrip("# "), "blocks": list(_blocks(rest)), "cases": held["cases"]}


def rules() -> list[str]:
    """The rules that have a page."""
    return sorted(_held())


def _blocks(text: str) -> list[dict[str, str]]:
    made = []
    bare = re.sub(r"<!--.*?-->", "", text, flags=re.S).replace("`", "")
    bare = re.sub(r"\(\[([^]]+)\]\([^)]+\)\)", r"(see \1)", bare)
    bare = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", bare)
    for part in re.split(r"\n\s*\n", bare.strip()):
        lines = [line for line in part.split("\n") if not line.startswith("<!--")]
        if not lines:
            continue
        if lines[0].startswith("#"):
            made.append({"kind": "heading", "text": lines[0].lstrip("# ")})
            lines = lines[1:]
        if lines and lines[0].startswith("- "):
            items = "\n".join(lines).split("\n- ")
            made += [{"kind": "item", "text": " ".join(item.removeprefix("- ").split())} for item in items]
        elif lines and lines[0].startswith(("|", "    ", "```")):
            made.append({"kind": "plain", "text": "\n".join(lines)})
        elif lines:
            made.append({"kind": "words", "text": " ".join(" ".join(lines).split())})
    return made


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
