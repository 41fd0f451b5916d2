"""Forecast: thirteen weeks of cash, and how the last quarter's forecast did."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.services.forecast import cash_forecast, counted_words, error_bp, held_words, reckoned_words
from everyunit.web.charts import weeks
from everyunit.web.views.errors import worded


@worded
def forecast(request: HttpRequest) -> HttpResponse:
    """The page of one home."""
    found = cash_forecast(settings.EVERYUNIT_HOME)
    context = {"title": "Forecast", "page": found, "parts": [], "held": held_words(found.held)}
    context["counted"] = counted_words(found)
    if found.ahead is not None:
        context["reckoned"] = reckoned_words(found.ahead)
    for name, made in (("ahead", found.ahead), ("back", found.back)):
        if made is not None:
            rows = made.weeks.to_dicts()
            context[name] = made
            context[f"{name}_rows"], context[f"{name}_drawn"] = rows, weeks(rows)
    if found.back is not None and found.back.actual_cents is not None:
        context["error_percent"] = (error_bp(found.back) or 0) // 100
    return render(request, "everyunit/forecast.html", context)
