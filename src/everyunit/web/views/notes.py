"""Notes: where skilled time went, and where words and codes disagree."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.services.pages import held
from everyunit.services.skilled_time import skilled_time
from everyunit.web import query
from everyunit.web.views.errors import worded
from everyunit.web.views.findings import fields

BAR = 640


@worded
def notes(request: HttpRequest) -> HttpResponse:
    """The ledger of skilled time of the clinic and clinician asked for."""
    asked, faults = query.read(request.GET)
    found = skilled_time(settings.EVERYUNIT_HOME, asked.clinic, asked.clinician, patient=False)
    state = held(settings.EVERYUNIT_HOME)
    context = {
        "title": "Skilled time", "faults": faults, "found": found, "bar": BAR,
        "chosen": asked.clinic or asked.clinician,
        "clinics": _drawn(found.clinics), "people": _drawn(found.people),
        "fields": [field for field in fields(asked, state) if field["name"] in ("clinic", "clinician")],
    }  # fmt: skip
    return render(request, "everyunit/notes.html", context)


def _drawn(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the widths of their bars, the longest of them all of BAR."""
    longest = max((row["session_minutes"] for row in rows), default=0) or 1
    return [
        {**row, "widths": [row[name] * BAR // longest for name in ("counted_minutes", "countable_minutes")],
         "width": row["session_minutes"] * BAR // longest}
        for row in rows
    ]  # fmt: skip
