"""Book: any value on any day, with its source."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.days import as_day
from everyunit.errors import EveryUnitError
from everyunit.services import book as shelf
from everyunit.services.rules import rule_page, rules, values_used
from everyunit.web.query import LONGEST
from everyunit.web.views.errors import plain

MOST_KEYS = 400


def book(request: HttpRequest) -> HttpResponse:
    """The answer to `key` on the day `on`, the keys that begin alike, and the kinds of findings."""
    key = request.GET.get("key", "").replace("\0", "").strip()[:LONGEST]
    on = request.GET.get("on", "").strip()[:LONGEST]
    context: dict[str, Any] = {"title": "Book", "key": key, "on": on, "kinds": shelf.kinds()}
    if key and not key.endswith("."):
        try:
            context["value"], context["day"] = shelf.show(key, on)
            held = context["value"].value
            context["parts"] = list(held.items()) if isinstance(held, dict) else []
        except EveryUnitError as error:
            context["refusal"] = error
    if key and "value" not in context:
        context["keys"], context["more"] = _keys(key)
    context["families"], context["rules"] = _families(), rules()
    return render(request, "everyunit/book.html", context, status=404 if "refusal" in context else 200)


def _keys(prefix: str) -> tuple[list[str], int]:
    """The first keys that begin alike and how many more there are."""
    try:
        found = shelf.keys(prefix)
    except EveryUnitError:
        return [], 0
    return found[:MOST_KEYS], max(len(found) - MOST_KEYS, 0)


def _families() -> list[tuple[str, int]]:
    """The shelves of the book, each with its number of keys."""
    every = shelf.keys()
    return sorted(Counter(key.partition(".")[0] for key in every).items())


def rule(request: HttpRequest, name: str) -> HttpResponse:
    """The page of one rule, its cases, and the values it reads for a `code` on the day `on`."""
    code = request.GET.get("code", "").strip()[:LONGEST]
    try:
        page = rule_page(name)
        day = as_day(request.GET.get("on", "").strip() or date.today())
    except EveryUnitError as error:
        return plain(request, 404, "Nothing stands here", error.seen, "Start again from Book, above.")
    asked = {"kind": "", "rule": name, "code": code, "service_day": day, "discipline": ""}
    values = values_used(asked)
    shown = {**page, "blocks": [_named(block) for block in page["blocks"]]}
    context = {"title": page["title"], "page": shown, "values": values, "code": code, "on": day}
    return render(request, "everyunit/rule.html", context)


def _named(block: dict[str, Any]) -> dict[str, Any]:
    """A table with the name of its column beside each cell, for a narrow screen."""
    if block["kind"] != "table":
        return block
    return {**block, "rows": [list(zip(block["head"], row, strict=False)) for row in block["rows"]]}
