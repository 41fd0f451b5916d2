"""Before sending: an 837 is judged and forgotten; each claim passes, is to be fixed, or must be held."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.errors import EveryUnitError
from everyunit.services.scrub import FIX, HOLD, PASS, Scrub, scrub_bytes

LARGEST = 25 << 20
SHOWN = 200
_ORDER = {HOLD: 0, FIX: 1, PASS: 2}
TOO_LARGE = "The file is larger than 25 MB. The command everyunit scrub takes it."


def scrub(request: HttpRequest) -> HttpResponse:
    """The form; with a file, what it holds claim by claim. Nothing of the file is kept."""
    context: dict[str, Any] = {"title": "Before sending", "has_home": bool(settings.EVERYUNIT_HOME)}
    status = 200
    if request.method == "POST":
        status = _judge(request, context)
    return render(request, "everyunit/scrub.html", context, status=status)


def _judge(request: HttpRequest, context: dict[str, Any]) -> int:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        context["refusal"] = TOO_LARGE
        return 413
    given = request.FILES.get("file")
    if given is None:
        context["refusal"] = "No file came with the form. Choose the 837 that is about to be sent."
        return 400
    home = settings.EVERYUNIT_HOME if request.POST.get("beside") and settings.EVERYUNIT_HOME else None
    try:
        result = scrub_bytes(given.read(), "the file", home)
    except EveryUnitError as error:
        context["refusal"] = error.sentence()
        return 422
    context |= _shown(result)
    return 200


def _shown(result: Scrub) -> dict[str, Any]:
    told = sorted((claim for claim in result.claims if claim.reasons), key=lambda claim: _ORDER[claim.verdict])
    counts = [(verdict, result.count(verdict)) for verdict in (HOLD, FIX, PASS)]
    more = max(len(told) - SHOWN, 0)
    return {"result": result, "told": told[:SHOWN], "more": more, "counts": counts}
