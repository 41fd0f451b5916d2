"""What explains a kind of finding: the page of its rule, the cases that prove it, the values of the book it read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from everyunit.errors import BookRefusal, UsageError
from everyunit.money import dollars
from everyunit.rulebook import Book, Value
from everyunit.rulebook.uses import keys_of
from everyunit.services.rule_text import blocks

SHORT = 40  # characters of a part of a value that are shown beside a finding


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


def values_used(finding: Mapping[str, Any], day_codes: Iterable[str] = (), **given: str) -> list[dict[str, Any]]:
    """The book's values that a finding (kind, rule, code, service_day, discipline) rests on, plain JSON with `said`,
    the value in words; what the book lacks is left out.

    `day_codes` are the codes billed that day, for a rule of pairs; `given` may hold the rendering provider's taxonomy
    and the payer's kind (`payer`).
    """
    made, book = [], Book.load()
    code, day = finding["code"], finding["service_day"]
    lane = "ot" if finding["discipline"] == "OT" else "pt_slp"
    words = {"taxonomy": "", "payer": "", **given, "code": code, "lane": lane}
    for form in keys_of(finding["kind"], finding["rule"]):
        others = sorted(set(day_codes) - {code}) if "{beside}" in form else [""]
        if any(f"{{{name}}}" in form and not said for name, said in words.items()):
            continue
        for other in others:
            try:
                value = book.value(form.format(beside=other, **words), day)
            except (BookRefusal, UsageError):
                continue
            if not (other and "ended" in str(value.value)):  # a pair that ended parts nothing
                made.append({**value.as_dict(), "said": _said(value)})
    return made


def _said(value: Value) -> str:
    """A value in words with what it counts; of one of many parts those that are a word or two."""
    if isinstance(value.value, dict):
        kept = {name: _plain(said) for name, said in value.value.items() if said not in ("", None)}
        return "; ".join(f"{name.replace('_', ' ')} {said}" for name, said in kept.items() if len(said) <= SHORT)
    if value.unit.startswith("cents") and isinstance(value.value, int):
        return f"{dollars(value.value)}{value.unit.removeprefix('cents')}"
    return _plain(value.value) if isinstance(value.value, bool) else f"{value.value} {value.unit}"


def _plain(said: Any) -> str:
    return ("yes" if said else "no") if isinstance(said, bool) else str(said)
