"""Book: any value on any day, with its source."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.errors import EveryUnitError
from everyunit.services import book as shelf
from everyunit.web.query import LONGEST

MOST_KEYS = 60


def book(request: HttpRequest) -> HttpResponse:
    """The answer to `key` on the day `on`, the keys that begin alike, and the kinds of findings."""
    key = request.GET.get("key", "").replace("\0", "").strip()[:LONGEST]
    on = request.GET.get("on", "").strip()[:LONGEST]
    context: dict[str, Any] = {"title": "Book", "key": key, "on": on, "kinds": shelf.kinds()}
    if key:
        try:
            context["value"], context["day"] = shelf.show(key, on)
            held = context["value"].value
            context["parts"] = list(held.items()) if isinstance(held, dict) else []
        except EveryUnitError as error:
            context["refusal"] = error
    context["keys"], context["more"] = _keys(key if "value" not in context else "")
    status = 404 if "refusal" in context else 200
    return render(request, "everyunit/book.html", context, status=status)


def _keys(prefix: str) -> tuple[list[str], int]:
    """Keys that begin alike, else all; the first of them and how many more there are."""
    try:
        found = shelf.keys(prefix)
    except EveryUnitError:
        found = shelf.keys()
    return found[:MOST_KEYS], max(len(found) - MOST_KEYS, 0)
